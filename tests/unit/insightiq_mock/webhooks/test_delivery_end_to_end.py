"""From an event to a receiver on loopback that checks what it gets."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
import uvicorn

from insightiq_mock.context import request_ids
from insightiq_mock.db import Store
from insightiq_mock.http_server import open_listener, url_of
from insightiq_mock.webhooks import AddressGuard, HttpSender, Inbox, InboxApp, Verdict

DEVELOPER = "11111111-1111-4111-8111-111111111111"
SECRET = "22222222-2222-4222-8222-222222222222"

RunReceiver = Callable[..., AbstractAsyncContextManager[Any]]


def digest(secret: str, body: bytes) -> str:
    """HMAC-SHA256 written out from its definition (RFC 2104), for keys of up to 64 bytes."""
    key = secret.encode().ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + body).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in key) + inner).hexdigest()


@pytest.fixture
def posting_desk(store: Store, make_desk: Any) -> Any:
    """A developer whose notifications really leave."""
    return make_desk(store, HttpSender(AddressGuard()))


def signatures(desk: Any, run_receiver: RunReceiver) -> tuple[list[str], bytes]:
    """Let something happen and return the digests and the body that a receiver gets."""

    async def run() -> Any:
        async with run_receiver() as receiver:
            webhook_id = desk.webhook(receiver.url(), "E.ONE")
            desk.emit("E.ONE", items=["ü"])
            await desk.simulation.run_due(DEVELOPER)
            desk.remove(webhook_id)
            return receiver.requests

    ((line, headers, body),) = asyncio.run(run())
    assert line.startswith("POST /hook ")
    assert headers["content-type"] == "application/json"
    return headers["webhook-signatures"].split(","), body


def test_receiver_can_verify_the_signature(posting_desk: Any, run_receiver: RunReceiver) -> None:
    """The digest is made with the client secret as text, over the bytes that arrive."""
    (given,), body = signatures(posting_desk, run_receiver)
    assert hmac.compare_digest(given, digest(SECRET, body))
    assert json.loads(body)["data"]["items"] == ["ü"]


def test_rotation_signs_with_both_secrets_until_it_ends(
    posting_desk: Any, run_receiver: RunReceiver
) -> None:
    """Receivers may change their secret at any moment of the rotation and never miss anything."""
    posting_desk.simulation.rotate_secret(DEVELOPER, "rotated-in-8d3f")
    given, body = signatures(posting_desk, run_receiver)
    assert sorted(given) == sorted([digest(SECRET, body), digest("rotated-in-8d3f", body)])
    posting_desk.simulation.retire_old_secret(DEVELOPER)
    given, body = signatures(posting_desk, run_receiver)
    assert given == [digest("rotated-in-8d3f", body)]


def test_log_shows_the_exchange(posting_desk: Any, run_receiver: RunReceiver) -> None:
    """What was sent and what came back can be read afterwards, byte for byte."""
    written = b"HTTP/1.1 418 No\r\nx-mood: sour\r\ncontent-length: 3\r\n\r\nno!"

    async def run() -> tuple[str, Any]:
        async with run_receiver(written) as receiver:
            posting_desk.webhook(receiver.url(), "E.ONE")
            posting_desk.emit("E.ONE")
            await posting_desk.simulation.run_due(DEVELOPER)
            return receiver.url(), receiver.requests[0]

    url, (_, headers, body) = asyncio.run(run())
    (record,) = posting_desk.deliveries.log(DEVELOPER)
    attempt = record.attempt
    assert (attempt.number, attempt.url, attempt.status) == (1, url, 418)
    assert attempt.verdict is Verdict.REFUSED
    assert (attempt.started_at, attempt.answer_body) == ("2026-11-01T12:00:00.000000", b"no!")
    assert dict(attempt.request_headers) == headers
    assert dict(attempt.answer_headers)["x-mood"] == "sour"
    assert record.delivery.body == body
    assert record.delivery.notification_id == json.loads(body)["id"]
    assert 0 < attempt.seconds < 5


def test_silent_receiver_costs_only_its_seconds(
    posting_desk: Any, run_receiver: RunReceiver
) -> None:
    """A clock that is advanced past all four tries waits for each of them and goes on."""
    posting_desk.simulation.update_settings(DEVELOPER, {"webhook_timeout_seconds": 0.1})

    async def run() -> tuple[str, int]:
        async with run_receiver(b"", stalls=True) as receiver:
            webhook_id = posting_desk.webhook(receiver.url(), "E.ONE")
            posting_desk.emit("E.ONE")
            await posting_desk.simulation.advance(DEVELOPER, dt.timedelta(days=1))
            return webhook_id, len(receiver.requests)

    webhook_id, tries = asyncio.run(run())
    # On a machine that is busy elsewhere, a try may end before it is heard.
    assert 1 <= tries <= 4
    assert posting_desk.verdicts() == ["timed_out"] * 4
    assert not posting_desk.state(webhook_id)["is_active"]


def test_delivery_that_was_cut_short_is_made_again(
    posting_desk: Any, run_receiver: RunReceiver
) -> None:
    """A server that stops in the middle of a try makes it again at its next start."""

    async def stop_in_the_middle(reached: asyncio.Event) -> None:
        server = asyncio.create_task(posting_desk.simulation.run_forever())
        async with asyncio.timeout(10):
            await reached.wait()
        server.cancel()
        await asyncio.gather(server, return_exceptions=True)

    async def run() -> tuple[Any, Any]:
        async with run_receiver(b"", stalls=True) as stalled, run_receiver() as receiver:
            webhook_id = posting_desk.webhook(stalled.url(), "E.ONE")
            posting_desk.emit("E.ONE")
            await stop_in_the_middle(stalled.reached)
            assert posting_desk.verdicts() == []
            posting_desk.put(webhook_id, url=receiver.url())
            await posting_desk.simulation.run_due(DEVELOPER)
            return stalled.requests, receiver.requests

    before, after = asyncio.run(run())
    assert [body for *_, body in before] == [body for *_, body in after]
    assert posting_desk.verdicts() == ["delivered"]


@asynccontextmanager
async def serving(app: InboxApp) -> AsyncIterator[str]:
    """Serve the inboxes over HTTP in the running event loop."""
    with open_listener("127.0.0.1", 0) as listener:
        config = uvicorn.Config(app, log_level="warning", lifespan="off", ws="none")
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield url_of(listener)
        finally:
            server.should_exit = True
            await running


def test_server_delivers_to_its_own_inbox(posting_desk: Any, store: Store) -> None:
    """One process sends and receives on one event loop and one store, and does not wait for itself."""
    inbox = Inbox(store)

    async def run() -> None:
        async with serving(InboxApp(inbox, request_ids())) as url:
            posting_desk.webhook(f"{url}/_mock/inbox/mine", "E.ONE")
            posting_desk.webhook(f"{url}/_mock/inbox/fails?answer=500", "E.ONE")
            posting_desk.emit("E.ONE", items=[str(number) for number in range(150)])
            async with asyncio.timeout(10):
                await posting_desk.simulation.advance(DEVELOPER, dt.timedelta(minutes=5))

    asyncio.run(run())
    kept = inbox.messages("mine")
    assert [len(json.loads(message.body)["data"]["items"]) for message in kept] == [100, 50]
    for message in kept:
        headers = dict(message.headers)
        assert headers["webhook-signatures"] == digest(SECRET, message.body)
    assert [message.answered for message in inbox.messages("fails")] == [500] * 6
