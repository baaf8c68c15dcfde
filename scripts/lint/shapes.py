"""Rules about the shape of schemas: what the generator, connexion and JSON Schema can agree on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insightiq_mock.openapi.tree import Place, join_pointer, sequence
from lint.subject import Finding, Rule, Subject, component_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["GENERATOR_RULES", "RULES"]

# What the validators of lint, mock server and contract tests enforce or knowingly let pass, and
# what the templates read: a password is kept out of reprs.
_FORMATS = {
    "string": {
        "date",
        "date-time",
        "date-time-lenient",
        "date-time-local",
        "email",
        "password",
        "uri",
        "uuid",
    },
    "integer": {"int32", "int64"},
    "number": {"double", "float"},
}


def _inline_object(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("schema"):
        if place.is_component or _completes_a_component(place) or not _is_object(place):
            continue
        yield Finding(
            place.pointer,
            "an object is described in place, so the generator would invent a name for its class",
            "move it to components/schemas under a name of its own and refer to it with `$ref`",
        )


def _is_object(place: Place) -> bool:
    node = place.node
    return (
        node.get("type") == "object"
        or bool({"properties", "additionalProperties"} & node.keys())
        or len(sequence(node.get("allOf"))) > 1
    )


def _completes_a_component(place: Place) -> bool:
    """The own part of a named ``allOf``: the generator merges it into that component's class."""
    return place.role == "allOf" and place.parent is not None and place.parent.is_component


def _inline_enum(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("schema"):
        if "enum" in place.node and not place.is_component:
            yield Finding(
                place.pointer,
                "an enum is listed in place, so the generator would invent a name for its class",
                "move it to components/schemas under a name of its own and refer to it with `$ref`",
            )


def _nullable(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("schema"):
        if "nullable" not in place.node:
            continue
        pointer = join_pointer(place.pointer, "nullable")
        if "type" not in place.node:
            yield Finding(
                pointer,
                "`nullable` stands without `type`, where OpenAPI 3.0.3 gives it no meaning",
                "refer to a component that carries `nullable: true` beside its own `type`",
            )
        elif place.node["nullable"] is True and None not in place.node.get("enum", [None]):
            yield Finding(
                join_pointer(place.pointer, "enum"),
                "the enum is nullable, but its values do not list `null`, which rejects it again",
                "add `null` to the values",
            )


def _reference_siblings(subject: Subject) -> Iterator[Finding]:
    for place in subject.all_places():
        siblings = sorted(place.node.keys() - {"$ref"})
        if place.is_reference and siblings:
            yield Finding(
                place.pointer,
                f"{', '.join(siblings)} beside a `$ref` is lost: OpenAPI 3.0.3 reads the `$ref` "
                "alone",
                "write `allOf: [{$ref: …}]` with the rest beside it, or drop the rest",
            )


def _response_open(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("schema"):
        if place.node.get("additionalProperties") is not False:
            continue
        if _is_received(subject, place):
            yield Finding(
                join_pointer(place.pointer, "additionalProperties"),
                "a response or notification holds this object, and it is closed: a key that the "
                "API adds tomorrow would be rejected or lost",
                "remove `additionalProperties: false`; split the schema if a request body needs it",
            )


def _is_received(subject: Subject, place: Place) -> bool:
    if component_pointer(place.pointer) in subject.received_components:
        return True
    kinds = [ancestor.kind for ancestor in place.ancestors()]
    return "response" in kinds and "callback" not in kinds


def _extensible_enum(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("schema"):
        received = place.pointer in subject.received_components
        marked = place.node.get("x-extensible-enum")
        if "enum" in place.node and received and marked is not True:
            yield Finding(
                place.pointer,
                "the enum arrives in responses, but is not marked as open",
                "add `x-extensible-enum: true`, and say in the description that more values come",
            )
        elif marked is not None and (marked is not True or "enum" not in place.node):
            yield Finding(
                join_pointer(place.pointer, "x-extensible-enum"),
                "`x-extensible-enum` is not `true` beside an `enum`",
                "write `x-extensible-enum: true` beside the enum's values, or remove it",
            )


def _known_format(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("schema"):
        written = place.node.get("format")
        known = _FORMATS.get(place.node.get("type", ""), set[str]())
        if written is not None and written not in known:
            yield Finding(
                join_pointer(place.pointer, "format"),
                f"no one knows the format {written!r} of a {place.node.get('type')}",
                f"choose one of {', '.join(sorted(known)) or 'none'}, or teach the validators "
                "another and list it in scripts/lint/shapes.py",
            )


def _query_parameter(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("parameter"):
        if place.node.get("in") != "query":
            continue
        schema = subject.resolve(place.node.get("schema"))
        pointer = join_pointer(place.pointer, "schema")
        if "default" in schema:
            yield Finding(
                pointer,
                "the query parameter declares a default, which the generated client would then "
                "always send",
                "say the default in the description instead",
            )
        if place.node.get("explode") is False or "style" in place.node:
            yield Finding(
                place.pointer,
                "the query parameter sets `style` or `explode`, which the generated client ignores",
                "leave both out",
            )


GENERATOR_RULES = (
    Rule("no-inline-object", _inline_object),
    Rule("no-inline-enum", _inline_enum),
)
RULES = (
    *GENERATOR_RULES,
    Rule("nullable-beside-type", _nullable),
    Rule("no-reference-siblings", _reference_siblings),
    Rule("responses-open", _response_open),
    Rule("enum-extensible", _extensible_enum),
    Rule("format-known", _known_format),
    Rule("query-parameter-plain", _query_parameter),
)
