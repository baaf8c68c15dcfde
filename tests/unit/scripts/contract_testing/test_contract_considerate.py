"""How the contract tests send to servers that limit requests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import httpx
import pytest
from contract_testing.considerate import (
    AsyncConsiderateTransport,
    ConsiderateTransport,
    Pace,
    WindowedTransport,
)

URL = "http://mock/v1/users"


class Clock:
    """A clock that moves when somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.25
        self.waits: list[float] = []

    def monotonic(self) -> float:
        """Now."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self.waits.append(round(seconds, 6))
        self.now += seconds

    async def sleep_async(self, seconds: float) -> None:
        """Wait."""
        self.sleep(seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the module under test."""
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock.monotonic)
    monkeypatch.setattr(time, "sleep", clock.sleep)
    monkeypatch.setattr(asyncio, "sleep", clock.sleep_async)
    return clock


def server(*answers: tuple[int, str | None]) -> httpx.MockTransport:
    """A server that gives these statuses with their Retry-After, one after the other."""
    pending: Iterator[tuple[int, str | None]] = iter(answers)

    def answer(_: httpx.Request) -> httpx.Response:
        status, wait = next(pending)
        return httpx.Response(status, headers={} if wait is None else {"Retry-After": wait})

    return httpx.MockTransport(answer)


def test_requests_keep_their_distance(clock: Clock) -> None:
    """Somebody's quota is not used up by a test: 0.15 s lie between two requests."""
    transport = ConsiderateTransport(Pace(0.15), server((200, None), (200, None), (200, None)))
    with httpx.Client(transport=transport) as client:
        for _ in range(2):
            client.get(URL)
        clock.now += 10.0
        client.get(URL)
    assert clock.waits == [0.15]


def test_a_429_is_waited_out_as_it_asks(clock: Clock) -> None:
    """The caller sees the answer behind it; nobody is made to wait for longer than ten seconds."""
    transport = ConsiderateTransport(Pace(0.0), server((429, "2"), (429, "600"), (200, None)))
    with httpx.Client(transport=transport) as client:
        assert client.get(URL).status_code == 200
    assert clock.waits == [2.0, 10.0]


@pytest.mark.parametrize("asked", [None, "soon", "-1", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_429_that_does_not_say_how_long_is_handed_on(asked: str | None, clock: Clock) -> None:
    """It breaks the document, which the test has to see."""
    transport = ConsiderateTransport(Pace(0.0), server((429, asked)))
    with httpx.Client(transport=transport) as client:
        assert client.get(URL).status_code == 429
    assert clock.waits == []


def test_a_server_that_never_has_room_is_given_up(clock: Clock) -> None:
    """After four tries the 429 is the answer."""
    transport = ConsiderateTransport(Pace(0.0), server(*[(429, "1")] * 4))
    with httpx.Client(transport=transport) as client:
        assert client.get(URL).status_code == 429
    assert clock.waits == [1.0, 1.0, 1.0]


def test_the_asynchronous_transport_does_the_same(clock: Clock) -> None:
    """Pace, waiting and giving up, for asyncio."""

    async def statuses() -> list[int]:
        answers = server((429, "2"), (200, None), *[(429, "1")] * 4)
        transport = AsyncConsiderateTransport(Pace(0.15), answers)
        async with httpx.AsyncClient(transport=transport) as client:
            return [(await client.get(URL)).status_code for _ in range(2)]

    assert asyncio.run(statuses()) == [200, 429]
    assert 2.0 in clock.waits


def test_after_a_429_requests_go_on_with_the_next_second(clock: Clock) -> None:
    """Limits on: the 429 itself is judged like any answer, and few come."""
    transport = WindowedTransport(
        server((200, None), (429, "1"), (200, None)),
        seconds=clock.monotonic,
        sleep=clock.sleep,
    )
    with httpx.Client(transport=transport) as client:
        assert [client.get(URL).status_code for _ in range(3)] == [200, 429, 200]
    assert clock.waits == [0.75]
