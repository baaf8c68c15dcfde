"""Load the mock server for a while with all that it can do, and judge what became of it.

Usage: ``make soak-mock ARGS="--minutes 15"``, or ``python tests/bench/mock/soak.py --help``.

Several developers send requests as fast as the connections carry them, with faults by rule and by
``Prefer``, with limits and with webhooks, while the control API connects accounts, advances clocks,
takes snapshots and resets worlds. Ends with 0 if memory and file descriptors stayed flat, every
response was a success or asked for, and the server wrote no error; else with 1.
"""

from __future__ import annotations

if __name__ == "__main__":
    # First of all: failures of the imports below are covered, too.
    from insightiq._entry_point import run_script

    run_script("soak-mock", __file__)

import argparse
import asyncio
import dataclasses
import os
import pathlib
import statistics
import sys
import time
import typing
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "scripts"))

from demonstration.mock_process import MockProcess
from soak_control import Life, make_tenant
from soak_load import Tally, load

from insightiq_mock.control import MockControl

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from soak_load import Tenant

_TENANTS = 4
_CONNECTIONS = 4
_SECONDS_BETWEEN_SAMPLES = 1.0
# Of what the early third shows; an allocator never gives everything back.
_MEMORY_TOLERANCE = 0.10
_DESCRIPTOR_TOLERANCE = 8
# While caches fill and the first worlds are made, nothing can be compared.
_WARM_UP = 0.1


@dataclasses.dataclass(frozen=True, slots=True)
class Sample:
    """Resources of the server's process at a moment.

    Attributes:
        resident: Memory in MiB.
        descriptors: Open files and sockets.
    """

    resident: float
    descriptors: int


def sample(pid: int) -> Sample:
    """Look at the process."""
    pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    descriptors = sum(1 for _ in pathlib.Path(f"/proc/{pid}/fd").iterdir())
    return Sample(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, descriptors)


async def put_under_load(
    server: MockProcess, tenants: Sequence[Tenant], seconds: float
) -> tuple[Tally, list[Life], list[Sample]]:
    """Let everything happen for so many seconds."""
    end = time.monotonic() + seconds

    def stopped() -> bool:
        return time.monotonic() >= end

    address = urllib.parse.urlsplit(server.url)
    assert address.hostname is not None
    assert address.port is not None
    place = (address.hostname, address.port)
    tally, samples = Tally(), [sample(server.pid)]
    lives = [Life(server, tenant, stopped) for tenant in tenants]
    for life in lives:
        life.start()
    async with asyncio.TaskGroup() as group:
        for seed, tenant in enumerate(tuple(tenants) * _CONNECTIONS):
            group.create_task(load(place, tenant, tally, stopped=stopped, seed=seed))
        while not stopped():
            await asyncio.sleep(min(_SECONDS_BETWEEN_SAMPLES, seconds / 30))
            samples.append(sample(server.pid))
    for life in lives:
        await asyncio.to_thread(life.join)
    return tally, lives, samples


def judge(
    tally: Tally, lives: Sequence[Life], samples: Sequence[Sample], log: str, tolerance: float
) -> list[str]:
    """Return everything that is wrong."""
    wrong = [f"not asked for: {each}" for each in tally.unexplained[:10]]
    wrong += [f"the control API failed: {life.failure!r}" for life in lives if life.failure]
    wrong += [f"the server wrote an error: {line[:300]}" for line in log.splitlines()[:10]]
    compared = samples[int(len(samples) * _WARM_UP) :]
    third = max(1, len(compared) // 3)
    early, late = compared[:third], compared[-third:]
    before, after = (statistics.median(each.resident for each in part) for part in (early, late))
    _say(f"memory: {before:.1f} MiB in the early third, {after:.1f} MiB in the late one (medians)")
    if after > before * (1 + tolerance):
        wrong.append(f"memory grew by {after / before - 1:.0%}, more than {tolerance:.0%}")
    first, last = (statistics.median(each.descriptors for each in part) for part in (early, late))
    _say(f"file descriptors: {first:g} in the early third, {last:g} in the late one (medians)")
    if last > first + _DESCRIPTOR_TOLERANCE:
        wrong.append(f"file descriptors grew by {last - first:g}")
    return wrong


def report(tally: Tally, lives: Sequence[Life], seconds: float) -> None:
    """Print what happened."""
    _say(f"requests: {tally.requests} in {seconds:.0f} s, {tally.requests / seconds:.0f} a second")
    for (operation, outcome), count in sorted(tally.asked_for.items()):
        _say(f"  {operation:20} {outcome:10} {count}")
    rounds, received = sum(life.rounds for life in lives), sum(life.received for life in lives)
    _say(f"worlds lived through: {rounds}; notifications received: {received}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the soak; return the exit status."""
    parser = argparse.ArgumentParser(prog="soak.py", description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=15.0, help="how long (default: 15)")
    parser.add_argument(
        "--tolerance",
        type=float,
        default=_MEMORY_TOLERANCE,
        help="by what share memory may grow from the early to the late third (default: 0.1)",
    )
    options = parser.parse_args(arguments)
    with MockProcess("--seed", "1") as server:
        with MockControl(server.url) as control:
            tenants = [make_tenant(control, server.url, number) for number in range(_TENANTS)]
        began = time.monotonic()
        run = put_under_load(server, tenants, options.minutes * 60)
        tally, lives, samples = asyncio.run(run)
        report(tally, lives, time.monotonic() - began)
        wrong = judge(tally, lives, samples, server.stderr_text(), options.tolerance)
    for each in wrong:
        sys.stderr.write(f"soak: {each}\n")
    _say("soak: failed" if wrong else "soak: passed")
    return 1 if wrong else 0
