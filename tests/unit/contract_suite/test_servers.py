"""Transports of the contract suite that wait."""

from __future__ import annotations

import asyncio
import time

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
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock.monotonic)
    monkeypatch.setattr(time, "sleep", clock.sleep)
    monkeypatch.setattr(asyncio, "sleep", clock.sleep_async)
    return clock


def server(*responses: tuple[int, str | None]) -> httpx.MockTransport:
    """Return a server that gives these statuses with their Retry-After, one after the other."""
    pending = iter(responses)

    def respond(_: httpx.Request) -> httpx.Response:
        status, wait = next(pending)
        return httpx.Response(status, headers={} if wait is None else {"Retry-After": wait})

    return httpx.MockTransport(respond)


def test_pace_separates_requests(clock: Clock) -> None:
    transport = RateLimitedTransport(Pace(0.15), server(*[(200, None)] * 3))
    with httpx.Client(transport=transport) as client:
        for _ in range(2):
            client.get(URL)
        clock.now += 10.0
        client.get(URL)
    assert clock.waits == [0.15]


@pytest.mark.parametrize(
    ("responses", "status", "waits"),
    [
        ([(429, "2"), (429, "600"), (200, None)], 200, [2.0, 10.0]),
        ([(429, "1")] * 4, 429, [1.0] * 3),
        ([(429, None)], 429, []),
        ([(429, "soon")], 429, []),
        ([(429, "Wed, 21 Oct 2026 07:28:00 GMT")], 429, []),
    ],
)
def test_429_is_retried_after_its_retry_after(
    responses: list[tuple[int, str | None]], status: int, waits: list[float], clock: Clock
) -> None:
    async def asynchronous() -> int:
        transport = RateLimitedTransport(Pace(0.0), server(*responses))
        async with httpx.AsyncClient(transport=transport) as client:
            return (await client.get(URL)).status_code

    with httpx.Client(transport=RateLimitedTransport(Pace(0.0), server(*responses))) as client:
        assert client.get(URL).status_code == status
    assert asyncio.run(asynchronous()) == status
    assert clock.waits == waits * 2


def test_windowed_transport_waits_for_next_second(clock: Clock) -> None:
    responses = server((200, None), (429, "1"), (200, None))
    transport = WindowedTransport(responses, seconds=clock.monotonic, sleep=clock.sleep)
    with httpx.Client(transport=transport) as client:
        assert [client.get(URL).status_code for _ in range(3)] == [200, 429, 200]
    assert clock.waits == [0.75]
