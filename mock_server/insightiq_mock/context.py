"""The request context, the response, and the API error: what middlewares and handlers share."""

from __future__ import annotations

import dataclasses
import functools
import random
import uuid
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.types import Scope, Send

    from insightiq_mock.openapi.prefer import Preferences

__all__ = [
    "CONNECTION",
    "ApiError",
    "AsyncHandler",
    "ClientDisconnected",
    "Handler",
    "RequestContext",
    "Response",
    "attach",
    "context_of",
    "date_header",
    "json_response",
    "request_ids",
    "response_head",
    "send_response",
]

CONNECTION = "insightiq_mock_connection"
"""The key of the ASGI state under which the HTTP server leaves the connection of a request."""

_EXTENSION = "insightiq_mock"
_JSON = ("content-type", "application/json")
_WITHOUT_BODY = (204, 304)

# Version and variant are fixed in every UUID of version 4.
_FIXED_BITS = uuid.UUID(int=0, version=4).int
_FREE_BITS = uuid.UUID(int=2**128 - 1, version=4).int & ~_FIXED_BITS


class Response(NamedTuple):
    """A complete response.

    Attributes:
        status: HTTP status.
        body: The bytes to send; empty where there is no body.
        headers: Names in lower case, and values.
    """

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    def with_headers(self, *headers: tuple[str, str]) -> Response:
        """Return the same response with ``headers`` added."""
        return self._replace(headers=(*self.headers, *headers))


@dataclasses.dataclass(slots=True, kw_only=True)
class RequestContext:
    """One request: made at arrival, filled by each middleware, read by the handler.

    Attributes:
        request_id: Goes into the ``request-id`` header and into error bodies.
        headers: Request headers by name in lower case; of a repeated one, the last.
        operation_id: ``<resource>.<method>`` of the document; None until routed.
        developer_id: The client id of the credentials; empty without any.
        path: Path parameters by name, as text.
        query: Query parameters by name, typed as the document says; absent ones are absent.
        raw_body: The request body, content encoding undone.
        body: The parsed JSON body, or None.
        date_shift: By how many seconds the developer's server clock is shifted.
        holds_slot: Whether the request counts as one of the developer's open requests.
        preferences: The faults and forced responses to apply; None in the usual case.
        response: Left by the innermost layer that knows it.
    """

    request_id: str = ""
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
    response: Response | None = None

    def header(self, name: str) -> str | None:
        """Return the value of a request header, or None."""
        value = self.headers.get(name.encode("ascii"))
        return None if value is None else value.decode("latin-1")


class ApiError(Exception):
    """An error in the vendor's terms, sent in the error envelope.

    Attributes:
        status: HTTP status.
        type: Broad class in UPPER_SNAKE, for example ``RECORD_NOT_FOUND``.
        code: Specific code in lower_snake, for example ``incorrect_account_id``.
        message: One sentence for a person.
        headers: Extra response headers, for example ``Retry-After``.
    """

    def __init__(
        self,
        status: int,
        type: str,  # noqa: A002 - the vendor's own name of the key
        code: str,
        message: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.type = type
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


class ClientDisconnected(Exception):  # noqa: N818 - an event, not an error
    """The client went away before its request was complete."""


class Handler(Protocol):
    """Handles the requests of one operation.

    Raises:
        ApiError: The request is rejected.
    """

    def __call__(self, context: RequestContext, /) -> Response:
        """Return the response; headers that every response carries are added later."""
        ...


class AsyncHandler(Protocol):
    """A handler that waits for something."""

    def __call__(self, context: RequestContext, /) -> Awaitable[Response]:
        """Return the response."""
        ...


def json_response(status: int, body: bytes, *headers: tuple[str, str]) -> Response:
    """Make a response of JSON text."""
    return Response(status, body, (_JSON, *headers))


def attach(scope: Scope, context: RequestContext) -> Scope:
    """Return a copy of ``scope`` that carries ``context``; the server's own is left alone."""
    extensions = {**scope.get("extensions", {}), _EXTENSION: context}
    return {**scope, "extensions": extensions}


def context_of(scope: Scope) -> RequestContext:
    """Return the context that `attach` put there."""
    context: RequestContext = scope["extensions"][_EXTENSION]
    return context


def response_head(response: Response, *, length: int | None = None) -> list[tuple[bytes, bytes]]:
    """Return the headers of ``response`` as ASGI wants them.

    Args:
        response: What is sent.
        length: The length of the body, where it is another than the response's.
    """
    # Most responses have one of a few sets of headers.
    head = list(_encoded(response.headers))
    if response.body or response.status not in _WITHOUT_BODY:
        length = len(response.body) if length is None else length
        head.append((b"content-length", b"%d" % length))
    return head


async def send_response(
    response: Response, send: Send, *, method: str, headers: tuple[tuple[bytes, bytes], ...] = ()
) -> None:
    """Send ``response``; to HEAD without its body, but with the length that the body would have."""
    head = response_head(response)
    head += headers
    body = b"" if method == "HEAD" else response.body
    await send({"type": "http.response.start", "status": response.status, "headers": head})
    await send({"type": "http.response.body", "body": body})


@functools.lru_cache(maxsize=1024)
def _encoded(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.encode("latin-1"), text.encode("latin-1")) for name, text in headers)


def date_header(seconds: float) -> tuple[bytes, bytes]:
    """Return the ``Date`` header for a moment in seconds since 1970."""
    return _date_of_second(int(seconds // 1))


# A second is asked for thousands of times; clocks that are shifted differently ask in turns.
@functools.lru_cache(maxsize=64)
def _date_of_second(second: int) -> tuple[bytes, bytes]:
    return (b"date", formatdate(second, usegmt=True).encode("ascii"))


def request_ids(seed: int | str | None = None) -> Callable[[], str]:
    """Return a function that makes a new id per call; with a ``seed``, always the same sequence.

    A repeatable server lets a contract test that failed be run again to the same failure.
    """
    source = random.Random(seed)

    def new_request_id() -> str:
        # The text of a UUID of version 4, without the object.
        digits = f"{source.getrandbits(128) & _FREE_BITS | _FIXED_BITS:032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    return new_request_id
