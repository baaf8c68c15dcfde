"""Our mock server at the end of a slow line, and what its log says of the limit's use."""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import math
import pathlib
import re
import subprocess
import sys
import threading
import typing

from insightiq_mock.control.client import MockControl

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["CONCURRENCY", "LIMIT", "SHIFTS", "Account", "MockLimits", "Use", "mock_limits"]

LIMIT = 10
CONCURRENCY = 10
# How far the server's clock, and with it the seconds it counts in, is off the client's.
SHIFTS = (0.0, 0.23, -0.41, 0.68, -3600.87)

_LINE = pathlib.Path(__file__).parent / "slow_line.py"
_READY = re.compile(r"url=http://127\.0\.0\.1:(\d+)")
_POLL_SECONDS = 0.5
_MOST_ENTRIES = 1_000


@dataclasses.dataclass(frozen=True)
class Account:
    """A developer of the mock server, with limits of their own.

    Attributes:
        client_id: Who they are.
        client_secret: Their secret.
        shift: How far their clock is off, in seconds.
    """

    client_id: str
    client_secret: str
    shift: float


@dataclasses.dataclass(frozen=True)
class Use:
    """Use of the limit.

    Attributes:
        served: Responses that were not 429 in the whole seconds that count.
        allowance: What the limit allows in them.
        rejected: Responses 429 in the whole run.
        worst: Least share of the allowance among the accounts.
    """

    served: int
    allowance: int
    rejected: int
    worst: float

    @property
    def share(self) -> float:
        """Share of the allowance that was used."""
        return self.served / self.allowance


class MockLimits:
    """The server, its developers, and what each of them called.

    Attributes:
        url: Its address, at the end of the slow line.
    """

    def __init__(self, url: str, control: MockControl) -> None:
        self.url = url
        self._control = control
        self._calls: dict[str, list[tuple[float, int]]] = collections.defaultdict(list)
        self._after = 0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        # Without end, the log would forget: it holds the last thousand calls.
        self._reader = threading.Thread(target=self._follow)
        self._reader.start()

    def accounts(self) -> list[Account]:
        """Make a developer for each shift."""
        return [self._account(shift) for shift in SHIFTS]

    def use(self, accounts: Sequence[Account], seconds: int) -> Use:
        """Tell what ``accounts`` made of the whole seconds after each one's first call."""
        self._read()
        served, rejected, worst = 0, 0, 1.0
        for account in accounts:
            calls = self._calls[account.client_id]
            moments = [at + account.shift for at, status in calls if status != 429]
            first = math.floor(min(at + account.shift for at, _ in calls)) + 1
            used = sum(first <= moment < first + seconds for moment in moments)
            served += used
            rejected += len(calls) - len(moments)
            worst = min(worst, used / (seconds * LIMIT))
        return Use(served, seconds * LIMIT * len(accounts), rejected, worst)

    def close(self) -> None:
        """Read no more."""
        self._stop.set()
        self._reader.join()

    def _account(self, shift: float) -> Account:
        made = self._control.create_developer(settings={"date_shift_seconds": shift})
        return Account(made.id, made.secrets[0], shift)

    def _follow(self) -> None:
        while not self._stop.wait(_POLL_SECONDS):
            self._read()

    def _read(self) -> None:
        with self._lock:
            for call in self._control.requests(after=self._after, limit=_MOST_ENTRIES):
                self._after = max(self._after, call.number)
                if call.developer is not None:
                    self._calls[call.developer].append((call.at.timestamp(), call.status))


@contextlib.contextmanager
def mock_limits() -> Iterator[MockLimits]:
    """Serve the mock at the end of a slow line until the block ends."""
    command = [sys.executable, "-m", "insightiq_mock", "serve", "--port", "0"]
    with _process(command) as server:
        assert server.stdout is not None
        found = _READY.search(server.stdout.readline())
        assert found is not None, "the mock server did not start"
        port = found.group(1)
        with (
            _process([sys.executable, str(_LINE), port, "--lifetime", "600"]) as line,
            MockControl(f"http://127.0.0.1:{port}") as control,
        ):
            assert line.stdout is not None
            limits = MockLimits(f"http://127.0.0.1:{int(line.stdout.readline())}", control)
            try:
                yield limits
            finally:
                limits.close()


@contextlib.contextmanager
def _process(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
