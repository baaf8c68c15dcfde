"""Rate-limited transports of the contract suite, and the servers that they are for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import httpx
import pytest
from contract_suite.servers import Pace, RateLimitedTransport, WindowedTransport

URL = "http://mock/v1/users"


class Clock:
    """A fake clock."""

    def __init__(self) -> None:
        self.now = 1000.25
        self.waits: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds, 6))
        self.now += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the module under test."""
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock.monotonic)
    monkeypatch.setattr(time, "sleep", clock.sleep)
    monkeypatch.setattr(asyncio, "sleep", clock.sleep_async)
    return clock


def server(*responses: tuple[int, str | None]) -> httpx.MockTransport:
    """A server that gives these statuses with their Retry-After, one after the other."""
    pending: Iterator[tuple[int, str | None]] = iter(responses)

    def respond(_: httpx.Request) -> httpx.Response:
        status, wait = next(pending)
        return httpx.Response(status, headers={} if wait is None else {"Retry-After": wait})

    return httpx.MockTransport(respond)


def test_pace_separates_requests(clock: Clock) -> None:
    transport = RateLimitedTransport(Pace(0.15), server((200, None), (200, None), (200, None)))
    with httpx.Client(transport=transport) as client:
        for _ in range(2):
            client.get(URL)
        clock.now += 10.0
        client.get(URL)
    assert clock.waits == [0.15]


def test_429_is_retried_after_its_retry_after(clock: Clock) -> None:
    transport = RateLimitedTransport(Pace(0.0), server((429, "2"), (429, "600"), (200, None)))
    with httpx.Client(transport=transport) as client:
        assert client.get(URL).status_code == 200
    assert clock.waits == [2.0, 10.0]


@pytest.mark.parametrize("asked", [None, "soon", "-1", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_429_without_seconds_is_returned(asked: str | None, clock: Clock) -> None:
    transport = RateLimitedTransport(Pace(0.0), server((429, asked)))
    with httpx.Client(transport=transport) as client:
        assert client.get(URL).status_code == 429
    assert clock.waits == []


def test_fourth_429_is_returned(clock: Clock) -> None:
    transport = RateLimitedTransport(Pace(0.0), server(*[(429, "1")] * 4))
    with httpx.Client(transport=transport) as client:
        assert client.get(URL).status_code == 429
    assert clock.waits == [1.0, 1.0, 1.0]


def test_async_transport_waits_and_gives_up(clock: Clock) -> None:

    async def statuses() -> list[int]:
        responses = server((429, "2"), (200, None), *[(429, "1")] * 4)
        transport = RateLimitedTransport(Pace(0.15), responses)
        async with httpx.AsyncClient(transport=transport) as client:
            return [(await client.get(URL)).status_code for _ in range(2)]

    assert asyncio.run(statuses()) == [200, 429]
    assert 2.0 in clock.waits


def test_windowed_transport_waits_for_next_second(clock: Clock) -> None:
    transport = WindowedTransport(
        server((200, None), (429, "1"), (200, None)),
        seconds=clock.monotonic,
        sleep=clock.sleep,
    )
    with httpx.Client(transport=transport) as client:
        assert [client.get(URL).status_code for _ in range(3)] == [200, 429, 200]
    assert clock.waits == [0.75]
