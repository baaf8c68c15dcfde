"""Rules about names that differ on the wire and would be one and the same in Python.

The names are worked out by the generator's own functions, so that lint and generator agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import openapi_python_client.strings as generator_names

from spec_rules.places import join_pointer, mapping, sequence
from spec_rules.subject import Finding, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["RULES", "enum_member_names"]

_PREFIX = "field_"
# Attributes that every generated model has beside its properties.
_MODEL_ATTRIBUTES = {"additional_properties", "additional_keys", "from_dict", "to_dict"}


def _identifier(name: str) -> str:
    return str(generator_names.PythonIdentifier(name, _PREFIX))


def _collisions(names: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield Python name, wire name and earlier wire name of each that comes out twice."""
    first: dict[str, str] = {}
    for python_name, wire_name in names:
        earlier = first.setdefault(python_name, wire_name)
        if earlier != wire_name:
            yield python_name, wire_name, earlier


def enum_member_names(values: Sequence[object], variable_names: Sequence[str]) -> list[str]:
    """Return the member that the generator makes of each value.

    Its own function keeps only the last of two values with one name, so it cannot be asked.
    """
    if len(variable_names) == len(values):
        return [generator_names.snake_case(name).upper() for name in variable_names]
    names: list[str] = []
    for index, value in enumerate(values):
        text = str(value)
        key = text.upper() if text[:1].isalpha() else f"VALUE_{index}"
        names.append(generator_names.snake_case(key).upper())
    return names


def _enum_members(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("schema"):
        values = [value for value in sequence(place.node.get("enum")) if value is not None]
        members = enum_member_names(values, sequence(place.node.get("x-enum-varnames")))
        for member, value, earlier in _collisions(zip(members, map(str, values), strict=True)):
            yield Finding(
                join_pointer(place.pointer, "enum"),
                f"the values {earlier!r} and {value!r} both become the member {member}, and one "
                "of them would be lost",
                "give every value a name of its own with `x-enum-varnames`, in the same order",
            )


def _property_names(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("schema"):
        names = list(subject.properties(place.node))
        for python_name, name, earlier in _collisions((_identifier(name), name) for name in names):
            yield Finding(
                place.pointer,
                f"the properties {earlier!r} and {name!r} both become the attribute {python_name}",
                "rename one if the wire allows it; else a template must tell them apart",
            )
        for name in names:
            if _identifier(name) in _MODEL_ATTRIBUTES:
                yield Finding(
                    place.pointer,
                    f"the property {name!r} becomes {_identifier(name)}, which every generated "
                    "model has already",
                    "rename it if the wire allows it; else a template must tell them apart",
                )


def _class_names(subject: Subject) -> Iterator[Finding]:
    components = [place for place in subject.places("schema") if place.is_component]
    pointers = {place.key: place.pointer for place in components}
    classes = [
        (str(generator_names.ClassName(place.node.get("title", place.key), _PREFIX)), place.key)
        for place in components
    ]
    modules = [(_identifier(class_name), name) for class_name, name in classes]
    for kind, names in (("class", classes), ("module", modules)):
        for python_name, name, earlier in _collisions(names):
            yield Finding(
                pointers[name],
                f"the schemas {earlier!r} and {name!r} both become the {kind} {python_name}",
                "rename one of them",
            )


def _argument_names(subject: Subject) -> Iterator[Finding]:
    for operation in subject.operations:
        inputs = [
            (_identifier(parameter.name), f"{parameter.location} parameter {parameter.name!r}")
            for parameter in subject.parameters(operation)
        ]
        body = subject.body_schema(operation.data.get("requestBody"))
        # The properties of the body are keywords of the same function as the parameters.
        inputs += [
            (_identifier(name), f"body property {name!r}")
            for name in subject.properties(mapping(body))
        ]
        for python_name, name, earlier in _collisions(inputs):
            yield Finding(
                operation.pointer,
                f"the {earlier} and the {name} of {operation.id} both become the argument "
                f"{python_name}",
                "rename one if the wire allows it; else a template must tell them apart",
            )


RULES = (
    Rule("enum-members-distinct", _enum_members),
    Rule("properties-distinct", _property_names),
    Rule("classes-distinct", _class_names),
    Rule("arguments-distinct", _argument_names),
)
