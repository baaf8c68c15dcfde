"""Rules about what refers to what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openapi_document

from insightiq_mock.openapi import misdirected
from insightiq_mock.openapi.tree import join_pointer, mapping, sequence
from lint.subject import Finding, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["GENERATOR_RULES", "RESOLVES", "RULES"]


def _resolves(subject: Subject) -> Iterator[Finding]:
    faults = dict(misdirected(subject.document))
    for place, target in subject.references:
        fault = faults.get(place.pointer) if place.is_reference else _fault(subject, target)
        if fault is not None:
            yield Finding(
                place.pointer,
                fault.removesuffix("."),
                "correct the reference, or add the component that it names",
            )


def _fault(subject: Subject, target: str) -> str | None:
    """Say what is wrong with a target of a discriminator's mapping."""
    try:
        openapi_document.resolve(subject.document, {"$ref": target})
    except openapi_document.DocumentError as error:
        return str(error)
    return None


def _used(subject: Subject) -> Iterator[Finding]:
    roots = [
        target
        for place, target in subject.references
        if not place.pointer.startswith("#/components/")
    ]
    used = subject.reachable(roots)
    for place in subject.all_places():
        if place.is_component and place.pointer not in used:
            yield Finding(
                place.pointer,
                f"no operation reaches the component {place.key!r}",
                "refer to it where it belongs, or remove it",
            )


def _discriminator_listed(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("schema"):
        discriminator = mapping(place.node.get("discriminator"))
        if not discriminator:
            continue
        mapped = set(mapping(discriminator.get("mapping")).values())
        listed = {mapping(member).get("$ref") for member in sequence(place.node.get("oneOf"))}
        for target in sorted(map(str, mapped ^ listed)):
            yield Finding(
                join_pointer(place.pointer, "discriminator"),
                f"{target} stands only in one of `mapping` and `oneOf`",
                "list it in both",
            )


def _discriminator_tag(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("schema"):
        discriminator = mapping(place.node.get("discriminator"))
        tag = discriminator.get("propertyName", "")
        for value, target in mapping(discriminator.get("mapping")).items():
            pointer = join_pointer(place.pointer, "discriminator", "mapping", value)
            variant = {"$ref": target}
            values = subject.resolve(subject.properties(variant).get(tag)).get("enum")
            if tag not in subject.required(variant):
                yield Finding(
                    pointer,
                    f"{target} does not require {tag!r}, which distinguishes the variants",
                    f"list {tag!r} under its `required`",
                )
            elif values is not None and value not in values:
                yield Finding(
                    pointer,
                    f"{target} does not allow {value!r} as its {tag!r}",
                    "add the value to the enum there, or correct the mapping",
                )


RESOLVES = Rule("reference-resolves", _resolves)
GENERATOR_RULES = (Rule("discriminator-listed", _discriminator_listed),)
RULES = (
    Rule("component-used", _used),
    *GENERATOR_RULES,
    Rule("discriminator-tag", _discriminator_tag),
)
