"""Mistakes that type checkers must reject: each line marked so, and no other. Never run."""

from __future__ import annotations

import typing

import httpx

import insightiq
from insightiq import (
    AsyncInsightIQ,
    Event,
    InsightIQ,
    ResponseReceived,
    Timeouts,
    errors,
    models,
    webhooks,
)


async def observing(event: Event) -> None:
    """An event hook is an ordinary function."""


def narrow(event: ResponseReceived) -> None:
    """An event hook is called with every kind of event."""


def print_one(items: int) -> None:
    """Progress is two numbers."""


def configuring() -> None:
    InsightIQ("id", "s3")  # rejected
    InsightIQ(client_secret=5)  # rejected
    InsightIQ(secret="s3")  # rejected
    InsightIQ(timeout="5")  # rejected
    InsightIQ(timeout=httpx.Timeout(5))  # rejected
    InsightIQ(http_client=httpx.AsyncClient())  # rejected
    AsyncInsightIQ(http_client=httpx.Client())  # rejected
    AsyncInsightIQ(on_event=observing)  # rejected
    InsightIQ(on_event=narrow)  # rejected
    InsightIQ(max_attempts="3")  # rejected
    InsightIQ(clock=1.0)  # rejected
    InsightIQ(environment="prod")  # rejected
    InsightIQ(headers={"x": 1})  # rejected
    Timeouts(5)  # rejected


def calling(iq: InsightIQ) -> None:
    iq.users.create(name="Ada")  # rejected
    iq.users.create("Ada", "crm-42")  # rejected
    iq.users.create(name="Ada", external_id="crm-42", email="a@x.example")  # rejected
    iq.users.create(name="Ada", external_id=1.5)  # rejected
    iq.users.create(name="Ada", external_id=None)  # rejected
    iq.users.get(id=7)  # rejected
    iq.users.get(None)  # rejected
    iq.users.delete("u-1")  # rejected
    iq.user.get("u-1")  # rejected
    iq.contents.list()  # rejected
    iq.contents.list(account_id="a-1", limit="10")  # rejected
    iq.contents.fetch_historic(account_id="a-1", from_date="2026-01-01")  # rejected
    iq.sdk_tokens.create(user_id="u-1", products=["IDENTITIES"])  # rejected
    iq.sdk_tokens.create(user_id="u-1", products="IDENTITY")  # rejected
    _ = iq.contents.list(account_id="a-1").data  # rejected
    len(iq.contents.list(account_id="a-1"))  # rejected
    iq.contents.list(account_id="a-1").prefetch("3")  # rejected
    iq.contents.list(account_id="a-1").resume(7)  # rejected
    iq.contents.list(account_id="a-1").on_progress(print_one)  # rejected
    iq.accounts.wait_until_synced("a-1", products=["IDENTITIES"])  # rejected
    iq.users.get_or_create(name="Ada")  # rejected
    iq.with_response(iq.users.get)  # rejected
    iq.with_response(iq.users.get, id=7)  # rejected
    iq.with_options(retries=3)  # rejected
    iq.request("GET", "/v1/x", json={1, 2})  # rejected
    iq.request("GET", "/v1/x").parsed["id"]  # rejected
    _ = iq.contents.get("c-1").titel  # rejected


def reading(iq: InsightIQ) -> None:
    content: models.Content | None = iq.contents.list(account_id="a-1").first()
    _ = content.url  # rejected
    iq.contents.get("c-1").title.upper()  # rejected
    _ = models.Contents  # rejected
    _ = insightiq.Client  # rejected


async def waiting(iq: AsyncInsightIQ) -> None:
    user = iq.users.get("u-1")
    _ = user.name  # rejected
    await iq.users.list()  # rejected
    for _ in iq.users.list():  # rejected
        pass
    with iq:  # rejected
        pass


def handling(error: errors.APIConnectionError) -> None:
    """No response, no status."""
    _ = error.status_code  # rejected
    _ = errors.NotFound  # rejected


async def handle(event: webhooks.Event) -> None:
    """A handler that only ASGI can await."""


def receiving(event: webhooks.Event) -> None:
    """Signatures cover bytes, secrets are text, and no event may be forgotten."""
    webhooks.verify("text", {}, "s3")  # rejected
    webhooks.verify(b"", {"a": 1}, "s3")  # rejected
    webhooks.verify(b"", "s3", {})  # rejected
    webhooks.verify(b"", {}, b"s3")  # rejected
    webhooks.parse({"event": "A.B"})  # rejected
    webhooks.WebhookWSGIApp(handle, secret="s3")  # rejected
    webhooks.WebhookASGIApp(handle)  # rejected
    _ = event.data.items  # rejected
    if not isinstance(event, webhooks.UnknownEvent):
        typing.assert_never(event)  # rejected
