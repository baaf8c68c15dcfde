"""Seed data of a server: rows that exist, so that tests do not only request random ids.

The lists of the document are read, and the ids found become dictionaries from which schemathesis
draws half of its values, and requests that must succeed. What to read and where to use it follows
from the document; no operation is named here.
"""

from __future__ import annotations

import dataclasses
import itertools
import typing
from typing import Any

import openapi_document
from document_views import parameters

if typing.TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    import httpx
    from document_views import Document
    from openapi_document import Operation

__all__ = [
    "SeedData",
    "ValidRequest",
    "read_seed_data",
    "schemathesis_settings",
    "valid_requests",
]

Json: typing.TypeAlias = typing.Any

# The widest window of dates: what lies outside of it is nowhere.
_WINDOW = {"from_date": "2000-01-01", "to_date": "2099-12-31"}
_ROWS = 20
# Ids by which a list is known to have rows; more of them would cost requests and show nothing new.
_ENOUGH = 12
_DRAWN_FROM_DICTIONARY = 0.5


Query = dict[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class SeedData:
    """Rows that a server holds.

    Attributes:
        rows: Rows by resource.
        fruitful: By list operation: the ids that, asked for, gave rows.
    """

    rows: dict[str, list[Mapping[str, Any]]]
    fruitful: dict[str, list[Query]]


def read_seed_data(document: Document, client: httpx.Client) -> SeedData:
    """Read every list of the document.

    A list with a wrong response counts as empty; the tests find out why.

    Raises:
        httpx.HTTPError: The server does not respond.
    """
    lists = [
        (_required(document, operation), operation)
        for operation in openapi_document.operations(document)
        if operation.verb == "list" and operation.method == "get"
    ]
    known = SeedData({}, {})
    # Lists that require less come first: their ids are what the others require.
    for required, operation in sorted(lists, key=lambda item: len(item[0])):
        window = {name: day for name in required if (day := day_of(name))}
        rows = known.rows.setdefault(operation.resource, [])
        for ids in _ids_for([name for name in required if name not in window], known):
            if len(known.fruitful.get(operation.id, ())) == _ENOUGH:
                break
            response = client.get(operation.path, params={**window, **ids, "limit": str(_ROWS)})
            page = _rows(response)
            rows += page
            if page and ids:
                known.fruitful.setdefault(operation.id, []).append(ids)
    return known


def _rows(response: httpx.Response) -> list[Mapping[str, Any]]:
    try:
        rows: list[Any] = list(response.json()["data"])
    except (ValueError, LookupError, TypeError):
        return []
    return [row for row in rows if openapi_document.is_object(row)]


def _required(document: Document, operation: Operation) -> list[str]:
    parameters = [
        openapi_document.resolve(document, entry) for entry in operation.data.get("parameters", [])
    ]
    return [parameter["name"] for parameter in parameters if parameter.get("required")]


def _ids_for(names: Sequence[str], known: SeedData) -> Iterator[Query]:
    """Yield combinations of ids that belong together: a row's own, and those it mentions."""
    if not names:
        yield {}
    for name in names:
        for row in known.rows.get(resource_of(name), []):
            mentioned = {
                other: _id_of(row.get(other.removesuffix("_id")))
                for other in names
                if other != name
            }
            found = {name: _id_of(row), **mentioned}
            if all(found.values()):
                yield {key: value for key, value in found.items() if value}


def _id_of(row: object) -> str | None:
    found = row.get("id") if openapi_document.is_object(row) else None
    return found if isinstance(found, str) else None


def day_of(name: str) -> str | None:
    """Return a day for an input of this name that begins or ends the widest window; else None."""
    return next((day for ending, day in _WINDOW.items() if name.endswith(ending)), None)


def resource_of(name: str) -> str:
    """``account_id`` holds the id of one of the ``accounts``."""
    return f"{name.removesuffix('_id')}s"


def schemathesis_settings(document: Document, known: SeedData) -> dict[str, Any]:
    """Return the settings, as in schemathesis.toml, that make use of the seed data."""
    dictionaries = _dictionaries(known)
    operations: list[dict[str, Any]] = []
    for operation in openapi_document.operations(document):
        bindings = {
            name: {"dictionary": source, "probability": _DRAWN_FROM_DICTIONARY}
            for name, source in _bindings(document, operation, dictionaries)
        }
        if bindings:
            operations.append({"include-operation-id": operation.id, "parameters": bindings})
    return {
        "dictionaries": {name: {"values": values} for name, values in dictionaries.items()},
        "operations": operations,
    }


def _dictionaries(known: SeedData) -> dict[str, list[str] | list[int]]:
    """Ids by resource, days by ending, the first page, and for each list the ids with rows."""
    found: dict[str, list[str] | list[int]] = {ending: [day] for ending, day in _WINDOW.items()}
    found["offset"] = [0]
    for resource, rows in known.rows.items():
        found[resource] = list(dict.fromkeys(filter(None, map(_id_of, rows))))
    for operation_id, queries in known.fruitful.items():
        # Values are drawn one by one, so several ids that belong together must be the only ones.
        kept = queries if len(queries[0]) == 1 else queries[:1]
        for name in queries[0]:
            key = _fruitful_key(operation_id, name)
            found[key] = list(dict.fromkeys(query[name] for query in kept))
    return {name: values for name, values in found.items() if values}


def _fruitful_key(operation_id: str, name: str) -> str:
    return f"{operation_id.replace('.', '-')}-{name}"


def _bindings(
    document: Document,
    operation: Operation,
    dictionaries: Container[str],
) -> Iterator[tuple[str, str]]:
    """Yield each input of ``operation`` that some dictionary has values for."""
    for name in _inputs(document, operation):
        location, _, last = name.replace("[*]", "").rpartition(".")
        day = next((ending for ending in _WINDOW if last.endswith(ending)), None)
        own = (location == "path" and last == "id") or last == "ids"
        by_name = day or (operation.resource if own else resource_of(last))
        sources = (_fruitful_key(operation.id, last), by_name, last)
        for source in sources:
            if source in dictionaries:
                yield name, source
                break


def _inputs(document: Document, operation: Operation) -> Iterator[str]:
    """Yield parameters and body properties, as schemathesis names them."""
    for entry in operation.data.get("parameters", []):
        parameter = openapi_document.resolve(document, entry)
        yield f"{parameter['in']}.{parameter['name']}"
    body = openapi_document.resolve(document, operation.data.get("requestBody", {}))
    media_type = body.get("content", {}).get("application/json", {})
    schema = openapi_document.resolve(document, media_type.get("schema", {}))
    for name, entry in schema.get("properties", {}).items():
        is_array = openapi_document.resolve(document, entry).get("type") == "array"
        yield f"body.{name}[*]" if is_array else f"body.{name}"


@dataclasses.dataclass(frozen=True, slots=True)
class ValidRequest:
    """A request that a server can accept.

    Attributes:
        path: Values of the path by name.
        query: Values of the query by name.
        body: JSON of the body; None for none.
    """

    path: Mapping[str, Json]
    query: Mapping[str, Json]
    body: Json = None


def valid_requests(
    document: Document, operation: Operation, known: SeedData
) -> Iterator[ValidRequest]:
    """Yield requests of ``operation`` for rows that exist, with all that it requires."""
    for path, query, body in itertools.product(
        _paths(document, operation, known),
        _queries(document, operation, known),
        list(_bodies(document, operation, known)),
    ):
        yield ValidRequest(path, query, body)


def _paths(document: Document, operation: Operation, known: SeedData) -> list[Mapping[str, Json]]:
    names = [each["name"] for each in parameters(document, operation) if each["in"] == "path"]
    if not names:
        return [{}]
    rows = known.rows.get(operation.resource, [])
    found = [{name: row.get(name) for name in names} for row in rows]
    return [each for each in found if all(isinstance(value, str) for value in each.values())]


def _queries(document: Document, operation: Operation, known: SeedData) -> list[dict[str, Json]]:
    required = [
        each["name"]
        for each in parameters(document, operation)
        if each["in"] == "query" and each.get("required")
    ]
    window = {name: day for name in required if (day := day_of(name))}
    found: list[dict[str, Json]] = [
        {**window, **ids} for ids in known.fruitful.get(operation.id, [{}])
    ]
    paging = operation.data.get("x-pagination")
    if paging is None:
        return found
    # Each row is the first one once.
    later = range(1, len(known.rows.get(operation.resource, [])))
    return found + [{**found[0], paging["offset"]: str(number)} for number in later]


def _bodies(document: Document, operation: Operation, known: SeedData) -> Iterator[Json]:
    """Yield the document's first example, with ids of this server in place of its own."""
    entry = operation.data.get("requestBody")
    if entry is None:
        yield None
        return
    content = openapi_document.resolve(document, entry)["content"]["application/json"]
    example = openapi_document.resolve(document, next(iter(content["examples"].values())))["value"]
    names = [name for name in example if name.endswith("_id")]
    rows = [known.rows.get(resource_of(name), []) for name in names]
    for chosen in zip(*rows, strict=False):
        yield {**example, **{name: row["id"] for name, row in zip(names, chosen, strict=True)}}
    if not any(rows):
        yield example
