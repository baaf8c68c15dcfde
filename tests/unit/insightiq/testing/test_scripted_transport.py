"""Fake clock and scripted transport of ``insightiq.testing``."""

from __future__ import annotations

import asyncio
import threading

import pytest

import insightiq
import insightiq.testing
from insightiq import errors
from insightiq.testing import FakeClock, ScriptedTransport, delayed, response, timed_out


def test_fake_clock_stands_still() -> None:
    clock = FakeClock(wall=1000.0)
    assert (clock.monotonic(), clock.wall()) == (0.0, 1000.0)
    clock.sleep(90)
    clock.advance(5)
    assert (clock.monotonic(), clock.wall()) == (95.0, 1095.0)
    assert clock.sleeps == [90]


def test_sleeping_tasks_overlap() -> None:
    clock = FakeClock()
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, *naps: float) -> None:
        for nap in naps:
            await clock.sleep_async(nap)
            woken.append((name, clock.monotonic()))

    async def main() -> None:
        await asyncio.gather(
            sleeper("slow", 10), sleeper("twice", 1, 3), sleeper("quick", 2), sleeper("equal", 2)
        )

    asyncio.run(main())
    assert woken == [("twice", 1), ("quick", 2), ("equal", 2), ("twice", 4), ("slow", 10)]


def test_cancelled_sleeper_does_not_block_time() -> None:
    async def main() -> FakeClock:
        clock = FakeClock()
        long = asyncio.create_task(clock.sleep_async(1_000))
        await asyncio.sleep(0)
        long.cancel()
        with pytest.raises(asyncio.CancelledError):
            await long
        await clock.sleep_async(1)
        return clock

    clock = asyncio.run(main())
    assert clock.monotonic() == 1
    asyncio.run(clock.sleep_async(1))
    assert clock.monotonic() == 2


def test_sleeping_threads_overlap() -> None:
    clock = FakeClock()
    threads = [threading.Thread(target=clock.sleep, args=[3]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 3 <= clock.monotonic() <= 12
    assert clock.sleeps == [3] * 4


def client(transport: ScriptedTransport, clock: FakeClock | None = None) -> insightiq.InsightIQ:
    """Return a client on ``transport``."""
    return insightiq.InsightIQ(
        client_id="id", client_secret="s3", quota=None, transport=transport, clock=clock
    )


def test_transport_plays_script_and_keeps_requests() -> None:
    transport = ScriptedTransport([response(json={"a": 1}), response(404)])
    iq = client(transport)
    assert iq.request("GET", "/v1/things", params={"limit": 5}).parsed == {"a": 1}
    with pytest.raises(errors.NotFoundError):
        iq.request("POST", "/v1/things", json={"k": [1]})
    first, second = transport.requests
    assert (first.method, first.path, first.query, first.json) == (
        "GET",
        "/v1/things",
        {"limit": "5"},
        None,
    )
    assert (second.url, second.json) == (
        "https://api.sandbox.insightiq.ai/v1/things",
        {"k": [1]},
    )
    assert second.headers["Content-Type"] == "application/json"


def test_function_can_stand_for_script() -> None:
    iq = client(ScriptedTransport(lambda request: response(json={"path": request.path})))
    assert iq.request("GET", "/v1/x").parsed == {"path": "/v1/x"}


def test_short_script_is_named() -> None:
    iq = client(ScriptedTransport([]))
    with pytest.raises(AssertionError, match=r"no line for request 1: GET /v1/x\."):
        iq.request("GET", "/v1/x")


def test_delayed_response_takes_time() -> None:
    clock = FakeClock()
    iq = client(
        ScriptedTransport([delayed(29, response()), delayed(31, response())], clock=clock), clock
    )
    iq.request("GET", "/v1/x")
    assert clock.monotonic() == 29
    with pytest.raises(errors.APITimeoutError):
        iq.with_options(max_attempts=1).request("GET", "/v1/x")
    assert clock.monotonic() == 29 + 30


def test_same_transport_serves_async_client() -> None:
    async def main() -> object:
        clock = FakeClock()
        transport = ScriptedTransport([timed_out(), delayed(3, response(json=[1]))], clock=clock)
        async with insightiq.AsyncInsightIQ(
            client_id="id", client_secret="s3", quota=None, transport=transport, clock=clock
        ) as iq:
            return (await iq.request("GET", "/v1/x")).parsed

    assert asyncio.run(main()) == [1]


def test_scripted_response_forms() -> None:
    assert response().content == b"{}"
    assert response(json=[1]).headers["content-type"] == "application/json"
    assert response(502, content="<html>").headers["content-type"] == "text/html"
    assert response(204).content == b""
    assert response(headers={"content-type": "text/csv"}).headers["content-type"] == "text/csv"
