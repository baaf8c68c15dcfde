"""The rules by which calls go wrong, in the order in which they were made."""

from __future__ import annotations

import dataclasses
import json
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from .store import Store

__all__ = ["TABLES", "FaultRuleRow", "FaultRuleRows"]

# `seen` counts the calls that a rule was asked about: its chance depends on nothing else.
TABLES: typing.Final = """
CREATE TABLE fault_rules (
    developer INTEGER NOT NULL REFERENCES developers (key),
    number INTEGER NOT NULL,
    operation TEXT,
    effect TEXT NOT NULL,
    remaining INTEGER,
    share REAL,
    seed TEXT NOT NULL,
    seen INTEGER NOT NULL,
    PRIMARY KEY (developer, number)
) STRICT;
"""


@dataclasses.dataclass(frozen=True, slots=True)
class FaultRuleRow:
    """A rule as stored.

    Attributes:
        number: Its number among the developer's.
        operation: The operation that it is about; None for all.
        effect: Preferences by name, as texts.
        remaining: To how many calls it will still happen; None for any number.
        share: To what share of the calls it happens; None for all.
        seed: What the choice of those calls is made from.
        seen: How many calls it was asked about.
    """

    number: int
    operation: str | None
    effect: Mapping[str, str]
    remaining: int | None
    share: float | None
    seed: str
    seen: int


class FaultRuleRows:
    """The rules of a store's developers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(  # noqa: PLR0913 - the columns of a rule
        self,
        developer_id: str,
        operation: str | None,
        effect: Mapping[str, str],
        *,
        remaining: int | None,
        share: float | None,
        seed: str,
    ) -> FaultRuleRow:
        """Keep a new rule and return it."""
        with self._store.transaction():
            key = self._store.make_key(developer_id)
            (number,) = self._store.rows(
                "INSERT INTO fault_rules"
                " (developer, number, operation, effect, remaining, share, seed, seen)"
                " SELECT ?, coalesce(max(number), 0) + 1, ?, ?, ?, ?, ?, 0"
                " FROM fault_rules WHERE developer = ? RETURNING number",
                (key, operation, json.dumps(dict(effect)), remaining, share, seed, key),
            )[0]
            self._store.note_change()
        return FaultRuleRow(number, operation, effect, remaining, share, seed, 0)

    def all(self, developer_id: str) -> list[FaultRuleRow]:
        """Return a developer's rules, the oldest first."""
        rows = self._store.rows(
            "SELECT number, operation, effect, remaining, share, seed, seen FROM fault_rules"
            " WHERE developer = ? ORDER BY number",
            (self._store.key_of(developer_id),),
        )
        return [
            FaultRuleRow(number, operation, json.loads(effect), remaining, share, seed, seen)
            for number, operation, effect, remaining, share, seed, seen in rows
        ]

    def count(self, developer_id: str, number: int, *, happened: bool) -> None:
        """A rule was asked about one more call; it ends with the last to which it is to happen."""
        self._store.change(
            "UPDATE fault_rules SET seen = seen + 1, remaining = remaining - ?"
            " WHERE developer = ? AND number = ?",
            (int(happened), self._store.key_of(developer_id), number),
        )
        self.remove(developer_id, number, only_if_spent=True)

    def remove(
        self, developer_id: str, number: int | None = None, *, only_if_spent: bool = False
    ) -> int:
        """Forget one rule, or all of a developer's; return how many those were."""
        statement = "DELETE FROM fault_rules WHERE developer = ?"
        parameters: list[int] = [self._store.key_of(developer_id)]
        if number is not None:
            statement += " AND number = ?"
            parameters.append(number)
        if only_if_spent:
            statement += " AND remaining <= 0"
        with self._store.transaction():
            removed = self._store.change(statement, parameters)
            if removed:
                self._store.note_change()
        return removed
