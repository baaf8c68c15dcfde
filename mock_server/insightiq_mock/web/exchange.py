"""One request and its answer, as they pass through the server."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Any, NamedTuple

from insightiq_mock.web.whole_answer import send_whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Scope, Send

    from insightiq_mock.web.preferences import Preferences

__all__ = [
    "Answer",
    "Exchange",
    "attach",
    "exchange_of",
    "json_answer",
    "response_head",
    "send_answer",
]

_EXTENSION = "insightiq_mock"

JSON_TYPE = ("content-type", "application/json")

_WITHOUT_BODY = (204, 304)


class Answer(NamedTuple):
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
        return Answer(self.status, (*self.headers, *headers), self.body)


@dataclasses.dataclass(slots=True)
class Exchange:
    """What the layers learn about a request on its way in, and the answer on its way out.

    Attributes:
        request_id: Goes into the ``request-id`` header and into error bodies.
        headers: Request headers by name in lower case; of a repeated one, the last.
        operation_id: Which operation the request is for; None until routed, or if there is none.
        developer_id: Who called; empty until the credentials were found right, or if none were asked.
        path: Path parameters by name.
        query: Query parameters by name; typed once validated.
        raw_body: The request body, content encoding undone.
        body: The parsed JSON body, or None.
        date_shift: By how many seconds the caller sees the server's clock shifted.
        holds_slot: Whether the call counts as one of the developer's open requests.
        preferences: What is to go wrong, or otherwise than usual; None in the usual case.
        answer: What the innermost layer that knew an answer left here.
    """

    request_id: str
    headers: Mapping[bytes, bytes] = dataclasses.field(default_factory=dict[bytes, bytes])
    operation_id: str | None = None
    developer_id: str = ""
    path: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])
    query: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])
    raw_body: bytes = b""
    body: Any = None
    date_shift: float = 0.0
    holds_slot: bool = False
    preferences: Preferences | None = None
    answer: Answer | None = None

    def header(self, name: str) -> str | None:
        """Return the value of a request header, or None."""
        value = self.headers.get(name.encode("ascii"))
        return None if value is None else value.decode("latin-1")


def json_answer(status: int, body: bytes, *headers: tuple[str, str]) -> Answer:
    """Make an answer of JSON text."""
    return Answer(status, (JSON_TYPE, *headers), body)


def attach(scope: Scope, exchange: Exchange) -> Scope:
    """Return a copy of ``scope`` that carries ``exchange``; the server's own is left alone."""
    extensions = {**scope.get("extensions", {}), _EXTENSION: exchange}
    return {**scope, "extensions": extensions}


def exchange_of(scope: Scope) -> Exchange:
    """Return the exchange that `attach` put there."""
    exchange: Exchange = scope["extensions"][_EXTENSION]
    return exchange


def response_head(answer: Answer, *, length: int | None = None) -> list[tuple[bytes, bytes]]:
    """Return the headers of ``answer`` as ASGI wants them.

    Args:
        answer: What is sent.
        length: The length of the body, where it is another than the answer's.
    """
    # Most answers have one of a few sets of headers.
    head = list(_encoded(answer.headers))
    if answer.body or answer.status not in _WITHOUT_BODY:
        length = len(answer.body) if length is None else length
        head.append((b"content-length", b"%d" % length))
    return head


async def send_answer(
    answer: Answer, send: Send, *, method: str, headers: tuple[tuple[bytes, bytes], ...] = ()
) -> None:
    """Send ``answer``; to HEAD without its body, but with the length that the body would have."""
    head = response_head(answer)
    head += headers
    body = b"" if method == "HEAD" else answer.body
    if not send_whole(send, answer.status, head, body):
        await send({"type": "http.response.start", "status": answer.status, "headers": head})
        await send({"type": "http.response.body", "body": body})


@functools.lru_cache(maxsize=1024)
def _encoded(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.encode("latin-1"), text.encode("latin-1")) for name, text in headers)
