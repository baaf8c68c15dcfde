"""A line that several processes stand in: each has its turn, and a lost one stops nobody."""

from __future__ import annotations

import collections
import functools
import heapq
import math
import pathlib
import random
from collections.abc import Callable, Iterator

import pytest

from insightiq.quota import Priority
from insightiq.quota._line import Waiter, WaitingLine
from insightiq.quota._shared_books import SharedBooks
from insightiq.quota.ledger import Ledger, Ticket
from insightiq.testing import FakeClock

LIMIT = 10
MANY = 100_000


class Host:
    """Processes that share a file, and a server that counts, in simulated time.

    Attributes:
        arrivals: How many requests the server saw in each of its seconds.
    """

    def __init__(self, path: pathlib.Path, *, concurrency: int = LIMIT) -> None:
        self.path = path
        self.concurrency = concurrency
        self.processes: list[Process] = []
        self.arrivals: collections.Counter[int] = collections.Counter()
        self.chance = random.Random(1)
        self._events: list[tuple[float, int, Callable[[float], None]]] = []
        self._number = 0

    def process(self, *, latency: float = 0.1) -> Process:
        """Start one."""
        made = Process(self, latency)
        self.processes.append(made)
        return made

    def at(self, moment: float, happens: Callable[[float], None]) -> None:
        """Have something happen."""
        self._number += 1
        heapq.heappush(self._events, (moment, self._number, happens))

    def run(self, until: float) -> None:
        """Let time pass."""
        while self._events and self._events[0][0] <= until:
            now, _, happens = heapq.heappop(self._events)
            happens(now)

    def served(self, seconds: range) -> float:
        """Return the share of the allowance that was used in whole seconds of the server."""
        return sum(self.arrivals[second] for second in seconds) / (LIMIT * len(seconds))


class Process:
    """One that looks at the file when it has reason to, as the scheduler does.

    Attributes:
        waits: How long each call that was served has waited.
    """

    def __init__(self, host: Host, latency: float) -> None:
        ledger = Ledger(requests_per_second=LIMIT, concurrency=host.concurrency)
        self.books = SharedBooks(host.path, ledger, FakeClock())
        self.books.line = self.line = WaitingLine[Waiter]()
        self.waits: list[float] = []
        self.killed = False
        self._host = host
        self._latency = latency
        self._look_at = math.inf

    def call(
        self, now: float, *, calls: int = 1, priority: Priority = Priority.INTERACTIVE
    ) -> None:
        """Have calls come at ``now``."""

        def come(now: float) -> None:
            for _ in range(calls):
                waiter = Waiter(priority)
                waiter.since = now
                self.line.join(waiter)
            self._look(now)

        self._host.at(now, come)

    def kill(self, now: float) -> None:
        """Have it look no more, nor say goodbye."""

        def end(now: float) -> None:
            del now
            self.killed = True

        self._host.at(now, end)

    def _look(self, now: float) -> None:
        while not self.killed and (waiter := self.line.first()) is not None:
            outcome = self.books.try_start(now)
            if not isinstance(outcome, Ticket):
                self._watch(outcome)
                break
            self.line.serve(waiter)
            self.waits.append(now - waiter.since)
            uplink = self._latency * self._host.chance.uniform(0.2, 0.6)
            self._host.at(now + uplink, self._arrive)
            self._host.at(now + self._latency, functools.partial(self._end, outcome, now + uplink))

    def _watch(self, moment: float) -> None:
        if moment < self._look_at:
            self._look_at = moment
            self._host.at(moment, self._ring)

    def _ring(self, now: float) -> None:
        if now >= self._look_at:
            self._look_at = math.inf
            self._look(now)

    def _arrive(self, now: float) -> None:
        self._host.arrivals[math.floor(now)] += 1

    def _end(self, ticket: Ticket, dated: float, now: float) -> None:
        if not self.killed:
            self.books.finish(ticket, now, server_date=math.floor(dated), status=200)
            self._look(now)


@pytest.fixture(autouse=True)
def _chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run is the same."""
    monkeypatch.setattr("insightiq.quota._shared_books.random", random.Random(7))


@pytest.fixture
def host(tmp_path: pathlib.Path) -> Iterator[Host]:
    """A host whose processes leave the file at the end."""
    made = Host(tmp_path / "quota")
    yield made
    for process in made.processes:
        process.books.close(1e6)
    assert not made.arrivals or max(made.arrivals.values()) <= LIMIT
