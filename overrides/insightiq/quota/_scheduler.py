"""Scheduler: threads and tasks that wait for slots of one limiter.

All waiting callers stand in one queue, and the holder of the lock lets as many of the first ones
start as the limiter allows. No one polls and no thread of our own runs:

- the end of a request, which makes room, serves the line at once;
- where only time makes room, one timer in each event loop that has waiters, and the first waiting
  thread, watch the moment that the limiter named. One of them that is slow delays no one else.

A slot is given in the last moment, so no one who waits holds one. Ends and departures are put into
an inbox that the holder of the lock empties: neither ever blocks, not even from a destructor that
runs while the lock is held by its own thread.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import functools
import math
import os
import threading
import typing
import weakref

from insightiq._clock import SystemClock
from insightiq.errors import InsightIQError
from insightiq.quota._policy import Priority
from insightiq.quota._queue import Waiter, WaitingQueue
from insightiq.quota.ledger import Ledger, Ticket

if typing.TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from insightiq._clock import Clock
    from insightiq.quota._policy import Slot

__all__ = [
    "Claimant",
    "HeldSlot",
    "LimiterState",
    "LoopTimer",
    "QueuedQuota",
    "Quota",
    "WaitingTask",
    "WaitingThread",
]


@dataclasses.dataclass(frozen=True, slots=True)
class HeldSlot:
    """The slot of a request."""

    owner: object
    ticket: Ticket


class Claimant(Waiter):
    """Somebody who waits for a slot.

    Attributes:
        slot: What it was given.
        failure: Why it will never be given one.
    """

    __slots__ = ("failure", "slot")

    def __init__(self, priority: Priority) -> None:
        super().__init__(priority)
        self.slot: HeldSlot | None = None
        self.failure: Exception | None = None

    def wake(self) -> bool:
        """Have it look at what changed; False if no one is there any more."""
        raise NotImplementedError

    def outcome(self) -> HeldSlot | None:
        """Return the slot, if there is one yet.

        Raises:
            InsightIQError: There will be none.
        """
        if self.failure is not None:
            raise self.failure
        return self.slot


class WaitingThread(Claimant):
    """A thread.

    Attributes:
        event: What it waits for.
        watches_until: The moment at which it wakes by itself.
    """

    __slots__ = ("event", "watches_until")

    def __init__(self, priority: Priority) -> None:
        super().__init__(priority)
        self.event = threading.Event()
        self.watches_until = math.inf

    def wake(self) -> bool:
        """Have it look at what changed."""
        self.event.set()
        return True

    def pause(self, seconds: float, clock: Clock) -> None:
        """Wait until woken, or until ``seconds`` have passed on ``clock``."""
        if seconds == math.inf:
            self.event.wait()
        elif isinstance(clock, SystemClock):
            self.event.wait(max(seconds, 0.0))
        elif not self.event.is_set():
            clock.sleep(max(seconds, 0.0))
        self.event.clear()


class WaitingTask(Claimant):
    """A task of an event loop.

    Attributes:
        timer: That of its loop.
        future: What it awaits.
    """

    __slots__ = ("future", "timer")

    def __init__(self, priority: Priority, timer: LoopTimer) -> None:
        super().__init__(priority)
        self.timer = timer
        self.future: asyncio.Future[None] = timer.loop.create_future()

    def wake(self) -> bool:
        """Have it look at what changed; False if its loop was closed under it."""
        try:
            self.timer.run(self.resolve)
        except RuntimeError:
            return False
        return True

    def resolve(self) -> None:
        """End its wait; only in the thread of its loop."""
        if not self.future.done():
            self.future.set_result(None)


class LoopTimer:
    """Watches a moment in an event loop that has waiters."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, clock: Clock, ring: Callable[[], None]
    ) -> None:
        self.loop = loop
        self.waiters = 0
        self.watches_until = math.inf
        self._clock = clock
        self._ring = ring
        self._thread = threading.get_ident()
        self._handle: asyncio.TimerHandle | asyncio.Task[None] | None = None

    def run(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` in the loop's thread."""
        if threading.get_ident() == self._thread:
            callback()
        else:
            self.loop.call_soon_threadsafe(callback)

    def watch(self, moment: float) -> None:
        """Ring at ``moment``, if not earlier."""
        if moment < self.watches_until:
            self.watches_until = moment
            with contextlib.suppress(RuntimeError):  # a closed loop has no one left to wake
                self.run(self._set)

    def stop(self) -> None:
        """Watch nothing."""
        self.watches_until = math.inf
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def later(
        self, moment: float, callback: Callable[[], None]
    ) -> asyncio.TimerHandle | asyncio.Task[None]:
        """Call ``callback`` at ``moment`` of the quota's clock."""
        pause = max(0.0, moment - self._clock.monotonic())
        if isinstance(self._clock, SystemClock):
            return self.loop.call_later(pause, callback)

        async def wait() -> None:
            await self._clock.sleep_async(pause)
            callback()

        return self.loop.create_task(wait())

    def _set(self) -> None:
        moment = self.watches_until
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
        if moment != math.inf:
            self._handle = self.later(moment, self._reached)

    def _reached(self) -> None:
        self._handle = None
        self.watches_until = math.inf
        self._ring()


ClaimantT = typing.TypeVar("ClaimantT", bound="Claimant")


class LimiterState(typing.Protocol):
    """Interface of a limiter, in memory or in a file.

    LimiterState that cannot be kept any more raise an ``InsightIQError``, which everybody who waits gets.
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
    """A ``QuotaPolicy`` on top of the state of a limiter.

    Args:
        state: Decides when a call may start.
        clock: What time it is, and how to wait.
    """

    def __init__(self, state: LimiterState, clock: Clock | None) -> None:
        self._state = state
        self._clock: Clock = SystemClock() if clock is None else clock
        self._begin()
        _all.add(self)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._line: WaitingQueue[Claimant] = WaitingQueue()
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
        """Give ``slot`` back, with the date and status of the response.

        Args:
            slot: What ``acquire`` returned.
            server_date: The response's ``Date``, in seconds since 1970-01-01 UTC; None without one.
            status: Status of the response, None when none came.
        """
        if not isinstance(slot, HeldSlot) or slot.owner is not self:
            msg = f"{slot!r} is not a slot of this quota: release it where it was acquired."
            raise TypeError(msg)
        now, ticket = self._clock.monotonic(), slot.ticket
        self._inbox.append(
            lambda: self._state.finish(ticket, now, server_date=server_date, status=status)
        )
        self._tend()

    def _immediate(self) -> HeldSlot | None:
        """Return a slot if no one waits and there is one."""
        self._read_inbox()
        if self._line:
            return None
        outcome = self._state.try_start(self._clock.monotonic())
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
        """Watch no time in a loop where no one waits any more; in its own thread."""
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
                self._state.cancel(waiter.slot.ticket)
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
                # LimiterState that fail say so to the next one who asks them.
                continue

    def _serve(self) -> None:
        """Let those start who may."""
        self._read_inbox()
        line = self._line
        while (waiter := line.first()) is not None:
            try:
                outcome = self._state.try_start(self._clock.monotonic())
            except InsightIQError as error:
                waiter.failure = error
            else:
                if not isinstance(outcome, Ticket):
                    self._ask_at = outcome
                    break
                waiter.slot = HeldSlot(self, outcome)
            line.serve(waiter)
            if not waiter.wake() and waiter.slot is not None:
                self._inbox.append(functools.partial(self._state.cancel, waiter.slot.ticket))
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


class Quota(QueuedQuota):
    """Keeps the calls of one process within the API's limits.

    Threads and event loops may share one, as may several clients with the same credentials. Each
    client makes its own unless it is given one. Processes need ``SharedQuota``; hosts need a part
    of the limit each: ``Quota(requests_per_second=5)`` on two of them.

    Args:
        requests_per_second: What the API allows in each second of its clock, to all that use the
            same credentials.
        concurrency: How many requests may be under way at once.
        uplink_limit: Seconds after which a request has certainly reached the server, or None for
            no such certainty. Worth setting where responses take longer than a second.
        clock: Another clock, for tests.

    Raises:
        ConfigurationError: A limit is not a positive number.
    """

    def __init__(
        self,
        *,
        requests_per_second: int = 10,
        concurrency: int = 10,
        uplink_limit: float | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._ledger = Ledger(
            requests_per_second=requests_per_second,
            concurrency=concurrency,
            uplink_limit=uplink_limit,
        )
        super().__init__(self._ledger, clock)

    def begin_in_child(self) -> None:
        """Begin anew after a fork: what is under way belongs to the parent."""
        super().begin_in_child()
        self._ledger.under_way.clear()

    def __repr__(self) -> str:
        ledger = self._ledger
        return (
            f"{type(self).__name__}(requests_per_second={ledger.requests_per_second}, "
            f"concurrency={ledger.concurrency}, under_way={len(ledger.under_way)}, "
            f"waiting={self.waiting})"
        )
