"""Every decision about repeating a call, as one table."""

from __future__ import annotations

import itertools

import httpx
import pytest

from insightiq._response import Failure, Response
from insightiq._retry import Action, Kind, decide, is_ambiguous, kind_of, wait_before
from insightiq._transport import failure_from


def response(status: int, headers: dict[str, str] | None = None) -> Response[None]:
    """Return a response."""
    return Response(None, status, httpx.Headers(headers or {}), b"")


def failure(kind: type[httpx.RequestError]) -> Failure:
    """Return an attempt without a response."""
    return failure_from(kind("planted"))


ASKED = {"retry-after": "2"}

# What ends an attempt, by name, and what kind of end it is.
OUTCOMES: dict[str, tuple[Response[None] | Failure, Kind]] = {
    "200": (response(200), Kind.SUCCESS),
    "201": (response(201), Kind.SUCCESS),
    "204": (response(204), Kind.SUCCESS),
    "302": (response(302), Kind.FINAL),
    "400": (response(400), Kind.FINAL),
    "401": (response(401), Kind.FINAL),
    "403": (response(403), Kind.FINAL),
    "404": (response(404), Kind.FINAL),
    "408": (response(408), Kind.TRANSIENT),
    "409": (response(409), Kind.FINAL),
    "422": (response(422), Kind.FINAL),
    "429": (response(429), Kind.REJECTED),
    "429 that says when": (response(429, headers=ASKED), Kind.REJECTED),
    "500": (response(500), Kind.TRANSIENT),
    "500 that says when": (response(500, headers=ASKED), Kind.TRANSIENT),
    "501": (response(501), Kind.FINAL),
    "502": (response(502), Kind.TRANSIENT),
    "503": (response(503), Kind.TRANSIENT),
    "503 that says when": (response(503, headers=ASKED), Kind.REJECTED),
    "504": (response(504), Kind.TRANSIENT),
    "505": (response(505), Kind.FINAL),
    "519": (response(519), Kind.FINAL),
    "520": (response(520), Kind.TRANSIENT),
    "524": (response(524), Kind.TRANSIENT),
    "529": (response(529), Kind.TRANSIENT),
    "530": (response(530), Kind.FINAL),
    "599": (response(599), Kind.FINAL),
    "no connection": (failure(httpx.ConnectError), Kind.NOT_SENT),
    "no connection in time": (failure(httpx.ConnectTimeout), Kind.NOT_SENT),
    "broken connection": (failure(httpx.ReadError), Kind.NO_RESPONSE),
    "no response in time": (failure(httpx.ReadTimeout), Kind.NO_RESPONSE),
    "impossible address": (failure(httpx.UnsupportedProtocol), Kind.IMPOSSIBLE),
}

IDEMPOTENT = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]
OTHERS = ["POST", "PATCH"]

# (kind, idempotent or marked safe) → (before the last attempt, in the last attempt).
DECISIONS = {
    (Kind.SUCCESS, True): (Action.RETURN, Action.RETURN),
    (Kind.SUCCESS, False): (Action.RETURN, Action.RETURN),
    (Kind.NOT_SENT, True): (Action.RETRY, Action.RAISE_EXHAUSTED),
    (Kind.NOT_SENT, False): (Action.RETRY, Action.RAISE_EXHAUSTED),
    (Kind.REJECTED, True): (Action.RETRY, Action.RAISE_EXHAUSTED),
    (Kind.REJECTED, False): (Action.RETRY, Action.RAISE_EXHAUSTED),
    (Kind.NO_RESPONSE, True): (Action.RETRY, Action.RAISE_EXHAUSTED),
    (Kind.NO_RESPONSE, False): (Action.RAISE_UNSAFE, Action.RAISE_UNSAFE),
    (Kind.TRANSIENT, True): (Action.RETRY, Action.RAISE_EXHAUSTED),
    (Kind.TRANSIENT, False): (Action.RAISE_UNSAFE, Action.RAISE_UNSAFE),
    (Kind.FINAL, True): (Action.RAISE_FINAL, Action.RAISE_FINAL),
    (Kind.FINAL, False): (Action.RAISE_FINAL, Action.RAISE_FINAL),
    (Kind.IMPOSSIBLE, True): (Action.RAISE_FINAL, Action.RAISE_FINAL),
    (Kind.IMPOSSIBLE, False): (Action.RAISE_FINAL, Action.RAISE_FINAL),
}

# Kinds after which a call that changes something may have changed it.
AMBIGUOUS = {Kind.SUCCESS, Kind.NO_RESPONSE, Kind.TRANSIENT}


@pytest.mark.parametrize("name", OUTCOMES)
def test_every_outcome_has_its_kind(name: str) -> None:
    """The statuses and failures of the table are told apart as the module's docstring draws it."""
    outcome, kind = OUTCOMES[name]
    assert kind_of(outcome) is kind


def test_the_table_is_complete() -> None:
    """A kind that is added has to be decided upon here."""
    assert set(DECISIONS) == set(itertools.product(Kind, [True, False]))
    assert {kind for _, kind in OUTCOMES.values()} == set(Kind)


@pytest.mark.parametrize("method", IDEMPOTENT + OTHERS)
@pytest.mark.parametrize("name", OUTCOMES)
def test_every_decision(name: str, method: str) -> None:
    """Method, safe mark, end and number of the attempt decide, and nothing else."""
    kind = kind_of(OUTCOMES[name][0])
    for marked, attempt in itertools.product([True, False], [1, 2, 3, 4]):
        before, last = DECISIONS[kind, marked or method in IDEMPOTENT]
        action = decide(kind, method=method, retry_safe=marked, attempt=attempt, max_attempts=4)
        assert action is (last if attempt == 4 else before), (marked, attempt)


@pytest.mark.parametrize("method", IDEMPOTENT + OTHERS)
@pytest.mark.parametrize("kind", Kind)
def test_every_doubt(kind: Kind, method: str) -> None:
    """A failure leaves a doubt only where the server may have acted, and acting matters."""
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
def test_a_wait_is_at_least_what_the_server_asked_for(
    headers: dict[str, str], least: float
) -> None:
    """Seconds, dates, past, absurd, absent: never earlier than asked, never longer than a minute."""
    outcome = response(429, headers=headers)
    assert wait_before(outcome, attempt=1, now=NOW, chance=0.0) == least
    assert wait_before(outcome, attempt=1, now=NOW, chance=1.0) == least + 0.5


@pytest.mark.parametrize(
    ("attempt", "ceiling"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0), (6, 8.0), (999, 8.0)]
)
@pytest.mark.parametrize("chance", [0.0, 0.25, 1.0])
def test_the_random_part_spreads_over_the_whole_of_a_growing_time(
    attempt: int, ceiling: float, chance: float
) -> None:
    """Full jitter: from nothing to a ceiling that doubles, up to eight seconds."""
    assert (
        wait_before(failure(httpx.ConnectError), attempt=attempt, now=NOW, chance=chance)
        == chance * ceiling
    )
