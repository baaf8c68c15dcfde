"""The limits of each connection, and the envelope for requests that are not HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from insightiq_mock.http_server import Connection, HttpServer

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"

App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Transport:
    """A connection that only remembers."""

    def __init__(self) -> None:
        self.sent = b""
        self.writes = 0
        self.unread = 0
        self.state = "open"

    def get_extra_info(self, name: str) -> tuple[str, int] | None:
        """Return the addresses of both ends."""
        return ("127.0.0.1", 1) if name.endswith("name") else None

    def write(self, data: bytes) -> None:
        """Take bytes."""
        self.sent += data
        self.writes += 1

    def get_write_buffer_size(self) -> int:
        """Return how much the client has not read yet."""
        return self.unread

    def is_closing(self) -> bool:
        """Return whether the connection ends."""
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


async def waiting(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Never respond."""
    await asyncio.Event().wait()


async def beginning(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Send the head of a response only."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})
    await asyncio.Event().wait()


async def responding(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Respond without reading the body."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


class Client:
    """The client's end of connections to one server, on a loop that tests run step by step."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.server = HttpServer(waiting, most_connections=2, seconds=lambda: 1_780_000_000.0)

    def connect(self, app: App = waiting) -> tuple[Connection, Transport]:
        """Open a connection whose requests reach ``app``."""
        server = HttpServer(app)
        server.most_connections = self.server.most_connections
        server.seconds = self.server.seconds
        server.connections = self.server.connections
        transport = Transport()

        async def make() -> Connection:
            options = {"config": server._config, "server_state": ServerState(), "_loop": self.loop}
            return server.connection(app_state={}, **options)

        connection = self.loop.run_until_complete(make())
        connection.connection_made(transport)  # type: ignore[arg-type] # enough of a transport
        return connection, transport

    def send(self, connection: Connection, *chunks: bytes) -> None:
        """Send chunks, each in its own turn of the loop."""
        for chunk in chunks:
            self.loop.call_soon(connection.data_received, chunk)
            self.loop.run_until_complete(asyncio.sleep(0))
            self.loop.run_until_complete(asyncio.sleep(0))

    def sweep(self, seconds: float) -> None:
        """Let the server look after its connections, some seconds from now."""
        self.server.sweep(self.loop.time() + seconds)


@pytest.fixture
def client() -> Iterator[Client]:
    """A client, whose requests are cancelled at the end."""
    loop = asyncio.new_event_loop()
    yield Client(loop)
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


@pytest.mark.parametrize("beginning", [b"", b"GET / HT"])
def test_head_has_thirty_seconds(client: Client, beginning: bytes) -> None:
    connection, transport = client.connect()
    client.send(connection, beginning)
    client.sweep(29)
    assert transport.state == "open"
    client.sweep(31)
    assert transport.state == "closed"


@pytest.mark.parametrize(
    "chunks",
    [
        (GET,),
        (GET[:-2], GET[-2:]),
        (POST % 5 + b"abcde",),
        (POST % 5 + b"ab", b"cde"),
        (CHUNKED + b"0\r\n\r\n",),
        (CHUNKED, b"0\r\n", b"\r\n"),
    ],
)
def test_complete_request_may_take_longer(client: Client, chunks: tuple[bytes, ...]) -> None:
    connection, transport = client.connect()
    client.send(connection, *chunks)
    client.sweep(1000)
    assert transport.state == "open"


@pytest.mark.parametrize("request_", [POST % 5 + b"abc", CHUNKED])
@pytest.mark.parametrize("app", [waiting, beginning])
def test_body_has_thirty_seconds(client: Client, request_: bytes, app: App) -> None:
    connection, transport = client.connect(app)
    client.send(connection, request_)
    client.sweep(29)
    assert transport.state == "open"
    client.sweep(31)
    assert transport.state == "closed"
    assert (b"408 Request Timeout" in transport.sent) is (app is waiting)


@pytest.mark.parametrize("closing", [False, True])
def test_client_that_stops_reading_is_aborted(client: Client, *, closing: bool) -> None:
    connection, transport = client.connect()
    client.send(connection, GET)
    if closing:
        transport.close()
    before = transport.state
    for seconds, unread in ((0, 500), (50, 400), (100, 400), (109, 400)):
        transport.unread = unread
        client.sweep(seconds)
        assert transport.state == before
    client.sweep(111)
    assert transport.state == "aborted"


def test_one_connection_too_many_gets_503(client: Client) -> None:
    client.connect()
    client.connect()
    _, transport = client.connect()
    assert transport.sent.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b"\r\nretry-after: 1\r\n" in transport.sent
    assert b"\r\ndate: Thu, 28 May 2026 20:26:40 GMT\r\n" in transport.sent
    assert transport.state == "closed"


def test_closed_connection_makes_room(client: Client) -> None:
    connection, _ = client.connect()
    client.connect()
    connection.connection_lost(None)
    assert client.connect()[1].state == "open"


def test_ignored_body_is_cut_off(client: Client) -> None:
    connection, transport = client.connect(responding)
    client.send(connection, POST % 99_999_999)
    for _ in range(256):
        client.send(connection, b"x" * 65_536)
    assert transport.state == "open"
    client.send(connection, b"x")
    assert transport.state == "aborted"


def test_next_request_may_follow_ignored_body(client: Client) -> None:
    connection, transport = client.connect(responding)
    client.send(connection, POST % 100_000, b"x" * 100_000, GET, GET)
    assert transport.sent.count(b"HTTP/1.1 200 OK") == 3


def test_endless_head_gets_431(client: Client) -> None:
    connection, transport = client.connect()
    client.send(connection, b"GET / HTTP/1.1\r\n", *[b"A: " + b"b" * 9000 + b"\r\n"] * 7)
    assert transport.state == "open"
    client.send(connection, b"A: " + b"b" * 9000)
    assert transport.sent.startswith(b"HTTP/1.1 431 ")
    assert transport.state == "closed"


def test_long_body_is_no_long_head(client: Client) -> None:
    connection, transport = client.connect()
    client.send(connection, POST % 200_000 + b"x" * 200_000)
    assert transport.state == "open"


@pytest.mark.parametrize("text", [b"nonsense\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02"])
def test_malformed_head_gets_envelope(client: Client, text: bytes) -> None:
    connection, transport = client.connect()
    client.send(connection, text)
    head, _, body = transport.sent.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b'"code":"malformed_request"' in body
    assert transport.state == "closed"


def test_state_leads_to_connection(client: Client) -> None:
    seen: list[Any] = []

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        seen.append(scope["state"]["insightiq_mock_connection"].transport)
        await responding(scope, _receive, send)

    connection, transport = client.connect(app)
    client.send(connection, GET)
    assert seen == [transport]


def test_head_and_body_are_one_write(client: Client) -> None:
    connection, transport = client.connect(responding)
    client.send(connection, GET)
    assert transport.sent.startswith(b"HTTP/1.1 200 OK\r\n")
    assert transport.writes == 1


@pytest.mark.parametrize("last", [False, True])
def test_head_without_body_is_sent(client: Client, *, last: bool) -> None:
    """Also if the connection ends with it."""
    connection, transport = client.connect(responding)
    head = GET.replace(b"GET", b"HEAD")
    client.send(
        connection, head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") if last else head
    )
    assert transport.sent.startswith(b"HTTP/1.1 200 OK\r\n")
    assert transport.state == ("closed" if last else "open")


def test_head_is_sent_before_slow_body(client: Client) -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.Event().wait()

    connection, transport = client.connect(app)
    client.send(connection, GET, b"")
    assert transport.sent.startswith(b"HTTP/1.1 200 OK\r\n")
