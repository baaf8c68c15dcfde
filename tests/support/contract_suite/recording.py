"""Recording transports of httpx: every exchange as it went over the wire.

Nothing of a recording is written anywhere before `contract_suite.redaction` has taken the secrets
out.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import time
import typing

import httpx

if typing.TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator, Iterator

__all__ = ["AsyncRecordingTransport", "Exchange", "Recording", "RecordingTransport"]

Headers: typing.TypeAlias = tuple[tuple[str, str], ...]

_FIRST_ERROR: typing.Final = 400
_FROM_EXAMPLE: typing.Final = ("mock-source", "example")


@dataclasses.dataclass(frozen=True, slots=True)
class Exchange:
    """A request with its response.

    Attributes:
        number: Its place in the recording, from 1.
        test: Id of the test that sent it.
        method: HTTP method.
        url: The whole address.
        request_headers: Names and values in the order of the wire.
        request_body: The body, empty for none.
        status: HTTP status; None where no response came.
        response_headers: Names and values in the order of the wire.
        response_body: The body as far as it was read, decoded.
        seconds: From the request to the end of the response.
        problem: Error in place of a response; None where one came.
    """

    number: int
    test: str
    method: str
    url: str
    request_headers: Headers
    request_body: bytes
    status: int | None
    response_headers: Headers
    response_body: bytes
    seconds: float
    problem: str | None = None

    @property
    def is_from_example(self) -> bool:
        """Whether the mock, without a handler for the operation, sent the document's example.

        Examples that a request asked for by `Prefer` do not count, nor do errors.
        """
        return (
            self.status is not None
            and self.status < _FIRST_ERROR
            and _FROM_EXAMPLE in self.response_headers
            and not any(name.lower() == "prefer" for name, _ in self.request_headers)
        )


class Recording:
    """Records the exchanges of one test and hands each to its listeners.

    Args:
        test: Id of the test.

    Attributes:
        exchanges: All exchanges, in order.
        from_examples: Those that are the document's example because there is no handler.
        expected: Numbers of those among them that the test was prepared for.
        listeners: Called with each exchange.
        secrets: Secrets of the developers in use, which no response may hold; servers add theirs.
        is_checked: Whether responses are checked against the document as they come.
    """

    def __init__(self, test: str = "") -> None:
        self.test = test
        self.exchanges: list[Exchange] = []
        self.from_examples: list[Exchange] = []
        self.expected: set[int] = set()
        self.listeners: list[Callable[[Exchange], object]] = []
        self.secrets: dict[str, None] = {}
        self.is_checked = True
        self._is_expecting = False
        self._developers = 0
        self._digest = hashlib.sha256()

    @property
    def latest(self) -> Exchange | None:
        """The last exchange."""
        return self.exchanges[-1] if self.exchanges else None

    @property
    def count(self) -> int:
        """Number of exchanges."""
        return len(self.exchanges)

    @property
    def digest(self) -> str:
        """A hash of all requests in their order: the same for the same requests, byte for byte."""
        return self._digest.hexdigest()

    def next_developer(self) -> int:
        """Return the number of the next developer that the test makes."""
        self._developers += 1
        return self._developers

    @contextlib.contextmanager
    def unchecked(self) -> Generator[None]:
        """Do not check the responses within the block: they are broken on purpose."""
        before, self.is_checked = self.is_checked, False
        try:
            yield
        finally:
            self.is_checked = before

    @contextlib.contextmanager
    def expecting_examples(self) -> Generator[None]:
        """Within the block, the test is prepared for an example in place of a resource."""
        before, self._is_expecting = self._is_expecting, True
        try:
            yield
        finally:
            self._is_expecting = before

    def add(
        self,
        request: httpx.Request,
        response: httpx.Response | None,
        body: bytes,
        seconds: float,
        problem: str | None = None,
    ) -> None:
        """Record one exchange."""
        exchange = Exchange(
            number=self.count + 1,
            test=self.test,
            method=request.method,
            url=str(request.url),
            request_headers=_headers(request.headers),
            request_body=request.content,
            status=None if response is None else response.status_code,
            response_headers=() if response is None else _headers(response.headers),
            response_body=body,
            seconds=seconds,
            problem=problem,
        )
        self._digest.update(
            repr(
                (exchange.method, exchange.url, exchange.request_headers, exchange.request_body)
            ).encode()
        )
        if exchange.is_from_example:
            self.from_examples.append(exchange)
            if self._is_expecting:
                self.expected.add(exchange.number)
        self.exchanges.append(exchange)
        for listener in self.listeners:
            listener(exchange)


class RecordingTransport(httpx.BaseTransport):
    """Sends by another transport and records."""

    def __init__(self, recording: Recording, inner: httpx.BaseTransport) -> None:
        self._recording = recording
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send; the exchange is recorded at the end of the response."""
        request.read()
        underway = _Underway(self._recording, request)
        with underway.failing():
            response = self._inner.handle_request(request)
        if not underway.is_whole(response):
            stream = typing.cast("httpx.SyncByteStream", response.stream)
            response.stream = _RecordedBody(underway, stream)
        return response

    def close(self) -> None:
        """Close the other transport."""
        self._inner.close()


class AsyncRecordingTransport(httpx.AsyncBaseTransport):
    """Sends by another transport and records."""

    def __init__(self, recording: Recording, inner: httpx.AsyncBaseTransport) -> None:
        self._recording = recording
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send; the exchange is recorded at the end of the response."""
        await request.aread()
        underway = _Underway(self._recording, request)
        with underway.failing():
            response = await self._inner.handle_async_request(request)
        if not underway.is_whole(response):
            stream = typing.cast("httpx.AsyncByteStream", response.stream)
            response.stream = _AsyncRecordedBody(underway, stream)
        return response

    async def aclose(self) -> None:
        """Close the other transport."""
        await self._inner.aclose()


class _Underway:
    """An exchange on its way: timed from now on, and recorded once, at its end."""

    def __init__(self, recording: Recording, request: httpx.Request) -> None:
        self._recording = recording
        self._request = request
        self._response: httpx.Response | None = None
        self._started = time.perf_counter()
        self._pieces: list[bytes] = []
        self._is_recorded = False

    @contextlib.contextmanager
    def failing(self) -> Generator[None]:
        """Record what fails within the block."""
        try:
            yield
        except httpx.HTTPError as error:
            self.end(_name(error))
            raise

    def is_whole(self, response: httpx.Response) -> bool:
        """Take the response; record it if it is whole, as one is that was made in this process."""
        self._response = response
        if response.is_closed:
            self._record(response.content)
        return response.is_closed

    def piece(self, piece: bytes) -> bytes:
        """Take a piece of the body, and return it."""
        self._pieces.append(piece)
        return piece

    def end(self, problem: str | None = None) -> None:
        """Record what there is, unless that was done."""
        if not self._is_recorded:
            self._record(_decoded(self._response, b"".join(self._pieces)), problem)

    def _record(self, body: bytes, problem: str | None = None) -> None:
        self._is_recorded = True
        seconds = time.perf_counter() - self._started
        self._recording.add(self._request, self._response, body, seconds, problem)


class _RecordedBody(httpx.SyncByteStream):
    def __init__(self, underway: _Underway, inner: httpx.SyncByteStream) -> None:
        self._underway = underway
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        with self._underway.failing():
            for piece in self._inner:
                yield self._underway.piece(piece)
        self._underway.end()

    def close(self) -> None:
        self._underway.end()
        self._inner.close()


class _AsyncRecordedBody(httpx.AsyncByteStream):
    def __init__(self, underway: _Underway, inner: httpx.AsyncByteStream) -> None:
        self._underway = underway
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with self._underway.failing():
            async for piece in self._inner:
                yield self._underway.piece(piece)
        self._underway.end()

    async def aclose(self) -> None:
        self._underway.end()
        await self._inner.aclose()


def _headers(headers: httpx.Headers) -> Headers:
    return tuple(headers.multi_items())


def _decoded(response: httpx.Response | None, body: bytes) -> bytes:
    """Undo the content encoding, so that nothing can hide in it."""
    if response is None or "content-encoding" not in response.headers:
        return body
    try:
        return httpx.Response(response.status_code, headers=response.headers, content=body).content
    except httpx.DecodingError:
        return body


def _name(error: httpx.HTTPError) -> str:
    return f"{type(error).__name__}: {error}".removesuffix(": ")
