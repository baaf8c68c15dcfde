"""Fault injection: by the ``Prefer`` header, or by rules for the next requests or a share of them.

In process, where there is no connection to cut, ``reset`` and ``truncate`` raise
`ConnectionResetError` out of the application instead: before anything was sent, or after half of it.
"""

from __future__ import annotations

import asyncio
import dataclasses
import math
import os
import random
import socket
import struct
from typing import TYPE_CHECKING

from insightiq_mock.context import (
    CONNECTION,
    ClientDisconnected,
    Response,
    response_head,
    send_response,
)
from insightiq_mock.db.fault_rules import FaultRuleRows
from insightiq_mock.openapi.prefer import Fault, Preferences, read_preferences

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.types import Receive, Scope, Send

    from insightiq_mock.context import RequestContext
    from insightiq_mock.db import Store
    from insightiq_mock.db.fault_rules import FaultRuleRow
    from insightiq_mock.http_server import Connection

__all__ = ["FaultInjector", "FaultRule", "FaultRules", "Wire", "send_faulty"]

_PIECES = 20
_BAD_GATEWAY = 502
# Sent by a proxy in front of the API rather than by the API.
_PAGE = b"""<html>
<head><title>502 Bad Gateway</title></head>
<body>
<center><h1>502 Bad Gateway</h1></center>
</body>
</html>
"""
# Closing a socket that lingers for no time resets the connection.
_NO_LINGERING = struct.pack("ii", 1, 0)


@dataclasses.dataclass(frozen=True, slots=True)
class FaultRule:
    """One rule.

    Attributes:
        id: Its number among the developer's rules, as text.
        operation_id: The operation whose requests it applies to; None for all.
        effect: Preferences by name: ``code``, ``delay``, ``example``, ``fault``, ``seconds``, with
            values as in a ``Prefer`` header.
        remaining: To how many requests it still applies; None for any number.
        share: To what share of the requests it applies, from 0 to 1; None for all.
        seed: Seed of the choice of those requests.
        seen: How many requests it was checked for so far.
    """

    id: str
    operation_id: str | None
    effect: Mapping[str, str]
    remaining: int | None
    share: float | None
    seed: str
    seen: int


class FaultRules:
    """The rules of all developers. Of several that apply to a request, the oldest wins.

    They belong to a developer's world: a reset removes them, a snapshot keeps them.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows = FaultRuleRows(store)
        self._version = -1
        self._has_rules: dict[str, bool] = {}

    def add(
        self,
        developer_id: str,
        effect: Mapping[str, str],
        *,
        operation_id: str | None = None,
        times: int | None = None,
        share: float | None = None,
        seed: str | int = 1,
    ) -> FaultRule:
        """Add a rule.

        Args:
            developer_id: The developer whose requests it applies to.
            effect: Preferences by name; see `FaultRule`.
            operation_id: The operation; None for all.
            times: To how many requests it applies; None for any number.
            share: To what share of them, above 0 and at most 1; None for all.
            seed: Seed of the choice of those requests.

        Raises:
            ValueError: The effect is empty or invalid, or a number is out of bounds.
        """
        unknown = effect.keys() - {field.name for field in dataclasses.fields(Preferences)}
        if unknown or not str(Preferences.from_values(effect)):
            names = ", ".join(field.name for field in dataclasses.fields(Preferences))
            msg = f"the effect is {dict(effect)}; give at least one of {names}, and nothing else"
            raise ValueError(msg)
        if times is not None and times < 1:
            msg = f"times is {times}; give a number above 0, or leave it out"
            raise ValueError(msg)
        if share is not None and not 0 < share <= 1:
            msg = f"share is {share}; give a number above 0 and at most 1, or leave it out"
            raise ValueError(msg)
        row = self._rows.add(
            developer_id, operation_id, effect, remaining=times, share=share, seed=str(seed)
        )
        return _rule(row)

    def list(self, developer_id: str) -> list[FaultRule]:
        """Return a developer's rules, the oldest first."""
        return [_rule(row) for row in self._rows.all(developer_id)]

    def clear(self, developer_id: str, rule_id: str | None = None) -> int:
        """Remove one rule, or all of a developer's; return how many those were."""
        if rule_id is None:
            return self._rows.remove(developer_id)
        number = int(rule_id) if rule_id.isascii() and rule_id.isdecimal() else 0
        return self._rows.remove(developer_id, number)

    def take(self, developer_id: str, operation_id: str) -> Preferences | None:
        """Return the effect on one more request, and count it; None for no effect."""
        version = self._store.version()
        if version != self._version:
            self._version = version
            self._has_rules.clear()
        has_rules = self._has_rules.get(developer_id)
        if has_rules is None:
            has_rules = self._has_rules[developer_id] = bool(self._rows.all(developer_id))
        return self._take(developer_id, operation_id) if has_rules else None

    def _take(self, developer_id: str, operation_id: str) -> Preferences | None:
        with self._store.transaction():
            for row in self._rows.all(developer_id):
                if row.operation not in (None, operation_id):
                    continue
                happens = row.share is None or _chance(row) < row.share
                self._rows.count(developer_id, row.number, happened=happens)
                if happens:
                    return Preferences.from_values(row.effect)
        return None


def _chance(row: FaultRuleRow) -> float:
    # The same requests are hit in every run of a script.
    name = f"insightiq-mock fault {row.seed} {row.seen}"
    return random.Random(name).random()


def _rule(row: FaultRuleRow) -> FaultRule:
    return FaultRule(
        str(row.number), row.operation, row.effect, row.remaining, row.share, row.seed, row.seen
    )


class FaultInjector:
    """Finds the preferences of a request, in ``Prefer`` or in a rule, and applies its delay."""

    def __init__(
        self, rules: FaultRules, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._rules = rules
        self._sleep = sleep

    async def prepare(self, scope: Scope, context: RequestContext) -> None:
        """Set the preferences of ``context``.

        Raises:
            ApiError: 400, the header is invalid.
        """
        if b"prefer" in context.headers:
            # Several headers of one name mean the same as one with commas.
            values = (value for name, value in scope["headers"] if name == b"prefer")
            context.preferences = read_preferences(b", ".join(values).decode("latin-1"))
        if context.preferences is None and context.developer_id and context.operation_id:
            context.preferences = self._rules.take(context.developer_id, context.operation_id)
        if context.preferences is not None and context.preferences.delay:
            await self._sleep(context.preferences.delay)


@dataclasses.dataclass(frozen=True, slots=True)
class Wire:
    """The channels of one request, and the headers that every response carries."""

    scope: Scope
    receive: Receive
    send: Send
    headers: tuple[tuple[bytes, bytes], ...]

    async def begin(self, response: Response, *, length: int | None = None) -> None:
        """Send status and headers."""
        head = [*response_head(response, length=length), *self.headers]
        start = {"type": "http.response.start", "status": response.status, "headers": head}
        await self.send(start)

    async def send_piece(self, piece: bytes) -> None:
        """Send a part of the body."""
        await self.send({"type": "http.response.body", "body": piece, "more_body": True})

    async def until_disconnected(self) -> None:
        """Wait until the connection is gone."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    @property
    def connection(self) -> Connection | None:
        """The connection; None in process."""
        found: Connection | None = self.scope.get("state", {}).get(CONNECTION)
        return found


async def send_faulty(response: Response, preferences: Preferences, wire: Wire) -> Response:
    """Send ``response`` with the fault of ``preferences``, and return what was sent.

    Raises:
        ConnectionResetError: The connection was to be cut, in process.
        ClientDisconnected: The client did not wait for the end.
    """
    match preferences.fault:
        case Fault.RESET:
            await _reset(wire)
            return response
        case Fault.TRUNCATE:
            await _truncate(response, wire)
            return response
        case Fault.SLOW_BODY:
            await _send_slowly(response, preferences.seconds, wire)
            return response
        case Fault.MALFORMED:
            response = response._replace(body=response.body[:-1] or b"{")
        case Fault.HTML:
            status = preferences.code or _BAD_GATEWAY
            response = Response(status, _PAGE, (("content-type", "text/html"),))
        case None:
            pass
    await send_response(response, wire.send, method=wire.scope["method"], headers=wire.headers)
    return response


async def _reset(wire: Wire) -> None:
    if wire.connection is None:
        msg = "The connection was reset, as the fault asked for."
        raise ConnectionResetError(msg)
    transport = wire.connection.transport
    number: int = transport.get_extra_info("socket").fileno()
    # Loops lend a socket whose options cannot be set; a copy is the same connection.
    with socket.socket(fileno=os.dup(number)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
    transport.abort()
    await wire.until_disconnected()


async def _truncate(response: Response, wire: Wire) -> None:
    # A response without a body announces one byte.
    await wire.begin(response, length=max(1, len(response.body)))
    await wire.send_piece(response.body[: len(response.body) // 2])
    if wire.connection is None:
        msg = "The connection was closed within the body, as the fault asked for."
        raise ConnectionResetError(msg)
    wire.connection.close()
    await wire.until_disconnected()


async def _send_slowly(response: Response, seconds: float, wire: Wire) -> None:
    await wire.begin(response)
    size = max(1, math.ceil(len(response.body) / _PIECES))
    pieces = [response.body[at : at + size] for at in range(0, len(response.body), size)]
    gone = asyncio.ensure_future(wire.until_disconnected())
    try:
        for piece in pieces:
            await asyncio.wait({gone}, timeout=seconds / len(pieces))
            if gone.done():
                raise ClientDisconnected
            await wire.send_piece(piece)
        await wire.send({"type": "http.response.body"})
    finally:
        gone.cancel()
