"""Mistakes that type checkers must refuse: each line marked so, and no other. Never run."""

from __future__ import annotations

import httpx

import insightiq
from insightiq import AsyncInsightIQ, InsightIQ, ResponseReceived, Timeouts, errors, models


async def observing(event: ResponseReceived) -> None:
    """An event hook is an ordinary function."""


def configuring() -> None:
    """What a client is not made from."""
    InsightIQ("id", "s3")  # refused
    InsightIQ(client_secret=5)  # refused
    InsightIQ(secret="s3")  # refused
    InsightIQ(timeout="5")  # refused
    InsightIQ(timeout=httpx.Timeout(5))  # refused
    InsightIQ(http_client=httpx.AsyncClient())  # refused
    AsyncInsightIQ(http_client=httpx.Client())  # refused
    AsyncInsightIQ(on_event=observing)  # refused
    Timeouts(5)  # refused


def calling(iq: InsightIQ) -> None:
    """What a call does not take or give."""
    iq.users.create(name="Ada")  # refused
    iq.users.create("Ada", "crm-42")  # refused
    iq.users.create(name="Ada", external_id="crm-42", email="a@x.example")  # refused
    iq.users.get(id=7)  # refused
    iq.users.delete("u-1")  # refused
    iq.user.get("u-1")  # refused
    iq.contents.list()  # refused
    iq.contents.list(account_id="a-1", limit="10")  # refused
    iq.contents.fetch_historic(account_id="a-1", from_date="2026-01-01")  # refused
    iq.sdk_tokens.create(user_id="u-1", products=["IDENTITIES"])  # refused
    iq.sdk_tokens.create(user_id="u-1", products="IDENTITY")  # refused
    _ = iq.contents.list(account_id="a-1").data  # refused
    len(iq.contents.list(account_id="a-1"))  # refused
    _ = iq.contents.get("c-1").titel  # refused


def reading(iq: InsightIQ) -> None:
    """What may be missing cannot be used without a look."""
    content: models.Content | None = iq.contents.list(account_id="a-1").first()
    _ = content.url  # refused
    iq.contents.get("c-1").title.upper()  # refused
    _ = models.Contents  # refused
    _ = insightiq.Client  # refused


async def waiting(iq: AsyncInsightIQ) -> None:
    """What needs await, and what does not."""
    user = iq.users.get("u-1")
    _ = user.name  # refused
    await iq.users.list()  # refused
    for _ in iq.users.list():  # refused
        pass
    with iq:  # refused
        pass


def handling(error: errors.NoAnswerError) -> None:
    """No answer, no status."""
    _ = error.status  # refused
    _ = errors.NotFound  # refused
