"""One request and its answer, as they pass through the server."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = [
    "Answer",
    "Exchange",
    "attach",
    "collect_answer",
    "exchange_of",
    "json_answer",
    "send_answer",
]

_EXTENSION = "insightiq_mock"

JSON_TYPE = ("content-type", "application/json")


@dataclasses.dataclass(slots=True)
class Exchange:
    """What the layers learn about a request on its way in.

    Attributes:
        request_id: Goes into the ``request-id`` header and into error bodies.
        operation_id: Which operation the request is for; None until routed, or if there is none.
        path: Path parameters by name.
        query: Query parameters by name; typed once validated.
        body: The parsed JSON body, or None.
    """

    request_id: str
    operation_id: str | None = None
    path: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])
    query: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])
    body: Any = None


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """A complete response.

    Attributes:
        status: HTTP status.
        headers: Names in lower case, and values.
        body: The bytes to send; empty where there is no body.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def with_headers(self, *headers: tuple[str, str]) -> Answer:
        """Return the same answer with ``headers`` added."""
        return dataclasses.replace(self, headers=(*self.headers, *headers))


def json_answer(status: int, body: bytes, *headers: tuple[str, str]) -> Answer:
    """Make an answer of JSON text."""
    return Answer(status, (JSON_TYPE, *headers), body)


def attach(scope: Scope, exchange: Exchange) -> Scope:
    """Return a copy of ``scope`` that carries ``exchange``; the server's own is left alone."""
    extensions = {**scope.get("extensions", {}), _EXTENSION: exchange}
    return {**scope, "extensions": extensions}


def exchange_of(scope: Scope) -> Exchange:
    """Return the exchange that `attach` put there."""
    return cast("Exchange", scope["extensions"][_EXTENSION])


async def send_answer(answer: Answer, send: Send, *, method: str) -> None:
    """Send ``answer``; to HEAD without its body, but with the length that the body would have."""
    headers = [(name.encode("latin-1"), text.encode("latin-1")) for name, text in answer.headers]
    if answer.body or answer.status not in (204, 304):
        headers.append((b"content-length", str(len(answer.body)).encode("ascii")))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    body = b"" if method == "HEAD" else answer.body
    await send({"type": "http.response.body", "body": body})


async def collect_answer(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    """Run ``app`` and return what it sends."""
    start: Message = {}
    chunks: list[bytes] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            chunks.append(message.get("body", b""))

    await app(scope, receive, send)
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in start["headers"]
        if name != b"content-length"
    )
    return Answer(start["status"], headers, b"".join(chunks))
