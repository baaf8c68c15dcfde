"""httpx transports that call an ASGI application in this process, from any thread or event loop.

httpx brings one for asynchronous code only, which runs the application on the caller's loop and
hands its answers over when they are complete. These run it on a loop of its own, so that all
callers of a process can share one application; answers arrive piece by piece; timeouts hold; and a
connection that the application breaks is for the caller what a broken connection is.
"""

from __future__ import annotations

import asyncio
import queue
import typing

import httpx

from insightiq_mock.testing.exchange import (
    AsgiExchange,
    Chunk,
    End,
    Event,
    Failure,
    Start,
    scope_of,
)

if typing.TYPE_CHECKING:
    import concurrent.futures
    from collections.abc import AsyncIterator, Iterator

    from starlette.types import ASGIApp

    from insightiq_mock.testing.private_loop import PrivateLoop

__all__ = ["AsyncMockTransport", "MockTransport"]

_LENGTH: typing.Final = b"content-length"


class MockTransport(httpx.BaseTransport):
    """Calls the application from synchronous code; may be shared by threads.

    Args:
        app: The application.
        loop: The loop that it runs on.
    """

    def __init__(self, app: ASGIApp, loop: PrivateLoop) -> None:
        self._app = app
        self._loop = loop

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request and return the answer as soon as its head is there."""
        body = request.read()
        events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        exchange = AsgiExchange(self._app, scope_of(request), body, events.put)
        line = _Line(request, exchange, self._loop, self._loop.start(exchange.run()))
        stream = _SyncBody(line, events)
        try:
            start = line.head(stream.next_event())
        except BaseException:
            line.hang_up()
            raise
        return httpx.Response(start.status, headers=start.headers, stream=stream)


class AsyncMockTransport(httpx.AsyncBaseTransport):
    """Calls the application from asynchronous code under asyncio; may be shared by event loops.

    Args:
        app: The application.
        loop: The loop that it runs on, another one than the caller's.
    """

    def __init__(self, app: ASGIApp, loop: PrivateLoop) -> None:
        self._app = app
        self._loop = loop

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request and return the answer as soon as its head is there."""
        body = await request.aread()
        events: asyncio.Queue[Event] = asyncio.Queue()
        callers_loop = asyncio.get_running_loop()

        def tell(event: Event) -> None:
            # A caller whose loop is gone does not wait for an answer any more.
            if not callers_loop.is_closed():
                callers_loop.call_soon_threadsafe(events.put_nowait, event)

        exchange = AsgiExchange(self._app, scope_of(request), body, tell)
        line = _Line(request, exchange, self._loop, self._loop.start(exchange.run()))
        stream = _AsyncBody(line, events)
        try:
            start = line.head(await stream.next_event())
        except BaseException:
            line.hang_up()
            raise
        return httpx.Response(start.status, headers=start.headers, stream=stream)


class _Line:
    """What stands in for the connection: how long to wait, and what its end means."""

    def __init__(
        self,
        request: httpx.Request,
        exchange: AsgiExchange,
        loop: PrivateLoop,
        running: concurrent.futures.Future[None],
    ) -> None:
        self.request = request
        self._exchange = exchange
        self._loop = loop
        self._running = running
        self._missing: int | None = None
        timeouts: dict[str, float | None] = request.extensions.get("timeout", {})
        self.seconds = timeouts.get("read")

    def head(self, event: Event) -> Start:
        """Return the head of the answer, which has to come first."""
        match event:
            case Start():
                lengths = [value for name, value in event.headers if name.lower() == _LENGTH]
                is_whole = self.request.method == "HEAD" or not lengths
                self._missing = None if is_whole else int(lengths[0])
                return event
            case Failure(error=ConnectionError() as error):
                raise httpx.ReadError(str(error), request=self.request) from error
            case Failure(error=error):
                raise error
            case _:
                message = "Server disconnected without sending a response."
                raise httpx.RemoteProtocolError(message, request=self.request)

    def piece(self, event: Event) -> bytes | None:
        """Return the next piece of the body; None at its end."""
        match event:
            case Chunk(data=data):
                if self._missing is not None:
                    self._missing -= len(data)
                return data
            case Failure(error=error) if not isinstance(error, ConnectionError):
                raise error
            case Failure() | End() if self._missing:
                message = "peer closed connection without sending complete message body"
                raise httpx.RemoteProtocolError(message, request=self.request)
            case _:
                return None

    def late(self) -> httpx.ReadTimeout:
        """Make the error of a caller who has waited long enough."""
        return httpx.ReadTimeout("The read operation timed out", request=self.request)

    def hang_up(self) -> None:
        """End the exchange, whether or not it is complete."""
        self._loop.soon(self._exchange.hang_up)
        self._running.cancel()


class _SyncBody(httpx.SyncByteStream):
    def __init__(self, line: _Line, events: queue.SimpleQueue[Event]) -> None:
        self._line = line
        self._events = events

    def next_event(self) -> Event:
        try:
            return self._events.get(timeout=self._line.seconds)
        except queue.Empty:
            raise self._line.late() from None

    def __iter__(self) -> Iterator[bytes]:
        while (piece := self._line.piece(self.next_event())) is not None:
            yield piece

    def close(self) -> None:
        self._line.hang_up()


class _AsyncBody(httpx.AsyncByteStream):
    def __init__(self, line: _Line, events: asyncio.Queue[Event]) -> None:
        self._line = line
        self._events = events

    async def next_event(self) -> Event:
        try:
            async with asyncio.timeout(self._line.seconds):
                return await self._events.get()
        except TimeoutError:
            raise self._line.late() from None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (piece := self._line.piece(await self.next_event())) is not None:
            yield piece

    async def aclose(self) -> None:
        self._line.hang_up()
