"""Fault rules, in the order in which they were made."""

from __future__ import annotations

import dataclasses
import json
import typing

import sqlalchemy as sa

from .database import bind
from .tables import fault_rules

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from .database import Database

__all__ = ["FaultRuleRow", "FaultRuleRows"]


@dataclasses.dataclass(frozen=True, slots=True)
class FaultRuleRow:
    """A rule as stored.

    Attributes:
        number: Its number among the developer's.
        operation: The operation that it applies to; None for all.
        effect: Preferences by name, as texts.
        remaining: How many more requests it applies to; None for any number.
        share: The share of the requests that it applies to; None for all.
        seed: Seed of the choice of those requests.
        seen: How many requests it was asked about.
    """

    number: int
    operation: str | None
    effect: Mapping[str, str]
    remaining: int | None
    share: float | None
    seed: str
    seen: int


_c = fault_rules.c
_own = _c.developer == bind("developer")
_one = (_own, _c.number == bind("number"))
_LAST: typing.Final = sa.select(sa.func.max(_c.number)).where(_own)
_ADD: typing.Final = sa.insert(fault_rules).values({c: bind(c.name) for c in fault_rules.columns})
_ALL: typing.Final = (
    sa.select(*[c for c in fault_rules.columns if c.name != "developer"])
    .where(_own)
    .order_by(_c.number)
)
_COUNT: typing.Final = (
    sa.update(fault_rules)
    .where(*_one)
    .values(seen=_c.seen + 1, remaining=_c.remaining - bind("happened"))
)
_REMOVE_SPENT: typing.Final = sa.delete(fault_rules).where(*_one, _c.remaining <= 0)
_REMOVE: typing.Final = sa.delete(fault_rules).where(*_one)
_CLEAR: typing.Final = sa.delete(fault_rules).where(_own)


class FaultRuleRows:
    """The rules of a database's developers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        developer_id: str,
        operation: str | None,
        effect: Mapping[str, str],
        *,
        remaining: int | None,
        share: float | None,
        seed: str,
    ) -> FaultRuleRow:
        """Insert a rule and return it."""
        with self._database.transaction():
            key = self._database.make_key(developer_id)
            last = self._database.rows(_LAST, {"developer": key})[0][0] or 0
            row = FaultRuleRow(last + 1, operation, effect, remaining, share, seed, 0)
            values = {field: getattr(row, field) for field in FaultRuleRow.__dataclass_fields__}
            values |= {"developer": key, "effect": json.dumps(dict(effect))}
            self._database.change(_ADD, values)
            self._database.note_change()
        return row

    def all(self, developer_id: str) -> list[FaultRuleRow]:
        """Return a developer's rules, oldest first."""
        rows = self._database.rows(_ALL, {"developer": self._database.key_of(developer_id)})
        return [
            FaultRuleRow(number, operation, json.loads(effect), *others)
            for number, operation, effect, *others in rows
        ]

    def count(self, developer_id: str, number: int, *, happened: bool) -> None:
        """Count a request that a rule was asked about; a spent rule is removed."""
        own = {"developer": self._database.key_of(developer_id), "number": number}
        with self._database.transaction():
            self._database.change(_COUNT, {**own, "happened": int(happened)})
            self._noted(self._database.change(_REMOVE_SPENT, own))

    def remove(self, developer_id: str, number: int | None = None) -> int:
        """Remove one rule, or all of a developer's; return how many those were."""
        key = self._database.key_of(developer_id)
        with self._database.transaction():
            if number is None:
                return self._noted(self._database.change(_CLEAR, {"developer": key}))
            return self._noted(self._database.change(_REMOVE, {"developer": key, "number": number}))

    def _noted(self, removed: int) -> int:
        if removed:
            self._database.note_change()
        return removed
