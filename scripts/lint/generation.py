"""Rules about what the generated client cannot express: the generator rejects it, too.

Each of these would be lost without a word, sent otherwise than described, or fail at each call.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from insightiq_mock.openapi.tree import Node, Place, join_pointer, mapping, sequence
from lint.subject import Finding, Rule, Subject, component_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lint.subject import Parameter

__all__ = ["RULES", "is_union"]

_JSON = "application/json"
_SCALARS = frozenset({"boolean", "integer", "number", "string"})
_GENERATED = frozenset({"parameter", "request body", "response", "schema"})
_CHOICES = ("oneOf", "anyOf", "allOf")


def is_union(schema: Node) -> bool:
    """Whether ``schema`` is a choice between components by the value of one key."""
    return "discriminator" in schema and "oneOf" in schema


def _parameter(subject: Subject) -> Iterator[Finding]:
    for operation in subject.operations:
        for parameter in subject.parameters(operation):
            for what, remedy in _parameter_faults(subject, parameter):
                name = f"the {parameter.location} parameter {parameter.name!r} of {operation.id}"
                yield Finding(parameter.pointer, f"{name} {what}", remedy)


def _parameter_faults(subject: Subject, parameter: Parameter) -> Iterator[tuple[str, str]]:
    if parameter.location not in {"path", "query"}:
        yield (
            "is not sent by the generated client",
            "move it to the query, or remove it if the client need not send it",
        )
    elif "schema" not in parameter.node:
        yield (
            "is described by `content`, which the client does not write",
            "describe it by `schema`",
        )
    elif not _is_scalar(subject, mapping(parameter.node["schema"])):
        yield (
            "is no single value, and the client writes only those into a path or a query",
            "give it a text, number, boolean or enum schema",
        )
    elif parameter.location == "path" and _allows_null(subject, parameter.node["schema"]):
        yield "may be null, which no path can hold", "refer to a schema without `nullable`"


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
        if "requestBody" not in operation.data:
            continue
        schema = subject.body_schema(operation.data["requestBody"])
        pointer = join_pointer(operation.pointer, "requestBody")
        if schema is None:
            yield Finding(
                pointer,
                f"the request body of {operation.id} has no {_JSON} schema",
                "describe one, or remove the body",
            )
        elif not _is_named_object(subject, schema) or not subject.properties(schema):
            yield Finding(
                pointer,
                f"the request body of {operation.id} is no object with named properties, which "
                "are the arguments of the method",
                "refer to a component of type object that lists its properties",
            )


def _response(subject: Subject) -> Iterator[Finding]:
    for operation in subject.operations:
        for status, response, pointer in subject.responses(operation):
            if not status.startswith("2"):
                continue
            if not status.isdecimal():
                yield Finding(
                    pointer,
                    f"the success of {operation.id} is described as {status}",
                    "name the one status code that it has",
                )
            schema = subject.body_schema(response)
            if not mapping(response.get("content")):
                continue
            if schema is None or not _is_named_object(subject, schema):
                yield Finding(
                    pointer,
                    f"the success of {operation.id} is no object component, and the client makes "
                    "a model of it",
                    "refer to a component of type object; put a list under a key such as `data`",
                )


def _is_named_object(subject: Subject, schema: Node) -> bool:
    """Whether ``schema`` refers to a component that becomes a class and is never null."""
    node = subject.resolve(schema)
    is_object = node.get("type") == "object" or "properties" in node or "allOf" in node
    is_plain = not {"oneOf", "anyOf", "enum"} & node.keys() and node.get("nullable") is not True
    return "$ref" in schema and is_object and is_plain and not _is_scalar(subject, node)


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
        for what, remedy in _schema_faults(subject, place):
            yield Finding(place.pointer, what, remedy)


def _schema_faults(subject: Subject, place: Place) -> Iterator[tuple[str, str]]:
    node = place.node
    for keyword in ("readOnly", "writeOnly"):
        if node.get(keyword) is True:
            yield (
                f"`{keyword}` is lost: a model has the same keys in requests and responses",
                "write one schema for the request and one for the response",
            )
    if node.get("type") == "array" and "items" not in node:
        yield "the array does not say what it holds", "add `items`"
    if node.get("format") == "binary":
        yield "the client reads and writes JSON alone, no `format: binary`", "use text or a link"
    if isinstance(node.get("additionalProperties"), dict):
        value = subject.resolve(node["additionalProperties"])
        if not _is_plain(subject, value):
            yield (
                "the map holds objects, enums or times, which the client would leave as JSON",
                "describe a list of objects instead, or write `additionalProperties: true`",
            )
    yield from _choice_faults(subject, place)


def _choice_faults(subject: Subject, place: Place) -> Iterator[tuple[str, str]]:
    node = place.node
    if "discriminator" in node and not (is_union(node) and place.is_component):
        yield (
            "a `discriminator` is read only beside the `oneOf` of a component",
            "write a component with `oneOf` and `discriminator`, or remove it",
        )
    elif is_union(node) and not mapping(mapping(node["discriminator"]).get("mapping")):
        yield (
            "the `discriminator` has no `mapping`, so nothing distinguishes the variants",
            "list the value of each variant under `mapping`",
        )
    elif not is_union(node):
        for keyword in ("oneOf", "anyOf"):
            members = [subject.resolve(each) for each in sequence(node.get(keyword))]
            if not all(_is_plain(subject, member) for member in members):
                yield (
                    f"`{keyword}` lists objects, enums or times, which no reader can distinguish",
                    "use one schema, or a component that may be null",
                )


def _is_plain(subject: Subject, schema: Node) -> bool:
    """Whether a value of ``schema`` stays as JSON gives it."""
    if schema.get("type") == "array":
        return _is_plain(subject, subject.resolve(schema.get("items")))
    is_time = schema.get("type") == "string" and str(schema.get("format")).startswith("date")
    return not schema or (_is_scalar(subject, schema) and not is_time and "enum" not in schema)


def _union_use(subject: Subject) -> Iterator[Finding]:
    for place, target in subject.references:
        kinds = {ancestor.kind for ancestor in place.ancestors()}
        parent = place.parent
        in_mapping = not place.is_reference or (parent is not None and is_union(parent.node))
        if "callback" in kinds or in_mapping or not is_union(subject.resolve({"$ref": target})):
            continue
        yield Finding(
            place.pointer,
            f"{target} is a choice between objects, which the client reads in notifications alone",
            "refer to one of its variants",
        )


def _enum(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("schema"):
        if "enum" not in place.node:
            continue
        pointer = join_pointer(place.pointer, "enum")
        values = [value for value in sequence(place.node["enum"]) if value is not None]
        odd = [value for value in values if not isinstance(value, str)]
        if not values:
            yield Finding(pointer, "the enum has no value", "list its values, or remove `enum`")
        elif odd or place.node.get("type", "string") != "string":
            shown = f": {', '.join(map(repr, odd))} is none" if odd else ""
            yield Finding(
                pointer,
                f"the enum is not one of texts{shown}",
                "write `type: string` and each value in quotes, or describe the numbers by "
                "`minimum` and `maximum`",
            )


RULES = (
    Rule("parameter-supported", _parameter),
    Rule("path-template", _path_template),
    Rule("reference-to-component", _reference),
    Rule("request-body-supported", _request_body),
    Rule("response-supported", _response),
    Rule("security-supported", _security),
    Rule("servers-supported", _servers),
    Rule("schema-supported", _schema),
    Rule("union-supported", _union_use),
    Rule("enum-of-texts", _enum),
)
