"""Benchmark of the quota alone: processor time of a slot, taken and given back."""

from __future__ import annotations

import asyncio
import math
import pathlib
import tempfile
import time
import typing

from table import Row

from insightiq.quota import Priority, Quota, SharedQuota
from insightiq.testing import FakeClock

if typing.TYPE_CHECKING:
    from insightiq.quota import QuotaPolicy

__all__ = ["measure"]

_CALLS = 1_000
_CONCURRENCY = 10
_LIMIT = 10


def measure() -> list[Row]:
    """Return the rows."""
    bare = min(asyncio.run(_bare(_CALLS)) for _ in range(9))
    queued = min(asyncio.run(_queue_up(_CALLS)) for _ in range(9)) - bare
    work = f"{_CALLS:,} concurrent calls queued on the ledger"
    cost = "a slot without a wait"
    memory = min(_memory_cost(2_000) for _ in range(5))
    file = min(_file_cost(500) for _ in range(5))
    held = min(asyncio.run(_hold(_CALLS)) for _ in range(2))
    return [
        Row(work, "queued and served", _micros(queued), "≤ 50 µs a call", queued <= 50e-6),
        Row(work, "waiting for 2 s, given up", _micros(held)),
        Row(cost, "in memory", _micros(memory)),
        Row(cost, "in a shared file", _micros(file)),
    ]


def _micros(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} µs"


async def _bare(calls: int) -> float:
    """Return the processor time of ``calls`` tasks that give way once and end, per call."""
    loop = asyncio.get_running_loop()

    async def call() -> None:
        turn = loop.create_future()
        loop.call_soon(turn.set_result, None)
        await turn

    begin = time.process_time()
    await asyncio.gather(*(call() for _ in range(calls)))
    return (time.process_time() - begin) / calls


async def _queue_up(calls: int) -> float:
    """Return the same of tasks that queue for a slot before, and give it back after."""
    loop = asyncio.get_running_loop()
    quota = Quota(requests_per_second=calls, concurrency=_CONCURRENCY)

    async def call() -> None:
        slot = await quota.acquire_async(Priority.INTERACTIVE, timeout=None)
        turn = loop.create_future()
        loop.call_soon(turn.set_result, None)
        await turn
        quota.release(slot, server_date=math.floor(time.time()), status=200)

    begin = time.process_time()
    await asyncio.gather(*(call() for _ in range(calls)))
    return (time.process_time() - begin) / calls


async def _hold(calls: int) -> float:
    """Return the processor time per call of tasks that wait for two seconds, then give up."""
    quota = Quota(requests_per_second=_LIMIT, concurrency=_CONCURRENCY)

    async def call() -> None:
        slot = await quota.acquire_async(Priority.INTERACTIVE, timeout=None)
        await asyncio.sleep(0.02)
        quota.release(slot, server_date=math.floor(time.time()), status=200)

    begin = time.process_time()
    tasks = [asyncio.create_task(call()) for _ in range(calls)]
    await asyncio.sleep(2.0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert quota.waiting == 0
    return (time.process_time() - begin) / calls


def _round(quota: QuotaPolicy, clock: FakeClock, rounds: int) -> float:
    """Return the processor time of an acquire and a release that need not wait."""
    begin = time.process_time()
    for _ in range(rounds):
        slot = quota.acquire(Priority.INTERACTIVE, timeout=None)
        quota.release(slot, server_date=math.floor(clock.wall()), status=200)
        clock.advance(0.11)
    return (time.process_time() - begin) / rounds


def _memory_cost(rounds: int) -> float:
    clock = FakeClock()
    return _round(Quota(clock=clock), clock, rounds)


def _file_cost(rounds: int) -> float:
    clock = FakeClock()
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "quota")
        with SharedQuota(path, clock=clock) as quota, SharedQuota(path, clock=clock) as other:
            # Each finds the file changed by the other, as processes do.
            return sum(
                _round(one, clock, 1) for _ in range(rounds // 2) for one in (quota, other)
            ) / (rounds // 2 * 2)
