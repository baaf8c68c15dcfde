"""A call ends at its deadline, however a server spends the time."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from typing import Any

import pytest
from raw_server import PATIENCE, Speaker, dripping, serving

import insightiq
from insightiq import errors
from insightiq._transport import Deadline
from insightiq.testing import FakeClock

DEADLINE = 0.3
# What a busy machine may take; without the deadline, the calls would last as long as the server.
GENEROUS = PATIENCE - 1
OK = b"HTTP/1.1 200 OK\r\n"
GZIP_NAME = b"\x1f\x8b\x08\x08\0\0\0\0\0\0"


def _silent(_: socket.socket, over: threading.Event) -> None:
    over.wait(PATIENCE)


def _reading_slowly(connection: socket.socket, over: threading.Event) -> None:
    while not over.wait(0.01) and connection.recv(2_000):
        pass


def _shaking_hands_slowly(connection: socket.socket, over: threading.Event) -> None:
    # The head of a record of TLS that is long in coming.
    dripping(b"\x16\x03\x03\x40\x00", b"x")(connection, over)


ANSWERS: dict[str, Speaker] = {
    "head": dripping(OK + b"x-header: ", b"x"),
    "informational": dripping(b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "informational-flood": dripping(b"", b"HTTP/1.1 102 Processing\r\n\r\n", 0.0),
    "gzip-header": dripping(
        OK + b"content-encoding: gzip\r\ncontent-length: 99999\r\n\r\n" + GZIP_NAME, b"n"
    ),
    "body": dripping(OK + b"content-length: 99999\r\n\r\n", b"x"),
    "chunk-extension": dripping(OK + b"transfer-encoding: chunked\r\n\r\n1;", b"x"),
}


def fail(asynchronous: bool, scheme: str, port: int, method: str, **options: Any) -> Any:  # noqa: FBT001 - a test's parameter
    """Make a call that fails, and return its error."""
    body = options.pop("json", None)
    settings: dict[str, Any] = {
        "client_id": "id",
        "client_secret": "planted-secret",
        "quota": None,
        "base_url": f"{scheme}://127.0.0.1:{port}",
        "deadline": DEADLINE,
        **options,
    }

    async def main() -> None:
        async with insightiq.AsyncInsightIQ(**settings) as iq:
            await iq.request(method, "/v1/things", json=body)

    def call() -> None:
        with insightiq.InsightIQ(**settings) as iq:
            iq.request(method, "/v1/things", json=body)

    began = time.monotonic()
    with pytest.raises(errors.InsightIQError) as caught:
        asyncio.run(main()) if asynchronous else call()
    assert time.monotonic() - began < GENEROUS
    return caught.value


both = pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])


@both
@pytest.mark.parametrize("how", ANSWERS)
def test_a_trickling_response_ends_at_the_deadline(how: str, *, asynchronous: bool) -> None:
    """Each piece is in time for its own timeout; all of them together are not."""
    with serving(ANSWERS[how]) as port:
        error = fail(asynchronous, "http", port, "GET")
    assert isinstance(error, errors.DeadlineExceededError)
    assert error.attempts == 1


@both
def test_a_request_that_is_read_slowly_ends_at_the_deadline(*, asynchronous: bool) -> None:
    """Nobody knows what a server makes of half a request, so the error leaves that open."""
    with serving(_reading_slowly) as port:
        error = fail(asynchronous, "http", port, "POST", json="x" * 8_000_000, deadline=1.5)
    assert isinstance(error, errors.DeadlineExceededError)
    assert error.maybe_applied


@both
@pytest.mark.parametrize("speak", [_silent, _shaking_hands_slowly], ids=["silent", "slow"])
def test_a_slow_handshake_ends_at_the_deadline(speak: Speaker, *, asynchronous: bool) -> None:
    """Before the connection stands nothing can have been carried out, and the error says so."""
    with serving(speak) as port:
        error = fail(asynchronous, "https", port, "POST")
    assert isinstance(error, errors.DeadlineExceededError)
    assert not error.maybe_applied
    assert "Nothing reached the server" in str(error)


@both
def test_a_read_timeout_before_the_deadline_is_reported_as_one(*, asynchronous: bool) -> None:
    """Raising the deadline would not help there."""
    with serving(_silent) as port:
        error = fail(asynchronous, "http", port, "POST", timeout=0.1, deadline=600)
    assert isinstance(error, errors.APITimeoutError)
    assert "Raise the timeout" in str(error)


@both
def test_a_single_attempt_that_the_deadline_ends_says_so(*, asynchronous: bool) -> None:
    """A POST is not tried again, nor is a call of one attempt: the deadline ended it all the same."""
    with serving(_silent) as port:
        error = fail(asynchronous, "http", port, "POST")
    assert isinstance(error, errors.DeadlineExceededError)
    assert error.maybe_applied
    assert "Raise the deadline" in str(error)


def test_a_wait_has_what_is_left_of_the_call() -> None:
    """Not the whole of it once more: the second half of a response has the second half of the time."""
    clock = FakeClock()
    deadline = Deadline(clock.monotonic)
    begun = deadline.begin(10)
    clock.advance(4)
    assert [deadline.cap(given, TimeoutError) for given in (None, 30, 6, 2)] == [6, 6, 6, 2]
    clock.advance(6)
    with pytest.raises(TimeoutError, match="the deadline of the call has passed"):
        deadline.cap(2, TimeoutError)
    deadline.end(begun)
    assert deadline.cap(2, TimeoutError) == 2
    assert deadline.cap(None, TimeoutError) is None


def test_a_request_within_another_has_its_own_end() -> None:
    """A transport of the user's may call another client."""
    deadline = Deadline(FakeClock().monotonic)
    outer = deadline.begin(10)
    inner = deadline.begin(None)
    assert deadline.cap(None, TimeoutError) is None
    deadline.end(inner)
    assert deadline.cap(None, TimeoutError) == 10
    deadline.end(outer)


def test_each_address_of_a_host_has_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three addresses that do not answer take no longer than one."""
    tried: list[float] = []

    def connect(_: Any, timeout: float, **__: Any) -> Any:
        tried.append(timeout)
        time.sleep(timeout)
        raise TimeoutError

    found = [(2, 1, 6, "", (f"192.0.2.{number}", 443)) for number in range(3)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", connect)
    error = fail(False, "https", 443, "POST", max_attempts=1)
    assert isinstance(error, errors.DeadlineExceededError)
    assert not error.maybe_applied
    assert sum(tried) < 2 * DEADLINE
