"""One request to an ASGI application that runs on another thread's event loop."""

from __future__ import annotations

import asyncio
import dataclasses
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from starlette.types import ASGIApp, Message, Scope

__all__ = ["AsgiExchange", "Chunk", "End", "Event", "Failure", "Start", "scope_of"]


@dataclasses.dataclass(frozen=True, slots=True)
class Start:
    """The head of the answer."""

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


class AsgiExchange:
    """Runs the application for one request, and tells what it sends.

    `run` and `hang_up` belong to the loop; ``tell`` is called there and must pass on to the caller.
    """

    def __init__(
        self, app: ASGIApp, scope: Scope, body: bytes, tell: Callable[[Event], None]
    ) -> None:
        self._app = app
        self._scope = scope
        self._body = body
        self._tell = tell
        self._was_read = False
        self._has_hung_up: asyncio.Event | None = None

    async def run(self) -> None:
        """Answer the request."""
        self._has_hung_up = asyncio.Event()
        try:
            await self._app(self._scope, self._receive, self._send)
        except BaseException as error:
            self._tell(Failure(error))
            if not isinstance(error, Exception):
                raise
        else:
            self._tell(End())

    def hang_up(self) -> None:
        """The caller has gone away."""
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
            self._tell(Start(message["status"], list(message.get("headers", ()))))
        elif message["type"] == "http.response.body" and self._scope["method"] != "HEAD":
            body: bytes = message.get("body", b"")
            if body:
                self._tell(Chunk(body))


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
