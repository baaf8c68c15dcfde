"""Every example and default of the document must be valid against the schema it illustrates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from insightiq_mock.openapi.tree import Node, Place, join_pointer, mapping
from lint.subject import Finding, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["RULES"]

_LONGEST_MESSAGE = 200


def _examples(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("schema"):
        for keyword in ("example", "default"):
            if keyword in place.node:
                pointer = join_pointer(place.pointer, keyword)
                yield from _breaches(subject, pointer, place.node, place.node[keyword])
    for place in subject.places("parameter", "header", "media type"):
        schema = mapping(place.node.get("schema"))
        for pointer, value in _examples_of(subject, place):
            yield from _breaches(subject, pointer, schema, value)


def _examples_of(subject: Subject, place: Place) -> Iterator[tuple[str, Any]]:
    if "example" in place.node:
        yield join_pointer(place.pointer, "example"), place.node["example"]
    for name, entry in mapping(place.node.get("examples")).items():
        example = subject.resolve(entry)
        if "value" in example:
            yield join_pointer(place.pointer, "examples", name), example["value"]


def _breaches(
    subject: Subject,
    pointer: str,
    schema: Node,
    value: Any,
) -> Iterator[Finding]:
    chosen = _variant(subject, schema, value) or schema
    for error in subject.schemas.validator(chosen).iter_errors(value):
        inside = join_pointer("", *error.instance_path) or "the value itself"
        message = error.message
        if len(message) > _LONGEST_MESSAGE:
            message = f"{message[:_LONGEST_MESSAGE]}…"
        yield Finding(
            pointer,
            f"the example is not valid at {inside}: {message}",
            "correct the example; or the schema, if the API really sends this",
        )


def _variant(
    subject: Subject,
    schema: Node,
    value: Any,
) -> Node | None:
    """The schema that the discriminator names: its message says more than "none of 19 fits"."""
    discriminator = mapping(subject.resolve(schema).get("discriminator"))
    tag = mapping(value).get(discriminator.get("propertyName", ""))
    target = mapping(discriminator.get("mapping")).get(str(tag))
    return {"$ref": target} if target else None


def _example_value(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("example"):
        if "value" not in place.node:
            yield Finding(
                place.pointer,
                "the example holds no `value`",
                "write the example's JSON under `value`: no tool here fetches an external one",
            )


RULES = (
    Rule("example-valid", _examples),
    Rule("example-value", _example_value),
)
