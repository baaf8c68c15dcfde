"""A developer whose clock stands still, with webhooks, and receivers with a set behaviour."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from insightiq_mock.db import Store, format_timestamp
from insightiq_mock.resources import make_simulation
from insightiq_mock.resources.webhooks import WEBHOOKS
from insightiq_mock.webhooks import Outcome, Sender, Verdict, WebhookDispatcher

DEVELOPER = "11111111-1111-4111-8111-111111111111"
SECRET = "22222222-2222-4222-8222-222222222222"
NOON = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
WALL = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
ACCOUNT = "5e1c8f07-93ab-4d26-8a15-c40be7d2f391"
USER = "0d9f3a52-6c1e-4b7a-9e43-2f8a5d7c1b60"


@dataclasses.dataclass
class Post:
    """Something that was posted, and when in the developer's world."""

    url: str
    headers: dict[str, str]
    body: bytes
    seconds: float
    at: dt.datetime

    @property
    def payload(self) -> Any:
        """The parsed body."""
        return json.loads(self.body)


class ScriptedSender:
    """Posts nowhere; each address responses as ``verdicts`` says, and takes what it is sent otherwise."""

    def __init__(self) -> None:
        self.verdicts: dict[str, Verdict] = {}
        self.posts: list[Post] = []
        self.report_time: Callable[[], dt.datetime] = lambda: NOON
        self.meanwhile: Callable[[], None] = lambda: None
        self.block: Callable[[str], Awaitable[None]] | None = None

    async def send(
        self, url: str, headers: tuple[tuple[str, str], ...], body: bytes, *, seconds: float
    ) -> Outcome:
        """Note what is posted and respond by the script."""
        self.posts.append(Post(url, dict(headers), body, seconds, self.report_time()))
        if self.block is not None:
            await self.block(url)
        self.meanwhile()
        verdict = self.verdicts.get(url, Verdict.DELIVERED)
        return Outcome(verdict, status=200, request_headers=headers)


class Desk:
    """A developer at work: things happen, webhooks are sent.

    The events of these tests have names that no world knows: what happens in the seeded world by
    itself reaches no one.
    """

    def __init__(self, store: Store, http: Sender | None = None, *, is_new: bool = True) -> None:
        self.store = store
        self.registered = 0
        self.http = ScriptedSender()
        self.simulation = make_simulation(store, wall_clock=lambda: WALL)
        self.deliveries = WebhookDispatcher(
            self.simulation, lambda event: f"<{event}>", http or self.http
        )
        if is_new:
            self.simulation.create_developer(client_id=DEVELOPER, client_secret=SECRET)
            self.simulation.set_clock(DEVELOPER, mode="frozen", at=NOON)
            # What would happen in the seeded world by itself only takes time here.
            store.change(sa.text("DELETE FROM jobs"))
        self.http.report_time = lambda: self.simulation.now(DEVELOPER)

    def webhook(self, url: str, *events: str, is_active: bool = True) -> str:
        """Register a webhook and return its id."""
        webhook_id = f"webhook for {url}"
        self.registered += 1
        stamp = format_timestamp(NOON + dt.timedelta(seconds=self.registered))
        resource = {
            "name": "test",
            "url": url,
            "id": webhook_id,
            "created_at": stamp,
            "updated_at": stamp,
            "is_active": is_active,
            "events": list(events),
        }
        self.store.add(DEVELOPER, [WEBHOOKS.record(resource)])
        return webhook_id

    def state(self, webhook_id: str) -> Any:
        """The webhook as it lies in the store."""
        return json.loads(self.store.get(DEVELOPER, "webhook", webhook_id) or b"null")

    def put(self, webhook_id: str, **changes: Any) -> None:
        """Change a webhook, as its PUT does."""
        resource = {**self.state(webhook_id), **changes}
        self.store.replace(DEVELOPER, WEBHOOKS.record(resource))

    def remove(self, webhook_id: str) -> None:
        """Delete a webhook."""
        assert self.store.remove(DEVELOPER, "webhook", webhook_id)

    def emit(self, event: str, **data: Any) -> None:
        """Let something happen to the account."""
        self.simulation.emit(DEVELOPER, event, {"account_id": ACCOUNT, "user_id": USER, **data})

    def run(self) -> None:
        """Carry out what is due."""
        asyncio.run(self.simulation.run_due(DEVELOPER))

    def advance(self, **by: float) -> None:
        """Let time pass."""
        asyncio.run(self.simulation.advance(DEVELOPER, dt.timedelta(**by)))

    def verdicts(self) -> list[str]:
        """The verdicts of the log, oldest first."""
        records = self.deliveries.log(DEVELOPER, limit=10_000)
        return [record.attempt.verdict.value for record in reversed(records)]


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store."""
    with Store.open(None) as opened:
        yield opened


@pytest.fixture
def desk(store: Store) -> Desk:
    """A developer whose receivers are scripted."""
    return Desk(store)


@dataclasses.dataclass
class Receiver:
    """A server on a loopback port that responds to every request with the same bytes."""

    port: int
    requests: list[tuple[str, dict[str, str], bytes]]
    reached: asyncio.Event

    def url(self, path: str = "/hook", host: str = "127.0.0.1") -> str:
        """Its address."""
        return f"http://{host}:{self.port}{path}"


@contextlib.asynccontextmanager
async def receiver(
    response: bytes = b"HTTP/1.1 204 No Content\r\n\r\n", *, stalls: bool = False
) -> AsyncIterator[Receiver]:
    """Run a receiver; one that ``stalls`` keeps the connection open after its response."""
    requests: list[tuple[str, dict[str, str], bytes]] = []
    reached, released = asyncio.Event(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
            body = await reader.readexactly(int(headers["content-length"]))
            requests.append((head[0], headers, body))
            reached.set()
            writer.write(response)
            await writer.drain()
            if stalls:
                await released.wait()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield Receiver(server.sockets[0].getsockname()[1], requests, reached)
    finally:
        released.set()
        server.close()
        await server.wait_closed()


@pytest.fixture(scope="session")
def run_receiver() -> Callable[..., contextlib.AbstractAsyncContextManager[Receiver]]:
    return receiver


@pytest.fixture(scope="session")
def make_desk() -> Callable[..., Desk]:
    return Desk
