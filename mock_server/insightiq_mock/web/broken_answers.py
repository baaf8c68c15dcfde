"""Answers that arrive broken, as ``fault=`` asks for.

In process, where there is no connection that could be cut, ``reset`` and ``truncate`` raise
`ConnectionResetError` out of the application instead: before anything was sent, or after half of it.
"""

from __future__ import annotations

import asyncio
import dataclasses
import math
import os
import socket
import struct
from typing import TYPE_CHECKING, cast

from insightiq_mock.context import Response, response_head, send_response
from insightiq_mock.web.preferences import Fault
from insightiq_mock.web.request_body import ClientDisconnected

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from insightiq_mock.web.preferences import Preferences

__all__ = ["TRANSPORT", "Wire", "send_broken"]

TRANSPORT = "insightiq_mock_transport"
"""The ASGI extension in which our protocol leaves the connection."""

_PIECES = 20

# What a proxy in front of the API would say, rather than the API.
_PAGE = b"""<html>
<head><title>502 Bad Gateway</title></head>
<body>
<center><h1>502 Bad Gateway</h1></center>
</body>
</html>
"""
_BAD_GATEWAY = 502

# Lingering for no time makes closing a reset.
_NO_LINGERING = struct.pack("ii", 1, 0)


@dataclasses.dataclass(frozen=True, slots=True)
class Wire:
    """The way to a caller.

    Attributes:
        scope: The request, as ASGI describes it.
        receive: What comes from the caller.
        send: What goes there.
        headers: Those that every answer carries.
    """

    scope: Scope
    receive: Receive
    send: Send
    headers: tuple[tuple[bytes, bytes], ...]

    async def begin(self, response: Response, *, length: int | None = None) -> None:
        """Send status and headers."""
        head = [*response_head(response, length=length), *self.headers]
        await self.send({"type": "http.response.start", "status": response.status, "headers": head})

    async def go_on(self, piece: bytes) -> None:
        """Send a part of the body."""
        await self.send({"type": "http.response.body", "body": piece, "more_body": True})

    async def until_disconnected(self) -> None:
        """Wait until the connection is gone."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    @property
    def transport(self) -> asyncio.Transport | None:
        """The connection; None where there is none."""
        found = self.scope.get("extensions", {}).get(TRANSPORT)
        return cast("asyncio.Transport | None", found)


async def send_broken(response: Response, preferences: Preferences, wire: Wire) -> Response:
    """Send ``answer`` as broken as asked for, and return what was sent.

    Raises:
        ConnectionResetError: The connection was to be cut, and there is none.
        ClientDisconnected: The caller did not wait for the end.
    """
    match preferences.fault:
        case Fault.RESET:
            await _reset(wire)
            return response
        case Fault.TRUNCATE:
            await _truncate(response, wire)
            return response
        case Fault.SLOW_BODY:
            await _dribble(response, preferences.seconds, wire)
            return response
        case Fault.MALFORMED:
            response = response._replace(body=response.body[:-1] or b"{")
        case Fault.HTML:
            status = preferences.code or _BAD_GATEWAY
            response = Response(status, headers=(("content-type", "text/html"),), body=_PAGE)
        case None:
            pass
    await send_response(response, wire.send, method=wire.scope["method"], headers=wire.headers)
    return response


async def _reset(wire: Wire) -> None:
    transport = wire.transport
    if transport is None:
        msg = "The connection was reset, as the fault asked for."
        raise ConnectionResetError(msg)
    number: int = transport.get_extra_info("socket").fileno()
    # Loops lend out a socket on which options cannot be set; a copy is the same connection.
    with socket.socket(fileno=os.dup(number)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
    transport.abort()
    await wire.until_disconnected()


async def _truncate(response: Response, wire: Wire) -> None:
    # Without a body nothing could be missing from it.
    await wire.begin(response, length=max(1, len(response.body)))
    await wire.go_on(response.body[: len(response.body) // 2])
    if wire.transport is None:
        msg = "The connection was closed within the body, as the fault asked for."
        raise ConnectionResetError(msg)
    wire.transport.close()
    await wire.until_disconnected()


async def _dribble(response: Response, seconds: float, wire: Wire) -> None:
    await wire.begin(response)
    size = max(1, math.ceil(len(response.body) / _PIECES))
    pieces = [response.body[at : at + size] for at in range(0, len(response.body), size)]
    gone = asyncio.ensure_future(wire.until_disconnected())
    try:
        for piece in pieces:
            await asyncio.wait({gone}, timeout=seconds / len(pieces))
            if gone.done():
                raise ClientDisconnected
            await wire.go_on(piece)
        await wire.send({"type": "http.response.body"})
    finally:
        gone.cancel()
