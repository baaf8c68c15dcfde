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
    InsightIQ("id", "s3")  # refused
    InsightIQ(client_secret=5)  # refused
    InsightIQ(secret="s3")  # refused
    InsightIQ(timeout="5")  # refused
    InsightIQ(timeout=httpx.Timeout(5))  # refused
    InsightIQ(http_client=httpx.AsyncClient())  # refused
    AsyncInsightIQ(http_client=httpx.Client())  # refused
    AsyncInsightIQ(on_event=observing)  # refused
    InsightIQ(on_event=narrow)  # refused
    InsightIQ(max_attempts="3")  # refused
    InsightIQ(clock=1.0)  # refused
    InsightIQ(environment="prod")  # refused
    InsightIQ(headers={"x": 1})  # refused
    Timeouts(5)  # refused


def calling(iq: InsightIQ) -> None:
    iq.users.create(name="Ada")  # refused
    iq.users.create("Ada", "crm-42")  # refused
    iq.users.create(name="Ada", external_id="crm-42", email="a@x.example")  # refused
    iq.users.create(name="Ada", external_id=1.5)  # refused
    iq.users.create(name="Ada", external_id=None)  # refused
    iq.users.get(id=7)  # refused
    iq.users.get(None)  # refused
    iq.users.delete("u-1")  # refused
    iq.user.get("u-1")  # refused
    iq.contents.list()  # refused
    iq.contents.list(account_id="a-1", limit="10")  # refused
    iq.contents.fetch_historic(account_id="a-1", from_date="2026-01-01")  # refused
    iq.sdk_tokens.create(user_id="u-1", products=["IDENTITIES"])  # refused
    iq.sdk_tokens.create(user_id="u-1", products="IDENTITY")  # refused
    _ = iq.contents.list(account_id="a-1").data  # refused
    len(iq.contents.list(account_id="a-1"))  # refused
    iq.contents.list(account_id="a-1").prefetch("3")  # refused
    iq.contents.list(account_id="a-1").resume(7)  # refused
    iq.contents.list(account_id="a-1").on_progress(print_one)  # refused
    iq.accounts.wait_until_synced("a-1", products=["IDENTITIES"])  # refused
    iq.users.get_or_create(name="Ada")  # refused
    iq.with_response(iq.users.get)  # refused
    iq.with_response(iq.users.get, id=7)  # refused
    iq.with_options(retries=3)  # refused
    iq.request("GET", "/v1/x", json={1, 2})  # refused
    iq.request("GET", "/v1/x").parsed["id"]  # refused
    _ = iq.contents.get("c-1").titel  # refused


def reading(iq: InsightIQ) -> None:
    content: models.Content | None = iq.contents.list(account_id="a-1").first()
    _ = content.url  # refused
    iq.contents.get("c-1").title.upper()  # refused
    _ = models.Contents  # refused
    _ = insightiq.Client  # refused


async def waiting(iq: AsyncInsightIQ) -> None:
    user = iq.users.get("u-1")
    _ = user.name  # refused
    await iq.users.list()  # refused
    for _ in iq.users.list():  # refused
        pass
    with iq:  # refused
        pass


def handling(error: errors.APIConnectionError) -> None:
    """No answer, no status."""
    _ = error.status_code  # refused
    _ = errors.NotFound  # refused


async def handle(event: webhooks.Event) -> None:
    """A handler that only ASGI can await."""


def receiving(event: webhooks.Event) -> None:
    """Signatures cover bytes, secrets are text, and no event may be forgotten."""
    webhooks.verify("text", {}, "s3")  # refused
    webhooks.verify(b"", {"a": 1}, "s3")  # refused
    webhooks.verify(b"", "s3", {})  # refused
    webhooks.verify(b"", {}, b"s3")  # refused
    webhooks.parse({"event": "A.B"})  # refused
    webhooks.WebhookWSGIApp(handle, secret="s3")  # refused
    webhooks.WebhookASGIApp(handle)  # refused
    _ = event.data.items  # refused
    if not isinstance(event, webhooks.UnknownEvent):
        typing.assert_never(event)  # refused
