"""Transport: deadlines and connections."""

from __future__ import annotations

import asyncio
import http.server
import json
import socket
import threading
import time
import typing
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from raw_server import PATIENCE, Speaker, dripping, serving

import insightiq
from insightiq import errors
from insightiq._transport import Deadline
from insightiq.testing import FakeClock, ScriptedTransport

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


def fail(asynchronous: bool, scheme: str, port: int, method: str, **options: Any) -> Any:
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
def test_trickling_response_ends_at_deadline(how: str, *, asynchronous: bool) -> None:
    with serving(ANSWERS[how]) as port:
        error = fail(asynchronous, "http", port, "GET")
    assert isinstance(error, errors.DeadlineExceededError)
    assert error.attempts == 1


@both
def test_slow_upload_ends_at_deadline(*, asynchronous: bool) -> None:
    with serving(_reading_slowly) as port:
        error = fail(asynchronous, "http", port, "POST", json="x" * 8_000_000, deadline=1.5)
    assert isinstance(error, errors.DeadlineExceededError)
    assert error.maybe_applied


@both
@pytest.mark.parametrize("speak", [_silent, _shaking_hands_slowly], ids=["silent", "slow"])
def test_slow_handshake_ends_at_deadline(speak: Speaker, *, asynchronous: bool) -> None:
    with serving(speak) as port:
        error = fail(asynchronous, "https", port, "POST")
    assert isinstance(error, errors.DeadlineExceededError)
    assert not error.maybe_applied
    assert "Nothing reached the server" in str(error)


@both
def test_read_timeout_before_deadline_is_reported_as_one(*, asynchronous: bool) -> None:
    with serving(_silent) as port:
        error = fail(asynchronous, "http", port, "POST", timeout=0.1, deadline=600)
    assert isinstance(error, errors.APITimeoutError)
    assert "Raise the timeout" in str(error)


@both
def test_deadline_of_single_attempt_is_named(*, asynchronous: bool) -> None:
    with serving(_silent) as port:
        error = fail(asynchronous, "http", port, "POST")
    assert isinstance(error, errors.DeadlineExceededError)
    assert error.maybe_applied
    assert "Raise the deadline" in str(error)


def test_wait_has_what_is_left_of_call() -> None:
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


def test_nested_request_has_own_deadline() -> None:
    deadline = Deadline(FakeClock().monotonic)
    outer = deadline.begin(10)
    inner = deadline.begin(None)
    assert deadline.cap(None, TimeoutError) is None
    deadline.end(inner)
    assert deadline.cap(None, TimeoutError) == 10
    deadline.end(outer)


def test_address_of_host_has_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
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


# Seconds between one response and the next call, and whether that call finds the connection.
_PAUSES = [(0.0, True), (3.5, True), (4.5, False), (60.0, False)]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Respond with the client's port, which identifies the connection."""
        body = json.dumps(self.client_address[1]).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def settings() -> Iterator[dict[str, Any]]:
    """A client's settings for a server that keeps connections open."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as serving:
        serving.daemon_threads = True
        thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        base_url = f"http://127.0.0.1:{serving.server_address[1]}"
        yield {"client_id": "id", "client_secret": "s3", "base_url": base_url, "quota": None}
        serving.shutdown()
        thread.join()


@pytest.fixture
def let_pass(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set the clock of the connection pool forward."""
    real, ahead = time.monotonic, [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: real() + sum(ahead))
    return ahead.append


@pytest.mark.parametrize(("pause", "kept"), _PAUSES)
def test_idle_connection_ends_before_server_ends_it(
    settings: dict[str, Any], let_pass: Callable[[float], None], pause: float, *, kept: bool
) -> None:
    with insightiq.InsightIQ(**settings) as iq:
        first = iq.request("GET", "/v1/anything").parsed
        let_pass(pause)
        assert (iq.request("GET", "/v1/anything").parsed == first) is kept


@pytest.mark.parametrize(("pause", "kept"), _PAUSES)
def test_idle_connection_of_asyncio_ends_in_time_too(
    settings: dict[str, Any], let_pass: Callable[[float], None], pause: float, *, kept: bool
) -> None:
    async def main() -> None:
        async with insightiq.AsyncInsightIQ(**settings) as iq:
            first = (await iq.request("GET", "/v1/anything")).parsed
            let_pass(pause)
            assert ((await iq.request("GET", "/v1/anything")).parsed == first) is kept

    asyncio.run(main())


def test_ended_event_loop_is_named() -> None:
    def end(_: object) -> typing.NoReturn:
        message = "Event loop is closed"
        raise RuntimeError(message)

    iq = insightiq.AsyncInsightIQ(
        client_id="id", client_secret="s3", transport=ScriptedTransport(end)
    )
    with pytest.raises(errors.ClientClosedError, match="make a client in each event loop"):
        asyncio.run(iq.users.get("u-1"))
