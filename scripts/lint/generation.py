"""Rules about what the generated client cannot express: the generator rejects it, too.

Each of these would be lost without a word, sent otherwise than described, or fail at each call.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from insightiq_mock.openapi.tree import Node, Place, join_pointer, mapping, sequence
from lint.subject import Finding, Rule, Subject, component_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lint.subject import Parameter

__all__ = ["RULES", "is_union"]

_SCALARS = frozenset({"boolean", "integer", "number", "string"})
# RFC 9110, 5.6.2: what names of headers and media types are made of.
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_MEDIA_TYPE = re.compile(rf"{_TOKEN.pattern}/{_TOKEN.pattern}( *;[ -~]*)?")
_GENERATED = frozenset({"parameter", "request body", "response", "schema"})
_CHOICES = ("oneOf", "anyOf", "allOf")


def is_union(schema: Node) -> bool:
    """Whether ``schema`` is a choice between components by the value of one key."""
    return "discriminator" in schema and bool({"oneOf", "anyOf"} & schema.keys())


def _parameter(subject: Subject) -> Iterator[Finding]:
    for operation in subject.operations:
        for parameter in subject.parameters(operation):
            for what, remedy in _parameter_faults(subject, parameter):
                name = f"the {parameter.location} parameter {parameter.name!r} of {operation.id}"
                yield Finding(parameter.pointer, f"{name} {what}", remedy)


def _parameter_faults(subject: Subject, parameter: Parameter) -> Iterator[tuple[str, str]]:
    style = parameter.node.get("style")
    if parameter.location in {"header", "cookie"} and not _TOKEN.fullmatch(parameter.name):
        yield "has a name that no header can hold", "use letters, digits and hyphens"
    schema = subject.resolve(_parameter_schema(parameter.node))
    if parameter.location == "path" and style in {"label", "matrix"}:
        yield f"has the style {style}, which the client does not write", "use the style simple"
    elif parameter.location == "path" and _allows_null(subject, schema):
        yield "may be null, which no path can hold", "refer to a schema without `nullable`"
    elif parameter.location == "path" and not _is_scalar(subject, schema):
        yield (
            "is no single value, and the client writes only those into a path",
            "give it a text, number, boolean or enum schema, or move it to the query",
        )


def _parameter_schema(node: Node) -> Node:
    content = mapping(next(iter(mapping(node.get("content")).values()), None))
    return mapping(node.get("schema", content.get("schema")))


def _is_scalar(subject: Subject, schema: Node) -> bool:
    node = subject.resolve(schema)
    for keyword in _CHOICES:
        if keyword in node:
            return all(_is_scalar(subject, mapping(each)) for each in sequence(node[keyword]))
    return node.get("type") in _SCALARS or "enum" in node


def _allows_null(subject: Subject, schema: object) -> bool:
    node = subject.resolve(schema)
    members = sequence(node.get("allOf"))
    return node.get("nullable") is True or any(_allows_null(subject, each) for each in members)


def _path_template(subject: Subject) -> Iterator[Finding]:
    for operation in subject.operations:
        pointer = operation.pointer.rpartition("/")[0]
        written = re.findall(r"\{([^{}]*)\}", operation.path)
        declared = [each.name for each in subject.parameters(operation) if each.location == "path"]
        if re.search(r"[?#\s]|/\.{1,2}(/|$)", operation.path):
            yield Finding(
                pointer,
                f"the path {operation.path!r} holds what no path can: `?`, `#`, blanks, `.` or `..`",
                "write the path alone; what follows a `?` are parameters",
            )
        elif re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", operation.path)):
            yield Finding(
                pointer, f"the path {operation.path!r} has a brace without its other", "close it"
            )
        elif sorted(written) != sorted(set(declared)):
            yield Finding(
                pointer,
                f"the path {operation.path!r} names the parameters {written or 'none'}, but "
                f"{operation.id} declares {declared or 'none'}",
                "name each path parameter once in the path and once in `parameters`",
            )


def _reference(subject: Subject) -> Iterator[Finding]:
    for place, target in subject.references:
        kinds = {ancestor.kind for ancestor in place.ancestors()}
        # What else refers is left out of what the generator is given.
        if place.kind not in _GENERATED or kinds & {"callback", "header"} or not place.is_reference:
            continue
        if target != component_pointer(target) or not target.startswith("#/components/"):
            yield Finding(
                place.pointer,
                f"$ref {target!r} names no component, and the generator follows only those",
                "move what it names to `components`, and refer to it there",
            )


def _request_body(subject: Subject) -> Iterator[Finding]:
    for operation in subject.operations:
        request = subject.resolve(operation.data.get("requestBody"))
        pointer = join_pointer(operation.pointer, "requestBody")
        if request and not mapping(request.get("content")):
            yield Finding(
                pointer,
                f"the request body of {operation.id} has no media type",
                "describe its `content`, or remove the body",
            )
        for media_type, node in mapping(request.get("content")).items():
            if not _MEDIA_TYPE.fullmatch(str(media_type)):
                yield Finding(
                    pointer,
                    f"the request body of {operation.id} has the media type {media_type!r}, which "
                    "no header can hold",
                    "write it as `type/subtype`",
                )
            kind = str(media_type).partition(";")[0].strip().lower()
            is_form = kind in {"application/x-www-form-urlencoded", "multipart/form-data"}
            if is_form and not subject.properties(mapping(mapping(node).get("schema"))):
                yield Finding(
                    pointer,
                    f"the form of {operation.id} has no named properties, which are the arguments "
                    "of the method",
                    "describe an object that lists its properties",
                )


def _security(subject: Subject) -> Iterator[Finding]:
    schemes = mapping(mapping(subject.document.get("components")).get("securitySchemes"))
    written = [("#", subject.document)]
    written += [(operation.pointer, operation.data) for operation in subject.operations]
    for pointer, node in written:
        choices = sequence(node.get("security"))
        if choices and not any(_is_sendable(subject, schemes, mapping(each)) for each in choices):
            yield Finding(
                join_pointer(pointer, "security"),
                "no alternative is a single scheme of `type: http` with basic or bearer, the "
                "only credentials that the client sends",
                "use such a scheme, or remove `security` and say in the description what is needed",
            )


def _is_sendable(subject: Subject, schemes: Node, requirement: Node) -> bool:
    found = [subject.resolve(schemes.get(name)) for name in requirement]
    return len(found) <= 1 and all(
        scheme.get("type") == "http" and str(scheme.get("scheme")).lower() in {"basic", "bearer"}
        for scheme in found
    )


def _servers(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("path item", "operation"):
        if "servers" in place.node and "callback" not in {each.kind for each in place.ancestors()}:
            yield Finding(
                join_pointer(place.pointer, "servers"),
                f"the {place.kind} has servers of its own, and the client sends every request to "
                "one address",
                "move them to the top of the document, or remove them",
            )


def _schema(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("schema"):
        for what, remedy in _schema_faults(place):
            yield Finding(place.pointer, what, remedy)


def _schema_faults(place: Place) -> Iterator[tuple[str, str]]:
    node = place.node
    if node.get("type") == "array" and "items" not in node:
        yield "the array does not say what it holds", "add `items`"
    if "discriminator" in node and not is_union(node):
        yield (
            "a `discriminator` is read only beside `oneOf` or `anyOf`",
            "list the variants with `oneOf`, or remove it",
        )


def _enum(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("schema"):
        if "enum" not in place.node:
            continue
        pointer = join_pointer(place.pointer, "enum")
        values = [value for value in sequence(place.node["enum"]) if value is not None]
        kind = _ENUM_TYPES.get(place.node.get("type", "string"), (str,))
        odd = [value for value in values if not _is_of(value, kind)]
        if not values:
            yield Finding(pointer, "the enum has no value", "list its values, or remove `enum`")
        elif odd:
            yield Finding(
                pointer,
                f"the enum is of type {place.node.get('type', 'string')}, and "
                f"{', '.join(map(repr, odd))} is not",
                "write each value as its type has it: text in quotes, numbers without",
            )


_ENUM_TYPES: Mapping[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


def _is_of(value: object, kinds: tuple[type, ...]) -> bool:
    # For Python, True is a number.
    return isinstance(value, bool) == (bool in kinds) and isinstance(value, kinds)


RULES = (
    Rule("parameter-supported", _parameter),
    Rule("path-template", _path_template),
    Rule("reference-to-component", _reference),
    Rule("request-body-supported", _request_body),
    Rule("security-supported", _security),
    Rule("servers-supported", _servers),
    Rule("schema-supported", _schema),
    Rule("enum-of-one-type", _enum),
)
