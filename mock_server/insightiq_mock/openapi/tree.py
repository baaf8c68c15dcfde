"""The document as a tree: its objects, the places in it with their JSON pointers, its operations.

`walk` visits each object as written: a ``$ref`` is a place of its own and is not followed.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeGuard, cast

__all__ = [
    "METHODS",
    "DocumentError",
    "Node",
    "Place",
    "containers",
    "is_array",
    "is_object",
    "join_pointer",
    "malformed_paths",
    "mapping",
    "objects",
    "operations_of",
    "pointer_parts",
    "sequence",
    "walk",
]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

_TEMPLATE = re.compile(r"(?:[^{}]|\{[^{}/]+\})*")

Node = Mapping[str, Any]

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
        **dict.fromkeys(METHODS, ("one", "operation")),
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


class DocumentError(Exception):
    """The document cannot be read or used; the message says where and what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """One object of the document.

    Attributes:
        kind: Its kind: ``schema``, ``parameter``, ``response`` …
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


def mapping(value: Any) -> Node:
    """Return ``value`` where it is a mapping, else an empty one."""
    return cast("Node", value) if isinstance(value, Mapping) else {}


def sequence(value: Any) -> Sequence[Any]:
    """Return ``value`` where it is a list, else an empty one."""
    return cast("Sequence[Any]", value) if isinstance(value, list) else ()


def pointer_parts(pointer: str) -> list[str]:
    """Split ``#/paths/~1v1~1users/get`` into its decoded parts."""
    inner = pointer.removeprefix("#").removeprefix("/")
    if not inner:
        return []
    return [part.replace("~1", "/").replace("~0", "~") for part in inner.split("/")]


def is_object(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Return whether a parsed ``value`` is a JSON object; its keys are text by construction."""
    return isinstance(value, Mapping)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Return whether a parsed ``value`` is a JSON array."""
    return isinstance(value, list)


def join_pointer(base: str, *parts: str | int) -> str:
    """Append ``parts``, encoded, to the JSON pointer ``base``."""
    encoded = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return "/".join((base, *encoded))


def containers(root: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every object of the document ``root`` with its pointer, in the order of the document."""
    waiting: list[tuple[str, object]] = [("#", root)]
    while waiting:
        where, value = waiting.pop()
        inner: list[tuple[str, object]] = []
        if is_object(value):
            yield where, value
            inner = [(join_pointer(where, key), each) for key, each in value.items()]
        elif is_array(value):
            inner = [(join_pointer(where, index), each) for index, each in enumerate(value)]
        waiting.extend(reversed(inner))


def objects(root: object) -> Iterator[Mapping[str, Any]]:
    """Yield every object of the document ``root``, in its order: `containers` without pointers."""
    waiting: list[object] = [root]
    while waiting:
        value = waiting.pop()
        if is_object(value):
            yield value
            waiting.extend(reversed(list(value.values())))
        elif is_array(value):
            waiting.extend(reversed(value))


def operations_of(
    document: Mapping[str, Any],
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield path, method and operation object of every operation, in the order of the document.

    A value that should be an object and is not holds no operation; the meta-schema reports it.
    """
    paths = document.get("paths")
    if not is_object(paths):
        return
    for path, item in paths.items():
        if is_object(item) and not path.startswith("x-"):
            for method in METHODS:
                if is_object(item.get(method)):
                    yield path, method, item[method]


def malformed_paths(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield each path template whose braces do not enclose names."""
    paths = document.get("paths")
    for path in paths if is_object(paths) else ():
        if not path.startswith("x-") and not _TEMPLATE.fullmatch(path):
            yield path
