"""Rules about names that differ on the wire and would be one and the same in Python.

The names are worked out by the generator's own functions, so that lint and generator agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generate import naming

from insightiq_mock.openapi.tree import join_pointer, mapping, sequence
from lint.subject import Finding, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["COMMAND_OPTIONS", "RULES"]


def _collisions(names: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield Python name, wire name and earlier wire name of each that comes out twice."""
    first: dict[str, str] = {}
    for python_name, wire_name in names:
        earlier = first.setdefault(python_name, wire_name)
        if earlier != wire_name:
            yield python_name, wire_name, earlier


def _enum_members(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("schema"):
        values = [value for value in sequence(place.node.get("enum")) if value is not None]
        members = naming.member_names(values, sequence(place.node.get("x-enum-varnames")))
        for member in members:
            if not member.isidentifier():
                yield Finding(
                    join_pointer(place.pointer, "enum"),
                    f"{member!r} is no name for a member",
                    "give every value a name that begins with a letter with `x-enum-varnames`",
                )
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
        attributes = ((naming.identifier(name), name) for name in names)
        for python_name, name, earlier in _collisions(attributes):
            yield Finding(
                place.pointer,
                f"the properties {earlier!r} and {name!r} both become the attribute {python_name}",
                "rename one if the wire allows it; else a template must distinguish them",
            )
        for name in mapping(place.node.get("properties")):
            if naming.identifier(name) in naming.names_taken_by_models():
                yield Finding(
                    join_pointer(place.pointer, "properties", name),
                    f"the property {name!r} becomes {naming.identifier(name)}, which every "
                    "generated model has already",
                    "rename it if the wire allows it; else a template must distinguish them",
                )


def _class_names(subject: Subject) -> Iterator[Finding]:
    components = [place for place in subject.places("schema") if place.is_component]
    pointers = {place.key: place.pointer for place in components}
    classes = [(naming.class_name(place.key), place.key) for place in components]
    modules = [(naming.module_name(class_name), name) for class_name, name in classes]
    beside = [
        (f"{name}Text", place.key)
        for place, (name, _) in zip(components, classes, strict=True)
        if "enum" in place.node
    ]
    resources = {operation.resource for operation in subject.operations}
    in_packages = {f"{prefix}{naming.class_name(each)}" for each in resources for prefix in _BOTH}
    beside += [(f"{name}Model", key) for name, key in classes if name in in_packages]
    for kind, names in (("class", [*classes, *beside]), ("module", modules)):
        for python_name, name, earlier in _collisions(names):
            yield Finding(
                pointers[name],
                f"the schemas {earlier!r} and {name!r} both become the {kind} {python_name}",
                "rename one of them",
            )
    for (class_name, key), (module, _) in zip(classes, modules, strict=True):
        if len(module) > _LONGEST_MODULE:
            yield Finding(
                pointers[key],
                f"the schema {key[:40]!r}… becomes a module whose name is too long for a file",
                f"give it a name of {_LONGEST_MODULE} characters at most",
            )
        if (
            class_name in naming.names_taken_by_classes()
            or module in naming.names_taken_by_modules()
        ):
            yield Finding(
                pointers[key],
                f"the schema {key!r} becomes the class {class_name} in the module {module}, and "
                "generated code uses that name itself",
                f"rename it, for example to {key}Data",
            )


_BOTH = ("", "Async")
_LONGEST_MODULE = 120
# The option of every command that shows its help.
COMMAND_OPTIONS = frozenset({"help"})


def _operation_names(subject: Subject) -> Iterator[Finding]:
    for operation in subject.operations:
        pointer = join_pointer(operation.pointer, "operationId")
        resource, method = operation.resource, naming.method_name(operation.verb)
        classes = {f"{prefix}{naming.class_name(resource)}" for prefix in _BOTH}
        is_taken = classes & naming.names_taken_by_resource_classes()
        if naming.module_name(resource) != resource:
            yield Finding(
                pointer,
                f"the resource {resource!r} is a name that Python has already",
                f"choose another word, for example {resource}_items, in operationId and tag",
            )
        elif is_taken or resource in naming.names_taken_by_resources():
            yield Finding(
                pointer,
                f"the resource {resource!r} would hide what the client, its command line or the "
                "generated package has under that name",
                f"choose another word, for example {resource}_items, in operationId and tag",
            )
        if method in naming.names_taken_by_methods():
            yield Finding(
                pointer,
                f"the method {method!r} would hide a name that the signatures beside it use",
                f"choose another word, for example {operation.resource}.get_{method}",
            )


def _argument_names(subject: Subject) -> Iterator[Finding]:
    for operation in subject.operations:
        inputs = [
            (naming.identifier(each.name), f"{each.location} parameter {each.name!r}")
            for each in subject.parameters(operation)
        ]
        body = subject.request_schema(operation)
        # The properties of the body are keywords of the same function as the parameters.
        inputs += [
            (naming.identifier(name), f"body property {name!r}")
            for name in subject.properties(body)
        ]
        for python_name, name, earlier in _collisions(inputs):
            yield Finding(
                operation.pointer,
                f"the {earlier} and the {name} of {operation.id} both become the argument "
                f"{python_name}",
                "rename one if the wire allows it; else a template must distinguish them",
            )
        taken = naming.names_taken_by_calls() | COMMAND_OPTIONS
        for python_name, name in inputs:
            if python_name in taken:
                yield Finding(
                    operation.pointer,
                    f"the {name} of {operation.id} becomes the argument {python_name}, which "
                    "generated calls and commands have already",
                    "rename it if the wire allows it; else a template must distinguish them",
                )


RULES = (
    Rule("enum-members-distinct", _enum_members),
    Rule("properties-distinct", _property_names),
    Rule("classes-distinct", _class_names),
    Rule("operation-names-free", _operation_names),
    Rule("arguments-distinct", _argument_names),
)
