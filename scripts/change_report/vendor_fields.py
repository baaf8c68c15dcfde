"""What a document says of an operation, field by field, whatever its version and its names.

Two documents of different hands agree on methods, paths and keys; on nothing else. So references
are followed, ``allOf`` is joined, the ways to say null of OpenAPI 3.0 and 3.1 become one, and a
field is known by the keys that lead to it: ``data[].engagement.like_count``.
"""

from __future__ import annotations

import dataclasses
import re
import urllib.parse
from typing import TYPE_CHECKING, Any, cast

import openapi_document
from spec_rules.places import mapping, sequence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Described", "Fact", "described_operations"]

DEEPEST = 8
MOST_FIELDS = 20_000
JSON = "application/json"
LIMITS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern")


@dataclasses.dataclass(frozen=True, slots=True)
class Fact:
    """What a document says of one field.

    Attributes:
        required: Whether it must be there.
        nullable: Whether null may stand for a value.
        type: JSON type, empty where none is said.
        format: Format, empty where none is said.
        values: Values of an enumeration, null left out; empty for no enumeration.
        limits: What limits the value, by keyword.
        places: Names under which ``deviations.md`` may speak of it, the closest first.
        around: Name of what it stands in: a row about that may be about something else.
    """

    required: bool
    nullable: bool
    type: str
    format: str
    values: frozenset[str]
    limits: Mapping[str, Any]
    places: tuple[str, ...]
    around: str


@dataclasses.dataclass(frozen=True, slots=True)
class Described:
    """An operation, with a fact for each field by the keys that lead to it.

    Attributes:
        id: Its id.
        route: Method and path without the names of parameters: ``GET /v1/users/{}``.
        parameters: Parameters by place and name: ``query limit``.
        request: Fields of the body that is sent.
        response: Fields of the success.
        successes: Its statuses of success.
        needs_credentials: Whether it cannot be called without; None where the document says
            nothing of credentials at all.
    """

    id: str
    route: str
    parameters: Mapping[str, Fact]
    request: Mapping[str, Fact]
    response: Mapping[str, Fact]
    successes: frozenset[str]
    needs_credentials: bool | None


def described_operations(document: Mapping[str, Any]) -> dict[str, Described]:
    """Return every operation of ``document`` by its route."""
    prefix = _prefix(document)
    found = (
        _described(document, operation, prefix)
        for operation in openapi_document.operations(document)
    )
    return {each.route: each for each in found}


def _prefix(document: Mapping[str, Any]) -> str:
    """Return the path that every address of the document begins with: ``/v1``."""
    servers = sequence(document.get("servers"))
    address = str(mapping(servers[0]).get("url", "")) if servers else ""
    return urllib.parse.urlsplit(address).path.rstrip("/")


def _described(
    document: Mapping[str, Any], operation: openapi_document.Operation, prefix: str
) -> Described:
    path = re.sub(r"\{[^}]*\}", "{}", prefix + operation.path).rstrip("/")
    body = mapping(openapi_document.resolve(document, operation.data.get("requestBody", {})))
    success = _success(document, operation)
    return Described(
        id=operation.id,
        route=f"{operation.method.upper()} {path}",
        parameters=dict(_parameters(document, operation)),
        request=_fields(document, body),
        response=_fields(document, success),
        successes=frozenset(_successes(operation)),
        needs_credentials=_needs_credentials(document, operation),
    )


def _successes(operation: openapi_document.Operation) -> list[str]:
    """Return the statuses of success, as written."""
    return [each for each in mapping(operation.data.get("responses")) if str(each)[:1] == "2"]


def _needs_credentials(
    document: Mapping[str, Any], operation: openapi_document.Operation
) -> bool | None:
    if not mapping(document.get("components")).get("securitySchemes"):
        return None
    ways = sequence(operation.data.get("security", document.get("security")))
    return bool(ways) and all(mapping(each) for each in ways)


def _success(
    document: Mapping[str, Any], operation: openapi_document.Operation
) -> Mapping[str, Any]:
    found = _successes(operation)
    responses = mapping(operation.data.get("responses"))
    return mapping(openapi_document.resolve(document, responses[found[0]])) if found else {}


def _parameters(
    document: Mapping[str, Any], operation: openapi_document.Operation
) -> Iterator[tuple[str, Fact]]:
    item = mapping(mapping(document["paths"]).get(operation.path))
    written = [*sequence(item.get("parameters")), *sequence(operation.data.get("parameters"))]
    for each in written:
        parameter = mapping(openapi_document.resolve(document, each))
        location = parameter.get("in")
        if location not in ("query", "path"):
            continue
        # The names of path parameters are nobody's business but the document's.
        name = "" if location == "path" else str(parameter.get("name"))
        component = _component(each)
        places = (component or f"{operation.id} {name}",)
        fact = _Reader(document).fact(mapping(parameter.get("schema")), places, operation.id)
        required = parameter.get("required") is True
        yield f"{location} {name}".strip(), dataclasses.replace(fact, required=required)


def _fields(document: Mapping[str, Any], holder: Mapping[str, Any]) -> dict[str, Fact]:
    content = mapping(holder.get("content"))
    reader = _Reader(document)
    for media_type in [each for key, each in content.items() if key.startswith(JSON)][:1]:
        reader.read(mapping(mapping(media_type).get("schema")), "", 0)
    return reader.found


class _Reader:
    """Walks one schema and collects a fact for each field."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        # Schemas that are being read, by identity: within itself none is read again.
        self._around: set[int] = set()
        self.found: dict[str, Fact] = {}

    def read(self, schema: Mapping[str, Any], keys: str, depth: int) -> None:
        """Collect the fields below ``schema``, which the keys lead to.

        Raises:
            openapi_document.DocumentError: There are too many of them.
        """
        own = id(openapi_document.resolve(self._document, schema))
        if depth > DEEPEST or own in self._around:
            return
        if len(self.found) > MOST_FIELDS:
            msg = f"a body has more than {MOST_FIELDS:,} fields; leave out what refers to itself."
            raise openapi_document.DocumentError(msg)
        self._around.add(own)
        flat = self._flat(schema)
        if "items" in flat:
            self.read(mapping(flat["items"]), f"{keys}[]", depth + 1)
        for key, (owner, property_) in self._properties(schema).items():
            inner = f"{keys}.{key}".lstrip(".")
            places = (f"{owner}.{key}", *self._names(property_))
            fact = self.fact(property_, places, owner)
            required = key in sequence(flat.get("required"))
            self.found.setdefault(inner, dataclasses.replace(fact, required=required))
            self.read(property_, inner, depth + 1)
        self._around.remove(own)

    def fact(self, schema: Mapping[str, Any], places: tuple[str, ...], around: str) -> Fact:
        """Return what is said of a value itself."""
        flat = self._flat(schema)
        types = flat.get("type")
        listed = (
            [str(each) for each in cast("list[object]", types)] if isinstance(types, list) else []
        )
        single = next((each for each in listed if each != "null"), "") or (
            types if isinstance(types, str) else ""
        )
        values = [*sequence(flat.get("enum"))]
        nullable = flat.get("nullable") is True or "null" in listed or None in values
        told = frozenset(str(each) for each in values if each is not None)
        limits = {keyword: flat[keyword] for keyword in LIMITS if keyword in flat}
        format_ = str(flat.get("format", ""))
        return Fact(False, nullable, single, format_, told, limits, places, around)

    def _flat(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Join a schema with its ``allOf`` and with the one choice that is not null."""
        resolved = mapping(openapi_document.resolve(self._document, schema))
        found: dict[str, Any] = {}
        for member in self._members(resolved):
            inner = self._flat(member)
            required = [*sequence(found.get("required")), *sequence(inner.get("required"))]
            found.update(inner)
            found["required"] = required
        own = {key: value for key, value in resolved.items() if key not in {"allOf", "required"}}
        required = [*sequence(found.get("required")), *sequence(resolved.get("required"))]
        found.update(own)
        if _says_null(resolved):
            found["nullable"] = True
        return {**found, "required": required}

    def _members(self, resolved: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        members = [mapping(each) for each in sequence(resolved.get("allOf"))]
        for keyword in ("oneOf", "anyOf"):
            choices = [mapping(each) for each in sequence(resolved.get(keyword))]
            choices = [each for each in choices if each.get("type") != "null"]
            if len(choices) == 1:
                members += choices
        return members

    def _properties(self, schema: Mapping[str, Any]) -> dict[str, tuple[str, Mapping[str, Any]]]:
        """Return each property with the component that it is written in."""
        owner = _component(schema)
        resolved = mapping(openapi_document.resolve(self._document, schema))
        found: dict[str, tuple[str, Mapping[str, Any]]] = {}
        for member in self._members(resolved):
            found |= self._properties(member)
        for key, each in mapping(resolved.get("properties")).items():
            found[key] = (owner, mapping(each))
        return found

    def _names(self, schema: Mapping[str, Any]) -> list[str]:
        """Return the components that a property refers to."""
        members = [schema, *self._members(schema), mapping(schema.get("items"))]
        return [name for name in map(_component, members) if name]


def _says_null(resolved: Mapping[str, Any]) -> bool:
    choices = [*sequence(resolved.get("oneOf")), *sequence(resolved.get("anyOf"))]
    return any(mapping(each).get("type") == "null" for each in choices)


def _component(node: object) -> str:
    return str(mapping(node).get("$ref", "")).rpartition("/")[2]
