"""How much of the API's limit each strategy uses, and how often the server refuses.

    python tests/bench/client/quota.py                  # everything, about two and a half minutes
    python tests/bench/client/quota.py cost simulation  # without the real time of the HTTP runs

Every run counts the whole seconds of the server's clock after the client's first request: the
client begins without knowledge of that clock, and no warm-up is left out.
"""

# ruff: noqa: T201 - a report for a terminal

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import math
import multiprocessing
import pathlib
import subprocess
import sys
import tempfile
import time
import typing
import urllib.parse
import urllib.request

import simulation
import strategies

from insightiq._http_date import epoch_seconds
from insightiq.quota import Priority, Quota, SharedQuota
from insightiq.testing import FakeClock

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from strategies import Strategy

    from insightiq.quota import QuotaPolicy

_HERE = pathlib.Path(__file__).parent
_LIMIT = 10
_CONCURRENCY = 10
_OFFSETS = (0.0, 0.23, -0.41, 0.68, -3600.87)
_PARTS = ("cost", "simulation", "http", "shared")


# Scheduling cost


async def _queue_up(calls: int) -> float:
    """Return the CPU seconds of ``calls`` tasks that queue, are served and end, per call."""
    loop = asyncio.get_running_loop()
    quota = Quota(requests_per_second=calls, concurrency=_CONCURRENCY)

    async def call() -> None:
        slot = await quota.acquire_async(Priority.INTERACTIVE, timeout=None)
        turn = loop.create_future()
        loop.call_soon(turn.set_result, None)
        await turn
        quota.release(slot, server_date=math.floor(time.time()), status=200)

    async def bare() -> None:
        turn = loop.create_future()
        loop.call_soon(turn.set_result, None)
        await turn

    begin = time.process_time()
    await asyncio.gather(*(bare() for _ in range(calls)))
    between = time.process_time()
    await asyncio.gather(*(call() for _ in range(calls)))
    return (time.process_time() - between - (between - begin)) / calls


async def _hold(calls: int) -> float:
    """Return the CPU seconds per call of ``calls`` tasks that wait for two seconds, then give up."""
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
    """Return the CPU seconds of an acquire and a release that need not wait."""
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


def cost() -> None:
    """Print what scheduling costs."""
    print("Scheduling cost per call, CPU time")
    memory = min(_memory_cost(2_000) for _ in range(5))
    file = min(_file_cost(500) for _ in range(5))
    queued = min(asyncio.run(_queue_up(1000)) for _ in range(5))
    held = asyncio.run(_hold(1000))
    print(f"  no wait, in memory             {memory * 1e6:7.1f} us")
    print(f"  no wait, shared file           {file * 1e6:7.1f} us")
    print(f"  1,000 tasks queued and served  {queued * 1e6:7.1f} us   (target <= 50)")
    print(f"  1,000 tasks wait 2 s, give up  {held * 1e6:7.1f} us")


# Simulation


def simulate() -> None:
    """Print the strategies side by side, ten offsets of twenty seconds each."""
    for network in (simulation.NEAR, simulation.FAR):
        print(f"Simulated, {network.name}, cap {network.concurrency}, 10 offsets x 20 s")
        for name, make in strategies.STRATEGIES.items():
            reports = [
                simulation.simulate(make, network, seconds=20, offset=tenth / 10 + 1e9)
                for tenth in range(10)
            ]
            _print_row(name, reports)


# Over HTTP


@contextlib.contextmanager
def _server(lifetime: float) -> Iterator[str]:
    command = [sys.executable, str(_HERE / "fixed_windows.py"), "--lifetime", str(lifetime)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


class _Connections:
    """Keep-alive connections to one address: so little code that only the strategies differ."""

    def __init__(self, base: str) -> None:
        self._port = int(base.rpartition(":")[2])
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def get(self, path: str) -> tuple[int, float]:
        """Return status and ``Date`` of the answer."""
        if self._idle:
            reader, writer = self._idle.pop()
        else:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            await reader.readexactly(2)
        except BaseException:
            writer.close()
            raise
        self._idle.append((reader, writer))
        date = epoch_seconds(head.partition("Date: ")[2].partition("\r\n")[0])
        assert date is not None
        return int(head.split(" ", 2)[1]), date

    def close(self) -> None:
        for _, writer in self._idle:
            writer.close()


async def _traffic(
    connections: _Connections, path: str, strategy: Strategy, seconds: float
) -> None:
    async def worker() -> None:
        while True:
            await strategy(lambda: connections.get(path))

    tasks = [asyncio.create_task(worker()) for _ in range(2 * _CONCURRENCY)]
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _all_offsets(base: str, name: str, strategy_of: list[Strategy], seconds: float) -> None:
    connections = _Connections(base)
    key = urllib.parse.quote(name, safe="")
    await asyncio.gather(
        *(
            _traffic(connections, f"/{key}/{offset}/things", strategy, seconds)
            for offset, strategy in zip(_OFFSETS, strategy_of, strict=True)
        )
    )
    connections.close()


async def _one_process(base: str, names: list[str], seconds: float) -> None:
    await asyncio.gather(
        *(
            _all_offsets(
                base,
                name,
                [strategies.STRATEGIES[name](_LIMIT, _CONCURRENCY) for _ in _OFFSETS],
                seconds,
            )
            for name in names
        )
    )


def http(seconds: int) -> None:
    """Print the strategies side by side over HTTP, in real time."""
    print(f"Over HTTP, 20-120 ms, {len(_OFFSETS)} offsets x {seconds} s, one process")
    with _server(4 * seconds + 30) as base:
        ours, *others = strategies.STRATEGIES
        for names in ([ours], others[::2], others[1::2]):
            asyncio.run(_one_process(base, names, seconds + 1.3))
        _print_reports(base, seconds)


def _sharing_process(base: str, folder: str, seconds: float) -> None:
    quotas = [SharedQuota(pathlib.Path(folder, f"{offset}.quota")) for offset in _OFFSETS]
    asyncio.run(_all_offsets(base, "shared file", [strategies.Ledger(q) for q in quotas], seconds))
    for quota in quotas:
        quota.close()


def shared(seconds: int) -> None:
    """Print what three processes make of one shared file."""
    print(f"Over HTTP, 20-120 ms, {len(_OFFSETS)} offsets x {seconds} s, three processes")
    context = multiprocessing.get_context("spawn")
    with _server(seconds + 60) as base, tempfile.TemporaryDirectory() as folder:
        processes = [
            context.Process(target=_sharing_process, args=(base, folder, seconds + 2.5))
            for _ in range(3)
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        _print_reports(base, seconds)


def _print_reports(base: str, seconds: int) -> None:
    with urllib.request.urlopen(f"{base}/report/{seconds}") as response:  # noqa: S310 - our own
        reports = json.load(response)
    by_name: dict[str, list[dict[str, float]]] = {}
    for key, report in reports.items():
        by_name.setdefault(urllib.parse.unquote(key.partition("/")[0]), []).append(report)
    for name, of_offsets in by_name.items():
        _print_row(name, of_offsets)


def _print_row(name: str, reports: list[dict[str, float]]) -> None:
    served = sum(report["served"] for report in reports)
    allowance = sum(report["allowance"] for report in reports)
    worst = min(report["served"] / report["allowance"] for report in reports)
    refused = sum(report["refused"] for report in reports)
    print(
        f"  {name:26} {served / allowance:7.1%} of the allowance (worst offset {worst:6.1%}), "
        f"{refused:5.0f} answers 429 (of {allowance + refused:.0f})",
        flush=True,
    )


def main() -> None:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", choices=[*_PARTS, []], help=f"of {', '.join(_PARTS)}")
    parser.add_argument("--seconds", type=int, default=30, help="of each HTTP run")
    arguments = parser.parse_args()
    parts = arguments.parts or _PARTS
    if "cost" in parts:
        cost()
    if "simulation" in parts:
        simulate()
    if "http" in parts:
        http(arguments.seconds)
    if "shared" in parts:
        shared(arguments.seconds)


if __name__ == "__main__":
    main()
