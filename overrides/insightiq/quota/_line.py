"""Queue of the callers that wait for a slot."""

from __future__ import annotations

import collections
import typing

if typing.TYPE_CHECKING:
    from insightiq.quota._policy import Priority

__all__ = ["IN_A_ROW", "Waiter", "Waiting", "WaitingLine"]

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


class WaitingLine(typing.Generic[WaiterT]):
    """First come, first served, interactive before prefetch.

    A prefetch has its turn when no interactive request waits, and after nine of these in a row: so
    it gets at least a tenth of a busy quota, and never waits for ever.
    """

    def __init__(self) -> None:
        self._interactive: collections.deque[WaiterT] = collections.deque()
        self._prefetch: collections.deque[WaiterT] = collections.deque()
        # How many really wait: whoever left from the middle is only marked.
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
        """Return who waits with the highest priority, whoever is next."""
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
