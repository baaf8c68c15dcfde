"""Whatever the clocks and the network do, the server never has to reject."""

from __future__ import annotations

import collections
import dataclasses
import functools
import heapq
import math
import pathlib
import tempfile
from collections.abc import Callable
from typing import Protocol

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from insightiq.quota._queue import Waiting
from insightiq.quota._shared import SharedState
from insightiq.quota.ledger import Ledger, Ticket
from insightiq.testing import FakeClock


@dataclasses.dataclass(frozen=True)
class Trip:
    """One request: how long after the one before it is wanted, and what happens to it.

    ``dated`` says where between arrival and end the server dates its response.
    """

    pause: float
    uplink: float
    work: float
    downlink: float
    dated: float
    has_response: bool
    has_date: bool


@dataclasses.dataclass
class FixedWindows:
    """A server that counts per second of its own clock, and what is open."""

    offset: float
    drift: float
    counts: collections.Counter[int] = dataclasses.field(default_factory=collections.Counter)
    open_now: int = 0
    most_open: int = 0

    def clock(self, now: float) -> float:
        """Return the server's time."""
        return now + self.offset + self.drift * now

    def arrive(self, now: float) -> None:
        """Count a request."""
        self.counts[math.floor(self.clock(now))] += 1
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)

    def leave(self, now: float) -> None:
        """Be done with a request."""
        del now
        self.open_now -= 1


class LimiterState(Protocol):
    def try_start(self, now: float) -> Ticket | float:
        """Start a request, or say when to ask again."""
        ...

    def finish(
        self, ticket: Ticket, now: float, *, server_date: float | None, status: int | None
    ) -> None:
        """End a request."""
        ...


class Shared:
    """Several users of one file, who take turns."""

    def __init__(self, state: list[SharedState]) -> None:
        self._state = state
        self._owners: dict[int, SharedState] = {}
        self._turn = 0

    def try_start(self, now: float) -> Ticket | float:
        """Start as the next of them."""
        self._turn += 1
        state = self._state[self._turn % len(self._state)]
        outcome = state.try_start(now)
        if isinstance(outcome, Ticket):
            self._owners[outcome.id] = state
        return outcome

    def finish(
        self, ticket: Ticket, now: float, *, server_date: float | None, status: int | None
    ) -> None:
        """End as the one who started."""
        state = self._owners.pop(ticket.id)
        state.finish(ticket, now, server_date=server_date, status=status)


class Simulation:
    """Requests on their way between a ledger's client and a server, in simulated time."""

    def __init__(self, state: LimiterState, server: FixedWindows) -> None:
        self._state = state
        self._server = server
        self._events: list[tuple[float, int, Callable[[float], None]]] = []
        self._number = 0
        self._waiting: collections.deque[Trip] = collections.deque()
        self._ends = 0
        self._ask_at = math.inf
        self.started = 0

    def run(self, trips: list[Trip]) -> None:
        """Carry out all the trips; fails when one never starts."""
        wanted_at = 0.0
        for trip in trips:
            wanted_at += trip.pause
            self._at(wanted_at, functools.partial(self._want, trip))
        asks = 2000 * len(trips) + 1000
        while self._events:
            now, _, happens = heapq.heappop(self._events)
            happens(now)
            while self._waiting and self._start(now):
                pass
            asks -= 1
            assert asks, "the ledger does not let time make progress"
        assert self.started == len(trips)

    def _at(self, moment: float, happens: Callable[[float], None]) -> None:
        self._number += 1
        heapq.heappush(self._events, (moment, self._number, happens))

    def _want(self, trip: Trip, now: float) -> None:
        del now
        self._waiting.append(trip)

    def _start(self, now: float) -> bool:
        """Let the next one start, or ask again when the ledger says."""
        outcome = self._state.try_start(now)
        if isinstance(outcome, Ticket):
            self.started += 1
            self._send(self._waiting.popleft(), outcome, now)
            return True
        assert outcome > now
        if outcome == math.inf:
            assert self._ends, "nothing would ever wake it"
        elif outcome < self._ask_at:
            self._ask_at = outcome
            self._at(outcome, self._ask)
        return False

    def _ask(self, now: float) -> None:
        """Have the first in line ask once more: one such moment is enough for all of them."""
        if now >= self._ask_at:
            self._ask_at = math.inf

    def _send(self, trip: Trip, ticket: Ticket, now: float) -> None:
        arrives = now + trip.uplink
        served = arrives + trip.work
        date = None
        if trip.has_response and trip.has_date:
            date = self._server.clock(arrives + trip.dated * trip.work)

        def end(moment: float) -> None:
            self._ends -= 1
            status = 200 if trip.has_response else None
            self._state.finish(ticket, moment, server_date=date, status=status)

        self._ends += 1
        self._at(arrives, self._server.arrive)
        self._at(served, self._server.leave)
        self._at(served + trip.downlink, end)


def durations(longest: float) -> st.SearchStrategy[float]:
    """Mostly short, sometimes long, sometimes none at all."""
    return st.one_of(
        st.just(0.0), st.floats(0.0, longest / 20), st.floats(0.0, longest), st.just(longest)
    )


def trips(longest: float, uplink: float) -> st.SearchStrategy[list[Trip]]:
    """Bursts and lulls of requests over a network of any quality."""
    return st.lists(
        st.builds(
            Trip,
            pause=st.one_of(st.just(0.0), st.just(0.0), st.floats(0.0, 3.0)),
            uplink=durations(uplink),
            work=durations(longest),
            downlink=durations(longest),
            dated=st.floats(0.0, 1.0),
            has_response=st.sampled_from([True, True, True, True, True, False]),
            has_date=st.sampled_from([True, True, True, True, False]),
        ),
        min_size=1,
        max_size=70,
    )


offsets = st.one_of(st.floats(-2.0, 2.0), st.floats(-4e9, 4e9), st.integers(-5, 5).map(float))


places = st.builds(
    Waiting,
    priority=st.sampled_from([0, 1]),
    since=st.floats(0.0, 10.0),
    calls=st.integers(1, 1000),
)


@dataclasses.dataclass
class Standing:
    """A line that says the same of itself whichever is served: the limits do not depend on it."""

    waiting: Waiting | None

    def foremost(self) -> Waiting | None:
        """Return what it was made with."""
        return self.waiting


AT_ONCE = Trip(0.0, 0.0, 0.0, 0.0, 0.0, has_response=True, has_date=True)


@settings(max_examples=300, deadline=None)
@example(offset=0.0, drift=-50e-6, limit=1, concurrency=1, trips=[AT_ONCE, AT_ONCE])
@given(
    offset=offsets,
    drift=st.floats(-50e-6, 50e-6),
    limit=st.integers(1, 12),
    concurrency=st.integers(1, 12),
    trips=st.one_of(trips(0.3, 0.3), trips(3.0, 3.0)),
)
def test_server_never_sees_more_than_its_limits(
    offset: float, drift: float, limit: int, concurrency: int, trips: list[Trip]
) -> None:
    """Any offset, drift, latency and loss of dates: no window and no crowd is ever too full."""
    server = FixedWindows(offset, drift)
    ledger = Ledger(requests_per_second=limit, concurrency=concurrency)
    Simulation(ledger, server).run(trips)
    assert max(server.counts.values()) <= limit
    assert server.most_open <= concurrency


@settings(max_examples=150, deadline=None)
@given(
    offset=offsets,
    limit=st.integers(1, 12),
    uplink=st.floats(0.001, 2.0),
    data=st.data(),
)
def test_known_uplink_is_no_licence(
    offset: float, limit: int, uplink: float, data: st.DataObject
) -> None:
    """With a true uplink limit, long requests leave room, and still no window is too full."""
    server = FixedWindows(offset, 0.0)
    ledger = Ledger(requests_per_second=limit, concurrency=1000, uplink_limit=uplink)
    Simulation(ledger, server).run(data.draw(trips(5.0, uplink)))
    assert max(server.counts.values()) <= limit


@settings(max_examples=40, deadline=None)
@given(
    offset=offsets,
    limit=st.integers(1, 12),
    concurrency=st.integers(1, 12),
    places=st.lists(st.none() | places, min_size=1, max_size=3),
    trips=trips(0.3, 0.3),
)
def test_users_of_one_file_never_exceed_limits_together(
    offset: float, limit: int, concurrency: int, places: list[Waiting | None], trips: list[Trip]
) -> None:
    server = FixedWindows(offset, 0.0)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "quota")
        state = [
            SharedState(
                path, Ledger(requests_per_second=limit, concurrency=concurrency), FakeClock()
            )
            for _ in places
        ]
        for one, place in zip(state, places, strict=True):
            one.line = Standing(place)
        Simulation(Shared(state), server).run(trips)
        for one in state:
            one.close(0.0)
    assert max(server.counts.values()) <= limit
    assert server.most_open <= concurrency


@pytest.mark.parametrize("offset", [0.0, -3600.87])
def test_users_of_one_file_leave_nothing_unused(tmp_path: pathlib.Path, offset: float) -> None:
    """Three of them, with as much to do as they may, fill each second from the third one on."""
    server, limit = FixedWindows(offset, 0.0), 10
    state = [
        SharedState(tmp_path / "quota", Ledger(requests_per_second=limit), FakeClock())
        for _ in range(3)
    ]
    trips = [
        Trip(0.0, 0.02 + number % 7 * 0.015, 0.01, 0.11, 0.5, has_response=True, has_date=True)
        for number in range(200)
    ]
    Simulation(Shared(state), server).run(trips)
    for one in state:
        one.close(0.0)
    counts = [count for _, count in sorted(server.counts.items())]
    assert set(counts[2:-1]) == {limit}
    assert sum(counts[1:-1]) >= 0.99 * limit * len(counts[1:-1])
