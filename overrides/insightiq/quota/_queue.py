"""Queue of the callers that wait for a slot, and turns of the processes that share one file."""

from __future__ import annotations

import collections
import typing

from insightiq.quota._policy import Priority

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "IN_A_ROW",
    "Place",
    "Waiter",
    "Waiting",
    "WaitingQueue",
    "overtakes_after",
    "place_of",
    "places_ahead",
]

# After so many interactive requests in a row, a prefetch that waits has its turn.
IN_A_ROW = 9


class Waiting(typing.NamedTuple):
    """Those of one priority who wait.

    Attributes:
        priority: Which.
        since: When the first of them came.
        calls: How many they are.
    """

    priority: int
    since: float
    calls: int


class Waiter:
    """Somebody who waits.

    Attributes:
        priority: In which line.
        since: When it came.
        waiting: False once served, or gone.
    """

    __slots__ = ("priority", "since", "waiting")

    def __init__(self, priority: Priority) -> None:
        self.priority = priority
        self.since = 0.0
        self.waiting = True


WaiterT = typing.TypeVar("WaiterT", bound=Waiter)


class WaitingQueue(typing.Generic[WaiterT]):
    """First come, first served, interactive before prefetch.

    A prefetch has its turn when no interactive request waits, and after nine of these in a row: so
    it gets at least a tenth of a busy quota, and never waits for ever.
    """

    def __init__(self) -> None:
        self._interactive: collections.deque[WaiterT] = collections.deque()
        self._prefetch: collections.deque[WaiterT] = collections.deque()
        # How many really wait: a caller that left from the middle is only marked.
        self._waiting = [0, 0]
        self._in_a_row = 0

    def __len__(self) -> int:
        return self._waiting[0] + self._waiting[1]

    def join(self, waiter: WaiterT) -> None:
        """Add ``waiter`` at the end."""
        self._line_of(waiter).append(waiter)
        self._waiting[waiter.priority] += 1

    def first(self) -> WaiterT | None:
        """Return who is next."""
        interactive, prefetch = self._waiting
        if prefetch and (not interactive or self._in_a_row >= IN_A_ROW):
            line = self._prefetch
        elif interactive:
            line = self._interactive
        else:
            return None
        return _head(line)

    def foremost(self) -> Waiting | None:
        """Return the waiters of the highest priority, without regard to turns."""
        for line, count in zip((self._interactive, self._prefetch), self._waiting, strict=True):
            if count:
                head = _head(line)
                return Waiting(int(head.priority), head.since, count)
        return None

    def serve(self, waiter: WaiterT) -> None:
        """Take ``waiter``, who is the first, out of the line."""
        self.leave(waiter)
        overtaking = not waiter.priority and self._waiting[1]
        self._in_a_row = self._in_a_row + 1 if overtaking else 0

    def leave(self, waiter: WaiterT) -> None:
        """Take ``waiter``, who may stand anywhere, out of the line."""
        waiter.waiting = False
        self._waiting[waiter.priority] -= 1
        line = self._line_of(waiter)
        if len(line) > 2 * self._waiting[waiter.priority] + 32:
            # Clear the marks before they pile up.
            remaining = [other for other in line if other.waiting]
            line.clear()
            line.extend(remaining)

    def _line_of(self, waiter: WaiterT) -> collections.deque[WaiterT]:
        return self._prefetch if waiter.priority else self._interactive


def _head(line: collections.deque[WaiterT]) -> WaiterT:
    """Return the first of a line that is still waiting; there is one."""
    while not line[0].waiting:
        line.popleft()
    return line[0]


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
        """Return whether the owner still looks."""
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
