"""Per operation: what an edit touches, and what its callers notice in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from change_report.model import Bump, Direction, OperationImpact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from change_report.model import Change
    from change_report.wire import Wire

__all__ = ["impacts"]


def impacts(wire: Wire, python: Iterable[Change]) -> tuple[OperationImpact, ...]:
    """Return the operations of either document that something touches, in the document's order."""
    symbols: dict[str, list[Change]] = {}
    for change in python:
        for id_ in change.operations:
            symbols.setdefault(id_, []).append(change)
    order = dict.fromkeys([*wire.operations, *wire.operations_before])
    found = (_impact(id_, wire.sides, symbols.get(id_, [])) for id_ in order)
    return tuple(each for each in found if each is not None)


def _impact(
    id_: str, sides: Mapping[Change, Mapping[str, set[Direction]]], symbols: list[Change]
) -> OperationImpact | None:
    mine = [(change, seen[id_]) for change, seen in sides.items() if id_ in seen]
    if not mine and not symbols:
        return None
    return OperationImpact(
        id=id_,
        request=_told(change for change, seen in mine if Direction.REQUEST in seen),
        response=_told(change for change, seen in mine if Direction.RESPONSE in seen),
        symbols=tuple(dict.fromkeys(f"{each.where}: {each.what}" for each in symbols)),
        bump=max(
            [each.bump for each, _ in mine] + [each.bump for each in symbols], default=Bump.NONE
        ),
    )


def _told(changes: Iterable[Change]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(change.what for change in changes))
