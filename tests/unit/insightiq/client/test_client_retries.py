"""Calls that are repeated: how often, after which waits, and what an error tells of it."""

from __future__ import annotations

import pickle
import ssl
from typing import TYPE_CHECKING, Any

import attrs
import httpx
import pytest

import insightiq
from insightiq import errors
from insightiq._retry import RetryBudget
from insightiq.testing import (
    FakeClock,
    connection_lost,
    connection_refused,
    delayed,
    response,
    timed_out,
)
from insightiq_generated.client import Operation, Request

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

GET = Request("GET", "/v1/things/7")
POST = Request("POST", "/v1/things", json={"name": "x"})


@pytest.fixture
def post_thing(get_thing: Operation[Any]) -> Operation[Any]:
    """A POST that the document does not mark as safe."""
    return attrs.evolve(get_thing, id="things.create", method="POST", path="/v1/things")


@pytest.fixture(autouse=True)
def _no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every random part be at its ceiling, so that waits can be computed."""
    monkeypatch.setattr("random.random", lambda: 1.0)


@pytest.mark.parametrize(
    "failure",
    [
        *(response(status) for status in (408, 429, 500, 502, 503, 504, 520, 529)),
        response(502, content="<html>Bad Gateway</html>"),
        connection_refused(),
        connection_lost(),
        timed_out(),
    ],
    ids=str,
)
def test_a_read_is_repeated_until_it_succeeds(play: Any, get_thing: Any, failure: Any) -> None:
    """Each failure that may pass is repeated, with growing waits between."""
    played = play([failure, failure, response(200, json={"id": "7"})])
    assert played.call(get_thing, GET) == {"id": "7"}
    assert played.sent == 3
    assert played.clock.sleeps == [0.5, 1.0]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 501])
def test_what_will_fail_again_is_not_repeated(play: Any, get_thing: Any, status: int) -> None:
    """Repeating a refusal costs quota and time, and changes nothing."""
    played = play([response(status)])
    error = played.fail(get_thing, GET)
    assert (error.status_code, error.attempts, error.waited, error.maybe_applied) == (
        status,
        1,
        0.0,
        False,
    )
    assert played.clock.sleeps == []


def test_attempts_end_and_the_error_tells_of_them(play: Any, get_thing: Any) -> None:
    """The last failure is raised, with the number of attempts and the time waited."""
    played = play([response(500), connection_refused(), response(502), response(503)])
    error = played.fail(get_thing, GET)
    assert type(error) is errors.ServiceUnavailableError
    assert (error.attempts, error.waited, error.maybe_applied) == (4, 3.5, False)
    assert "Tried 4 times, waited 3.5 s." in str(error)


@pytest.mark.parametrize(("attempts", "sent"), [(1, 1), (2, 2), (7, 7)])
def test_max_attempts_counts_the_first_one(
    play: Any, get_thing: Any, attempts: int, sent: int
) -> None:
    """One attempt means no repetition."""
    played = play([response(500)] * 9, max_attempts=attempts)
    assert played.fail(get_thing, GET).attempts == sent == played.sent


@pytest.mark.parametrize(
    "failure", [connection_lost(), timed_out(), response(500), response(503), response(520)]
)
def test_a_post_that_may_have_arrived_is_not_repeated(
    play: Any, post_thing: Any, failure: Any
) -> None:
    """Creating twice is worse than an error that says: look first."""
    played = play([failure])
    error = played.fail(post_thing, POST)
    assert error.maybe_applied
    assert error.attempts == played.sent == 1
    assert "The server may have carried the call out." in str(error)
    assert "Check whether it did before you retry it." in str(error)


@pytest.mark.parametrize(
    "failure",
    [connection_refused(), response(429), response(503, headers={"retry-after": "0"})],
    ids=str,
)
def test_a_post_that_certainly_did_nothing_is_repeated(
    play: Any, post_thing: Any, failure: Any
) -> None:
    """Nothing was sent, or the server refused before it looked."""
    played = play([failure, failure, response(201, json={"id": "7"})])
    assert played.call(post_thing, POST) == {"id": "7"}
    assert [request.json for request in played.transport.requests] == [{"name": "x"}] * 3


def test_a_post_that_is_marked_safe_is_repeated_like_a_read(play: Any, post_thing: Any) -> None:
    """Searches and refreshes are such."""
    safe = attrs.evolve(post_thing, retry_safe=True)
    played = play([connection_lost(), response(500), response(200, json={"id": "7"})])
    assert played.call(safe, POST) == {"id": "7"}
    assert not play([connection_lost()] * 4).fail(safe, POST).maybe_applied


def test_a_doubt_of_an_earlier_attempt_is_not_forgotten(play: Any, get_thing: Any) -> None:
    """A deletion whose answer was lost finds nothing the second time: it may have succeeded."""
    delete = attrs.evolve(get_thing, id="things.delete", method="DELETE")
    error = play([connection_lost(), response(404)]).fail(delete, Request("DELETE", "/v1/things/7"))
    assert type(error) is errors.NotFoundError
    assert error.maybe_applied
    assert "The server may have carried the call out." in str(error)


def test_a_created_thing_whose_answer_is_unreadable_may_exist(play: Any, post_thing: Any) -> None:
    """The status says success, the body is lost."""
    error = play([response(201, content="{")]).fail(post_thing, POST)
    assert type(error) is errors.APIResponseValidationError
    assert error.maybe_applied
    assert error.attempts == 1
    assert not play([response(400)]).fail(post_thing, POST).maybe_applied


def test_the_server_s_wish_is_waited_for(play: Any, get_thing: Any) -> None:
    """The random part comes on top, so that those refused together do not return together."""
    played = play([response(429, headers={"retry-after": "3"}), response(200)])
    played.call(get_thing, GET)
    assert played.clock.sleeps == [3.5]


def test_an_absurd_wish_is_capped(play: Any, get_thing: Any) -> None:
    """A day of silence would be an outage, made by a header."""
    played = play([response(503, headers={"retry-after": "86400"}), response(200)])
    played.call(get_thing, GET)
    assert played.clock.sleeps == [60.5]


def test_an_impossible_request_is_not_repeated(play: Any, get_thing: Any) -> None:
    """An address that the HTTP library cannot use will not become one."""
    failure = httpx.UnsupportedProtocol("no address")
    assert play([failure]).fail(get_thing, GET).attempts == 1


# Deadlines


def test_a_certificate_that_is_refused_is_not_tried_again(
    both_calls: Any, script: Any, get_thing: Any
) -> None:
    """The next one would be the same; the library reports it as a connection that failed."""
    for calling in both_calls:
        error = httpx.ConnectError("certificate verify failed")
        error.__cause__ = ssl.SSLCertVerificationError("self-signed certificate")
        answers = script([error])
        with pytest.raises(errors.APIConnectionError, match="Nothing reached the server"):
            calling(answers, get_thing, GET, max_attempts=4)
        assert len(answers.requests) == 1


def test_a_wait_that_would_pass_the_deadline_is_not_begun(play: Any, get_thing: Any) -> None:
    """Waiting for nothing helps nobody: the error comes at once, with the last failure's words."""
    played = play([response(503, headers={"retry-after": "20"})], deadline=10)
    error = played.fail(get_thing, GET)
    assert type(error) is errors.DeadlineExceededError
    assert played.clock.sleeps == []
    assert (error.attempts, error.waited, error.operation) == (1, 0.0, "things.get")
    assert error.last_failure is not None
    assert error.last_failure.startswith("things.get failed with 503")
    assert str(error) == (
        "things.get: gave up after 1 attempt and 0.0 s of waiting, because the deadline of 10 s "
        f"leaves no time for another. The last attempt: {error.last_failure}"
    )
    assert isinstance(error.__cause__, errors.ServiceUnavailableError)


def test_the_deadline_holds_for_all_attempts_together(play: Any, get_thing: Any) -> None:
    """Slow failures and waits add up to no more than was allowed."""
    played = play([delayed(4, response(500))] * 9, deadline=10, max_attempts=9)
    error = played.fail(get_thing, GET)
    assert type(error) is errors.DeadlineExceededError
    assert played.clock.monotonic() <= 10
    assert error.attempts == played.sent == 3


def test_the_deadline_shortens_the_timeouts_of_an_attempt(play: Any, get_thing: Any) -> None:
    """An answer that never comes ends with the deadline, not with the read timeout."""
    played = play([delayed(1000, response(200))], deadline=3)
    error = played.fail(get_thing, GET)
    assert type(error) is errors.DeadlineExceededError
    assert played.clock.monotonic() == 3
    assert "no response in time" in str(error)


class Trickle(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body of which each piece is in time, and the whole is not."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(1000):
            self._clock.advance(1)
            yield b" "

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


def test_an_answer_that_trickles_in_ends_with_the_deadline(call: Any, get_thing: Any) -> None:
    """No timeout of the HTTP library ends it, as each of them begins anew with each piece."""
    clock = FakeClock()
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Trickle(clock)))
    with pytest.raises(errors.DeadlineExceededError, match="the deadline of the call has passed"):
        call(None, get_thing, GET, transport=transport, clock=clock, deadline=10, max_attempts=4)
    assert 10 < clock.monotonic() < 12


def test_no_deadline_waits_as_long_as_the_attempts_last(play: Any, get_thing: Any) -> None:
    """None turns it off."""
    script = [response(429, headers={"retry-after": "60"})] * 20
    played = play([*script, response(200)], deadline=None, max_attempts=21)
    played.call(get_thing, GET)
    assert played.clock.monotonic() > 1200


def test_a_deadline_of_a_post_keeps_its_doubt(play: Any, get_thing: Any) -> None:
    """Whoever catches the deadline still learns that something may have happened."""
    put = attrs.evolve(get_thing, id="things.update", method="PUT")
    error = play([connection_lost()], deadline=0.2).fail(
        put, Request("PUT", "/v1/things/7", json={})
    )
    assert type(error) is errors.DeadlineExceededError
    assert error.maybe_applied
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (vars(copied), str(copied)) == (vars(error), str(error))


# Budget


def test_an_outage_uses_the_budget_up_and_then_fails_at_once(play: Any, get_thing: Any) -> None:
    """A client must not multiply its load just when the server is down."""
    played = play(lambda _: response(503), max_attempts=3)
    errors_met = [played.fail(get_thing, GET) for _ in range(200)]
    retries = played.sent - 200
    elapsed = played.clock.monotonic()
    assert retries <= 50 + elapsed
    refused_ones = [error for error in errors_met if "too many calls failed lately" in str(error)]
    assert refused_ones
    assert all(isinstance(error, errors.ServiceUnavailableError) for error in errors_met)


def test_the_budget_comes_back_with_time() -> None:
    """One token a second, up to the capacity."""
    clock = FakeClock()
    budget = RetryBudget(clock, capacity=2, per_second=1)
    assert [budget.take() for _ in range(3)] == [True, True, False]
    clock.advance(1)
    assert [budget.take() for _ in range(2)] == [True, False]
    clock.advance(1000)
    assert [budget.take() for _ in range(3)] == [True, True, False]


def test_siblings_share_one_budget(play: Any, get_thing: Any) -> None:
    """with_options makes no way around it."""
    played = play(lambda _: response(503), max_attempts=2)
    for _ in range(60):
        played.client = played.client.with_options(timeout=5)
        played.fail(get_thing, GET)
    assert played.sent - 60 <= 50 + played.clock.monotonic()


# Events


def test_a_repeated_call_is_told_step_by_step(play: Any, get_thing: Any) -> None:
    """Attempt, answer, limit, repetition: in the order in which they happen."""
    limited = response(429, headers={"retry-after": "1", "request-id": "r-1"})
    played = play(
        [
            limited,
            delayed(2, connection_lost()),
            delayed(1, response(200, headers={"request-id": "r-3"})),
        ]
    )
    played.call(get_thing, GET)
    started = {
        "operation": "things.get",
        "method": "GET",
        "path": "/v1/things/7",
    }
    assert played.events == [
        insightiq.AttemptStarted(**started, template="/v1/things/{id}", attempt=1),
        insightiq.ResponseReceived(
            **started, status_code=429, request_id="r-1", attempt=1, seconds=0.0
        ),
        insightiq.RateLimited("things.get", 1.0, "r-1"),
        insightiq.RetryScheduled("things.get", 1, 1.5, "status 429"),
        insightiq.AttemptStarted(**started, template="/v1/things/{id}", attempt=2),
        insightiq.AttemptFailed(**started, timed_out=False, sent=True, attempt=2, seconds=2.0),
        insightiq.RetryScheduled("things.get", 2, 1.0, "a broken connection"),
        insightiq.AttemptStarted(**started, template="/v1/things/{id}", attempt=3),
        insightiq.ResponseReceived(
            **started, status_code=200, request_id="r-3", attempt=3, seconds=1.0
        ),
    ]
