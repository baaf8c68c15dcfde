"""How calls use a quota: a slot for each attempt, given back whatever happens."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest

import insightiq
from insightiq import errors
from insightiq._call import Calls, Send
from insightiq.quota import Priority
from insightiq.testing import FakeClock, ScriptedTransport, connection_lost, response
from insightiq_generated.client import Request

GET = Request("GET", "/v1/things/7")
DATE = {"date": "Mon, 23 Nov 2026 10:00:05 GMT"}


class Ledger:
    """A quota that only keeps books."""

    def __init__(self, clock: FakeClock | None = None, *, wait: float = 0.0) -> None:
        self.acquired: list[tuple[Priority, float | None]] = []
        self.released: list[tuple[float | None, int | None]] = []
        self._clock, self.wait = clock, wait

    @property
    def held(self) -> int:
        """How many slots are out."""
        return len(self.acquired) - len(self.released)

    def acquire(self, priority: Priority, *, timeout: float | None) -> object:
        """Note the request; time out where it would take longer than allowed."""
        if timeout is not None and timeout < self.wait:
            if self._clock is not None:
                self._clock.advance(timeout)
            raise TimeoutError
        if self._clock is not None:
            self._clock.advance(self.wait)
        self.acquired.append((priority, timeout))
        return object()

    async def acquire_async(self, priority: Priority, *, timeout: float | None) -> object:  # noqa: ASYNC109 - the protocol's
        """As above."""
        return self.acquire(priority, timeout=timeout)

    def release(self, slot: object, *, server_date: float | None, status: int | None) -> None:
        """Note the end."""
        assert slot is not None
        self.released.append((server_date, status))


def test_each_attempt_has_a_slot_and_tells_what_came_of_it(play: Any, get_thing: Any) -> None:
    """The ledger learns the server's clock from every answer, and that a limit was hit."""
    ledger = Ledger()
    played = play([response(429, headers=DATE), connection_lost(), response(200)], quota=ledger)
    played.call(get_thing, GET)
    assert ledger.released == [(1_795_428_005.0, 429), (None, None), (None, 200)]
    assert [priority for priority, _ in ledger.acquired] == [Priority.INTERACTIVE] * 3


@pytest.mark.parametrize("date", ["yesterday", "", "Mon, 99 Nov 2026 10:00:05 GMT"])
def test_a_date_that_is_none_teaches_nothing(play: Any, get_thing: Any, date: str) -> None:
    """A broken header must not break a call."""
    ledger = Ledger()
    play([response(200, headers={"date": date})], quota=ledger).call(get_thing, GET)
    assert ledger.released == [(None, 200)]


def test_the_wait_for_a_slot_counts(play: Any, get_thing: Any) -> None:
    """It is part of the time waited and of the deadline, and there is an event."""
    clock = FakeClock()
    ledger = Ledger(clock, wait=2.0)
    played = play([response(404)], quota=ledger, clock=clock, deadline=30)
    error = played.fail(get_thing, GET)
    assert error.waited == 2.0
    assert ledger.acquired == [(Priority.INTERACTIVE, 30.0)]
    assert played.events[0] == insightiq.QuotaWaited("things.get", 2.0)


def test_a_call_that_need_not_wait_tells_of_no_wait(play: Any, get_thing: Any) -> None:
    """Asking takes microseconds, which are no wait: an event for each call would say nothing."""
    clock = FakeClock()
    ledger = Ledger(clock, wait=0.002)
    played = play([response(404)], quota=ledger, clock=clock)
    error = played.fail(get_thing, GET)
    assert not [each for each in played.events if isinstance(each, insightiq.QuotaWaited)]
    assert error.waited == 0.0


def test_a_deadline_ends_the_wait_for_a_slot(play: Any, get_thing: Any) -> None:
    """Nothing was sent, and the error says what to change."""
    played = play([], quota=Ledger(wait=50.0), deadline=10)
    error = played.fail(get_thing, GET)
    assert type(error) is errors.DeadlineExceededError
    assert (error.attempts, error.last_failure, error.maybe_applied) == (0, None, False)
    assert str(error) == (
        "things.get: the quota did not allow the call within its deadline. "
        "Raise the deadline of 10 s, or make fewer calls at the same time."
    )


def test_the_wait_that_a_deadline_ended_counts(play: Any, get_thing: Any) -> None:
    """Ten minutes in the line are part of the time waited, although they led to nothing."""
    clock = FakeClock()
    error = play([], quota=Ledger(clock, wait=50.0), clock=clock, deadline=10).fail(get_thing, GET)
    assert (error.attempts, error.waited, error.last_failure) == (0, 10.0, None)


def test_each_slot_is_waited_for_until_the_deadline_only(play: Any, get_thing: Any) -> None:
    """What earlier attempts took is no longer there for the line of the quota."""
    clock = FakeClock()
    ledger = Ledger(clock)
    script = [response(503, headers={"retry-after": "4"}), response(200)]
    play(script, quota=ledger, clock=clock, deadline=20).call(get_thing, GET)
    [first, second] = [timeout or 0.0 for _, timeout in ledger.acquired]
    assert first == 20
    assert second <= 16


def test_a_deadline_in_the_line_keeps_the_failure_before(play: Any, get_thing: Any) -> None:
    """Who waits for another attempt in vain still learns what the last one failed with."""
    clock = FakeClock()
    ledger = Ledger(clock)

    def script(_: object) -> Any:
        ledger.wait = 50.0
        return response(500, headers={"request-id": "r-1"})

    error = play(script, quota=ledger, clock=clock, deadline=10).fail(get_thing, GET)
    assert isinstance(error, errors.DeadlineExceededError)
    assert (error.attempts, error.waited, error.request_id) == (1, pytest.approx(10), "r-1")
    assert "things.get failed with 500" in (error.last_failure or "")
    assert isinstance(error.__cause__, errors.InternalServerError)


def test_an_interrupt_gives_the_slot_back(get_thing: Any) -> None:
    """Ctrl-C in the middle of a call, in a program that goes on."""

    def interrupt(_: Any) -> Any:
        raise KeyboardInterrupt

    ledger = Ledger()
    transport = ScriptedTransport(interrupt)
    with (
        insightiq.InsightIQ(
            client_id="id", client_secret="s3", quota=ledger, transport=transport
        ) as iq,
        pytest.raises(KeyboardInterrupt),
    ):
        iq._caller.call(get_thing, GET)
    assert (len(ledger.acquired), ledger.held) == (1, 0)


def test_a_cancelled_task_gives_the_slot_back(get_thing: Any) -> None:
    """Also when it is cancelled while waiting between two attempts, where it holds none."""

    async def main() -> Ledger:
        started, never = asyncio.Event(), asyncio.Event()

        class Stuck(FakeClock):
            async def sleep_async(self, seconds: float) -> None:
                assert seconds >= 0
                started.set()
                await never.wait()

        clock = Stuck()
        ledger = Ledger()
        script = ScriptedTransport([response(503)])
        async with insightiq.AsyncInsightIQ(
            client_id="id", client_secret="s3", quota=ledger, clock=clock, transport=script
        ) as iq:
            task = asyncio.create_task(iq._caller.call(get_thing, GET))
            await started.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        return ledger

    ledger = asyncio.run(main())
    assert (len(ledger.acquired), ledger.held) == (1, 0)


def test_a_task_cancelled_while_sending_gives_the_slot_back(get_thing: Any) -> None:
    """The usual case: asyncio.timeout around a call."""
    import httpx  # noqa: PLC0415 - a transport that hangs

    async def main() -> Ledger:
        async def hang(_: httpx.Request) -> httpx.Response:
            await asyncio.Event().wait()
            raise AssertionError

        ledger = Ledger()
        async with insightiq.AsyncInsightIQ(
            client_id="id", client_secret="s3", quota=ledger, transport=httpx.MockTransport(hang)
        ) as iq:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(iq._caller.call(get_thing, GET), 0.01)
        return ledger

    ledger = asyncio.run(main())
    assert (len(ledger.acquired), ledger.held) == (1, 0)


def test_a_task_that_is_dropped_gives_the_slot_back(get_thing: Any) -> None:
    """A coroutine that is closed before its end runs its clean-up, too."""
    ledger = Ledger()
    import httpx  # noqa: PLC0415 - a transport that hangs

    async def hang(_: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        raise AssertionError

    iq = insightiq.AsyncInsightIQ(
        client_id="id", client_secret="s3", quota=ledger, transport=httpx.MockTransport(hang)
    )

    async def main() -> None:
        coroutine = iq._driver.call(get_thing, GET)
        coroutine.send(None)
        assert ledger.held == 1
        coroutine.close()
        gc.collect()

    asyncio.run(main())
    assert ledger.held == 0


def test_a_priority_reaches_the_quota(get_thing: Any) -> None:
    """Pages fetched ahead stand behind what somebody waits for."""
    ledger = Ledger()
    iq = insightiq.InsightIQ(
        client_id="id", client_secret="s3", quota=ledger, transport=ScriptedTransport([response()])
    )
    iq._driver.call(get_thing, GET, priority=Priority.PREFETCH)
    assert ledger.acquired[0][0] is Priority.PREFETCH


def test_a_client_has_a_quota_of_its_own_unless_told_otherwise() -> None:
    """The limit is kept by default."""
    pair: dict[str, Any] = {"client_id": "id", "client_secret": "s3"}
    quotas = [insightiq.InsightIQ(**pair)._driver._shared.quota for _ in range(2)]
    assert all(quotas)
    assert quotas[0] is not quotas[1]
    assert insightiq.InsightIQ(**pair, quota=None)._driver._shared.quota is None


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_a_call_that_is_called_off_gives_its_slot_back(get_thing: Any, steps: int) -> None:
    """Prefetching ends calls between any two steps, also where one only tells an observer."""
    clock = FakeClock()
    ledger = Ledger(clock, wait=0.5)
    with insightiq.InsightIQ(
        client_id="id", client_secret="s3", quota=ledger, clock=clock, on_event=lambda _: None
    ) as iq:
        driver: Any = iq._driver
        calls = Calls(driver._shared, driver._shared.sender.get("test"), driver.options)
        call = calls.call(get_thing, GET)
        effect = next(call)
        for _ in range(steps - 1):
            assert not isinstance(effect, Send)
            effect = call.send(driver._carry_out(effect, None))
        call.close()
    assert len(ledger.acquired) == (steps > 1)
    assert ledger.held == 0
