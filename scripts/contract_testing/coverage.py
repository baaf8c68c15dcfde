"""What of the document a run covered, and why the rest was not."""

from __future__ import annotations

import dataclasses
import typing

import openapi_document

from contract_testing.checks import JSON_TYPE
from contract_testing.described import parameters, resolved
from contract_testing.tally import object_schemas

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from openapi_document import Operation

    from contract_testing.tally import Tally

__all__ = ["Coverage", "Input", "Pair", "covered"]

_ONLY_WHEN_ASKED: typing.Final = frozenset({429, 500, 503})


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """An operation with one of its documented statuses.

    Attributes:
        operation: Id of the operation.
        status: The status.
        seen: How often it came of its own accord.
        asked: How often it came because a ``Prefer`` header asked for it.
        reason: Why it did not come at all; None where it came.
    """

    operation: str
    status: int
    seen: int
    asked: int
    reason: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Input:
    """A parameter, or a property of a request's body.

    Attributes:
        operation: Id of the operation.
        name: Where it stands, and its name: ``query limit``.
        accepted: In how many accepted requests it was.
        refused: In how many refused requests it was.
    """

    operation: str
    name: str
    accepted: int
    refused: int


@dataclasses.dataclass(frozen=True, slots=True)
class Coverage:
    """What of the document a run covered.

    Attributes:
        pairs: Operations by status, in the order of the document.
        undocumented: Statuses that came and that the document does not have.
        inputs: Parameters and properties of requests.
        properties: Properties of answers, and in how many answers each was.
    """

    pairs: list[Pair]
    undocumented: list[tuple[str, int, int]]
    inputs: list[Input]
    properties: dict[str, int]

    def share_of_pairs(self) -> tuple[int, int]:
        """Return how many pairs were covered, of how many."""
        return sum(pair.reason is None for pair in self.pairs), len(self.pairs)

    def share_of_inputs(self) -> tuple[int, int]:
        """Return how many inputs were in accepted requests, of how many."""
        return sum(each.accepted > 0 for each in self.inputs), len(self.inputs)

    def share_of_properties(self) -> tuple[int, int]:
        """Return how many properties of answers were seen, of how many."""
        return sum(count > 0 for count in self.properties.values()), len(self.properties)


def covered(
    document: Mapping[str, typing.Any],
    operations: Sequence[Operation],
    tally: Tally,
    *,
    can_ask: bool,
    layers: Sequence[str],
) -> Coverage:
    """Hold what was counted against what the document has.

    Args:
        document: The document.
        operations: The operations that were tested.
        tally: What was counted.
        can_ask: Whether the server fails when it is asked to.
        layers: Letters of the layers that ran.
    """
    chosen = {each.id for each in operations}
    documented = {
        (each.id, int(status)) for each in operations for status in each.data["responses"]
    }
    return Coverage(
        pairs=[
            _pair(each.id, int(status), tally, can_ask=can_ask, layers=layers)
            for each in operations
            for status in each.data["responses"]
        ],
        undocumented=[
            (name, status, count)
            for (name, status), count in sorted(tally.statuses.items())
            if name in chosen and (name, status) not in documented
        ],
        inputs=[each for operation in operations for each in _inputs(document, operation, tally)],
        properties={
            name: tally.properties.get(name, 0)
            for name in sorted(set(_answer_properties(document, operations)))
        },
    )


def _pair(
    operation: str, status: int, tally: Tally, *, can_ask: bool, layers: Sequence[str]
) -> Pair:
    seen = tally.statuses.get((operation, status), 0)
    asked = tally.asked.get((operation, status), 0)
    reason = None if seen or asked else _reason(status, can_ask=can_ask, layers=layers)
    return Pair(operation, status, seen, asked, reason)


def _reason(status: int, *, can_ask: bool, layers: Sequence[str]) -> str:
    if status in _ONLY_WHEN_ASKED and not can_ask:
        return "only a mock of ours fails when it is asked to"
    if "A" not in layers and status in _ONLY_WHEN_ASKED:
        return "layer A, which asks for failures, did not run"
    if "P" not in layers:
        return "layer P, which breaks requests, did not run"
    return "no request of this run brought it about; more examples or another seed may"


def _inputs(
    document: Mapping[str, typing.Any], operation: Operation, tally: Tally
) -> Iterator[Input]:
    names = [f"{each['in']} {each['name']}" for each in parameters(document, operation)]
    body = openapi_document.resolve(document, operation.data.get("requestBody", {}))
    schema = resolved(document, body.get("content", {}).get(JSON_TYPE, {}).get("schema", {}))
    names += [f"body {name}" for name in schema.get("properties", {})]
    for name in names:
        key = operation.id, name
        yield Input(operation.id, name, tally.accepted.get(key, 0), tally.refused.get(key, 0))


def _answer_properties(
    document: Mapping[str, typing.Any], operations: Sequence[Operation]
) -> Iterator[str]:
    visited: set[str] = set()
    for operation in operations:
        for entry in operation.data["responses"].values():
            response = openapi_document.resolve(document, entry)
            schema = response.get("content", {}).get(JSON_TYPE, {}).get("schema")
            if schema is not None:
                yield from _properties(document, schema, "", visited)


def _properties(
    document: Mapping[str, typing.Any],
    schema: Mapping[str, typing.Any],
    where: str,
    visited: set[str],
) -> Iterator[str]:
    for name, part in object_schemas(document, schema, where):
        if "items" in part:
            yield from _properties(document, part["items"], f"{name}[]", visited)
        if "properties" not in part or name in visited:
            continue
        visited.add(name)
        for key, member in part["properties"].items():
            yield f"{name}.{key}"
            yield from _properties(document, member, f"{name}.{key}", visited)
