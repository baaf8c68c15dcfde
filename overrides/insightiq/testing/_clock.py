"""A clock that waits for no one."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import threading

__all__ = ["FakeClock"]

# How often other tasks get their turn before time passes: enough for one to finish what it began.
_TURNS = 12


class FakeClock:
    """Time that passes only by waiting: ``InsightIQ(clock=FakeClock())`` never really sleeps.

    Sleeping threads and tasks overlap as they would in reality: ten of them that sleep a second
    each take one second together.

    Args:
        wall: Seconds since 1970-01-01 UTC at which the clock begins.

    Attributes:
        sleeps: Every duration that was slept, in order.
    """

    def __init__(self, wall: float = 1_795_428_000.0) -> None:
        self._started = wall
        self._now = 0.0
        self._lock = threading.Lock()
        self._asleep: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._passing: asyncio.Task[None] | None = None
        self.sleeps: list[float] = []

    def monotonic(self) -> float:
        """Return the seconds that have passed since the clock was made."""
        return self._now

    def wall(self) -> float:
        """Return seconds since 1970-01-01 UTC."""
        return self._started + self._now

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass."""
        with self._lock:
            self._now += seconds

    def sleep(self, seconds: float) -> None:
        """Let ``seconds`` pass, for this thread."""
        self._pass_until(self._wake_up_time(seconds))

    async def sleep_async(self, seconds: float) -> None:
        """Let ``seconds`` pass, for this task; who is to wake earlier wakes first."""
        loop = asyncio.get_running_loop()
        woken: asyncio.Future[None] = loop.create_future()
        entry = (self._wake_up_time(seconds), next(self._order), woken)
        heapq.heappush(self._asleep, entry)
        if self._passing is None or self._passing.done():
            self._passing = loop.create_task(self._let_time_pass())
        try:
            await woken
        except asyncio.CancelledError:
            if entry in self._asleep:
                self._asleep.remove(entry)
                heapq.heapify(self._asleep)
            raise

    async def _let_time_pass(self) -> None:
        while self._asleep:
            for _ in range(_TURNS):
                await asyncio.sleep(0)
            wake = self._asleep[0][0] if self._asleep else self._now
            await self._pass_until_async(wake)
            while self._asleep and self._asleep[0][0] == wake:
                woken = heapq.heappop(self._asleep)[2]
                if not woken.done():
                    woken.set_result(None)

    def _wake_up_time(self, seconds: float) -> float:
        with self._lock:
            self.sleeps.append(seconds)
            return self._now + seconds

    def _pass_until(self, moment: float) -> float:
        """Let time pass until ``moment``, unless it is over; return the seconds that took."""
        with self._lock:
            passed = max(moment - self._now, 0.0)
            self._now += passed
        return passed

    async def _pass_until_async(self, moment: float) -> None:
        self._pass_until(moment)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(passed={self._now:g})"
