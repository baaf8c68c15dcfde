"""What a server holds, so that a contract test asks for things that exist.

Ids made up at random lead to 404 and nowhere else. Before the test the lists of the document are
read, and the ids found become dictionaries from which schemathesis draws half of its values. What
to read and where to use it follows from the document; no operation is named here.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import openapi_document

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    import httpx

__all__ = ["Known", "configuration", "day_of", "look_around", "resource_of"]

# The widest window of dates: what lies outside of it is nowhere.
_WINDOW = {"from_date": "2000-01-01", "to_date": "2099-12-31"}
_ROWS = 20
# Ids by which a list is known to have rows; more of them would cost requests and show nothing new.
_ENOUGH = 12
_DRAWN_FROM_DICTIONARY = 0.5


Query = dict[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """What a server holds.

    Attributes:
        rows: Rows by resource.
        fruitful: By list operation: the ids that, asked for, gave rows.
    """

    rows: dict[str, list[Mapping[str, Any]]]
    fruitful: dict[str, list[Query]]


def look_around(document: Mapping[str, Any], client: httpx.Client) -> Known:
    """Read every list of the document.

    A list that is not answered as it should be counts as empty: the test itself will tell.

    Raises:
        httpx.HTTPError: The server does not answer.
    """
    lists = [
        (_required(document, operation), operation)
        for operation in openapi_document.operations(document)
        if operation.verb == "list" and operation.method == "get"
    ]
    known = Known({}, {})
    # Lists that require less come first: their ids are what the others require.
    for required, operation in sorted(lists, key=lambda item: len(item[0])):
        window = {name: day for name in required if (day := day_of(name))}
        rows = known.rows.setdefault(operation.resource, [])
        for ids in _ids_for([name for name in required if name not in window], known):
            if len(known.fruitful.get(operation.id, ())) == _ENOUGH:
                break
            answer = client.get(operation.path, params={**window, **ids, "limit": str(_ROWS)})
            page = _rows(answer)
            rows += page
            if page and ids:
                known.fruitful.setdefault(operation.id, []).append(ids)
    return known


def _rows(answer: httpx.Response) -> list[Mapping[str, Any]]:
    try:
        rows: list[Any] = list(answer.json()["data"])
    except (ValueError, LookupError, TypeError):
        return []
    return [row for row in rows if openapi_document.is_object(row)]


def _required(document: Mapping[str, Any], operation: openapi_document.Operation) -> list[str]:
    parameters = [
        openapi_document.resolve(document, entry) for entry in operation.data.get("parameters", [])
    ]
    return [parameter["name"] for parameter in parameters if parameter.get("required")]


def _ids_for(names: Sequence[str], known: Known) -> Iterator[Query]:
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


def configuration(document: Mapping[str, Any], known: Known) -> str:
    """Return the part of a schemathesis configuration that makes use of ``known``."""
    dictionaries = _dictionaries(known)
    lines: list[str] = []
    for name, values in dictionaries.items():
        lines += [f"[dictionaries.{name}]", f"values = {json.dumps(values)}"]
    for operation in openapi_document.operations(document):
        bindings = dict(_bindings(document, operation, dictionaries))
        if bindings:
            lines += ["[[operations]]", f'include-operation-id = "{operation.id}"']
            lines += [
                f'parameters."{name}" = '
                f'{{ dictionary = "{source}", probability = {_DRAWN_FROM_DICTIONARY} }}'
                for name, source in bindings.items()
            ]
    return "\n".join(lines) + "\n"


def _dictionaries(known: Known) -> dict[str, list[str] | list[int]]:
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
    document: Mapping[str, Any],
    operation: openapi_document.Operation,
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


def _inputs(document: Mapping[str, Any], operation: openapi_document.Operation) -> Iterator[str]:
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
