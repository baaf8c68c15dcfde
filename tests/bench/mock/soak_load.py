"""The load of the soak: requests of one developer as fast as one connection carries them.

Each request knows which outcomes are asked for: by itself (``Prefer``), by the fault rules of its
developer, or by their limit. Everything else has to be a success.
"""

from __future__ import annotations

import asyncio
import base64
import collections
import contextlib
import dataclasses
import itertools
import json
import random
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["RULES", "Tally", "Tenant", "load"]

_SECONDS_FOR_AN_ANSWER = 30.0

# Outcomes beside statuses: a connection that ended early, a proxy's page, a body that is no JSON.
_CUT, _HTML, _MALFORMED = "cut", "html", "malformed"

RULES: typing.Final[Mapping[str, tuple[Mapping[str, typing.Any], str]]] = {
    "users.list": ({"code": 503, "share": 0.02}, "503"),
    "contents.list": ({"fault": "truncate", "share": 0.02}, _CUT),
    "profiles.list": ({"fault": "html", "share": 0.02}, _HTML),
    "accounts.list": ({"fault": "reset", "share": 0.02}, _CUT),
}
"""By operation: the fault rule that is in force all the time, and what comes of it."""

_PREFERENCES: typing.Final = {
    "code=503": "503",
    "code=404": "404",
    "delay=0.02": None,
    "fault=reset": _CUT,
    "fault=truncate": _CUT,
    "fault=malformed": _MALFORMED,
    "fault=html": _HTML,
    "fault=slow-body; seconds=0.05": None,
}
_SHARE_WITH_PREFERENCE: typing.Final = 0.05


@dataclasses.dataclass(frozen=True, slots=True)
class Tenant:
    """One developer under load.

    Attributes:
        client_id: Credentials.
        client_secret: Credentials.
        account_id: One of the seeded accounts, which every reset brings back.
        is_limited: Whether requests are limited, so that 429 is asked for.
    """

    client_id: str
    client_secret: str = dataclasses.field(repr=False)
    account_id: str
    is_limited: bool


class Tally:
    """Counts of all requests.

    Attributes:
        asked_for: Outcomes by operation and name: successes, and what was asked for.
        unexplained: The others, with a sentence each; the first hundred.
    """

    def __init__(self) -> None:
        self.asked_for: collections.Counter[tuple[str, str]] = collections.Counter()
        self.unexplained: list[str] = []

    def note(self, request: _Request, outcome: str, body: bytes) -> None:
        """Count one outcome."""
        if outcome in request.allowed:
            self.asked_for[request.operation, outcome] += 1
        elif len(self.unexplained) < 100:
            self.unexplained.append(f"{request.operation}: {outcome} {body[:300]!r}")

    @property
    def requests(self) -> int:
        return sum(self.asked_for.values()) + len(self.unexplained)


@dataclasses.dataclass(frozen=True, slots=True)
class _Request:
    operation: str
    data: bytes
    allowed: frozenset[str]


async def load(
    address: tuple[str, int],
    tenant: Tenant,
    tally: Tally,
    *,
    stopped: Callable[[], bool],
    seed: int,
) -> None:
    """Send one developer's requests over one connection until it is stopped."""
    connection = _Connection(*address)
    try:
        for request in _requests(address[0], tenant, seed):
            if stopped():
                return
            outcome, body = await connection.exchange(request.data)
            tally.note(request, outcome, body)
    finally:
        await connection.close()


class _Connection:
    """A connection that is kept, and opened again after it was cut."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def exchange(self, data: bytes) -> tuple[str, bytes]:
        """Send a request; return what came of it, and the body."""
        try:
            async with asyncio.timeout(_SECONDS_FOR_AN_ANSWER):
                return await self._exchange(data)
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            await self.close()
            return _CUT, repr(error).encode()
        except TimeoutError:
            await self.close()
            return "no response", b""

    async def _exchange(self, data: bytes) -> tuple[str, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._address)
        reader, writer = self._streams
        writer.write(data)
        head = await reader.readuntil(b"\r\n\r\n")
        status_line, *lines = head.decode("latin-1").lower().split("\r\n")
        headers = {
            name: value.strip() for name, _, value in (line.partition(":") for line in lines)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection") == "close":
            await self.close()
        if headers.get("content-type") == "text/html":
            return _HTML, body
        try:
            json.loads(body or b"null")
        except ValueError:
            return _MALFORMED, body
        return status_line.split()[1], body

    async def close(self) -> None:
        """Close the connection, if there is one."""
        streams, self._streams = self._streams, None
        if streams is not None:
            streams[1].close()
            with contextlib.suppress(ConnectionError):
                await streams[1].wait_closed()


def _requests(host: str, tenant: Tenant, seed: int) -> Iterator[_Request]:
    chance = random.Random(seed)
    credentials = f"{tenant.client_id}:{tenant.client_secret}".encode()
    common = f"host: {host}\r\nauthorization: Basic {base64.b64encode(credentials).decode()}\r\n"
    account = tenant.account_id
    targets = [
        ("users.list", "/v1/users?limit=20"),
        ("accounts.list", "/v1/accounts?limit=20"),
        ("accounts.get", f"/v1/accounts/{account}"),
        ("profiles.list", f"/v1/profiles?account_id={account}"),
        ("contents.list", f"/v1/social/contents?account_id={account}&limit=100"),
        ("work_platforms.list", "/v1/work-platforms"),
    ]
    for number in itertools.count():
        operation, target = chance.choice(targets)
        head, body, success = f"GET {target} HTTP/1.1\r\n", b"", "200"
        if number % 50 == 0:
            operation, success = "users.create", "201"
            name = f"soak {seed} {number}"
            body = json.dumps({"name": name, "external_id": name}).encode()
            head = f"POST /v1/users HTTP/1.1\r\ncontent-length: {len(body)}\r\n"
            head += "content-type: application/json\r\n"
        allowed = {success, "429"} if tenant.is_limited else {success}
        if operation in RULES:
            allowed.add(RULES[operation][1])
        if chance.random() < _SHARE_WITH_PREFERENCE:
            preference, outcome = chance.choice(list(_PREFERENCES.items()))
            head += f"prefer: {preference}\r\n"
            allowed |= set() if outcome is None else {outcome}
        data = f"{head}{common}\r\n".encode() + body
        yield _Request(operation, data, frozenset(allowed))
