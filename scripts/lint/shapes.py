"""Rules about the shape of schemas: what the generator, connexion and JSON Schema can agree on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insightiq_mock.openapi.tree import Place, join_pointer
from lint.subject import Finding, Rule, Subject, component_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["RULES"]

# What the validators of lint, mock server and contract tests enforce or knowingly let pass, and
# what the templates read: a password is kept out of reprs.
_FORMATS = {
    "string": {
        "binary",
        "byte",
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


RULES = (
    Rule("nullable-beside-type", _nullable),
    Rule("no-reference-siblings", _reference_siblings),
    Rule("responses-open", _response_open),
    Rule("enum-extensible", _extensible_enum),
    Rule("format-known", _known_format),
)
