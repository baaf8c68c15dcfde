"""Rules about what a reader needs: a description and an example of everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insightiq_mock.openapi.tree import Node, mapping, sequence
from lint.subject import Finding, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["RULES"]


def _has_text(node: Node) -> bool:
    return bool(str(node.get("description") or "").strip())


def _described(subject: Subject) -> Iterator[Finding]:
    kinds = ("schema", "parameter", "header", "response", "request body", "link")
    for place in subject.places(*kinds):
        is_schema_part = place.kind == "schema" and place.role not in {"schemas", "properties"}
        if is_schema_part or _has_text(place.node):
            continue
        what = "property" if place.role == "properties" else place.kind
        yield Finding(
            place.pointer,
            f"the {what} {place.key!r} has no description",
            "add a `description`: what it means, its unit and limits, when it is null or absent",
        )


def _example_described(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("example"):
        if not str(place.node.get("summary") or "").strip():
            yield Finding(
                place.pointer,
                f"the example {place.key!r} has no summary",
                "add a `summary`: what case it shows",
            )


def _exemplified(subject: Subject) -> Iterator[Finding]:
    for place in subject.all_places():
        node = place.node
        if place.kind in {"parameter", "header"} and not place.is_reference:
            media_types = [mapping(each) for each in mapping(node.get("content")).values()]
            shown = any("example" in each or each.get("examples") for each in (node, *media_types))
        elif place.kind == "schema" and place.role == "properties":
            shown = _shows_itself(subject, node)
        else:
            continue
        if not shown:
            what = "property" if place.role == "properties" else place.kind
            yield Finding(
                place.pointer,
                f"the {what} {place.key!r} has no example",
                "add an `example`: realistic, and the same ids as elsewhere for the same thing",
            )


def _shows_itself(subject: Subject, schema: Node) -> bool:
    """Whether an example stands here or can be put together from what it is made of."""
    if "example" in schema or schema.get("format") == "binary":
        return True
    if "$ref" in schema:
        return _shows_itself(subject, subject.resolve(schema))
    members = [*sequence(schema.get("allOf")), *sequence(schema.get("oneOf"))]
    if members or schema.get("type") == "array":
        # An object shows itself through its properties; a scalar behind allOf must be shown here.
        return all(
            _is_object(subject, mapping(member)) for member in members or [schema.get("items")]
        )
    return _is_object(subject, schema)


def _is_object(subject: Subject, schema: Node) -> bool:
    target = subject.resolve(schema)
    return (
        bool(subject.properties(target))
        or "oneOf" in target
        or (target.get("type") == "object" and "example" in target)
    )


def _body_exemplified(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("media type"):
        is_shown = bool(place.node.get("examples")) or "example" in place.node
        if not is_shown and not _holds_bytes(subject, mapping(place.node.get("schema"))):
            yield Finding(
                place.pointer,
                f"the body of type {place.key} has no example",
                "add `examples` that refer to components/examples: the mock server responds from "
                "them",
            )


def _holds_bytes(subject: Subject, schema: Node) -> bool:
    """Whether a body is bytes, or a form with some, which no example in YAML can show."""
    parts = [subject.resolve(schema), *map(subject.resolve, subject.properties(schema).values())]
    return any(each.get("format") == "binary" for each in parts)


RULES = (
    Rule("described", _described),
    Rule("example-summarised", _example_described),
    Rule("exemplified", _exemplified),
    Rule("body-exemplified", _body_exemplified),
)
