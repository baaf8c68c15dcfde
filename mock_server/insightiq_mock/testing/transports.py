"""httpx transports that call an ASGI application in this process, from any thread or event loop.

httpx brings one for asynchronous code only, which runs the application on the caller's loop and
returns responses when they are complete. These run it on a loop of its own, so that all callers of a
process can share one application; responses arrive piece by piece; timeouts hold; and a connection
that the application breaks is a broken connection for the caller.
"""

from __future__ import annotations

import asyncio
import dataclasses
import queue
import threading
import typing

import httpx

if typing.TYPE_CHECKING:
    import concurrent.futures
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator

    from starlette.types import ASGIApp, Message, Scope

__all__ = ["AsyncMockTransport", "MockTransport", "PrivateLoop"]

_LENGTH: typing.Final = b"content-length"

ResultT = typing.TypeVar("ResultT")


class PrivateLoop:
    """Runs coroutines for callers of other threads.

    The thread starts with the first of them, and does not keep a process from ending.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def start(self, work: Coroutine[object, object, ResultT]) -> concurrent.futures.Future[ResultT]:
        """Start a coroutine; cancelling the future cancels it.

        Raises:
            RuntimeError: The loop is closed.
        """
        try:
            return asyncio.run_coroutine_threadsafe(work, self._running_loop())
        except RuntimeError:
            work.close()
            raise

    def run(self, work: Coroutine[object, object, ResultT]) -> ResultT:
        """Run a coroutine and return its result.

        Raises:
            RuntimeError: The loop is closed, or this is its own thread, which would wait for itself.
        """
        if threading.current_thread() is self._thread:
            work.close()
            msg = "The mock server waits for this code; do not call it from here but from a thread."
            raise RuntimeError(msg)
        future = self.start(work)
        try:
            return future.result()
        except BaseException:
            # Ctrl-C ends the waiting; the work must end, too.
            future.cancel()
            raise

    def call(self, function: Callable[[], ResultT]) -> ResultT:
        """Call a function in the loop's thread and return its result."""

        async def work() -> ResultT:
            return function()

        return self.run(work())

    def soon(self, function: Callable[[], object]) -> None:
        """Call a function in the loop's thread later, if the loop still runs."""
        loop = self._loop
        if loop is not None and not self._is_closed:
            loop.call_soon_threadsafe(function)

    def close(self) -> None:
        """Cancel everything that runs, and end the thread."""
        with self._lock:
            self._is_closed = True
            loop, thread = self._loop, self._thread
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._is_closed:
                msg = "The mock application is closed; make another one."
                raise RuntimeError(msg)
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=_run_until_stopped, args=(self._loop,), name=self._name, daemon=True
                )
                self._thread.start()
            return self._loop


def _run_until_stopped(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()


@dataclasses.dataclass(frozen=True, slots=True)
class Start:
    """The head of the response."""

    status: int
    headers: list[tuple[bytes, bytes]]


@dataclasses.dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of the body."""

    data: bytes


@dataclasses.dataclass(frozen=True, slots=True)
class End:
    """The application has returned."""


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """The application has raised."""

    error: BaseException


Event: typing.TypeAlias = Start | Chunk | End | Failure


class _AsgiRequest:
    """Runs the application for one request, and emits events to the caller, all on the loop."""

    def __init__(
        self, app: ASGIApp, scope: Scope, body: bytes, emit: Callable[[Event], None]
    ) -> None:
        self._app = app
        self._scope = scope
        self._body = body
        self._emit = emit
        self._was_read = False
        self._has_hung_up: asyncio.Event | None = None

    async def run(self) -> None:
        """Run the application."""
        self._has_hung_up = asyncio.Event()
        try:
            await self._app(self._scope, self._receive, self._send)
        except BaseException as error:
            self._emit(Failure(error))
            if not isinstance(error, Exception):
                raise
        else:
            self._emit(End())

    def hang_up(self) -> None:
        """Tell the application that the caller is gone."""
        if self._has_hung_up is not None:
            self._has_hung_up.set()

    async def _receive(self) -> Message:
        if not self._was_read:
            self._was_read = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        assert self._has_hung_up is not None, "set before the application runs"
        await self._has_hung_up.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._emit(Start(message["status"], list(message.get("headers", ()))))
        elif message["type"] == "http.response.body" and self._scope["method"] != "HEAD":
            body: bytes = message.get("body", b"")
            if body:
                self._emit(Chunk(body))


def scope_of(request: httpx.Request) -> Scope:
    """Return the ASGI scope of a request."""
    raw_path, _, query = request.url.raw_path.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": raw_path,
        "query_string": query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 0),
        "server": (request.url.host, request.url.port),
        "extensions": {},
    }


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
        """Send one request and return the response as soon as its head is there."""
        body = request.read()
        events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        asgi_request = _AsgiRequest(self._app, scope_of(request), body, events.put)
        line = _Line(request, asgi_request, self._loop, self._loop.start(asgi_request.run()))
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
        """Send one request and return the response as soon as its head is there."""
        body = await request.aread()
        events: asyncio.Queue[Event] = asyncio.Queue()
        callers_loop = asyncio.get_running_loop()

        def emit(event: Event) -> None:
            # A caller whose loop is gone no longer waits.
            if not callers_loop.is_closed():
                callers_loop.call_soon_threadsafe(events.put_nowait, event)

        asgi_request = _AsgiRequest(self._app, scope_of(request), body, emit)
        line = _Line(request, asgi_request, self._loop, self._loop.start(asgi_request.run()))
        stream = _AsyncBody(line, events)
        try:
            start = line.head(await stream.next_event())
        except BaseException:
            line.hang_up()
            raise
        return httpx.Response(start.status, headers=start.headers, stream=stream)


class _Line:
    """Stands in for the connection: its timeout, and the meaning of its end."""

    def __init__(
        self,
        request: httpx.Request,
        asgi_request: _AsgiRequest,
        loop: PrivateLoop,
        running: concurrent.futures.Future[None],
    ) -> None:
        self.request = request
        self._asgi_request = asgi_request
        self._loop = loop
        self._running = running
        self._missing: int | None = None
        timeouts: dict[str, float | None] = request.extensions.get("timeout", {})
        self.seconds = timeouts.get("read")

    def head(self, event: Event) -> Start:
        """Return the head of the response, which has to come first."""
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
        """Make the error of a timeout."""
        return httpx.ReadTimeout("The read operation timed out", request=self.request)

    def hang_up(self) -> None:
        """End the request, whether or not it is complete."""
        self._loop.soon(self._asgi_request.hang_up)
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
