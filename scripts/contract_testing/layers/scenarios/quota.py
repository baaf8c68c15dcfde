"""The client keeps to the limits of the API by itself (evidence.md#rate-limits)."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import email.utils
import threading
import typing

from contract_testing.layers.scenarios.scene import Needs, Scenarios, hold
from contract_testing.scripted.stage import CLIENT_ID, CLIENT_SECRET, REQUEST_ID
from insightiq import AsyncInsightIQ, InsightIQ, Quota, errors
from insightiq.testing import FakeClock, ScriptedTransport, connection_lost, delayed, response

if typing.TYPE_CHECKING:
    from contract_testing.layers.scenarios.scene import Scene
    from insightiq.testing import SentRequest

__all__ = ["SCENARIOS"]

Json: typing.TypeAlias = typing.Any

SCENARIOS = Scenarios()

_PER_SECOND: typing.Final = 10
_AT_ONCE: typing.Final = 10
_FEW: typing.Final = 3
# Sums of seconds since 1970 differ by less: what begins at an end is not open beside it.
_ROUNDING: typing.Final = 0.000_001
_CALLS: typing.Final = 60
_SHIFTS: typing.Final = (0.0, 0.37, 0.93)


class _CountingServer:
    """Counts requests in whole seconds of a clock of its own, as the API does."""

    def __init__(self, clock: FakeClock, shift: float, seconds: float) -> None:
        self._clock = clock
        self._shift = shift
        self._seconds = seconds
        self._lock = threading.Lock()
        self.counts: collections.Counter[int] = collections.Counter()
        self.spans: list[tuple[float, float]] = []
        self.transport = ScriptedTransport(self._answer, clock=clock)

    def _answer(self, _: SentRequest) -> Json:
        now = self._clock.wall() + self._shift
        with self._lock:
            self.counts[int(now)] += 1
            self.spans.append((now, now + self._seconds - _ROUNDING))
        page: Json = {"data": [], "metadata": {"offset": 0, "limit": 1}}
        # The time of the answer is that of its end.
        date = email.utils.formatdate(now + self._seconds, usegmt=True)
        said = response(200, json=page, headers={"Date": date, "request-id": REQUEST_ID})
        return delayed(self._seconds, said)

    @property
    def most_at_once(self) -> int:
        """How many requests were open at the same time."""
        # Ends come before beginnings of the same moment.
        events = sorted(
            [(end, -1) for _, end in self.spans] + [(start, 1) for start, _ in self.spans]
        )
        now = most = 0
        for _, step in events:
            now += step
            most = max(most, now)
        return most


def _options(server: _CountingServer, clock: FakeClock) -> dict[str, Json]:
    return {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "base_url": "http://scripted.localhost",
        "transport": server.transport,
        "clock": clock,
    }


def _check(what: str, server: _CountingServer, clock: FakeClock) -> None:
    most = max(server.counts.values())
    hold(
        most <= _PER_SECOND,
        f"{what}: the client sent {most} requests in one second of the server; {_PER_SECOND} are "
        f"allowed",
    )
    hold(
        server.most_at_once <= _AT_ONCE,
        f"{what}: the client had {server.most_at_once} requests open at once; {_AT_ONCE} are allowed",
    )
    passed = clock.monotonic()
    hold(
        passed <= 2 * _CALLS / _PER_SECOND + 4,
        f"{what}: {_CALLS} calls took {passed:.1f} s; the limit allows {_CALLS / _PER_SECOND:g} s",
    )


@SCENARIOS.rule("one after the other, calls keep to the limit of each second", Needs.NOTHING)
def in_a_row(_: Scene) -> None:
    """Servers whose seconds begin at other times than ours."""
    for shift in _SHIFTS:
        clock = FakeClock()
        server = _CountingServer(clock, shift, 0.02)
        with InsightIQ(**_options(server, clock)) as client:
            for _number in range(_CALLS):
                client.users.list().first()
        _check(f"{_CALLS} calls in a row, seconds shifted by {shift:g}", server, clock)


@SCENARIOS.rule("side by side, calls keep to the limits", Needs.NOTHING)
def side_by_side(_: Scene) -> None:
    """Tasks that all begin at once, answered quickly and slowly."""
    for shift in _SHIFTS:
        for seconds in (0.05, 0.8):
            clock = FakeClock()
            server = _CountingServer(clock, shift, seconds)
            asyncio.run(_gather(server, clock))
            what = f"{_CALLS} calls at once, answered after {seconds:g} s, shifted by {shift:g}"
            most = max(server.counts.values())
            hold(most <= _PER_SECOND, f"{what}: {most} requests in one second of the server")
            hold(server.most_at_once <= _AT_ONCE, f"{what}: {server.most_at_once} open at once")


@SCENARIOS.rule("where fewer may be open at once than start in a second, both hold", Needs.NOTHING)
def few_at_once(_: Scene) -> None:
    """Slow answers, and a quota that lets three requests be open."""
    clock = FakeClock()
    server = _CountingServer(clock, 0.0, 0.4)
    asyncio.run(_gather(server, clock, quota=Quota(concurrency=_FEW, clock=clock)))
    most = server.most_at_once
    hold(most <= _FEW, f"with a quota of {_FEW} open requests, the client had {most} open at once")


async def _gather(server: _CountingServer, clock: FakeClock, **more: Json) -> None:
    async with AsyncInsightIQ(**_options(server, clock), **more) as client:
        await asyncio.gather(*(client.users.list().first() for _ in range(_CALLS)))


@SCENARIOS.rule("a call that fails gives its place back", Needs.NOTHING)
def places(_: Scene) -> None:
    """More calls without an answer than may be open at once, one after the other."""
    clock = FakeClock()
    server = _CountingServer(clock, 0.0, 0.0)
    transport = ScriptedTransport(lambda _: connection_lost(), clock=clock)
    options: dict[str, Json] = {**_options(server, clock), "transport": transport}
    with InsightIQ(**options, max_attempts=1, deadline=30) as client:
        for _number in range(_AT_ONCE + 2):
            with contextlib.suppress(errors.InsightIQError):
                client.users.list().first()
    sent = len(transport.requests)
    hold(
        sent == _AT_ONCE + 2,
        f"of {_AT_ONCE + 2} calls that got no answer, one after the other, {sent} were sent",
    )


@SCENARIOS.rule("a quota that is shared is one quota", Needs.NOTHING)
def shared(_: Scene) -> None:
    """Two clients with one quota."""
    clock = FakeClock()
    server = _CountingServer(clock, 0.0, 0.02)
    quota = Quota(requests_per_second=4, clock=clock)
    options: dict[str, Json] = {**_options(server, clock), "quota": quota}
    with InsightIQ(**options) as one, InsightIQ(**options) as other:
        for number in range(20):
            (one if number % 2 else other).users.list().first()
    most = max(server.counts.values())
    hold(most <= 4, f"two clients with a quota of 4 sent {most} requests in one second")  # noqa: PLR2004 - as said
