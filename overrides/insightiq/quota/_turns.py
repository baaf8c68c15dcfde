"""Turns of the processes that share one file.

Each owner that has calls waiting has a place in the file, with a turn: the number of the round in
which it is served next. A start moves it to the next round, and an owner that begins to wait joins
the earliest round that is under way. So owners take turns, however many calls each has waiting,
and within a round the one whose oldest call came first goes first.

A place is a promise for a moment only: who does not look at the file any more, because it was
killed or stopped, is passed over soon. Places decide who *gives way*. That a start is allowed at
all is still for the ledger to say.
"""

from __future__ import annotations

import typing

from insightiq.quota._line import IN_A_ROW, Waiting
from insightiq.quota._policy import Priority

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Place", "overtakes_after", "place_of", "places_ahead"]

# Owners look every 30 ms at the latest; one that is late by more has lost its place for now.
_KEPT = 0.15
# A place is not written at each look, only this long after it was.
_RENEWED = 0.04


class Place(typing.NamedTuple):
    """An owner's waiting calls, and the time of its turn.

    Attributes:
        turn: The round in which it is served next.
        waiting: The calls that wait, of the highest priority there is among them.
        seen_at: When the owner last said so.
    """

    turn: int
    waiting: Waiting
    seen_at: float

    def holds(self, now: float) -> bool:
        """Tell whether the owner still looks."""
        return abs(now - self.seen_at) <= _KEPT

    def served(self) -> Place | None:
        """Return the place after a start; None when nothing waits any more."""
        waiting = self.waiting._replace(calls=self.waiting.calls - 1)
        return self._replace(turn=self.turn + 1, waiting=waiting) if waiting.calls else None


def place_of(
    waiting: Waiting | None, before: Place | None, others: Sequence[Place], now: float
) -> Place | None:
    """Return the place of an owner that has ``waiting``.

    Args:
        waiting: What it has waiting, None for nothing.
        before: Its place until now.
        others: The places of other owners that hold.
        now: The time.

    Returns:
        ``before`` itself while that is good enough, so that the file need not be written.
    """
    if waiting is None:
        return None
    if before is not None and before.holds(now):
        fresh = now - before.seen_at < _RENEWED
        return before if fresh and before.waiting == waiting else Place(before.turn, waiting, now)
    # Whoever was away has no claim to the rounds that it missed.
    return Place(min((other.turn for other in others), default=0), waiting, now)


def places_ahead(mine: Place | None, others: Sequence[Place], overtakes: int) -> int:
    """Count the calls of other owners that go before the next one of ours.

    Args:
        mine: Our place; None for a call that has only just come, which goes last.
        others: The places of other owners that hold.
        overtakes: How many interactive calls have started in a row while a prefetch waited.
    """
    if mine is None:
        return sum(other.waiting.calls for other in others)
    return sum(_ahead(other, mine, overtakes) for other in others)


def overtakes_after(mine: Place | None, others: Sequence[Place], overtakes: int) -> int:
    """Return ``overtakes`` as it is after a start of ours."""
    if mine is None:
        return overtakes
    overtaking = mine.waiting.priority == Priority.INTERACTIVE and any(
        other.waiting.priority == Priority.PREFETCH for other in others
    )
    return overtakes + 1 if overtaking else 0


def _ahead(other: Place, mine: Place, overtakes: int) -> int:
    """Count the calls of ``other`` that go before the next one of ``mine``."""
    if other.waiting.priority != mine.waiting.priority:
        if overtakes >= IN_A_ROW:
            return int(other.waiting.priority == Priority.PREFETCH)
        return other.waiting.calls if other.waiting.priority == Priority.INTERACTIVE else 0
    rounds = mine.turn - other.turn
    if rounds >= 0 and other.waiting.since < mine.waiting.since:
        rounds += 1
    return min(max(rounds, 0), other.waiting.calls)
