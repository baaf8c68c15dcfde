"""Every change on the wire, with its verdict and the operations that it reaches."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openapi_document
from spec_rules.places import pointer_parts
from spec_rules.subject import component_pointer

from change_report import redocly, wire_rules
from change_report.documentation import changed_words
from change_report.model import Change, ComparisonError, Side
from change_report.normal import CALLBACK_PREFIX, normal_form
from change_report.reach import Direction, Reach

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Wire", "compare"]

LONGEST_VALUE = 60
KEYWORDS_OF_LISTS = frozenset({"allOf", "anyOf", "oneOf", "items", "schema"})


class Wire:
    """Two documents side by side, and what changed between them on the wire.

    Attributes:
        changes: Every change; words and examples last.
        sides: For each change, the operations it reaches and the side on which they see it.
    """

    def __init__(self, base: Mapping[str, Any], document: Mapping[str, Any]) -> None:
        self._base = normal_form(base)
        self._document = normal_form(document)
        self._reach_before = Reach(self._base)
        self._reach = Reach(self._document)
        self.sides: dict[Change, dict[str, set[Direction]]] = {}
        raw = redocly.compare(self._base, self._document) if self._base != self._document else ()
        for each in raw:
            if not _is_version(each):
                change, sides = self._rated(each)
                self.sides[change] = sides
        self.changes = (*self.sides, *changed_words(base, document))

    @property
    def operations(self) -> Mapping[str, openapi_document.Operation]:
        """The operations of the newer document by id."""
        return self._reach.operations

    @property
    def operations_before(self) -> Mapping[str, openapi_document.Operation]:
        """The operations of the older document by id."""
        return self._reach_before.operations

    def _rated(self, raw: redocly.RawChange) -> tuple[Change, dict[str, set[Direction]]]:
        where = self._where(raw)
        sides = self._sides(raw, where)
        name = f"`{_name(where, raw.property)}`"
        directions = frozenset[Direction]().union(*sides.values())
        operations = tuple(id_ for id_ in self._order() if id_ in sides)
        setting = wire_rules.Setting(raw, name, directions, operations, self._base, self._document)
        own = wire_rules.own_verdict(setting)
        if own is not None:
            change = Change(
                Side.WIRE, own.bump, where, own.what, own.rule, own.attention, operations
            )
        else:
            what = " ".join(message for _, message in raw.verdicts) or _told(raw, name)
            rules = "+".join(dict.fromkeys(rule for rule, _ in raw.verdicts)) or raw.kind
            change = Change(
                Side.WIRE, raw.bump, where, what, f"redocly/{rules}", operations=operations
            )
        return change, sides

    def _order(self) -> Iterator[str]:
        yield from self._reach.operations
        yield from (
            each for each in self._reach_before.operations if each not in self._reach.operations
        )

    def _where(self, raw: redocly.RawChange) -> str:
        if raw.pointer is None:
            return raw.base_pointer or raw.path
        if _follows_another_reference(raw):
            return self._reach.holder(raw.path)
        return raw.pointer

    def _sides(self, raw: redocly.RawChange, where: str) -> dict[str, set[Direction]]:
        if _follows_another_reference(raw):
            return self._reach.of(where)
        found: dict[str, set[Direction]] = {}
        for reach, pointer in ((self._reach_before, raw.base_pointer), (self._reach, raw.pointer)):
            for id_, directions in reach.of(pointer or "#").items():
                found.setdefault(id_, set()).update(directions)
        return found


def compare(base: Mapping[str, Any], document: Mapping[str, Any]) -> Wire:
    """Compare two documents on the wire.

    Raises:
        ComparisonError: Redocly could not run, or a reference leads nowhere.
    """
    try:
        return Wire(base, document)
    except openapi_document.DocumentError as error:
        raise ComparisonError(str(error)) from error


def _is_version(raw: redocly.RawChange) -> bool:
    return raw.type == "Info" and raw.property == "version"


def _follows_another_reference(raw: redocly.RawChange) -> bool:
    """Whether a reference was pointed elsewhere: then neither component was edited itself."""
    if raw.base_pointer is None or raw.pointer is None or raw.property == "key":
        return False
    before, now = component_pointer(raw.base_pointer), component_pointer(raw.pointer)
    return before != now and now.startswith("#/components/")


def _name(pointer: str, keyword: str | None) -> str:
    """Return the last telling name of a pointer: not an index, not the keyword that changed."""
    parts = [part for part in pointer_parts(pointer) if not part.startswith(CALLBACK_PREFIX)]
    while len(parts) > 1 and (
        parts[-1].isdecimal() or parts[-1] == keyword or parts[-1] in KEYWORDS_OF_LISTS
    ):
        parts.pop()
    match parts:
        case [*_, owner, "properties", name]:
            return f"{owner}.{name}"
        case [*_, name]:
            return name
        case _:
            return "document"


def _told(raw: redocly.RawChange, name: str) -> str:
    if raw.kind != "modified":
        return f"{raw.type} {name} was {raw.kind}."
    if raw.property == "key":
        return f"{raw.type} {raw.base_value} is called {raw.value} now."
    before, now = _shown(raw.base_value), _shown(raw.value)
    return f"`{raw.property}` of {name} changed from {before} to {now}."


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
