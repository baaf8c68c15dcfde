"""Requests that a server can answer with success, made of what it is known to hold."""

from __future__ import annotations

import dataclasses
import itertools
import typing

import contract_data
import openapi_document

from contract_testing.described import parameters

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contract_data import Known
    from openapi_document import Operation

    from contract_testing.described import Document

__all__ = ["Asked", "known_requests"]

Json: typing.TypeAlias = typing.Any


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for.

    Attributes:
        path: Values of the path by name.
        query: Values of the query by name.
        body: JSON of the body; None for none.
    """

    path: Mapping[str, Json]
    query: Mapping[str, Json]
    body: Json = None


def known_requests(document: Document, operation: Operation, known: Known) -> Iterator[Asked]:
    """Yield requests of ``operation`` for what is known to exist, with all that it requires."""
    for path, query, body in itertools.product(
        _paths(document, operation, known),
        _queries(document, operation, known),
        list(_bodies(document, operation, known)),
    ):
        yield Asked(path, query, body)


def _paths(document: Document, operation: Operation, known: Known) -> list[Mapping[str, Json]]:
    names = [each["name"] for each in parameters(document, operation) if each["in"] == "path"]
    if not names:
        return [{}]
    rows = known.rows.get(operation.resource, [])
    found = [{name: row.get(name) for name in names} for row in rows]
    return [each for each in found if all(isinstance(value, str) for value in each.values())]


def _queries(document: Document, operation: Operation, known: Known) -> list[dict[str, Json]]:
    required = [
        each["name"]
        for each in parameters(document, operation)
        if each["in"] == "query" and each.get("required")
    ]
    window = {name: day for name in required if (day := contract_data.day_of(name))}
    found: list[dict[str, Json]] = [
        {**window, **ids} for ids in known.fruitful.get(operation.id, [{}])
    ]
    paging = operation.data.get("x-pagination")
    if paging is None:
        return found
    # Each row is the first one once.
    later = range(1, len(known.rows.get(operation.resource, [])))
    return found + [{**found[0], paging["offset"]: str(number)} for number in later]


def _bodies(document: Document, operation: Operation, known: Known) -> Iterator[Json]:
    """Yield the document's first example, with ids of this server in place of its own."""
    entry = operation.data.get("requestBody")
    if entry is None:
        yield None
        return
    content = openapi_document.resolve(document, entry)["content"]["application/json"]
    example = openapi_document.resolve(document, next(iter(content["examples"].values())))["value"]
    names = [name for name in example if name.endswith("_id")]
    rows = [known.rows.get(contract_data.resource_of(name), []) for name in names]
    for chosen in zip(*rows, strict=False):
        yield {**example, **{name: row["id"] for name, row in zip(names, chosen, strict=True)}}
    if not any(rows):
        yield example
