"""A line that several processes stand in: each has its turn, and a lost one stops no one."""

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
from insightiq.quota._queue import Place, Waiter, Waiting, WaitingQueue, place_of, places_ahead
from insightiq.quota._shared import SharedState
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
        self.books = SharedState(host.path, ledger, FakeClock())
        self.books.line = self.line = WaitingQueue[Waiter]()
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
    same = random.Random(7)
    monkeypatch.setattr("insightiq.quota._shared.random", same)


@pytest.fixture
def host(tmp_path: pathlib.Path) -> Iterator[Host]:
    """A host whose processes leave the file at the end."""
    made = Host(tmp_path / "quota")
    yield made
    for process in made.processes:
        process.books.close(1e6)
    assert not made.arrivals or max(made.arrivals.values()) <= LIMIT


def test_single_call_beside_endless_line_waits_for_second_at_most(host: Host) -> None:
    """It has a slot of the next second, and the long line loses nothing but that one."""
    busy, lone = host.process(), host.process()
    busy.call(0.0, calls=MANY)
    for number in range(12):
        lone.call(3.0 + 1.37 * number)
    host.run(21.0)
    assert len(lone.waits) == 12
    assert max(lone.waits) <= 1.05
    assert host.served(range(2, 20)) >= 0.99


def test_where_concurrency_is_short_next_slot_is_for_who_waits_longest(host: Host) -> None:
    host.concurrency = 1
    busy, lone = host.process(latency=0.8), host.process()
    busy.call(0.0, calls=MANY)
    for number in range(5):
        lone.call(1.0 + 2.13 * number)
    host.run(12.0)
    assert len(lone.waits) == 5
    # The rest of a request, and once one more that came before.
    assert max(lone.waits) <= 2 * 0.8 + 0.05


def test_busy_processes_have_equal_shares_and_leave_nothing_unused(host: Host) -> None:
    """Giving way does not cost slots, whatever the processes' latencies."""
    processes = [host.process(latency=latency) for latency in (0.05, 0.1, 0.15)]
    for number, process in enumerate(processes):
        process.call(0.01 * number, calls=MANY)
    host.run(21.0)
    shares = [len(process.waits) for process in processes]
    assert max(shares) - min(shares) <= 0.06 * sum(shares)
    assert host.served(range(2, 20)) >= 0.99


def test_long_line_is_served_alone_when_others_have_enough(host: Host) -> None:
    """Turns are of those who wait: two calls a second leave the rest to the long line."""
    busy, modest = host.process(), host.process()
    busy.call(0.0, calls=MANY)
    for number in range(16):
        modest.call(2.0 + number, calls=2)
    host.run(20.0)
    assert len(modest.waits) == 2 * 16
    assert max(modest.waits) <= 1.05
    assert host.served(range(2, 19)) >= 0.99


def test_place_of_killed_process_expires(host: Host) -> None:
    """Its calls would go first; after a moment, they stop no one."""
    host.concurrency = 1
    holder, lost, next_one = (host.process(latency=latency) for latency in (1.0, 0.1, 0.1))
    holder.call(0.0)
    lost.call(0.1, calls=50)
    next_one.call(0.2)
    lost.kill(0.99)
    host.run(3.0)
    assert not lost.waits
    assert next_one.waits == [pytest.approx(0.8, abs=0.2)]
    # Longer than without it: while the place held, the slot was kept for it.
    assert next_one.waits[0] > 0.85


def test_killed_process_with_long_line_costs_no_second_its_slots(host: Host) -> None:
    busy, lost = host.process(), host.process()
    busy.call(0.0, calls=MANY)
    lost.call(0.0, calls=MANY)
    lost.kill(4.995)
    host.run(12.0)
    assert host.served(range(2, 11)) >= 0.99


def test_interactive_calls_go_before_prefetch_of_another_process(host: Host) -> None:
    """A single one at once, and a busy process leaves a tenth of the allowance to the prefetch."""
    prefetch, lone = host.process(), host.process()
    prefetch.call(0.0, calls=MANY, priority=Priority.PREFETCH)
    lone.call(3.5)
    host.run(5.0)
    assert lone.waits == [pytest.approx(0.5, abs=0.15)]
    begun, served = 5.0, len(prefetch.waits)
    lone.call(begun, calls=MANY)
    host.run(25.0)
    assert len(prefetch.waits) - served == pytest.approx(20, abs=5)
    assert host.served(range(2, 24)) >= 0.99


def test_single_prefetch_beside_endless_interactive_calls_is_served(host: Host) -> None:
    """No one waits for ever: after nine interactive calls in a row it has its turn."""
    busy, lone = host.process(), host.process()
    busy.call(0.0, calls=MANY)
    for number in range(5):
        lone.call(2.0 + 3.3 * number, priority=Priority.PREFETCH)
    host.run(20.0)
    assert len(lone.waits) == 5
    assert max(lone.waits) <= 2.0


def waiting(since: float = 0.0, calls: int = 1) -> Waiting:
    """Return interactive calls that wait."""
    return Waiting(Priority.INTERACTIVE, since, calls)


def test_who_was_away_has_no_claim_to_rounds_it_missed() -> None:
    """A process that was stopped for an hour does not stop the others for as long."""
    before, other = Place(3, waiting(), seen_at=10.0), Place(500, waiting(1.0), seen_at=3600.0)
    assert place_of(waiting(), before, [other], 3600.0) == Place(500, waiting(), 3600.0)


def test_place_is_written_only_when_there_is_something_to_say() -> None:
    """A look of one that waits does not make all others read the file again."""
    place = Place(3, waiting(), seen_at=10.0)
    assert place_of(waiting(), place, [], 10.03) is place
    assert place_of(waiting(), place, [], 10.05) == Place(3, waiting(), 10.05)
    assert place_of(waiting(calls=2), place, [], 10.03) == Place(3, waiting(calls=2), 10.03)
    assert place_of(None, place, [], 10.03) is None


def test_rounds_count_calls_that_go_first() -> None:
    """One of each round before ours, one of ours if it came earlier, never more than wait."""
    earlier, later = Place(5, waiting(1.0, 10), 0.0), Place(5, waiting(2.0, 2), 0.0)
    assert places_ahead(later, [earlier], 0) == 1
    assert places_ahead(earlier, [later], 0) == 0
    assert places_ahead(later._replace(turn=8), [earlier], 0) == 4
    assert places_ahead(earlier._replace(turn=9), [later], 0) == 2
    assert places_ahead(None, [earlier, later], 0) == 12
