"""Scheduler: threads and tasks that wait for slots of one limiter.

Everybody who waits stands in one line, and whoever has the lock lets as many of the first ones
start as the books allow. Nobody polls and no thread of our own runs:

- the end of a request, which makes room, serves the line at once;
- where only time makes room, one timer in each event loop that has waiters, and the first waiting
  thread, watch the moment that the books named. One of them that is slow delays nobody else.

A slot is given in the last moment, so nobody who waits holds one. Ends and departures are put into
an inbox that whoever has the lock empties: neither ever blocks, not even from a destructor that
runs while the lock is held by its own thread.
"""

from __future__ import annotations

import collections
import functools
import math
import os
import threading
import typing
import weakref

from insightiq._clock import SystemClock
from insightiq.errors import InsightIQError
from insightiq.quota._line import WaitingLine
from insightiq.quota._policy import Priority
from insightiq.quota._waiters import HeldSlot, LoopTimer, WaitingTask, WaitingThread
from insightiq.quota.ledger import Ticket

if typing.TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from insightiq._clock import Clock
    from insightiq.quota._policy import Slot
    from insightiq.quota._waiters import Claimant

__all__ = ["Books", "QueuedQuota"]

ClaimantT = typing.TypeVar("ClaimantT", bound="Claimant")


class Books(typing.Protocol):
    """Interface of a limiter, in memory or in a file.

    Books that cannot be kept any more raise an ``InsightIQError``, which everybody who waits gets.
    """

    def try_start(self, now: float) -> Ticket | float:
        """Start a request, or return when to ask again: ``math.inf`` for after the next end."""
        ...

    def finish(
        self, ticket: Ticket, now: float, *, server_date: float | None, status: int | None
    ) -> None:
        """Take in the end of a request."""
        ...

    def cancel(self, ticket: Ticket) -> None:
        """Forget a request that was never sent."""
        ...


class QueuedQuota:
    """A ``QuotaPolicy`` on top of books.

    Args:
        books: Decide.
        clock: What time it is, and how to wait.
    """

    def __init__(self, books: Books, clock: Clock | None) -> None:
        self._books = books
        self._clock: Clock = SystemClock() if clock is None else clock
        self._begin()
        _all.add(self)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._line: WaitingLine[Claimant] = WaitingLine()
        self._threads: collections.deque[WaitingThread] = collections.deque()
        self._timers: dict[asyncio.AbstractEventLoop, LoopTimer] = {}
        self._inbox: collections.deque[Callable[[], None]] = collections.deque()
        self._ask_at = math.inf

    @property
    def waiting(self) -> int:
        """The number of calls that wait for a slot."""
        return len(self._line)

    # Waiting

    def acquire(self, priority: Priority = Priority.INTERACTIVE, *, timeout: float | None) -> Slot:
        """Wait in this thread for a slot.

        Args:
            priority: Who goes first.
            timeout: Seconds to wait at most, or None for any time.

        Raises:
            TimeoutError: There was none within ``timeout`` seconds.
        """
        with self._lock:
            slot = self._immediate()
            waiter = None if slot is not None else self._join(WaitingThread(priority))
        self._tend()
        if slot is not None:
            return slot
        assert waiter is not None
        try:
            return self._wait_in_thread(waiter, timeout)
        except BaseException:
            self._abandon(waiter)
            raise

    async def acquire_async(
        self,
        priority: Priority = Priority.INTERACTIVE,
        *,
        timeout: float | None,
    ) -> Slot:
        """Wait for a slot without blocking the event loop; otherwise as ``acquire``."""
        with self._lock:
            slot = self._immediate()
            waiter = None if slot is not None else self._join_in_loop(priority)
        self._tend()
        if slot is not None:
            return slot
        assert waiter is not None
        try:
            return await self._wait_in_task(waiter, timeout)
        except BaseException:
            self._abandon(waiter)
            raise
        finally:
            self._leave_loop(waiter.timer)

    def release(self, slot: Slot, *, server_date: float | None, status: int | None) -> None:
        """Give ``slot`` back, with what the answer told.

        Args:
            slot: What ``acquire`` returned.
            server_date: The answer's ``Date``, in seconds since 1970-01-01 UTC; None without one.
            status: Status of the answer, None when none came.
        """
        if not isinstance(slot, HeldSlot) or slot.owner is not self:
            msg = f"{slot!r} is not a slot of this quota: release it where it was acquired."
            raise TypeError(msg)
        now, ticket = self._clock.monotonic(), slot.ticket
        self._inbox.append(
            lambda: self._books.finish(ticket, now, server_date=server_date, status=status)
        )
        self._tend()

    def _immediate(self) -> HeldSlot | None:
        """Return a slot if nobody waits and there is one."""
        self._read_inbox()
        if self._line:
            return None
        outcome = self._books.try_start(self._clock.monotonic())
        if isinstance(outcome, Ticket):
            return HeldSlot(self, outcome)
        self._ask_at = outcome
        return None

    def _join(self, waiter: ClaimantT) -> ClaimantT:
        if isinstance(waiter, WaitingThread):
            self._remember(waiter)
        waiter.since = self._clock.monotonic()
        self._line.join(waiter)
        self._watch()
        return waiter

    def _join_in_loop(self, priority: Priority) -> WaitingTask:
        import asyncio

        loop = asyncio.get_running_loop()
        timer = self._timers.get(loop)
        if timer is None:
            timer = self._timers[loop] = LoopTimer(loop, self._clock, self._ring)
        timer.waiters += 1
        return self._join(WaitingTask(priority, timer))

    def _leave_loop(self, timer: LoopTimer) -> None:
        """Watch no time in a loop where nobody waits any more; in its own thread."""
        timer.waiters -= 1
        if not timer.waiters:
            timer.stop()
            self._timers.pop(timer.loop, None)

    def _wait_in_thread(self, waiter: WaitingThread, timeout: float | None) -> HeldSlot:
        clock = self._clock
        deadline = math.inf if timeout is None else clock.monotonic() + timeout
        while True:
            with self._lock:
                self._serve()
                # One thread that watches the time is enough; a clock of tests moves only by waiting.
                watches = self._first_thread() is waiter or not isinstance(clock, SystemClock)
                waiter.watches_until = self._ask_at if watches else math.inf
            self._tend()
            slot = waiter.outcome()
            if slot is not None:
                return slot
            now = clock.monotonic()
            if now >= deadline:
                raise self._timeout(timeout)
            waiter.pause(min(waiter.watches_until, deadline) - now, clock)

    async def _wait_in_task(
        self,
        waiter: WaitingTask,
        timeout: float | None,
    ) -> HeldSlot:
        alarm = None
        if timeout is not None:
            alarm = waiter.timer.later(self._clock.monotonic() + timeout, waiter.resolve)
        try:
            await waiter.future
        finally:
            if alarm is not None:
                alarm.cancel()
        slot = waiter.outcome()
        if slot is None:
            raise self._timeout(timeout)
        return slot

    def _abandon(self, waiter: Claimant) -> None:
        """Note that ``waiter`` is gone; a slot that it was given meanwhile was never used."""

        def leave() -> None:
            if waiter.slot is not None:
                self._books.cancel(waiter.slot.ticket)
            elif waiter.waiting:
                self._line.leave(waiter)

        self._inbox.append(leave)
        self._tend()

    def _timeout(self, timeout: float | None) -> TimeoutError:
        others = max(len(self._line) - 1, 0)
        return TimeoutError(
            f"The API's limit left no room for this call within {timeout or 0.0:g} s; "
            f"{others} others wait too. Allow more time, or send less at once."
        )

    # Serving; with the lock

    def _read_inbox(self) -> None:
        while self._inbox:
            try:
                self._inbox.popleft()()
            except InsightIQError:
                # Books that fail say so to the next one who asks them.
                continue

    def _serve(self) -> None:
        """Let those start who may."""
        self._read_inbox()
        line = self._line
        while (waiter := line.first()) is not None:
            try:
                outcome = self._books.try_start(self._clock.monotonic())
            except InsightIQError as error:
                waiter.failure = error
            else:
                if not isinstance(outcome, Ticket):
                    self._ask_at = outcome
                    break
                waiter.slot = HeldSlot(self, outcome)
            line.serve(waiter)
            if not waiter.wake() and waiter.slot is not None:
                self._inbox.append(functools.partial(self._books.cancel, waiter.slot.ticket))
        self._watch()

    def _watch(self) -> None:
        """Have the next moment watched at which room may be."""
        if not self._line:
            return
        for timer in tuple(self._timers.values()):  # a loop may take its own away meanwhile
            timer.watch(self._ask_at)
        thread = self._first_thread()
        if thread is not None and self._ask_at < thread.watches_until:
            thread.event.set()

    def _remember(self, waiter: WaitingThread) -> None:
        if len(self._threads) > 2 * len(self._line) + 32:
            # Whoever left from the middle is only marked; clear the marks before they pile up.
            self._threads = collections.deque(other for other in self._threads if other.waiting)
        self._threads.append(waiter)

    def _first_thread(self) -> WaitingThread | None:
        while self._threads and not self._threads[0].waiting:
            self._threads.popleft()
        return self._threads[0] if self._threads else None

    # Serving; without the lock

    def _ring(self) -> None:
        with self._lock:
            self._serve()
        self._tend()

    def _tend(self) -> None:
        """Empty the inbox; who has the lock looks into it after giving the lock back."""
        while self._inbox and self._lock.acquire(blocking=False):
            try:
                self._serve()
            finally:
                self._lock.release()

    def begin_in_child(self) -> None:
        """Begin anew after a fork: who waited, and who held the lock, stayed in the parent."""
        self._begin()


_all: weakref.WeakSet[QueuedQuota] = weakref.WeakSet()


def _begin_in_child() -> None:
    for quota in list(_all):
        quota.begin_in_child()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_in_child)
