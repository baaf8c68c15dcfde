"""Coverage of the document: operations by status, request inputs, response properties."""

from __future__ import annotations

import dataclasses
import json
import typing
import urllib.parse

import openapi_document
from document_views import is_array, parameters, resolved

from contract_suite.checks import JSON_TYPE

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from openapi_document import Operation

    from contract_suite.options import Settings
    from contract_suite.recording import Exchange

__all__ = ["Coverage", "Tally", "coverage_table"]

Document: typing.TypeAlias = "Mapping[str, typing.Any]"
Schema: typing.TypeAlias = "Mapping[str, typing.Any]"

_FIRST_ERROR: typing.Final = 400
_ONLY_WHEN_ASKED: typing.Final = frozenset({429, 500, 503})
# Rows of a list are alike; a few of them show what the rest would.
_ROWS: typing.Final = 5


class Tally:
    """Counts of what went over the wire, by a key that names operation and part.

    Attributes:
        statuses: Responses by ``operation status``.
        asked: The same for statuses that a ``Prefer`` header asked for.
        accepted: Accepted requests by ``operation place name`` of a parameter or property.
        rejected: The same for rejected requests.
        properties: Responses by ``Component.property``.
    """

    def __init__(self) -> None:
        self.statuses: dict[str, int] = {}
        self.asked: dict[str, int] = {}
        self.accepted: dict[str, int] = {}
        self.rejected: dict[str, int] = {}
        self.properties: dict[str, int] = {}
        self._bodies: set[int] = set()

    def as_json(self) -> dict[str, dict[str, int]]:
        """Return the counts by name."""
        return {name: counts for name, counts in vars(self).items() if not name.startswith("_")}

    def merge(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Add the counts of another process."""
        for name, theirs in counts.items():
            mine: dict[str, int] = getattr(self, name)
            for key, number in theirs.items():
                mine[key] = mine.get(key, 0) + number

    def add(self, document: Document, operation: Operation, exchange: Exchange) -> None:
        """Count an exchange."""
        if exchange.status is None:
            return
        is_asked = any(name.lower() == "prefer" for name, _ in exchange.request_headers)
        _count(self.asked if is_asked else self.statuses, f"{operation.id} {exchange.status}")
        counts = self.rejected if exchange.status >= _FIRST_ERROR else self.accepted
        query = urllib.parse.urlsplit(exchange.url).query
        for name, _ in urllib.parse.parse_qsl(query, keep_blank_values=True):
            _count(counts, f"{operation.id} query {name}")
        for name in operation.path.split("{")[1:]:
            _count(counts, f"{operation.id} path {name.partition('}')[0]}")
        body = _json(exchange.request_body)
        if openapi_document.is_object(body):
            for name in body:
                _count(counts, f"{operation.id} body {name}")
        key = hash(exchange.response_body)
        entry = operation.data["responses"].get(str(exchange.status))
        if entry is not None and key not in self._bodies:
            self._bodies.add(key)
            schema = _body_schema(document, entry)
            if schema is not None:
                self._count_properties(document, schema, _json(exchange.response_body), "")

    def _count_properties(
        self, document: Document, schema: Schema, value: object, where: str
    ) -> None:
        for name, part in _object_schemas(document, schema, where):
            if is_array(value) and "items" in part:
                for row in value[:_ROWS]:
                    self._count_properties(document, part["items"], row, f"{name}[]")
            elif openapi_document.is_object(value):
                properties: Schema = part.get("properties", {})
                for key, member in value.items():
                    if key in properties:
                        _count(self.properties, f"{name}.{key}")
                        self._count_properties(document, properties[key], member, f"{name}.{key}")


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """An operation with a documented status.

    Attributes:
        operation: Id of the operation.
        status: The status.
        seen: Number of responses.
        asked: Number of responses that a ``Prefer`` header asked for.
        reason: Reason that there was none; None where there was one.
    """

    operation: str
    status: int
    seen: int
    asked: int
    reason: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of the document by a run.

    Attributes:
        pairs: Operations by status, in the order of the document.
        undocumented: Operations with statuses that the document does not have.
        inputs: Parameters and properties of requests, with accepted and rejected requests.
        properties: Properties of responses, with their number.
    """

    pairs: list[Pair]
    undocumented: dict[str, int]
    inputs: dict[str, tuple[int, int]]
    properties: dict[str, int]

    @classmethod
    def of(
        cls,
        document: Document,
        operations: Sequence[Operation],
        tally: Tally,
        *,
        can_ask: bool,
    ) -> Coverage:
        """Return the coverage.

        Args:
            document: The document.
            operations: The operations that were tested.
            tally: The counts.
            can_ask: Whether the server fails when it is asked to.
        """
        keys = [(each.id, status) for each in operations for status in each.data["responses"]]
        documented = {f"{name} {status}" for name, status in keys}
        chosen = {each.id for each in operations}
        names = [f"{each.id} {name}" for each in operations for name in _inputs(document, each)]
        return cls(
            pairs=[_pair(name, int(status), tally, can_ask=can_ask) for name, status in keys],
            undocumented={
                key: count
                for key, count in sorted(tally.statuses.items())
                if key not in documented and key.partition(" ")[0] in chosen
            },
            inputs={
                name: (tally.accepted.get(name, 0), tally.rejected.get(name, 0)) for name in names
            },
            properties={
                name: tally.properties.get(name, 0)
                for name in sorted(set(_response_properties(document, operations)))
            },
        )

    def share_of_pairs(self) -> tuple[int, int]:
        """Return the number of pairs that were seen, and of all."""
        return sum(pair.reason is None for pair in self.pairs), len(self.pairs)


def coverage_table(coverage: Coverage, settings: Settings) -> str:
    """Return the coverage as Markdown."""
    done, total = coverage.share_of_pairs()
    accepted = sum(each > 0 for each, _ in coverage.inputs.values())
    seen = sum(count > 0 for count in coverage.properties.values())
    lines = [
        "# Coverage of the document",
        "",
        f"Seed {settings.seed}, depth {settings.depth}.",
        "",
        f"- {done} of {total} operations by status",
        f"- {accepted} of {len(coverage.inputs)} request inputs in accepted requests",
        f"- {seen} of {len(coverage.properties)} response properties",
        "",
        "| operation | status | responses | asked for | reason that there is none |",
        "|---|---:|---:|---:|---|",
        *(
            f"| {each.operation} | {each.status} | {each.seen} | {each.asked} | {each.reason or ''} |"
            for each in coverage.pairs
        ),
    ]
    for title, names in (
        ("Undocumented statuses", [f"{key}: {n}" for key, n in coverage.undocumented.items()]),
        (
            "Request inputs never accepted",
            [key for key, (n, _) in coverage.inputs.items() if not n],
        ),
        (
            "Response properties never seen",
            [key for key, n in coverage.properties.items() if not n],
        ),
    ):
        if names:
            lines += ["", f"## {title}", "", *(f"- {name}" for name in names)]
    return "\n".join(lines) + "\n"


def _pair(operation: str, status: int, tally: Tally, *, can_ask: bool) -> Pair:
    key = f"{operation} {status}"
    seen, asked = tally.statuses.get(key, 0), tally.asked.get(key, 0)
    reason = None
    if not seen and not asked:
        reason = (
            "no test of this run caused it; more examples, or the tests that were left out, may"
        )
        if status in _ONLY_WHEN_ASKED and not can_ask:
            reason = "only a mock of ours fails when it is asked to"
    return Pair(operation, status, seen, asked, reason)


def _inputs(document: Document, operation: Operation) -> Iterator[str]:
    for each in parameters(document, operation):
        yield f"{each['in']} {each['name']}"
    body = openapi_document.resolve(document, operation.data.get("requestBody", {}))
    schema = resolved(document, body.get("content", {}).get(JSON_TYPE, {}).get("schema", {}))
    for name in schema.get("properties", {}):
        yield f"body {name}"


def _response_properties(document: Document, operations: Sequence[Operation]) -> Iterator[str]:
    visited: set[str] = set()
    for operation in operations:
        for entry in operation.data["responses"].values():
            schema = _body_schema(document, entry)
            if schema is not None:
                yield from _properties(document, schema, "", visited)


def _properties(document: Document, schema: Schema, where: str, visited: set[str]) -> Iterator[str]:
    for name, part in _object_schemas(document, schema, where):
        if "items" in part:
            yield from _properties(document, part["items"], f"{name}[]", visited)
        if "properties" not in part or name in visited:
            continue
        visited.add(name)
        for key, member in part["properties"].items():
            yield f"{name}.{key}"
            yield from _properties(document, member, f"{name}.{key}", visited)


def _object_schemas(document: Document, schema: Schema, where: str) -> list[tuple[str, Schema]]:
    """Return the parts of a schema that may have members, each with the name of its component."""
    if "$ref" in schema:
        where = schema["$ref"].rpartition("/")[2]
        schema = openapi_document.resolve(document, schema)
    found = [(where, schema)]
    for keyword in ("allOf", "anyOf", "oneOf"):
        for member in schema.get(keyword, ()):
            found += _object_schemas(document, member, where)
    return found


def _body_schema(document: Document, entry: Schema) -> Schema | None:
    response = openapi_document.resolve(document, entry)
    schema: Schema | None = response.get("content", {}).get(JSON_TYPE, {}).get("schema")
    return schema


def _json(body: bytes) -> object:
    try:
        parsed: object = json.loads(body)
    except ValueError:
        return None
    return parsed


def _count(counts: dict[str, int], key: str) -> None:
    counts[key] = counts.get(key, 0) + 1
