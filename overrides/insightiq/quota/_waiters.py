"""Threads and tasks that wait, and how each is woken."""

from __future__ import annotations

import contextlib
import dataclasses
import math
import threading
import typing

from insightiq._clock import SystemClock
from insightiq.quota._line import Waiter

if typing.TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from insightiq._clock import Clock
    from insightiq.quota._policy import Priority
    from insightiq.quota.ledger import Ticket

__all__ = ["Claimant", "HeldSlot", "LoopTimer", "WaitingTask", "WaitingThread"]


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
        """Have it look at what changed; False if nobody is there any more."""
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
            with contextlib.suppress(RuntimeError):  # a closed loop has nobody left to wake
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
