"""Retries: policy, waits, budget, and the headers that they follow."""

from __future__ import annotations

import asyncio
import logging
import pickle
import ssl
from collections.abc import AsyncIterator, Iterator
from typing import Any

import attrs
import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import insightiq
from insightiq import errors
from insightiq._call import Calls, Send
from insightiq._raw import raw_operation, raw_request
from insightiq._response import Failure, Response
from insightiq._retry import (
    Kind,
    RetryBudget,
    is_ambiguous,
    is_retryable,
    kind_of,
    parse_http_date,
    retry_after_seconds,
    wait_before,
)
from insightiq._transport import failure_from
from insightiq.quota import Quota
from insightiq.testing import (
    FakeClock,
    ScriptedTransport,
    connection_lost,
    connection_refused,
    delayed,
    response,
    timed_out,
)
from insightiq_generated.client import Operation, Request


def received(status: int, headers: dict[str, str] | None = None) -> Response[None]:
    """Return a response."""
    return Response(None, status, httpx.Headers(headers or {}), b"")


def failure(kind: type[httpx.RequestError]) -> Failure:
    """Return an attempt without a response."""
    return failure_from(kind("planted"))


ASKED = {"retry-after": "2"}

# What ends an attempt, by name, and what kind of end it is.
OUTCOMES: dict[str, tuple[Response[None] | Failure, Kind]] = {
    "200": (received(200), Kind.SUCCESS),
    "201": (received(201), Kind.SUCCESS),
    "204": (received(204), Kind.SUCCESS),
    "302": (received(302), Kind.FINAL),
    "400": (received(400), Kind.FINAL),
    "401": (received(401), Kind.FINAL),
    "403": (received(403), Kind.FINAL),
    "404": (received(404), Kind.FINAL),
    "408": (received(408), Kind.TRANSIENT),
    "409": (received(409), Kind.FINAL),
    "422": (received(422), Kind.FINAL),
    "429": (received(429), Kind.REJECTED),
    "429 that says when": (received(429, headers=ASKED), Kind.REJECTED),
    "500": (received(500), Kind.TRANSIENT),
    "500 that says when": (received(500, headers=ASKED), Kind.TRANSIENT),
    "501": (received(501), Kind.FINAL),
    "502": (received(502), Kind.TRANSIENT),
    "503": (received(503), Kind.TRANSIENT),
    "503 that says when": (received(503, headers=ASKED), Kind.REJECTED),
    "504": (received(504), Kind.TRANSIENT),
    "505": (received(505), Kind.FINAL),
    "519": (received(519), Kind.FINAL),
    "520": (received(520), Kind.TRANSIENT),
    "524": (received(524), Kind.TRANSIENT),
    "529": (received(529), Kind.TRANSIENT),
    "530": (received(530), Kind.FINAL),
    "599": (received(599), Kind.FINAL),
    "no connection": (failure(httpx.ConnectError), Kind.NOT_SENT),
    "no connection in time": (failure(httpx.ConnectTimeout), Kind.NOT_SENT),
    "broken connection": (failure(httpx.ReadError), Kind.NO_RESPONSE),
    "no response in time": (failure(httpx.ReadTimeout), Kind.NO_RESPONSE),
    "impossible address": (failure(httpx.UnsupportedProtocol), Kind.IMPOSSIBLE),
}

IDEMPOTENT = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]
OTHERS = ["POST", "PATCH"]

# Whether a call is retried: idempotent or marked safe, and any other.
DECISIONS = {
    Kind.SUCCESS: (False, False),
    Kind.NOT_SENT: (True, True),
    Kind.REJECTED: (True, True),
    Kind.NO_RESPONSE: (True, False),
    Kind.TRANSIENT: (True, False),
    Kind.FINAL: (False, False),
    Kind.IMPOSSIBLE: (False, False),
}

# Kinds after which a call that changes something may have changed it.
AMBIGUOUS = {Kind.SUCCESS, Kind.NO_RESPONSE, Kind.TRANSIENT}


@pytest.mark.parametrize("name", OUTCOMES)
def test_outcomes_have_kinds(name: str) -> None:
    outcome, kind = OUTCOMES[name]
    assert kind_of(outcome) is kind


def test_table_is_complete() -> None:
    assert set(DECISIONS) == set(Kind)
    assert {kind for _, kind in OUTCOMES.values()} == set(Kind)


@pytest.mark.parametrize("method", IDEMPOTENT + OTHERS)
@pytest.mark.parametrize("name", OUTCOMES)
def test_every_decision(name: str, method: str) -> None:
    kind = kind_of(OUTCOMES[name][0])
    for marked in (True, False):
        safe, unsafe = DECISIONS[kind]
        expected = safe if marked or method in IDEMPOTENT else unsafe
        assert is_retryable(kind, method=method, retry_safe=marked) is expected


@pytest.mark.parametrize("method", IDEMPOTENT + OTHERS)
@pytest.mark.parametrize("kind", Kind)
def test_every_ambiguity(kind: Kind, method: str) -> None:
    changing = method in {"POST", "PATCH", "PUT", "DELETE"}
    expected = changing and kind in AMBIGUOUS
    assert is_ambiguous(kind, method=method, retry_safe=False) is expected
    assert is_ambiguous(kind, method=method, retry_safe=True) is False


NOW = 1_795_428_000.0  # Mon, 23 Nov 2026 10:00:00 GMT


@pytest.mark.parametrize(
    ("headers", "least"),
    [
        ({}, 0.0),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "-30"}, 0.0),
        ({"retry-after": "86400"}, 60.0),
        ({"retry-after": "1e300"}, 60.0),
        ({"retry-after": "inf"}, 0.0),
        ({"retry-after": "soon"}, 0.0),
        ({"retry-after": "Mon, 23 Nov 2026 10:00:20 GMT"}, 20.0),
        ({"retry-after": "Mon, 23 Nov 2026 09:00:00 GMT"}, 0.0),
        ({"retry-after": "Fri, 01 Jan 2100 00:00:00 GMT"}, 60.0),
        (
            {
                "retry-after": "Mon, 23 Nov 2026 12:00:09 GMT",
                "date": "Mon, 23 Nov 2026 12:00:00 GMT",
            },
            9.0,
        ),
    ],
)
def test_wait_is_at_least_retry_after(headers: dict[str, str], least: float) -> None:
    outcome = received(429, headers=headers)
    assert wait_before(outcome, attempt=1, now=NOW, chance=0.0) == least
    assert wait_before(outcome, attempt=1, now=NOW, chance=1.0) == least + 0.5


@pytest.mark.parametrize(
    ("attempt", "ceiling"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0), (6, 8.0), (999, 8.0)]
)
@pytest.mark.parametrize("chance", [0.0, 0.25, 1.0])
def test_jitter_spreads_up_to_ceiling(attempt: int, ceiling: float, chance: float) -> None:
    assert (
        wait_before(failure(httpx.ConnectError), attempt=attempt, now=NOW, chance=chance)
        == chance * ceiling
    )


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
def test_read_is_retried_until_it_succeeds(play: Any, get_thing: Any, failure: Any) -> None:
    played = play([failure, failure, response(200, json={"id": "7"})])
    assert played.call(get_thing, GET) == {"id": "7"}
    assert played.sent == 3
    assert played.clock.sleeps == [0.5, 1.0]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 501])
def test_permanent_errors_are_not_retried(play: Any, get_thing: Any, status: int) -> None:
    played = play([response(status)])
    error = played.fail(get_thing, GET)
    assert (error.status_code, error.attempts, error.waited, error.maybe_applied) == (
        status,
        1,
        0.0,
        False,
    )
    assert played.clock.sleeps == []


def test_error_counts_attempts(play: Any, get_thing: Any) -> None:
    played = play([response(500), connection_refused(), response(502), response(503)])
    error = played.fail(get_thing, GET)
    assert type(error) is errors.ServiceUnavailableError
    assert (error.attempts, error.waited, error.maybe_applied) == (4, 3.5, False)
    assert "Tried 4 times, waited 3.5 s." in str(error)


@pytest.mark.parametrize(("attempts", "sent"), [(1, 1), (2, 2), (7, 7)])
def test_max_attempts_counts_first_one(play: Any, get_thing: Any, attempts: int, sent: int) -> None:
    played = play([response(500)] * 9, max_attempts=attempts)
    assert played.fail(get_thing, GET).attempts == sent == played.sent


@pytest.mark.parametrize(
    "failure", [connection_lost(), timed_out(), response(500), response(503), response(520)]
)
def test_post_that_may_have_arrived_is_not_retried(
    play: Any, post_thing: Any, failure: Any
) -> None:
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
def test_unsent_post_is_retried(play: Any, post_thing: Any, failure: Any) -> None:
    played = play([failure, failure, response(201, json={"id": "7"})])
    assert played.call(post_thing, POST) == {"id": "7"}
    assert [request.json for request in played.transport.requests] == [{"name": "x"}] * 3


def test_safe_post_is_retried(play: Any, post_thing: Any) -> None:
    safe = attrs.evolve(post_thing, retry_safe=True)
    played = play([connection_lost(), response(500), response(200, json={"id": "7"})])
    assert played.call(safe, POST) == {"id": "7"}
    assert not play([connection_lost()] * 4).fail(safe, POST).maybe_applied


def test_maybe_applied_survives_later_attempts(play: Any, get_thing: Any) -> None:
    delete = attrs.evolve(get_thing, id="things.delete", method="DELETE")
    error = play([connection_lost(), response(404)]).fail(delete, Request("DELETE", "/v1/things/7"))
    assert type(error) is errors.NotFoundError
    assert error.maybe_applied
    assert "The server may have carried the call out." in str(error)


def test_unreadable_creation_is_maybe_applied(play: Any, post_thing: Any) -> None:
    error = play([response(201, content="{")]).fail(post_thing, POST)
    assert type(error) is errors.APIResponseValidationError
    assert error.maybe_applied
    assert error.attempts == 1
    assert not play([response(400)]).fail(post_thing, POST).maybe_applied


def test_retry_after_is_waited_for(play: Any, get_thing: Any) -> None:
    played = play([response(429, headers={"retry-after": "3"}), response(200)])
    played.call(get_thing, GET)
    assert played.clock.sleeps == [3.5]


def test_absurd_retry_after_is_capped(play: Any, get_thing: Any) -> None:
    played = play([response(503, headers={"retry-after": "86400"}), response(200)])
    played.call(get_thing, GET)
    assert played.clock.sleeps == [60.5]


def test_impossible_request_is_not_retried(play: Any, get_thing: Any) -> None:
    failure = httpx.UnsupportedProtocol("no address")
    assert play([failure]).fail(get_thing, GET).attempts == 1


# Deadlines


def test_rejected_certificate_is_not_retried(both_calls: Any, script: Any, get_thing: Any) -> None:
    for calling in both_calls:
        error = httpx.ConnectError("certificate verify failed")
        error.__cause__ = ssl.SSLCertVerificationError("self-signed certificate")
        responses = script([error])
        with pytest.raises(errors.APIConnectionError, match="Nothing reached the server"):
            calling(responses, get_thing, GET, max_attempts=4)
        assert len(responses.requests) == 1


def test_wait_beyond_deadline_is_not_started(play: Any, get_thing: Any) -> None:
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


def test_deadline_holds_for_attempts_together(play: Any, get_thing: Any) -> None:
    played = play([delayed(4, response(500))] * 9, deadline=10, max_attempts=9)
    error = played.fail(get_thing, GET)
    assert type(error) is errors.DeadlineExceededError
    assert played.clock.monotonic() <= 10
    assert error.attempts == played.sent == 3


def test_deadline_shortens_timeouts_of_attempt(play: Any, get_thing: Any) -> None:
    played = play([delayed(1000, response(200))], deadline=3)
    error = played.fail(get_thing, GET)
    assert type(error) is errors.DeadlineExceededError
    assert played.clock.monotonic() == 3
    assert "no response in time" in str(error)


class Trickle(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body whose parts are in time, but not the whole."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(1000):
            self._clock.advance(1)
            yield b" "

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


def test_trickling_response_raises_deadline_error(call: Any, get_thing: Any) -> None:
    clock = FakeClock()
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Trickle(clock)))
    with pytest.raises(errors.DeadlineExceededError, match="the deadline of the call has passed"):
        call(None, get_thing, GET, transport=transport, clock=clock, deadline=10, max_attempts=4)
    assert 10 < clock.monotonic() < 12


def test_no_deadline_waits_as_long_as_attempts_last(play: Any, get_thing: Any) -> None:
    script = [response(429, headers={"retry-after": "60"})] * 20
    played = play([*script, response(200)], deadline=None, max_attempts=21)
    played.call(get_thing, GET)
    assert played.clock.monotonic() > 1200


def test_deadline_of_post_is_maybe_applied(play: Any, get_thing: Any) -> None:
    put = attrs.evolve(get_thing, id="things.update", method="PUT")
    error = play([connection_lost()], deadline=0.2).fail(
        put, Request("PUT", "/v1/things/7", json={})
    )
    assert type(error) is errors.DeadlineExceededError
    assert error.maybe_applied
    copied = pickle.loads(pickle.dumps(error))
    assert (vars(copied), str(copied)) == (vars(error), str(error))


# Budget


def test_outage_exhausts_retry_budget(play: Any, get_thing: Any) -> None:
    played = play(lambda _: response(503), max_attempts=3)
    errors_met = [played.fail(get_thing, GET) for _ in range(200)]
    retries = played.sent - 200
    elapsed = played.clock.monotonic()
    assert retries <= 50 + elapsed
    rejected = [error for error in errors_met if "too many calls failed lately" in str(error)]
    assert rejected
    assert all(isinstance(error, errors.ServiceUnavailableError) for error in errors_met)


def test_budget_comes_back_with_time() -> None:
    clock = FakeClock()
    budget = RetryBudget(clock, capacity=2, per_second=1)
    assert [budget.take() for _ in range(3)] == [True, True, False]
    clock.advance(1)
    assert [budget.take() for _ in range(2)] == [True, False]
    clock.advance(1000)
    assert [budget.take() for _ in range(3)] == [True, True, False]


def test_siblings_share_one_budget(play: Any, get_thing: Any) -> None:
    played = play(lambda _: response(503), max_attempts=2)
    for _ in range(60):
        played.client = played.client.with_options(timeout=5)
        played.fail(get_thing, GET)
    assert played.sent - 60 <= 50 + played.clock.monotonic()


# Events


def test_retried_call_emits_each_event(play: Any, get_thing: Any) -> None:
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


DATE = "Mon, 23 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("1", 1.0),
        (" 2 ", 2.0),
        ("0", 0.0),
        ("0.25", 0.25),
        ("-5", 0.0),
        ("86400000", 86_400_000.0),
        ("inf", None),
        ("nan", None),
        ("soon", None),
        ("Mon, 23 Nov 2026 10:00:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 09:59:30 GMT", 0.0),
        ("Mon, 23 Nov 2026 10:00:30 -0000", None),
        ("Mon, 99 Nov 2026 10:00:30 GMT", None),
    ],
)
def test_form_of_header_is_read(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, DATE) == seconds


def test_date_is_measured_against_server_clock() -> None:
    assert (
        retry_after_seconds("Sun, 01 Jan 2090 00:00:10 GMT", "Sun, 01 Jan 2090 00:00:00 GMT") == 10
    )


def test_date_is_measured_against_client_clock() -> None:
    assert retry_after_seconds("Thu, 01 Jan 1970 00:00:10 GMT", None) == 0.0
    assert retry_after_seconds("Thu, 01 Jan 1970 00:00:10 GMT", "yesterday") is None


HUGE = "9" * 5000
# A month or a weekday that is none, years and zones beyond what a date can hold.
DATES = st.builds(
    "{}, {} {} {} {}:{}:{} {}".format,
    st.sampled_from(["Wed", "Xyz", ""]),
    st.sampled_from(["21", "0", "99", "-1", HUGE]),
    st.sampled_from(["Oct", "Feb", "Foo", ""]),
    st.sampled_from(["2026", "0", "1", "69", "-5", "9999", "10000", "9" * 20, HUGE]),
    st.sampled_from(["07", "24", "-1", HUGE]),
    st.sampled_from(["28", "60", HUGE]),
    st.sampled_from(["00", "61", "1e9", HUGE]),
    st.sampled_from(["GMT", "-0000", "+9999", "-9999", "+" + "9" * 17, HUGE, "é", ""]),
)
NUMBERS = st.sampled_from(
    ["0", "1", "-1", "-0", "1e400", "-1e400", "nan", "inf", "1_0", "0x1", "٣", HUGE, f"-{HUGE}"]
) | st.integers().map(str)
# What a header can hold on the wire: no line breaks, no NUL.
TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40)
VALUES = DATES | NUMBERS | TEXTS | st.just("x" * 60_000)
READ = (
    "date",
    "retry-after",
    "request-id",
    "content-type",
    "content-encoding",
    "content-length",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
)
HEADERS = st.fixed_dictionaries({}, optional=dict.fromkeys(READ, VALUES))


@given(VALUES)
@example("Wed, 21 Oct 99999999999999999999 07:28:00 GMT")
@example("Wed, 21 Oct 2026 07:28:00 +99999999999999999")
def test_no_date_header_raises(text: str) -> None:
    found = parse_http_date(text)
    assert found is None or abs(found) < 1e12


@given(VALUES, st.none() | VALUES)
@example("Wed, 21 Oct 99999999999999999999 07:28:00 GMT", None)
def test_no_retry_after_header_raises(value: str, date: str | None) -> None:
    found = retry_after_seconds(value, date)
    assert found is None or 0 <= found < float("inf")


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
@settings(max_examples=150, deadline=None)
@given(
    responses=st.lists(st.tuples(st.sampled_from([200, 404, 429, 500, 503]), HEADERS), max_size=4)
)
@example(responses=[(200, {"date": "Wed, 21 Oct 99999999999999999999 07:28:00 GMT"})])
@example(responses=[(429, {"retry-after": "Wed, 21 Oct 99999999999999999999 07:28:00 GMT"})])
def test_no_header_breaks_call_or_loses_slot(
    responses: list[tuple[int, dict[str, str]]], *, asynchronous: bool
) -> None:
    clock = FakeClock()
    script = [response(status, json={}, headers=headers) for status, headers in responses]
    transport = ScriptedTransport([*script, *[response(404)] * 4], clock=clock)
    quota = Quota(clock=clock)
    options: dict[str, Any] = {
        "client_id": "id",
        "client_secret": "planted-secret",
        "quota": quota,
        "clock": clock,
        "transport": transport,
    }
    if asynchronous:
        error = asyncio.run(_failure_async(insightiq.AsyncInsightIQ(**options)))
    else:
        error = _failure(insightiq.InsightIQ(**options))
    assert not quota._state.under_way
    assert clock.monotonic() < 3 * 70
    if error is not None:
        assert str(error).isprintable()
        assert len(str(error)) < 2000


def _failure(iq: insightiq.InsightIQ) -> errors.InsightIQError | None:
    try:
        iq.request("GET", "/v1/things")
    except errors.InsightIQError as error:
        return error
    return None


async def _failure_async(iq: insightiq.AsyncInsightIQ) -> errors.InsightIQError | None:
    try:
        await iq.request("GET", "/v1/things")
    except errors.InsightIQError as error:
        return error
    return None


def test_request_id_cannot_write_to_terminal(caplog: pytest.LogCaptureFixture) -> None:
    evil = "\x9b2J\x85" + "r" * 60_000
    script = ScriptedTransport([response(404, json={}, headers={"request-id": evil})])
    with (
        caplog.at_level(logging.INFO, logger="insightiq"),
        insightiq.InsightIQ(client_id="id", client_secret="s3cret", transport=script) as iq,
        pytest.raises(errors.NotFoundError) as caught,
    ):
        iq.users.get("u-1")
    for text in (str(caught.value), *caplog.messages):
        assert text.isprintable()
        assert len(text) < 1000
    assert caught.value.request_id == evil


def test_slot_is_released_when_reading_fails() -> None:
    class Odd(dict[str, str]):
        def get(self, name: str, default: Any = None) -> Any:
            if name == "date":
                raise ZeroDivisionError
            return super().get(name, default)

    clock = FakeClock()
    quota = Quota(clock=clock)
    iq = insightiq.InsightIQ(client_id="id", client_secret="s3", quota=quota, clock=clock)
    driver: Any = iq._driver
    with pytest.raises(ZeroDivisionError):
        _run(driver, Odd())
    assert not quota._state.under_way


def _run(driver: Any, headers: Any) -> None:
    operation = raw_operation("GET", "/v1/things")
    calls = Calls(driver._shared, driver._shared.sender.get("test"), driver.options)
    steps = calls.call(operation, raw_request(operation, None, None))
    effect = next(steps)
    while not isinstance(effect, Send):
        effect = steps.send(driver._carry_out(effect, None))
    steps.send(Response(None, 200, headers, b"{}"))
