"""HTTP/1.1 as uvicorn speaks it, with the manners that it lacks.

What is no HTTP gets the error envelope like everything else; heads have a greatest length and a time
to arrive in; readers that stop reading are let go; there are only so many connections.
"""

from __future__ import annotations

import functools
import http
import uuid
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from insightiq_mock.context import ApiError, RequestContext, response_head
from insightiq_mock.web.broken_answers import TRANSPORT
from insightiq_mock.web.errors import body_too_slow, error_response
from insightiq_mock.web.http_date import date_header

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterable

__all__ = ["HttpProtocol", "http_protocol", "sweep"]

LONGEST_HEAD: Final = 64 * 1024
_SECONDS_FOR_A_HEAD: Final = 30.0
_SECONDS_FOR_A_BODY: Final = 30.0
# An answer may come before its question is at an end; but not long before.
_MOST_IGNORED: Final = 16 * 1024 * 1024
# A reader takes at least something in this time.
_SECONDS_WITHOUT_READING: Final = 60.0


class HttpProtocol(HttpToolsProtocol):
    """One connection."""

    most_connections = 1000
    seconds: Callable[[], float]

    _ignored = 0
    _head_length = 0
    _head_since: float | None = None
    _body_since: float | None = None
    _unread = 0
    _unread_since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in the base class
        """Take a connection, unless there are too many."""
        super().connection_made(transport)
        self._head_since = self.loop.time()
        if len(self.connections) > self.most_connections:
            self._refuse(_too_many_connections(self.most_connections))

    def data_received(self, data: bytes) -> None:
        """Take bytes in; a head that never ends is not waited for."""
        if self._head_since is not None:
            self._head_length += len(data)
        super().data_received(data)
        if self._head_since is not None and self._head_length > LONGEST_HEAD:
            self._refuse(_head_too_long())

    def on_message_begin(self) -> None:
        """Begin a request, whose faults may ask for the connection itself."""
        super().on_message_begin()
        self._head_since = self.loop.time()
        scope: dict[str, Any] = self.scope  # type: ignore[assignment] # extensions of our own
        scope["extensions"] = {TRANSPORT: self.transport}

    def on_headers_complete(self) -> None:
        """Start to answer."""
        self._body_since, self._head_since = self._head_since, None
        self._head_length = 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Have a whole request."""
        self._body_since = None
        super().on_message_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of a body; one that was answered already and still goes on is cut off."""
        if self.cycle.response_complete:
            self._ignored += len(body)
            if self._ignored > _MOST_IGNORED:
                self.transport.abort()
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        """Response what is no HTTP."""
        self._refuse(_no_http(msg))

    def drop_if_stuck(self, now: float) -> None:
        """Close the connection if its client keeps it waiting, at ``now`` of the loop's clock."""
        if self.transport.is_closing():
            # Bytes that nobody fetches would keep it so.
            self._abort_if_unread(now)
        elif self._head_since is not None and now - self._head_since > _SECONDS_FOR_A_HEAD:
            self.transport.close()
        elif self._body_since is not None and now - self._body_since > _SECONDS_FOR_A_BODY:
            self._end_slow_body()
        else:
            self._abort_if_unread(now)

    def _end_slow_body(self) -> None:
        if self.cycle.response_started:
            self.transport.close()
        else:
            self._refuse(body_too_slow(_SECONDS_FOR_A_BODY))

    def _abort_if_unread(self, now: float) -> None:
        unread = self.transport.get_write_buffer_size()
        if unread == 0 or unread != self._unread:
            self._unread, self._unread_since = unread, now
        elif now - self._unread_since > _SECONDS_WITHOUT_READING:
            self.transport.abort()

    def _refuse(self, error: ApiError) -> None:
        if self.transport.is_closing():
            return
        context = RequestContext(request_id=str(uuid.uuid4()))
        response = error_response(error, context)
        headers = [
            *response_head(response),
            (b"request-id", context.request_id.encode("ascii")),
            date_header(self.seconds()),
            (b"connection", b"close"),
        ]
        lines = b"".join(b"%s: %s\r\n" % header for header in headers)
        self.transport.write(status_line(response.status) + lines + b"\r\n" + response.body)
        self.transport.close()


def http_protocol(
    seconds: Callable[[], float], most_connections: int = HttpProtocol.most_connections
) -> type[HttpProtocol]:
    """Make the class of one server's connections, as uvicorn wants it.

    Args:
        seconds: The server's clock, in seconds since 1970.
        most_connections: How many may be open at once.
    """
    members = {"seconds": staticmethod(seconds), "most_connections": most_connections}
    return type("HttpProtocolOfServer", (HttpProtocol,), members)


def sweep(connections: Iterable[object], now: float) -> None:
    """Close the connections whose clients keep them waiting."""
    for connection in list(connections):
        if isinstance(connection, HttpProtocol):
            connection.drop_if_stuck(now)


@functools.cache
def status_line(status: int) -> bytes:
    """Return the first line of a response."""
    try:
        phrase = http.HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    return f"HTTP/1.1 {status} {phrase}\r\n".encode("ascii")


def _no_http(message: str) -> ApiError:
    return ApiError(400, "INVALID_REQUEST_PARAMETERS", "malformed_request", message)


def _head_too_long() -> ApiError:
    message = f"The request line and the headers are longer than {LONGEST_HEAD} bytes."
    return ApiError(431, "INVALID_REQUEST_PARAMETERS", "request_head_too_large", message)


def _too_many_connections(most: int) -> ApiError:
    message = f"More than {most} connections are open; close some."
    return ApiError(
        503, "INTERNAL_SERVER_ERROR", "too_many_connections", message, {"Retry-After": "1"}
    )
