"""Connections whose clients keep the server waiting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from insightiq_mock.web.http_protocol import HttpProtocol, http_protocol, sweep


class Transport:
    """A connection that only remembers."""

    def __init__(self) -> None:
        self.sent = b""
        self.unread = 0
        self.state = "open"

    def get_extra_info(self, name: str) -> tuple[str, int] | None:
        """Tell the addresses of both ends."""
        return ("127.0.0.1", 1) if name.endswith("name") else None

    def write(self, data: bytes) -> None:
        """Take bytes."""
        self.sent += data

    def get_write_buffer_size(self) -> int:
        """Tell how much the client has not taken yet."""
        return self.unread

    def is_closing(self) -> bool:
        """Tell whether the end was called for."""
        return self.state != "open"

    def close(self) -> None:
        """End when all is sent."""
        self.state = "closed"

    def abort(self) -> None:
        """End now."""
        self.state = "aborted"

    def pause_reading(self) -> None:
        """Take nothing in for a while."""

    def resume_reading(self) -> None:
        """Take in again."""


class Task:
    """Work that nobody does."""

    def add_done_callback(self, _callback: object) -> None:
        """It is never done."""


class Loop:
    """An event loop with a clock that tests move, which runs nothing."""

    def __init__(self) -> None:
        self.now = 1000.0

    def time(self) -> float:
        """Tell the time."""
        return self.now

    def create_task(self, coroutine: Any) -> Task:
        """Do not run it."""
        coroutine.close()
        return Task()


@pytest.fixture
def connect() -> Callable[..., tuple[HttpProtocol, Transport, Loop]]:
    """What opens connections of one server."""
    state = ServerState()

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        """Never called."""

    def make(most_connections: int = 10) -> tuple[HttpProtocol, Transport, Loop]:
        kind = http_protocol(lambda: 1_780_000_000.0, most_connections)
        config = uvicorn.Config(app, log_config=None, lifespan="off")
        loop, transport = Loop(), Transport()
        connection = kind(config, state, {}, loop)  # type: ignore[arg-type] # enough of a loop
        connection.connection_made(transport)  # type: ignore[arg-type] # enough of a transport
        return connection, transport, loop

    return make


def test_a_head_has_thirty_seconds(connect: Any) -> None:
    """Whether it was begun or not; afterwards nobody waits for it."""
    for beginning in (b"", b"GET / HT"):
        connection, transport, loop = connect()
        if beginning:
            connection.data_received(beginning)
        sweep([connection], loop.now + 29)
        assert transport.state == "open"
        sweep([connection], loop.now + 31)
        assert transport.state == "closed"


def test_an_answer_may_take_longer(connect: Any) -> None:
    """A request that is complete is no longer waited for: it is the server's turn."""
    connection, transport, loop = connect()
    connection.data_received(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    sweep([connection], loop.now + 1000)
    assert transport.state == "open"


def test_a_client_that_stops_reading_is_let_go(connect: Any) -> None:
    """After a minute without taking a byte, not before; closing connections too."""
    for closing in (False, True):
        connection, transport, loop = connect()
        connection.data_received(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        if closing:
            transport.close()
        before = transport.state
        for seconds, unread in ((0, 500), (50, 400), (100, 400), (109, 400)):
            transport.unread = unread
            sweep([connection], loop.now + seconds)
            assert transport.state == before
        sweep([connection], loop.now + 111)
        assert transport.state == "aborted"


def test_one_connection_too_many_is_told_so(connect: Any) -> None:
    """In the envelope, with a date, and it ends."""
    connect(2)
    connect(2)
    _, transport, _ = connect(2)
    assert transport.sent.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b"\r\nretry-after: 1\r\n" in transport.sent
    assert b"\r\ndate: Thu, 28 May 2026 20:26:40 GMT\r\n" in transport.sent
    assert transport.state == "closed"


def test_a_body_that_goes_on_after_its_answer_is_cut_off(connect: Any) -> None:
    """A little of it is passed over."""
    connection, transport, _ = connect()
    connection.data_received(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n")
    connection.cycle.response_complete = True
    for _ in range(256):
        connection.data_received(b"x" * 65_536)
    assert transport.state == "open"
    connection.data_received(b"x")
    assert transport.state == "aborted"


def test_a_body_has_thirty_seconds(connect: Any) -> None:
    """From its head on; then 408, or just the end if there has been an answer."""
    for answered in (False, True):
        connection, transport, loop = connect()
        connection.data_received(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc")
        connection.cycle.response_started = answered
        sweep([connection], loop.now + 29)
        assert transport.state == "open"
        sweep([connection], loop.now + 31)
        assert transport.state == "closed"
        assert transport.sent.startswith(b"" if answered else b"HTTP/1.1 408 Request Timeout\r\n")
        assert bool(transport.sent) is not answered


def test_a_body_that_is_complete_is_not_waited_for(connect: Any) -> None:
    """However long its answer takes."""
    connection, transport, loop = connect()
    connection.data_received(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde")
    sweep([connection], loop.now + 1000)
    assert transport.state == "open"
