"""Every place of a document that a rule can look at, with the JSON pointer that names it.

What may stand where is one table; a walk over it visits each object as written (a ``$ref`` is a
place of its own and is not followed).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from insightiq_mock.openapi.json_data import join_pointer

__all__ = ["Node", "Place", "join_pointer", "mapping", "pointer_parts", "sequence", "walk"]

Node = Mapping[str, Any]

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

# kind -> keyword -> (how the children stand below the keyword, their kind)
_CHILDREN: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "document": {"paths": ("map", "path item"), "components": ("one", "components")},
    "components": {
        "schemas": ("map", "schema"),
        "parameters": ("map", "parameter"),
        "headers": ("map", "header"),
        "responses": ("map", "response"),
        "requestBodies": ("map", "request body"),
        "examples": ("map", "example"),
        "links": ("map", "link"),
        "callbacks": ("map", "callback"),
    },
    "path item": {
        "parameters": ("list", "parameter"),
        **dict.fromkeys(_METHODS, ("one", "operation")),
    },
    "callback": {"*": ("map", "path item")},
    "operation": {
        "parameters": ("list", "parameter"),
        "requestBody": ("one", "request body"),
        "responses": ("map", "response"),
        "callbacks": ("map", "callback"),
    },
    "parameter": {
        "schema": ("one", "schema"),
        "content": ("map", "media type"),
        "examples": ("map", "example"),
    },
    "header": {
        "schema": ("one", "schema"),
        "content": ("map", "media type"),
        "examples": ("map", "example"),
    },
    "request body": {"content": ("map", "media type")},
    "response": {
        "content": ("map", "media type"),
        "headers": ("map", "header"),
        "links": ("map", "link"),
    },
    "media type": {"schema": ("one", "schema"), "examples": ("map", "example")},
    "schema": {
        "properties": ("map", "schema"),
        "items": ("one", "schema"),
        "additionalProperties": ("one", "schema"),
        "not": ("one", "schema"),
        "allOf": ("list", "schema"),
        "anyOf": ("list", "schema"),
        "oneOf": ("list", "schema"),
    },
}


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """One object of the document.

    Attributes:
        kind: What it is: ``schema``, ``parameter``, ``response`` …
        pointer: JSON pointer to it, beginning with ``#``.
        role: The keyword it stands under: ``properties``, ``items``, ``schemas``, ``headers`` …
        key: Its name or index there; the keyword itself where there is only one.
        node: The object as written.
        parent: The place it stands in.
    """

    kind: str
    pointer: str
    role: str
    key: str
    node: Node
    parent: Place | None

    @property
    def is_component(self) -> bool:
        """It stands in ``components`` under its own name."""
        return self.parent is not None and self.parent.kind == "components"

    @property
    def is_reference(self) -> bool:
        """It is a ``$ref``."""
        return "$ref" in self.node

    def ancestors(self) -> Iterator[Place]:
        """Yield what it stands in, innermost first."""
        place = self.parent
        while place is not None:
            yield place
            place = place.parent


def walk(document: Node) -> Iterator[Place]:
    """Yield every place of ``document``, in the order of the document."""
    yield from _visit(Place("document", "#", "", "", document, None))


def _visit(place: Place) -> Iterator[Place]:
    yield place
    if place.is_reference:
        return
    table = _CHILDREN.get(place.kind, {})
    for keyword, value in place.node.items():
        shape, kind = table.get(keyword, ("", ""))
        pointer = join_pointer(place.pointer, keyword)
        if shape == "one" and isinstance(value, Mapping):
            yield from _visit(Place(kind, pointer, keyword, keyword, mapping(value), place))
        elif shape == "map":
            for name, child in mapping(value).items():
                below = join_pointer(pointer, name)
                yield from _visit(Place(kind, below, keyword, str(name), mapping(child), place))
        elif shape == "list":
            for index, child in enumerate(sequence(value)):
                below = join_pointer(pointer, index)
                yield from _visit(Place(kind, below, keyword, str(index), mapping(child), place))
        elif "*" in table and isinstance(value, Mapping):
            kind = table["*"][1]
            yield from _visit(Place(kind, pointer, "*", keyword, mapping(value), place))


def mapping(value: Any) -> Node:  # noqa: ANN401 - any JSON value
    """Return ``value`` where it is a mapping, else an empty one."""
    return cast("Node", value) if isinstance(value, Mapping) else {}


def sequence(value: Any) -> Sequence[Any]:  # noqa: ANN401 - any JSON value
    """Return ``value`` where it is a list, else an empty one."""
    return cast("Sequence[Any]", value) if isinstance(value, list) else ()


def pointer_parts(pointer: str) -> list[str]:
    """Split ``#/paths/~1v1~1users/get`` into its decoded parts."""
    inner = pointer.removeprefix("#").removeprefix("/")
    if not inner:
        return []
    return [part.replace("~1", "/").replace("~0", "~") for part in inner.split("/")]
