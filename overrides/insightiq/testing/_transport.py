"""Scripted transport: responses and errors from a list or a function, without a network."""

from __future__ import annotations

import dataclasses
import json as json_module
import threading
import typing
import urllib.parse

import httpx

from insightiq._clock import SystemClock

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from insightiq._clock import Clock

__all__ = [
    "Line",
    "ScriptedTransport",
    "SentRequest",
    "connection_lost",
    "connection_refused",
    "delayed",
    "response",
    "timed_out",
]


_NO_CONTENT = 204


@dataclasses.dataclass(frozen=True, slots=True)
class Delayed:
    """A response or an error that takes its time."""

    seconds: float
    outcome: httpx.Response | Exception


Line: typing.TypeAlias = httpx.Response | Exception | Delayed


@dataclasses.dataclass(frozen=True, slots=True)
class SentRequest:
    """A request as the server sees it.

    Attributes:
        method: HTTP method.
        url: The whole address.
        path: Path, percent-encoded.
        query: Parameters of the query.
        headers: Headers; names are found in any spelling.
        content: The body, None for none.
    """

    method: str
    url: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes | None

    @property
    def json(self) -> typing.Any:
        """The body as JSON data, None for none."""
        return None if self.content is None else json_module.loads(self.content)


class ScriptedTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Responds to each request with the next line of a script, or with what a function returns.

    For both clients: ``InsightIQ(transport=…)`` and ``AsyncInsightIQ(transport=…)``.

    Args:
        script: Lines made by ``response``, ``connection_refused``, ``connection_lost``,
            ``timed_out`` and ``delayed``, or any ``httpx.Response`` and exception; or a function
            from a ``SentRequest`` to a line.
        clock: Waits for delayed responses; give the client the same one.

    Attributes:
        requests: The requests sent so far.
    """

    def __init__(
        self, script: Iterable[Line] | Callable[[SentRequest], Line], *, clock: Clock | None = None
    ) -> None:
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._lines: Iterator[Line] = iter(()) if callable(script) else iter(script)
        self._function = script if callable(script) else None
        self.requests: list[SentRequest] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Respond with the next line.

        Raises:
            AssertionError: The script is at its end.
        """
        outcome, wait = self._next(request)
        if wait > 0:
            self._clock.sleep(wait)
        return _copy(outcome)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Respond with the next line; see ``handle_request``."""
        outcome, wait = self._next(request)
        if wait > 0:
            await self._clock.sleep_async(wait)
        return _copy(outcome)

    def _next(self, request: httpx.Request) -> tuple[httpx.Response | Exception, float]:
        seen = _seen(request)
        with self._lock:
            self.requests.append(seen)
            number = len(self.requests)
            line = next(self._lines, None) if self._function is None else None
        if self._function is not None:
            line = self._function(seen)
        if line is None:
            msg = f"The script has no line for request {number}: {seen.method} {seen.path}."
            raise AssertionError(msg)
        if not isinstance(line, Delayed):
            return line, 0.0
        patience = request.extensions.get("timeout", {}).get("read")
        if patience is not None and line.seconds > patience:
            return timed_out(), patience
        return line.outcome, line.seconds


def response(
    status: int = 200,
    *,
    json: object = None,
    content: bytes | str | None = None,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Return a response.

    Args:
        status: HTTP status.
        json: Body as JSON data; with neither this nor ``content`` it is ``{}``.
        content: Body as it is.
        headers: Headers.
    """
    if content is None:
        body = json_module.dumps({} if json is None else json).encode()
        kind = "application/json"
    else:
        body = content.encode() if isinstance(content, str) else content
        kind = "text/html"
    made = httpx.Response(status, content=b"" if status == _NO_CONTENT else body)
    # Set afterwards: a body that is given compressed is left to the client to decompress.
    given = {"content-type": kind, **(headers or {})}
    made.headers.update(httpx.Headers([(k.encode(), v.encode()) for k, v in given.items()]))
    return made


def connection_refused() -> httpx.ConnectError:
    """Return the error of a connection that is not made: nothing reaches the server."""
    return httpx.ConnectError("connection refused")


def connection_lost() -> httpx.ReadError:
    """Return the error of a connection that breaks after the request was sent."""
    return httpx.ReadError("connection reset by peer")


def timed_out() -> httpx.ReadTimeout:
    """Return the error of a wait without a response after the request was sent."""
    return httpx.ReadTimeout("no response yet")


def delayed(seconds: float, outcome: httpx.Response | Exception) -> Delayed:
    """Return ``outcome`` after ``seconds``; a client whose read timeout is shorter gives up."""
    return Delayed(seconds, outcome)


def _copy(outcome: httpx.Response | Exception) -> httpx.Response:
    """Return an unread copy, so that one line can be played several times."""
    if isinstance(outcome, Exception):
        raise outcome
    return httpx.Response(outcome.status_code, headers=outcome.headers, stream=outcome.stream)


def _seen(request: httpx.Request) -> SentRequest:
    parts = urllib.parse.urlsplit(str(request.url))
    return SentRequest(
        method=request.method,
        url=str(request.url),
        path=parts.path,
        query=dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True)),
        headers=request.headers,
        content=request.content or None,
    )
