"""Making calls go wrong by rule: the next few, or a share of them, of an operation or of all."""

from __future__ import annotations

import dataclasses
import random
from typing import TYPE_CHECKING

from insightiq_mock.db.fault_rules import FaultRuleRows
from insightiq_mock.web.preferences import Preferences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insightiq_mock.db import Store
    from insightiq_mock.db.fault_rules import FaultRuleRow

__all__ = ["FaultRule", "FaultRules"]


@dataclasses.dataclass(frozen=True, slots=True)
class FaultRule:
    """One rule.

    Attributes:
        id: Its number among the developer's rules, as text.
        operation_id: The operation that it is about; None for all.
        effect: What happens, as preferences by name: ``code``, ``delay``, ``example``, ``fault``,
            ``seconds``, with values as in a ``Prefer`` header.
        remaining: To how many calls it will still happen; None for any number.
        share: To what share of the calls it happens, from 0 to 1; None for all.
        seed: What the choice of those calls is made from.
        seen: How many calls it was asked about so far.
    """

    id: str
    operation_id: str | None
    effect: Mapping[str, str]
    remaining: int | None
    share: float | None
    seed: str
    seen: int


class FaultRules:
    """The rules of all developers. Of several that apply to a call, the oldest happens.

    They belong to a developer's world: a reset removes them, a snapshot keeps them.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows = FaultRuleRows(store)
        self._version = -1
        self._any: dict[str, bool] = {}

    def add(  # noqa: PLR0913 - what a rule consists of, all by keyword
        self,
        developer_id: str,
        effect: Mapping[str, str],
        *,
        operation_id: str | None = None,
        times: int | None = None,
        share: float | None = None,
        seed: str | int = 1,
    ) -> FaultRule:
        """Make calls go wrong from now on.

        Args:
            developer_id: Whose calls.
            effect: What happens, as preferences by name; see `FaultRule`.
            operation_id: Calls of which operation; None for all.
            times: To how many calls; None for any number.
            share: To what share of them, above 0 and at most 1; None for all.
            seed: What the choice of those calls is made from.

        Raises:
            ValueError: The effect is empty or makes no sense, or a number is out of bounds.
        """
        unknown = effect.keys() - {field.name for field in dataclasses.fields(Preferences)}
        if unknown or not str(Preferences.from_values(effect)):
            names = ", ".join(field.name for field in dataclasses.fields(Preferences))
            msg = f"the effect is {dict(effect)}; give at least one of {names}, and nothing else"
            raise ValueError(msg)
        if times is not None and times < 1:
            msg = f"times is {times}; give a number above 0, or leave it out"
            raise ValueError(msg)
        if share is not None and not 0 < share <= 1:
            msg = f"share is {share}; give a number above 0 and at most 1, or leave it out"
            raise ValueError(msg)
        row = self._rows.add(
            developer_id, operation_id, effect, remaining=times, share=share, seed=str(seed)
        )
        return _rule(row)

    def list(self, developer_id: str) -> list[FaultRule]:
        """Return a developer's rules, the oldest first."""
        return [_rule(row) for row in self._rows.all(developer_id)]

    def clear(self, developer_id: str, rule_id: str | None = None) -> int:
        """Remove one rule, or all of a developer's; return how many those were."""
        if rule_id is None:
            return self._rows.remove(developer_id)
        number = int(rule_id) if rule_id.isascii() and rule_id.isdecimal() else 0
        return self._rows.remove(developer_id, number)

    def take(self, developer_id: str, operation_id: str) -> Preferences | None:
        """Return what is to happen to one more call, and count it; None for nothing."""
        version = self._store.version()
        if version != self._version:
            self._version = version
            self._any.clear()
        has_rules = self._any.get(developer_id)
        if has_rules is None:
            has_rules = self._any[developer_id] = bool(self._rows.all(developer_id))
        return self._take(developer_id, operation_id) if has_rules else None

    def _take(self, developer_id: str, operation_id: str) -> Preferences | None:
        with self._store.transaction():
            for row in self._rows.all(developer_id):
                if row.operation not in (None, operation_id):
                    continue
                happens = row.share is None or _chance(row) < row.share
                self._rows.count(developer_id, row.number, happened=happens)
                if happens:
                    return Preferences.from_values(row.effect)
        return None


def _chance(row: FaultRuleRow) -> float:
    # The same calls are hit in every run of a script.
    name = f"insightiq-mock fault {row.seed} {row.seen}"
    return random.Random(name).random()  # noqa: S311 - no secret hangs on it


def _rule(row: FaultRuleRow) -> FaultRule:
    return FaultRule(
        str(row.number), row.operation, row.effect, row.remaining, row.share, row.seed, row.seen
    )
