"""Ways to keep to a limit of requests per second: ours, and those of other libraries.

The other libraries are brought by ``peers.bring``.
"""

from __future__ import annotations

import asyncio
import typing

from insightiq._clock import SystemClock
from insightiq.quota import Priority, Quota, QuotaPolicy

if typing.TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PEERS", "STRATEGIES", "LoopClock", "Strategy"]

_RETRY_AFTER = 1.0


class LoopClock(SystemClock):
    """The clock of the running event loop, which may be one that skips waiting."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def monotonic(self) -> float:
        """Return the loop's time."""
        return self._loop.time()


class Strategy(typing.Protocol):
    """Carries out one request, repeating it until it is served."""

    async def __call__(self, send: Callable[[], typing.Awaitable[tuple[int, float]]]) -> None:
        """Have ``send`` give status and ``Date`` until the status is 200."""
        ...


class Ledger:
    """This package's own quota."""

    def __init__(self, quota: QuotaPolicy) -> None:
        self._quota = quota

    async def __call__(self, send: Callable[[], typing.Awaitable[tuple[int, float]]]) -> None:
        """Send in a slot; a rejected request queues again."""
        status = 0
        while status != 200:
            slot = await self._quota.acquire_async(Priority.INTERACTIVE, timeout=None)
            status, date = await send()
            self._quota.release(slot, server_date=date, status=status)


class Limited:
    """A limiter in front of a semaphore, and a retry after ``Retry-After``."""

    def __init__(self, wait: Callable[[], typing.Awaitable[object]], concurrency: int) -> None:
        self._wait = wait
        self._open = asyncio.Semaphore(concurrency)

    async def __call__(self, send: Callable[[], typing.Awaitable[tuple[int, float]]]) -> None:
        """Send when the limiter allows; a rejected request waits and asks again."""
        while True:
            async with self._open:
                await self._wait()
                status, _ = await send()
            if status == 200:
                return
            await asyncio.sleep(_RETRY_AFTER)


def _ledger(limit: int, concurrency: int) -> Strategy:
    clock = LoopClock(asyncio.get_running_loop())
    return Ledger(Quota(requests_per_second=limit, concurrency=concurrency, clock=clock))


def _retry_only(limit: int, concurrency: int) -> Strategy:
    del limit

    async def nothing() -> None:
        pass

    return Limited(nothing, concurrency)


def _aiolimiter(limit: int, concurrency: int) -> Strategy:
    import aiolimiter

    return Limited(aiolimiter.AsyncLimiter(limit, 1.0).acquire, concurrency)


def _aiolimiter_even(limit: int, concurrency: int) -> Strategy:
    import aiolimiter

    return Limited(aiolimiter.AsyncLimiter(1, 1.0 / limit).acquire, concurrency)


def _pyrate(limit: int, concurrency: int, *, fixed: bool) -> Strategy:
    import pyrate_limiter as pyrate
    from pyrate_limiter.abstracts.algorithm import FixedWindow
    from pyrate_limiter.clocks import AbstractClock

    loop = asyncio.get_running_loop()

    class Clock(AbstractClock):
        def now(self) -> int:
            return int(loop.time() * 1000)

    rates = [pyrate.Rate(limit, 1000)]
    bucket = pyrate.InMemoryBucket(rates, FixedWindow()) if fixed else pyrate.InMemoryBucket(rates)
    bucket._clock = Clock()
    limiter = pyrate.Limiter(pyrate.limiter.SingleBucketFactory(bucket, schedule_leak=False))
    return Limited(limiter.try_acquire_async, concurrency)


def _pyrate_sliding(limit: int, concurrency: int) -> Strategy:
    return _pyrate(limit, concurrency, fixed=False)


def _pyrate_fixed(limit: int, concurrency: int) -> Strategy:
    return _pyrate(limit, concurrency, fixed=True)


PEERS: dict[str, Callable[[int, int], Strategy]] = {
    "retry only": _retry_only,
    "aiolimiter (10, 1 s)": _aiolimiter,
    "aiolimiter (1, 0.1 s)": _aiolimiter_even,
    "pyrate-limiter, sliding": _pyrate_sliding,
    "pyrate-limiter, fixed": _pyrate_fixed,
}
STRATEGIES = {"insightiq": _ledger, **PEERS}
