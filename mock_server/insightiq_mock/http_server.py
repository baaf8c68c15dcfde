"""The HTTP server: the listening socket, uvicorn, and the limits of each connection."""

from __future__ import annotations

import asyncio
import errno
import functools
import http
import ipaddress
import os
import socket
import time
import uuid
from typing import TYPE_CHECKING, Any, Final, cast

import uvicorn

from insightiq_mock.context import (
    CONNECTION,
    ApiError,
    RequestContext,
    date_header,
    response_head,
)
from insightiq_mock.errors import body_too_slow, error_response

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["HttpServer", "ListenError", "is_exposed", "open_listener", "run_http_server", "url_of"]

LONGEST_HEAD: Final = 64 * 1024
_SECONDS_TO_FINISH: Final = 5
_SECONDS_FOR_A_HEAD: Final = 30.0
_SECONDS_FOR_A_BODY: Final = 30.0
_SECONDS_WITHOUT_READING: Final = 60.0
# A client may go on sending a body after the response, but not for long.
_MOST_IGNORED: Final = 16 * 1024 * 1024
_END_OF_HEAD: Final = b"\r\n\r\n"
_LAST_CHUNK: Final = b"0\r\n\r\n"
# What uvicorn sends, as plain text, in response to bytes that are not HTTP.
_INVALID_REQUEST: Final = b"Invalid HTTP request received."


class ListenError(Exception):
    """The server cannot listen there; the message says why and what to do."""


def open_listener(host: str, port: int, *, exposed: bool = False) -> socket.socket:
    """Bind a socket on ``host``; port 0 takes a free one. Nothing is accepted yet.

    Args:
        host: A name or an address.
        port: The port.
        exposed: Whether other machines may reach it.

    Raises:
        ListenError: The host is unknown or open to others, or the port is not available.
    """
    family, address = _address(host, port, exposed=exposed)
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        # A restarted server need not wait for old connections to time out.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise ListenError(_bind_fault(error, host, port)) from error
    return listener


def is_exposed(listener: socket.socket) -> bool:
    """Return whether other machines can reach ``listener``."""
    return not ipaddress.ip_address(listener.getsockname()[0]).is_loopback


def url_of(listener: socket.socket) -> str:
    """Return the address of ``listener`` as a client writes it."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _address(host: str, port: int, *, exposed: bool) -> tuple[int, tuple[str, int]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        msg = f"the host {host!r} is not known; use 127.0.0.1."
        raise ListenError(msg) from error
    addresses = [(family, (str(place[0]), int(place[1]))) for family, *_, place in found]
    is_loopback = all(ipaddress.ip_address(address).is_loopback for _, (address, _) in addresses)
    if not is_loopback and not exposed:
        msg = (
            f"{host!r} can be reached from other machines, and the control API is open; protect it"
            " with --control-token, or use 127.0.0.1."
        )
        raise ListenError(msg)
    # Where a name has both kinds of address, most clients try IPv4 first.
    return min(addresses, key=lambda entry: entry[0] != socket.AF_INET)


def _bind_fault(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is taken; stop what uses it, or give another --port."
    if error.errno == errno.EACCES:
        return f"port {port} is reserved for the system; give a --port above 1023."
    return f"cannot listen on {host} port {port}: {error.strerror}."


def run_http_server(
    app: ASGIApp,
    listener: socket.socket,
    announce: Callable[[], None],
    *,
    parent: int | None = None,
    behind_proxy: bool = False,
) -> None:
    """Serve until a signal says to stop; then finish the requests that are open.

    Args:
        app: The application.
        listener: The socket to accept connections from.
        announce: Called when the server accepts connections.
        parent: The process with which this one ends; None for none.
        behind_proxy: Whether a proxy on this machine sets ``X-Forwarded-Proto``.
    """
    HttpServer(app, behind_proxy=behind_proxy).run(listener, announce, parent)


class HttpServer:
    """uvicorn, with the error envelope for malformed requests and limits for slow clients."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        behind_proxy: bool = False,
        most_connections: int = 1000,
        seconds: Callable[[], float] = time.time,
    ) -> None:
        self.most_connections = most_connections
        self.seconds = seconds
        self.connections: set[Connection] = set()
        stock = uvicorn.Config(app, http="auto", log_config=None)
        stock.load()
        self._protocol = stock.http_protocol_class
        self._config = uvicorn.Config(
            _noting_requests(app),
            http=cast("type[asyncio.Protocol]", self.connection),
            access_log=False,
            log_config=None,
            lifespan="on",
            ws="none",
            date_header=False,
            server_header=False,
            proxy_headers=behind_proxy,
            timeout_graceful_shutdown=_SECONDS_TO_FINISH,
        )

    def connection(self, *, app_state: dict[str, Any], **options: Any) -> Connection:
        """Make the protocol of one connection, as uvicorn asks for it."""
        connection = Connection(self)
        state = {**app_state, CONNECTION: connection}
        connection.protocol = cast("Any", self._protocol)(app_state=state, **options)
        return connection

    def run(
        self, listener: socket.socket, announce: Callable[[], None], parent: int | None = None
    ) -> None:
        """Serve until a signal says to stop."""
        with asyncio.Runner(loop_factory=self._config.get_loop_factory()) as runner:
            runner.run(self._serve(listener, announce, parent))

    async def _serve(
        self, listener: socket.socket, announce: Callable[[], None], parent: int | None
    ) -> None:
        server = uvicorn.Server(self._config)
        supervision = asyncio.create_task(self._supervise(server, announce, parent))
        try:
            await server.serve(sockets=[listener])
        finally:
            supervision.cancel()

    async def _supervise(
        self, server: uvicorn.Server, announce: Callable[[], None], parent: int | None
    ) -> None:
        while not server.started:  # noqa: ASYNC110 - uvicorn offers no event for it
            await asyncio.sleep(0.005)
        announce()
        while True:
            self.sweep(asyncio.get_running_loop().time())
            if parent is not None and os.getppid() != parent:
                server.should_exit = True
            await asyncio.sleep(1)

    def sweep(self, now: float) -> None:
        """Close the connections whose clients are too slow, at ``now`` of the loop's clock."""
        for connection in list(self.connections):
            connection.close_if_slow(now)


class Connection(asyncio.Protocol):
    """One connection: uvicorn's protocol, observed from outside.

    The application reports when a request begins and ends, through the ASGI state. All else is
    visible in the bytes that arrive and leave.
    """

    protocol: asyncio.Protocol

    def __init__(self, server: HttpServer) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._open_requests = 0
        self._idle_since: float | None = self._loop.time()
        self._idle_bytes = 0
        # The length of the current body, -1 if it comes in chunks; and what has arrived of it.
        self._body_length = 0
        self._body_bytes = 0
        self._body_since = 0.0
        self._tail = b""
        self._has_responded = False
        self._head = b""
        self._unread = 0
        self._unread_since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection, unless there are too many."""
        self.transport = cast("asyncio.Transport", transport)
        self._server.connections.add(self)
        wrapped = _UvicornTransport(self.transport, self)
        self.protocol.connection_made(cast("asyncio.Transport", wrapped))
        if len(self._server.connections) > self._server.most_connections:
            self.reject(_too_many_connections(self._server.most_connections))

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._server.connections.discard(self)
        self._head = b""
        self.protocol.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Pass bytes on; limit the length of a head, and of a body that is ignored."""
        received = self._tail + data if self._tail else data
        if self._open_requests or self._is_body_missing():
            self._body_bytes += len(data)
        else:
            self._idle_bytes += len(data)
            end = received.find(_END_OF_HEAD)
            self._body_bytes = len(received) - end - len(_END_OF_HEAD) if end >= 0 else 0
        self._tail = received[-len(_LAST_CHUNK) :]
        self.protocol.data_received(data)
        if self._idle_bytes > LONGEST_HEAD:
            # Later: a complete head begins its request in the loop's next turn.
            self._loop.call_soon(self._limit_head)
        elif not self._open_requests and self._body_bytes > _MOST_IGNORED:
            self.transport.abort()

    def eof_received(self) -> bool | None:
        """Pass the end on."""
        return self.protocol.eof_received()

    def pause_writing(self) -> None:
        """Pass on that the client does not read."""
        self.protocol.pause_writing()

    def resume_writing(self) -> None:
        """Pass on that the client reads again."""
        self.protocol.resume_writing()

    def begin_request(self, headers: list[tuple[bytes, bytes]]) -> None:
        """Note a complete head."""
        self._open_requests += 1
        self._body_since = self._loop.time() if self._idle_since is None else self._idle_since
        self._idle_since = None
        self._idle_bytes = 0
        self._has_responded = False
        self._body_length = 0
        for name, value in headers:
            if name == b"content-length":
                self._body_length = int(value)
            elif name == b"transfer-encoding":
                self._body_length = -1

    def end_request(self) -> None:
        """Note that the application has returned."""
        self._open_requests -= 1
        if not self._open_requests:
            self._idle_since = self._loop.time()
            if not self._is_body_missing():
                self._tail = b""

    def write(self, data: bytes) -> None:
        """Send what uvicorn writes: head and body together, its plain-text error as an envelope."""
        if data.endswith(_INVALID_REQUEST) and data.startswith(b"HTTP/1.1 400"):
            self.reject(_malformed(_INVALID_REQUEST.decode()))
            return
        if self._head:
            self._head, data = b"", self._head + data
        elif data.endswith(_END_OF_HEAD) and not data.startswith(b"HTTP/1.1 100"):
            # Its body follows at once, unless it is sent slowly: one packet instead of two.
            self._has_responded = True
            self._head = data
            self._loop.call_soon(self.write_head)
            return
        self.transport.write(data)

    def write_head(self) -> None:
        """Send a head whose body does not follow at once."""
        if self._head:
            self.transport.write(self._head)
            self._head = b""

    def close(self) -> None:
        """Close the connection when all is sent."""
        self.write_head()
        self.transport.close()

    def reject(self, error: ApiError) -> None:
        """Send an error and close the connection."""
        if self.transport.is_closing():
            return
        self._head = b""
        context = RequestContext(request_id=str(uuid.uuid4()))
        response = error_response(error, context)
        headers = [
            *response_head(response),
            (b"request-id", context.request_id.encode("ascii")),
            date_header(self._server.seconds()),
            (b"connection", b"close"),
        ]
        lines = b"".join(b"%s: %s\r\n" % header for header in headers)
        phrase = http.HTTPStatus(response.status).phrase
        start = f"HTTP/1.1 {response.status} {phrase}\r\n".encode("ascii")
        self.transport.write(start + lines + b"\r\n" + response.body)
        self.transport.close()

    def close_if_slow(self, now: float) -> None:
        """Close the connection if its client is too slow."""
        if self.transport.is_closing():
            # Bytes that the client never reads would keep it open.
            self._abort_if_unread(now)
        elif self._idle_since is not None and now - self._idle_since > _SECONDS_FOR_A_HEAD:
            self.transport.close()
        elif self._is_body_missing() and now - self._body_since > _SECONDS_FOR_A_BODY:
            if self._has_responded:
                self.transport.close()
            else:
                self.reject(body_too_slow(_SECONDS_FOR_A_BODY))
        else:
            self._abort_if_unread(now)

    def _abort_if_unread(self, now: float) -> None:
        unread = self.transport.get_write_buffer_size()
        if unread == 0 or unread != self._unread:
            self._unread, self._unread_since = unread, now
        elif now - self._unread_since > _SECONDS_WITHOUT_READING:
            self.transport.abort()

    def _is_body_missing(self) -> bool:
        if self._body_length < 0:
            return not self._tail.endswith(_LAST_CHUNK)
        return self._body_bytes < self._body_length

    def _limit_head(self) -> None:
        if not self._open_requests and self._idle_bytes > LONGEST_HEAD:
            self.reject(_head_too_long())


class _UvicornTransport:
    """The transport that uvicorn sees: writes go through the `Connection`."""

    def __init__(self, transport: asyncio.Transport, connection: Connection) -> None:
        self._transport = transport
        self.is_closing = transport.is_closing
        self.write = connection.write
        self.close = connection.close

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)


def _noting_requests(app: ASGIApp) -> ASGIApp:
    """Wrap ``app`` so that the connection of each request learns when it begins and ends."""

    async def noting(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await app(scope, functools.partial(_lifespan_message, receive), send)
            return
        connection: Connection = scope["state"][CONNECTION]
        connection.begin_request(scope["headers"])
        try:
            await app(scope, receive, send)
        finally:
            connection.end_request()

    return noting


async def _lifespan_message(receive: Receive) -> Message:
    try:
        return await receive()
    except asyncio.CancelledError:
        # After a second Ctrl-C uvicorn cancels the application instead of stopping it.
        return {"type": "lifespan.shutdown"}


def _malformed(message: str) -> ApiError:
    return ApiError(400, "INVALID_REQUEST_PARAMETERS", "malformed_request", message)


def _head_too_long() -> ApiError:
    message = f"The request line and the headers are longer than {LONGEST_HEAD} bytes."
    return ApiError(431, "INVALID_REQUEST_PARAMETERS", "request_head_too_large", message)


def _too_many_connections(most: int) -> ApiError:
    message = f"More than {most} connections are open; close some."
    return ApiError(
        503, "INTERNAL_SERVER_ERROR", "too_many_connections", message, {"Retry-After": "1"}
    )
