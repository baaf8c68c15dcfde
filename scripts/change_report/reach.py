"""Which operations a place of the document belongs to, and on which side: sent or received."""

from __future__ import annotations

import enum
import functools
from typing import TYPE_CHECKING, Any

import openapi_document
from spec_rules.places import join_pointer, mapping, pointer_parts, sequence
from spec_rules.subject import component_pointer

from change_report.normal import CALLBACK_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Direction", "Reach"]

REQUEST_KEYS = frozenset({"parameters", "requestBody", "security", "servers"})


class Direction(enum.StrEnum):
    """Which way something travels, as the caller of an operation sees it."""

    REQUEST = "request"
    RESPONSE = "response"


class Reach:
    """The ways through one document in its `normal_form`."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._items: dict[str, list[openapi_document.Operation]] = {}
        self._touches: dict[tuple[str, Direction], dict[str, None]] = {}
        self.operations: dict[str, openapi_document.Operation] = {}
        for operation in openapi_document.operations(document):
            self._items.setdefault(operation.path, []).append(operation)
            if not operation.path.startswith(CALLBACK_PREFIX):
                self.operations[operation.id] = operation
            for part, direction in self._parts(operation):
                for component in self._components(part):
                    self._touches.setdefault((component, direction), {})[owner(operation)] = None

    def of(self, pointer: str) -> dict[str, set[Direction]]:
        """Return the operations that ``pointer`` belongs to, with the sides they see it on."""
        parts = pointer_parts(pointer)
        match parts[:2]:
            case ["components", "securitySchemes"]:
                return {id_: {Direction.REQUEST} for id_ in self.operations}
            case ["components", _]:
                return self._of_component(component_pointer(pointer))
            case ["paths", path]:
                return self._of_path(path, parts[2:])
            case ["security", *_] | ["servers", *_]:
                return {id_: {Direction.REQUEST} for id_ in self.operations}
            case _:
                return {}

    def directions(self, pointer: str) -> set[Direction]:
        """Return the sides on which ``pointer`` is seen by any operation."""
        return set[Direction]().union(*self.of(pointer).values())

    def holder(self, path: str) -> str:
        """Return where the last reference on the way ``path`` is written, or its end."""
        node: Any = self._document
        place = held = "#"
        for part in pointer_parts(path):
            node = _item(node, part)
            place = join_pointer(place, part)
            if "$ref" in mapping(node):
                held = place
                place = str(mapping(node)["$ref"])
                node = openapi_document.resolve(self._document, node)
        return held if held != "#" else place

    def _of_component(self, component: str) -> dict[str, set[Direction]]:
        found: dict[str, set[Direction]] = {}
        for direction in Direction:
            for id_ in self._touches.get((component, direction), ()):
                found.setdefault(id_, set()).add(direction)
        return found

    def _of_path(self, path: str, rest: list[str]) -> dict[str, set[Direction]]:
        operations = self._items.get(path, [])
        if rest and rest[0] in openapi_document.METHODS:
            operations = [each for each in operations if each.method == rest[0]]
            rest = rest[1:]
        sides = set(Direction)
        if rest and rest[0] in REQUEST_KEYS:
            sides = {Direction.REQUEST}
        elif rest and rest[0] == "responses":
            sides = {Direction.RESPONSE}
        return {owner(each): set(sides) for each in operations}

    def _parts(self, operation: openapi_document.Operation) -> Iterator[tuple[Any, Direction]]:
        item = mapping(mapping(self._document["paths"]).get(operation.path))
        yield item.get("parameters"), Direction.REQUEST
        for key in REQUEST_KEYS:
            yield operation.data.get(key), Direction.REQUEST
        yield operation.data.get("responses"), Direction.RESPONSE

    def _components(self, node: object) -> set[str]:
        found: set[str] = set()
        waiting = list(references(node))
        while waiting:
            pointer = component_pointer(waiting.pop())
            if pointer not in found:
                found.add(pointer)
                waiting += self._references_of(pointer)
        return found

    @functools.cached_property
    def _known(self) -> dict[str, list[str]]:
        return {}

    def _references_of(self, pointer: str) -> list[str]:
        if pointer not in self._known:
            node: Any = self._document
            for part in pointer_parts(pointer):
                node = mapping(node).get(part)
            self._known[pointer] = list(references(node))
        return self._known[pointer]


def owner(operation: openapi_document.Operation) -> str:
    """Return the id of an operation, for a callback that of the operation that registers it."""
    if operation.path.startswith(CALLBACK_PREFIX):
        return operation.path.removeprefix(CALLBACK_PREFIX).split("/")[0]
    return operation.id


def references(node: object) -> Iterator[str]:
    """Yield every reference below ``node``, those of a discriminator included."""
    if isinstance(node, list):
        for item in sequence(node):
            yield from references(item)
        return
    for key, value in mapping(node).items():
        if key == "$ref" and isinstance(value, str):
            yield value
        elif key == "discriminator":
            yield from (str(each) for each in mapping(mapping(value).get("mapping")).values())
        else:
            yield from references(value)


def _item(node: object, part: str) -> object:
    if isinstance(node, list):
        items = sequence(node)
        return items[int(part)] if part.isdecimal() and int(part) < len(items) else None
    return mapping(node).get(part)
