"""Saying once what sync, async and request builder have in common."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from change_report.model import Change

__all__ = ["merged"]


def merged(changes: Iterable[Change]) -> list[Change]:
    """Join the changes of one operation that say the same of several of its functions."""
    groups: dict[tuple[object, ...], list[Change]] = {}
    for change in sorted(changes, key=lambda each: (-each.bump, each.where, each.what)):
        what = _neutral(change.what)
        owner = change.operations if _is_call(change.where) else change.where
        groups.setdefault((change.rule, what, owner), []).append(change)
    return [_joined(group) for group in groups.values()]


def _is_call(where: str) -> bool:
    return not where.startswith("models.")


def _neutral(what: str) -> str:
    """Return a sentence without what differs between the sync and the async client."""
    return what.replace("Awaitable[", "[").replace("Async", "").replace("[", "").replace("]", "")


def _joined(group: list[Change]) -> Change:
    """Speak of the synchronous method, and name the others behind it."""
    ordered = sorted(group, key=lambda each: (each.where.startswith(("Async", "api.")), each.where))
    names = list(dict.fromkeys(each.where for each in ordered))
    where = ", ".join(names)
    return dataclasses.replace(ordered[0], where=where)
