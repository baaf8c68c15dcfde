"""The strategies against a model of the server, in an event loop that does not wait.

Hours of traffic take seconds: the loop's time jumps to the next timer whenever nothing is ready.
"""

from __future__ import annotations

import asyncio
import dataclasses
import random
import selectors
import typing

import fixed_windows
import peers
from table import Row

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from strategies import Strategy

__all__ = ["measure"]


@dataclasses.dataclass(frozen=True)
class Network:
    """Duration of a request, in seconds.

    Attributes:
        name: What the table calls it.
        round_trip: Least and most for both ways together.
        work: Least and most at the server.
        tail: Share of the requests that take longer, by an exponential time of this mean.
        concurrency: What the server allows at once.
    """

    name: str
    round_trip: tuple[float, float]
    work: tuple[float, float]
    tail: tuple[float, float]
    concurrency: int


NEAR = Network("near: 70-180 ms", (0.04, 0.09), (0.03, 0.09), (0.0, 0.0), 10)
FAR = Network("far: 210-500 ms and a tail", (0.15, 0.3), (0.06, 0.2), (0.03, 0.3), 8)


class SkippingLoop(asyncio.SelectorEventLoop):
    """An event loop whose time passes only by waiting, at once."""

    def __init__(self) -> None:
        self._moment = 0.0
        super().__init__(_SkippingSelector(self))

    def time(self) -> float:
        """Return the simulated time."""
        return self._moment

    def skip(self, seconds: float) -> None:
        """Let time pass."""
        self._moment += seconds


class _SkippingSelector(selectors.DefaultSelector):
    def __init__(self, loop: SkippingLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[typing.Any]:
        # No program is so fast that no time at all passes; some rely on it.
        self._loop.skip((timeout or 0.0) + 1e-7)
        return super().select(0)


def simulate(
    make: Callable[[int, int], Strategy],
    network: Network,
    *,
    seconds: int,
    offset: float,
    limit: int = 10,
) -> dict[str, float]:
    """Return the server's report after ``seconds`` of as much traffic as the strategy lets by."""
    loop = SkippingLoop()
    try:
        return loop.run_until_complete(_traffic(loop, make, network, seconds, offset, limit))
    finally:
        loop.close()


async def _traffic(
    loop: SkippingLoop,
    make: Callable[[int, int], Strategy],
    network: Network,
    seconds: int,
    offset: float,
    limit: int,
) -> dict[str, float]:
    server = fixed_windows.FixedWindows(limit, network.concurrency)
    chance = random.Random(offset)
    strategy = make(limit, network.concurrency)

    async def send() -> tuple[int, float]:
        trip = chance.uniform(*network.round_trip)
        share, mean = network.tail
        if chance.random() < share:
            trip += chance.expovariate(1 / mean)
        there = trip * chance.uniform(0.3, 0.7)
        await asyncio.sleep(there)
        served = server.arrive(loop.time() + offset)
        if served:
            await asyncio.sleep(chance.uniform(*network.work))
            server.leave()
        date = loop.time() + offset
        await asyncio.sleep(trip - there)
        return (200 if served else 429), float(int(date))

    async def worker() -> None:
        while True:
            await strategy(send)

    workers = [loop.create_task(worker()) for _ in range(3 * limit)]
    await asyncio.sleep(seconds + 2)
    for task in workers:
        task.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    return server.report(seconds)


def measure() -> list[Row]:
    """Return the rows: ten clock offsets of twenty seconds each, on two networks."""
    peers.bring()
    from strategies import STRATEGIES

    rows: list[Row] = []
    for network in (NEAR, FAR):
        work = f"simulated, {network.name}"
        for name, make in STRATEGIES.items():
            reports = [
                simulate(make, network, seconds=20, offset=tenth / 10 + 1e9) for tenth in range(10)
            ]
            served, allowance, rejected = (
                sum(report[key] for report in reports)
                for key in ("served", "allowance", "rejected")
            )
            rows.append(Row(work, name, f"{served / allowance:.1%}, {rejected:.0f} x 429"))
    return rows
