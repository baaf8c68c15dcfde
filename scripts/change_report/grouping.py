"""Saying once what holds for several operations, and naming places briefly."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from spec_rules.places import pointer_parts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from change_report.model import OperationImpact

__all__ = ["operation_groups", "place"]


def operation_groups(
    operations: Iterable[OperationImpact],
) -> list[tuple[list[str], OperationImpact]]:
    """Group the operations that the same happens to, the worst hit first."""
    groups: dict[OperationImpact, list[str]] = {}
    for each in operations:
        alike = dataclasses.replace(each, id="", symbols=_without_owner(each))
        groups.setdefault(alike, []).append(each.id)
    found = [(names, impact) for impact, names in groups.items()]
    return sorted(found, key=lambda group: -group[1].bump)


def place(pointer: str) -> str:
    """Shorten a JSON pointer to what a reader looks for; a dotted name stays."""
    if not pointer.startswith("#"):
        return pointer
    match pointer_parts(pointer):
        case ["components", _, *rest]:
            return ".".join(part for part in rest if part != "properties")
        case ["paths", path, method, *rest]:
            return " ".join([f"{method.upper()} {path}", *([".".join(rest)] if rest else [])])
        case parts:
            return ".".join(parts)


def _without_owner(impact: OperationImpact) -> tuple[str, ...]:
    """Return what is noticed, without the names that differ from operation to operation."""
    if not impact.symbols:
        return ()
    return tuple(
        symbol if symbol.startswith("models.") else symbol.partition(": ")[2]
        for symbol in impact.symbols
    )
