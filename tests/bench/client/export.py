"""Benchmark of an export: use of the quota's limit, and memory.

    python tests/bench/client/export.py                    # 100,000 contents, about 102 seconds
    python tests/bench/client/export.py --contents 10000
    python tests/bench/client/export.py --contents 100000 --requests-per-second 40

The command ``insightiq export contents`` runs as a process of its own against the mock's large
world, whose limits are the API's: so many requests in each whole second of the server's clock. The
limit is what no client can beat: a request for each 100 rows, at that rate. The time is that of the
whole process, from its start to its end.
"""

# ruff: noqa: T201 - a report for a terminal

from __future__ import annotations

if __name__ == "__main__":
    # First of all: failures of the imports below are covered, too.
    from insightiq._entry_point import run_script

    run_script("bench-export", __file__)

import argparse
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time
import typing

sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "scripts"))

from demonstration.mock_process import MockProcess

from insightiq import InsightIQ
from insightiq_mock.control import MockControl

__all__ = ["ExportFigures", "main", "measure_export"]

_PAGE = 100
_SECONDS_BETWEEN = 0.1
# In the first fifth memory grows by right: the pages ahead and the ids that paging remembers.
_PARTS = 5


class ExportFigures(typing.TypedDict):
    """Figures of an export.

    Attributes:
        rows: Rows of the file.
        seconds: Time of the whole process, the interpreter's start included.
        export_seconds: Time of the export alone, as the command reports it.
        limit_seconds: Time that the quota asks for.
        over_limit: Share of the limit that the process took longer.
        memory_mib: Most memory of the process in each fifth of its time.
        cpu_seconds: Processor time of the process.
        rejected: Responses 429 of the server.
    """

    rows: int
    seconds: float
    export_seconds: float
    limit_seconds: float
    over_limit: float
    memory_mib: list[float]
    cpu_seconds: float
    rejected: int


def measure_export(contents: int, *, requests_per_second: int = 10) -> ExportFigures:
    """Export about so many contents, and return what it took.

    Args:
        contents: How many, at most a million; whole days are exported, so some more may come.
        requests_per_second: The quota, of the server and of the command.
    """
    with MockProcess("--world", "large") as server, tempfile.TemporaryDirectory() as folder:
        account, since = _archive(server, contents)
        with MockControl(server.url) as control:
            control.update_settings(
                requests_per_second=requests_per_second,
                concurrent_requests=max(10, requests_per_second),
            )
        file = pathlib.Path(folder) / "contents.ndjson"
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begin = time.monotonic()
        command = [sys.executable, "-m", "insightiq", "export", "contents", "--to", str(file)]
        command += ["--account-id", account, "--from-date", since]
        command += ["--requests-per-second", str(requests_per_second)]
        memory, rejected, reported = _watched(command, server)
        seconds = time.monotonic() - begin
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        with file.open("rb") as lines:
            rows = sum(1 for _ in lines)
    limit = rows / _PAGE / requests_per_second
    fifths = [0.0] * _PARTS
    for moment, size in memory:
        fifth = min(int((moment - begin) / seconds * _PARTS), _PARTS - 1)
        fifths[fifth] = max(fifths[fifth], size)
    return {
        "rows": rows,
        "seconds": seconds,
        "export_seconds": reported,
        "limit_seconds": limit,
        "over_limit": seconds / limit - 1,
        "memory_mib": fifths,
        "cpu_seconds": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "rejected": rejected,
    }


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--contents", type=int, default=100_000)
    parser.add_argument("--requests-per-second", type=int, default=10)
    options = parser.parse_args()
    found = measure_export(options.contents, requests_per_second=options.requests_per_second)
    limit = found["limit_seconds"]
    print(
        f"export of {found['rows']:,} contents at {options.requests_per_second} requests a second: "
        f"{found['seconds']:.1f} s, {found['over_limit']:+.1%} of the quota's limit ({limit:.1f} s); "
        f"without the interpreter's start {found['export_seconds']:.1f} s, "
        f"{found['export_seconds'] / limit - 1:+.1%}; {found['rejected']} responses 429"
    )
    print(
        f"memory {', '.join(f'{size:.1f}' for size in found['memory_mib'])} MiB at most in each "
        "fifth of the time; "
        f"{found['cpu_seconds']:.1f} s of processor time"
    )
    return 0


def _archive(server: MockProcess, contents: int) -> tuple[str, str]:
    """Return the account of a million contents, and the day since which there are so many."""
    with InsightIQ(
        base_url=server.url, client_id=server.client_id, client_secret=server.client_secret
    ) as iq:
        for account in iq.accounts.list():
            engagement = account.data.engagement if account.data else None
            if engagement and engagement.monitor_type == "ON_DEMAND":
                last = iq.contents.list(account_id=account.id, offset=contents - 1).first()
                assert last is not None
                return account.id, last.published_at.date().isoformat()
    msg = "The mock's large world has no account of a million contents any more."
    raise AssertionError(msg)


def _watched(
    command: list[str], server: MockProcess
) -> tuple[list[tuple[float, float]], int, float]:
    """Run the command.

    Returns:
        Its memory at many moments, how often it was rejected, and the time that it reports.
    """
    environment = {
        **os.environ,
        "INSIGHTIQ_BASE_URL": server.url,
        "INSIGHTIQ_CLIENT_ID": server.client_id,
        "INSIGHTIQ_CLIENT_SECRET": server.client_secret,
        "INSIGHTIQ_LOG": "info",
    }
    memory: list[tuple[float, float]] = []
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        with subprocess.Popen(command, env=environment, stderr=log) as process:
            while process.poll() is None:
                memory.append((time.monotonic(), _resident_mib(process.pid)))
                time.sleep(_SECONDS_BETWEEN)
        log.seek(0)
        lines = log.readlines()
    if process.returncode:
        sys.exit("".join(lines[-3:]))
    reported = re.search(r"in ([\d.]+) s$", lines[-1])
    assert reported is not None, lines[-1]
    return memory, sum(": 429 in " in line for line in lines), float(reported[1])


def _resident_mib(pid: int) -> float:
    """Return the memory of a process, 0.0 where the system does not report it."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    found = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(found[0].split()[1]) / 1024 if found else 0.0
