"""The document under examination, and the questions that several rules ask about it."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import openapi_document
import openapi_schemas

from insightiq_mock.openapi.tree import Node, Place, join_pointer, mapping, sequence, walk

__all__ = ["Check", "Finding", "Parameter", "Rule", "Subject", "component_pointer"]


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """A place that breaks a rule.

    Attributes:
        pointer: Where: JSON pointer.
        what: What is wrong there, as the rest of a sentence.
        remedy: What to do.
    """

    pointer: str
    what: str
    remedy: str

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        return f"{self.pointer}: {self.what}; {self.remedy}."


Check = Callable[["Subject"], Iterator[Finding]]


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its id, and the check that yields a finding for each breach."""

    id: str
    check: Check


@dataclasses.dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation, reference followed.

    Attributes:
        name: As on the wire.
        location: ``path``, ``query``, ``header`` or ``cookie``.
        node: The parameter object.
        pointer: Where the operation lists it.
    """

    name: str
    location: str
    node: Node
    pointer: str


class Subject:
    """A document with everything that is worth working out only once."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.operations = tuple(openapi_document.operations(document))
        self._places = tuple(walk(document))

    @functools.cached_property
    def schemas(self) -> openapi_schemas.DocumentSchemas:
        """The document's schemas, ready to validate examples."""
        return openapi_schemas.DocumentSchemas(self.document)

    def places(self, *kinds: str) -> Iterator[Place]:
        """Yield the places of ``kinds`` that are written out (not those that only refer)."""
        return (place for place in self._places if place.kind in kinds and not place.is_reference)

    def all_places(self) -> tuple[Place, ...]:
        """Return every place, references included."""
        return self._places

    def resolve(self, node: object) -> Node:
        """Follow ``node`` to what it refers to."""
        return mapping(openapi_document.resolve(self.document, node))

    def parameters(self, operation: openapi_document.Operation) -> list[Parameter]:
        """Return the parameters of ``operation``, those of its path included."""
        path_item = mapping(self.document["paths"][operation.path])
        path_pointer = operation.pointer.rpartition("/")[0]
        listed = [
            (join_pointer(pointer, "parameters", index), entry)
            for pointer, node in ((path_pointer, path_item), (operation.pointer, operation.data))
            for index, entry in enumerate(sequence(node.get("parameters")))
        ]
        return [
            Parameter(node["name"], node["in"], node, pointer)
            for pointer, node in ((pointer, self.resolve(entry)) for pointer, entry in listed)
        ]

    def responses(self, operation: openapi_document.Operation) -> Iterator[tuple[str, Node, str]]:
        """Yield status, response object and pointer of each response of ``operation``."""
        for status, entry in mapping(operation.data.get("responses")).items():
            pointer = join_pointer(operation.pointer, "responses", status)
            yield str(status), self.resolve(entry), pointer

    def body_schema(self, holder: object) -> Node | None:
        """Return the JSON schema of a request body or response; None where it has no body."""
        content = mapping(self.resolve(holder).get("content"))
        media_type = mapping(content.get("application/json"))
        return mapping(media_type["schema"]) if "schema" in media_type else None

    def request_schema(self, operation: openapi_document.Operation) -> Node:
        """Return the schema of the request body that the client sends: JSON where it is offered."""
        content = mapping(self.resolve(operation.data.get("requestBody")).get("content"))
        json = [each for each in content if "json" in str(each).lower()]
        media_type = mapping(content.get(json[0] if json else next(iter(content), "")))
        return mapping(media_type.get("schema"))

    def properties(self, schema: Node) -> dict[str, Node]:
        """Return the properties of ``schema``, those of its ``allOf`` members included."""
        schema = self.resolve(schema)
        found: dict[str, Node] = {}
        for member in sequence(schema.get("allOf")):
            found |= self.properties(mapping(member))
        found |= mapping(schema.get("properties"))
        return found

    def required(self, schema: Node) -> set[str]:
        """Return the required properties of ``schema``, as `properties` collects them."""
        schema = self.resolve(schema)
        members = [self.required(mapping(member)) for member in sequence(schema.get("allOf"))]
        return set(sequence(schema.get("required"))).union(*members)

    @functools.cached_property
    def references(self) -> tuple[tuple[Place, str], ...]:
        """Every place that refers to another, and the pointer it names."""
        return tuple((place, target) for place in self._places for target in _targets(place))

    @functools.cached_property
    def received_components(self) -> frozenset[str]:
        """Pointers of the components that arrive at the client: in responses and notifications."""
        return self.reachable(
            target for place, target in self.references if _arrives_at_client(place)
        )

    def reachable(self, pointers: Iterable[str]) -> frozenset[str]:
        """Return the components at ``pointers`` and all that they refer to, directly or not."""
        found: set[str] = set()
        waiting = [component_pointer(pointer) for pointer in pointers]
        while waiting:
            component = waiting.pop()
            if component not in found:
                found.add(component)
                waiting += self._targets_of_component.get(component, ())
        return frozenset(found)

    @functools.cached_property
    def _targets_of_component(self) -> dict[str, list[str]]:
        targets: dict[str, list[str]] = {}
        for place, target in self.references:
            source = component_pointer(place.pointer)
            targets.setdefault(source, []).append(component_pointer(target))
        return targets


def component_pointer(pointer: str) -> str:
    """Shorten a pointer into a component to that of the component."""
    return "/".join(pointer.split("/")[:4])


def _targets(place: Place) -> Iterator[str]:
    if isinstance(place.node.get("$ref"), str):
        yield place.node["$ref"]
        return
    if place.kind == "schema":
        discriminator = mapping(place.node.get("discriminator"))
        yield from mapping(discriminator.get("mapping")).values()


def _arrives_at_client(place: Place) -> bool:
    around = {place.kind, *(ancestor.kind for ancestor in place.ancestors())}
    if "callback" in around:
        return "request body" in around
    return "response" in around and "operation" in around
