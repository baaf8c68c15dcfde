"""The receiver for those who have none."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import httpx
import pytest

from insightiq_mock.context import request_ids
from insightiq_mock.db import Store
from insightiq_mock.db.inbox import InboxMessages
from insightiq_mock.webhooks import Inbox, InboxApp

NOW = dt.datetime(2027, 1, 1, 12, 30, tzinfo=dt.UTC)


@pytest.fixture
def inbox(store: Store) -> Inbox:
    """Inboxes whose clock stands still."""
    return Inbox(store, wall_clock=lambda: NOW)


def call(inbox: Inbox, method: str, path: str, **options: Any) -> httpx.Response:
    """Send one request to the inboxes."""

    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(InboxApp(inbox, request_ids()))
        async with httpx.AsyncClient(transport=transport, base_url="http://mock") as client:
            return await client.request(method, path, **options)

    return asyncio.run(run())


def test_what_arrives_is_kept(inbox: Inbox) -> None:
    content = b'{"a": "\xc3\xa9"}\n'
    headers = [("Webhook-Signatures", "abc"), ("X-Twice", "1"), ("X-Twice", "2")]
    assert call(inbox, "POST", "/_mock/inbox/mine", content=content, headers=headers).is_success
    (message,) = inbox.messages("mine")
    assert message.body == content
    assert [pair for pair in message.headers if pair[0].startswith(("webhook", "x-"))] == [
        ("webhook-signatures", "abc"),
        ("x-twice", "1"),
        ("x-twice", "2"),
    ]
    assert (message.received_at, message.response_status) == ("2027-01-01T12:30:00.000000", 200)


def test_inboxes_are_apart(inbox: Inbox) -> None:
    for name, body in (("one", b"1"), ("two", b"2"), ("one", b"3")):
        call(inbox, "POST", f"/_mock/inbox/{name}", content=body)
    assert [message.body for message in inbox.messages("one")] == [b"1", b"3"]
    assert [message.body for message in inbox.messages("one", limit=1)] == [b"3"]
    assert inbox.clear("one") == 2
    assert inbox.messages("one") == []
    assert [message.body for message in inbox.messages("two")] == [b"2"]


@pytest.mark.parametrize("status", [200, 204, 302, 410, 500, 503, 599])
def test_inbox_responds_as_asked(inbox: Inbox, status: int) -> None:
    response = call(inbox, "POST", f"/_mock/inbox/mine?status={status}", content=b"x")
    assert response.status_code == status
    (message,) = inbox.messages("mine")
    assert (message.body, message.response_status) == (b"x", status)


@pytest.mark.parametrize("asked", ["", "x", "99", "100", "199", "600", "1000", "²00", "-200"])
def test_impossible_response_is_rejected(inbox: Inbox, asked: str) -> None:
    response = call(inbox, "POST", f"/_mock/inbox/mine?status={asked}")
    assert response.status_code == 400
    assert "status must be" in response.text
    assert inbox.messages("mine") == []


@pytest.mark.parametrize("path", ["/_mock/inbox/", "/_mock/inbox/a/b", "/_mock/inbox/" + "a" * 101])
def test_impossible_name_is_unknown(inbox: Inbox, path: str) -> None:
    assert call(inbox, "POST", path).status_code == 404


def test_inbox_only_receives(inbox: Inbox) -> None:
    response = call(inbox, "GET", "/_mock/inbox/mine")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


def test_huge_message_is_rejected(inbox: Inbox) -> None:
    assert call(inbox, "POST", "/_mock/inbox/mine", content=bytes(2**20 + 1)).status_code == 413
    assert inbox.messages("mine") == []
    assert call(inbox, "POST", "/_mock/inbox/mine", content=bytes(2**20)).is_success


def fill(messages: InboxMessages, count: int, body: bytes) -> None:
    """Send many messages."""
    for number in range(count):
        messages.add(
            f"name {number % 3}",
            received_at="2027-01-01T12:30:00.000000",
            response_status=200,
            headers=(),
            body=body,
        )


@pytest.mark.parametrize("bounds", [{"kept": 10}, {"kept_bytes": 10 * (2 + 98)}])
def test_old_messages_are_forgotten(store: Store, bounds: dict[str, int]) -> None:
    messages = InboxMessages(store, **bounds)
    fill(messages, 640, b"x" * 98)
    held = [len(messages.of(f"name {number}", 1000)) for number in range(3)]
    assert sum(held) == 10
    assert messages.of("name 0", 1)[0].id == 640
