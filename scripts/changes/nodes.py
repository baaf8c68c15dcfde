"""Nodes of a document: objects with the place where they are written, references followed."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import openapi_document

from insightiq_mock.openapi.references import follow
from insightiq_mock.openapi.tree import join_pointer, mapping, pointer_parts, sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "DOCUMENTATION",
    "Node",
    "name_of",
    "references",
    "shown",
    "without_documentation",
]

DOCUMENTATION = frozenset(
    {"description", "summary", "example", "examples", "externalDocs", "title", "links"}
)
# Below these keywords stand names, which may read like any keyword.
NAME_MAPS = frozenset(
    {
        "properties", "patternProperties", "schemas", "headers", "responses", "requestBodies",
        "callbacks", "parameters", "securitySchemes", "paths", "content", "mapping", "variables", "scopes",
        "encoding",
    }
)  # fmt: skip
DATA = frozenset({"default", "enum"})
LONGEST_VALUE = 60


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Node:
    """An object of a document, behind the reference that leads to it.

    ``holder`` points to the reference, or to the object itself; ``pointer`` always to the object.
    """

    document: Mapping[str, Any]
    holder: str
    pointer: str
    data: Mapping[str, Any]

    @classmethod
    def at(cls, document: Mapping[str, Any], holder: str, value: object) -> Node:
        """Return the object that ``value``, written at ``holder``, is or refers to.

        Raises:
            DocumentError: The reference leads nowhere, or back to itself.
        """
        pointer = holder
        seen: set[str] = set()
        while isinstance(reference := mapping(value).get("$ref"), str):
            if reference in seen:
                msg = f"$ref {reference!r} leads back to itself; let it name an object."
                raise openapi_document.DocumentError(msg)
            seen.add(reference)
            pointer, value = reference, follow(document, reference)
        return cls(document, holder, pointer, mapping(value))

    def child(self, *keys: str | int) -> Node:
        """Return what stands below ``keys``."""
        value: object = self.data
        for key in keys:
            value = sequence(value)[key] if isinstance(key, int) else mapping(value).get(key)
        return Node.at(self.document, join_pointer(self.pointer, *keys), value)

    def children(self, keyword: str) -> dict[str, Node]:
        """Return the members of an object by name."""
        return {str(name): self.child(keyword, name) for name in mapping(self.data.get(keyword))}

    def items(self, keyword: str) -> list[Node]:
        """Return the items of a list."""
        return [
            self.child(keyword, index) for index in range(len(sequence(self.data.get(keyword))))
        ]

    def flag(self, keyword: str) -> bool:
        """Return whether ``keyword`` is true."""
        return self.data.get(keyword) is True


def references(value: object) -> Iterator[str]:
    """Yield every reference below ``value``, those of a discriminator included."""
    if isinstance(value, list):
        for item in sequence(value):
            yield from references(item)
        return
    for key, inner in mapping(value).items():
        if key == "$ref" and isinstance(inner, str):
            yield inner
        elif key == "discriminator":
            yield from (str(each) for each in mapping(mapping(inner).get("mapping")).values())
        else:
            yield from references(inner)


def shown(value: object) -> str:
    """Return a value for people: its JSON, cut where it is long."""
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def name_of(pointer: str) -> str:
    """Return the last meaningful name of a pointer: ``Account.status``, ``Limit``, ``users``."""
    parts = pointer_parts(pointer)
    ends = {"allOf", "anyOf", "oneOf", "items", "schema", "additionalProperties"}
    while len(parts) > 1 and (parts[-1].isdecimal() or parts[-1] in ends):
        if parts[-2] == "responses":
            return f"response {parts[-1]}"
        parts.pop()
    match parts:
        case [*owner, "properties", name]:
            return f"{name_of(join_pointer('#', *owner))}.{name}"
        case [*before, "content", _]:
            return "body" if "requestBody" in before else "response"
        case [*_, "parameters"]:
            return "parameter"
        case [*_, name]:
            return name.removeprefix("#")
        case _:
            return "document"


def without_documentation(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of ``document`` without descriptions, examples and links."""
    return cast("dict[str, Any]", _plain(document))


def _plain(value: object, *, names: bool = False) -> object:
    if isinstance(value, list):
        return [_plain(item) for item in sequence(value)]
    if not isinstance(value, Mapping):
        return value
    written = cast("Mapping[str, Any]", value)
    if names:
        return {key: _plain(inner) for key, inner in written.items()}
    return {
        key: inner if key in DATA or key.startswith("x-") else _plain(inner, names=key in NAME_MAPS)
        for key, inner in written.items()
        if key not in DOCUMENTATION
    }
