"""A server that answers from a script, without a network."""

from __future__ import annotations

import dataclasses
import json as json_module
import threading
import typing
import urllib.parse

from insightiq._http import LocalTransport
from insightiq._wire import Answer, Failure, WireRequest

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from insightiq._clock import Clock

__all__ = [
    "Line",
    "ScriptedTransport",
    "SentRequest",
    "answer",
    "late",
    "lost",
    "refused",
    "timed_out",
]


@dataclasses.dataclass(frozen=True, slots=True)
class Late:
    """An outcome that takes its time."""

    seconds: float
    outcome: Answer | Failure


Line: typing.TypeAlias = Answer | Failure | Late


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
    def json(self) -> typing.Any:  # noqa: ANN401 - JSON, whose shape the test knows
        """The body as JSON data, None for none."""
        return None if self.content is None else json_module.loads(self.content)


class ScriptedTransport(LocalTransport):
    """Answers each request with the next line of a script, or with what a function says.

    For both clients: ``InsightIQ(transport=…)`` and ``AsyncInsightIQ(transport=…)``.

    Args:
        script: Lines made by ``answer``, ``refused``, ``lost``, ``timed_out`` and ``late``; or a
            function from a ``SentRequest`` to a line.
        clock: Waits for late answers; give the client the same one.

    Attributes:
        requests: What was asked so far.
    """

    def __init__(
        self, script: Iterable[Line] | Callable[[SentRequest], Line], *, clock: Clock | None = None
    ) -> None:
        super().__init__(clock)
        self._lock = threading.Lock()
        self._lines: Iterator[Line] = iter(()) if callable(script) else iter(script)
        self._function = script if callable(script) else None
        self.requests: list[SentRequest] = []

    def play(self, request: WireRequest) -> tuple[Answer | Failure, float]:
        """Return the next line.

        Raises:
            AssertionError: The script is at its end.
        """
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
        return (line.outcome, line.seconds) if isinstance(line, Late) else (line, 0.0)


def answer(
    status: int = 200,
    *,
    json: object = None,
    content: bytes | str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Return an answer.

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
    return Answer(status, {"content-type": kind, **(headers or {})}, b"" if status == 204 else body)  # noqa: PLR2004 - which has no body


def refused() -> Failure:
    """Return a connection that does not come about: nothing reaches the server."""
    return Failure(timed_out=False, sent=False, detail="connection refused")


def lost() -> Failure:
    """Return a connection that breaks after the request was sent."""
    return Failure(timed_out=False, sent=True, detail="connection reset by peer")


def timed_out() -> Failure:
    """Return a wait that ends without an answer after the request was sent."""
    return Failure(timed_out=True, sent=True, detail="no answer yet")


def late(seconds: float, outcome: Answer | Failure) -> Late:
    """Return ``outcome`` after ``seconds``; a client whose read timeout is shorter gives up."""
    return Late(seconds, outcome)


def _seen(request: WireRequest) -> SentRequest:
    parts = urllib.parse.urlsplit(request.url)
    return SentRequest(
        method=request.method,
        url=request.url,
        path=parts.path,
        query=dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True)),
        headers=request.headers,
        content=request.content,
    )
