"""Rules about what an operation is called and where it belongs."""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING

from insightiq_mock.openapi.tree import join_pointer, mapping, sequence
from lint.subject import Finding, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["GENERATOR_RULES", "RULES"]

_WORDS = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"
_FORM = re.compile(rf"(?P<resource>{_WORDS})\.(?P<method>{_WORDS})")


def _operation_id(subject: Subject) -> Iterator[Finding]:
    for operation in subject.operations:
        pointer = join_pointer(operation.pointer, "operationId")
        written = operation.data.get("operationId")
        if written is None:
            yield Finding(
                operation.pointer,
                f"{operation.id} has no operationId",
                "name it `<resource>.<method>`, for example `contents.archive`",
            )
        elif not _FORM.fullmatch(written):
            yield Finding(
                pointer,
                f"the operationId {written!r} is not of the form `<resource>.<method>`",
                "write both halves in lower snake_case with one dot between them",
            )
        elif keyword.iskeyword(operation.verb) or keyword.iskeyword(operation.resource):
            yield Finding(
                pointer,
                f"the operationId {written!r} holds a word that Python keeps for itself",
                "choose another word: it becomes `client.<resource>.<method>()`",
            )


def _operation_id_unique(subject: Subject) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for place in subject.places("operation"):
        written = place.node.get("operationId")
        if written is None:
            continue
        earlier = first.setdefault(written, place.pointer)
        if earlier != place.pointer:
            yield Finding(
                join_pointer(place.pointer, "operationId"),
                f"the operationId {written!r} is taken already, by {earlier}",
                "give one of the two another name: the mock server and the generator would "
                "silently keep only the last",
            )


def _operation_tag(subject: Subject) -> Iterator[Finding]:
    declared = [tag["name"] for tag in sequence(subject.document.get("tags"))]
    for operation in subject.operations:
        tags = list(sequence(operation.data.get("tags")))
        pointer = join_pointer(operation.pointer, "tags") if tags else operation.pointer
        if len(tags) != 1:
            yield Finding(
                pointer,
                f"{operation.id} has {len(tags)} tags",
                f"give it exactly one, its resource: `tags: [{operation.resource}]`",
            )
        elif tags[0] not in declared:
            yield Finding(
                pointer,
                f"{operation.id} has the tag {tags[0]!r}, which the document does not declare",
                "declare it under the top-level `tags` with a description, or correct it",
            )
        elif tags[0] != operation.resource:
            yield Finding(
                pointer,
                f"{operation.id} has the tag {tags[0]!r}, but its resource is "
                f"{operation.resource!r}",
                "make tag and text before the dot the same",
            )


def _tag_used(subject: Subject) -> Iterator[Finding]:
    used = {
        tag for place in subject.places("operation") for tag in sequence(place.node.get("tags"))
    }
    for index, tag in enumerate(sequence(subject.document.get("tags"))):
        name = mapping(tag).get("name")
        if name not in used:
            yield Finding(
                f"#/tags/{index}",
                f"no operation has the tag {name!r}",
                "remove it, or tag the operations that it was meant for",
            )


RULES = (
    Rule("operation-id", _operation_id),
    Rule("operation-id-unique", _operation_id_unique),
    Rule("operation-tag", _operation_tag),
    Rule("tag-used", _tag_used),
)
GENERATOR_RULES = RULES[:-1]
