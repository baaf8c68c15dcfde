"""Recording of exchanges by httpx transports, and exchanges as entries of a HAR.

Nothing of a recording is written anywhere before `contract_suite.redaction` has removed the secrets.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import hashlib
import json
import time
import typing
import urllib.parse

import httpx

from contract_suite.redaction import unpacked

if typing.TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator, Iterator

__all__ = ["Exchange", "Recording", "RecordingTransport", "har_entry"]

Headers: typing.TypeAlias = tuple[tuple[str, str], ...]

_FIRST_ERROR: typing.Final = 400
# Times of the wall clock would make two runs of the same requests differ.
_STARTED: typing.Final = "2000-01-01T00:00:00.000Z"


@dataclasses.dataclass(frozen=True, slots=True)
class Exchange:
    """A request with its response."""

    number: int
    test: str
    method: str
    url: str
    request_headers: Headers
    request_body: bytes
    # None where no response came; `problem` is then the error in its place.
    status: int | None
    response_headers: Headers
    response_body: bytes
    seconds: float
    problem: str | None = None

    @property
    def sent_headers(self) -> dict[str, str]:
        """Headers of the request by lower-case name."""
        return {name.lower(): text for name, text in self.request_headers}

    @property
    def headers(self) -> dict[str, str]:
        """Headers of the response by lower-case name."""
        return {name.lower(): text for name, text in self.response_headers}

    @property
    def json(self) -> typing.Any:
        """Body of the response as JSON."""
        return json.loads(self.response_body)

    @property
    def sent_json(self) -> typing.Any:
        """Body of the request as JSON; None where it has none, or is not JSON."""
        try:
            return json.loads(self.request_body)
        except ValueError:
            return None

    @property
    def is_from_example(self) -> bool:
        """Whether the mock, without a handler for the operation, sent the document's example.

        Examples that a `Prefer` header requested do not count, nor do errors.
        """
        return (
            self.status is not None
            and self.status < _FIRST_ERROR
            and ("mock-source", "example") in self.response_headers
            and "prefer" not in self.sent_headers
        )


class Recording:
    """The exchanges of one test; each is passed to the listeners.

    Args:
        test: Id of the test.

    Attributes:
        exchanges: All exchanges, in order.
        from_examples: Those that are the document's example because there is no handler.
        expected: Numbers of those among them that the test is prepared for.
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
        return self.exchanges[-1] if self.exchanges else None

    @property
    def count(self) -> int:
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
        """Do not check the responses within the block."""
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
            request_headers=tuple(request.headers.multi_items()),
            request_body=request.content,
            status=None if response is None else response.status_code,
            response_headers=() if response is None else tuple(response.headers.multi_items()),
            response_body=body,
            seconds=seconds,
            problem=problem,
        )
        sent = exchange.method, exchange.url, exchange.request_headers, exchange.request_body
        self._digest.update(repr(sent).encode())
        if exchange.is_from_example:
            self.from_examples.append(exchange)
            if self._is_expecting:
                self.expected.add(exchange.number)
        self.exchanges.append(exchange)
        for listener in self.listeners:
            listener(exchange)


class RecordingTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Sends by another transport, of either kind, and records each exchange."""

    def __init__(self, recording: Recording, inner: typing.Any) -> None:
        self._recording = recording
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        with self._failing(request) as begin:
            response: httpx.Response = self._inner.handle_request(request)
            if response.is_closed:
                return self._recorded(request, response, None, begin)
            with contextlib.closing(response):
                stream = typing.cast("httpx.SyncByteStream", response.stream)
                body = b"".join(stream)
        return self._recorded(request, response, body, begin)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        with self._failing(request) as begin:
            response: httpx.Response = await self._inner.handle_async_request(request)
            if response.is_closed:
                return self._recorded(request, response, None, begin)
            try:
                stream = typing.cast("httpx.AsyncByteStream", response.stream)
                body = b"".join([piece async for piece in stream])
            finally:
                await response.aclose()
        return self._recorded(request, response, body, begin)

    @contextlib.contextmanager
    def _failing(self, request: httpx.Request) -> Generator[float]:
        begin = time.perf_counter()
        try:
            yield begin
        except httpx.HTTPError as error:
            problem = f"{type(error).__name__}: {error}".removesuffix(": ")
            self._recording.add(request, None, b"", time.perf_counter() - begin, problem)
            raise

    def _recorded(
        self, request: httpx.Request, response: httpx.Response, body: bytes | None, begin: float
    ) -> httpx.Response:
        """Record a response and return it; one made in this process comes without a stream."""
        seconds = time.perf_counter() - begin
        if body is None:
            self._recording.add(request, response, response.content, seconds)
            return response
        self._recording.add(request, response, _decoded(response, body), seconds)
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=_Body(body),
            extensions=response.extensions,
        )

    def close(self) -> None:
        self._inner.close()

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        yield self._body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body


def _decoded(response: httpx.Response, body: bytes) -> bytes:
    """Undo the content encoding, so that nothing can hide in it."""
    if "content-encoding" not in response.headers:
        return body
    try:
        return httpx.Response(response.status_code, headers=response.headers, content=body).content
    except httpx.DecodingError:
        return body


def har_entry(exchange: Exchange) -> dict[str, typing.Any]:
    """Return an exchange as HAR 1.2 has it; status 0 says that no response came."""
    milliseconds = round(exchange.seconds * 1000, 1)
    query = urllib.parse.urlsplit(exchange.url).query
    parameters = urllib.parse.parse_qsl(query, keep_blank_values=True)
    request = _message(exchange.request_headers, exchange.request_body) | {
        "method": exchange.method,
        "url": exchange.url,
        "queryString": [{"name": name, "value": text} for name, text in parameters],
    }
    if exchange.request_body:
        text, encoding = _text(exchange.request_body)
        comment = {"comment": f"encoding: {encoding}"} if encoding else {}
        mime_type = exchange.sent_headers.get("content-type", "")
        request["postData"] = {"mimeType": mime_type, "text": text, **comment}
    text, encoding = _text(exchange.response_body)
    content = {
        "size": len(exchange.response_body),
        "mimeType": exchange.headers.get("content-type", ""),
        "text": text,
        **({"encoding": encoding} if encoding else {}),
    }
    response = _message(exchange.response_headers, exchange.response_body) | {
        "status": exchange.status or 0,
        "statusText": exchange.problem or "",
        "content": content,
        "redirectURL": "",
    }
    return {
        "startedDateTime": _STARTED,
        "time": milliseconds,
        "request": request,
        "response": response,
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": exchange.test,
    }


def _message(headers: Headers, body: bytes) -> dict[str, typing.Any]:
    return {
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [{"name": name, "value": text} for name, text in headers],
        "headersSize": -1,
        "bodySize": len(body),
    }


def _text(body: bytes) -> tuple[str, str | None]:
    body = unpacked(body)
    try:
        return body.decode(), None
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), "base64"
