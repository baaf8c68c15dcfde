"""Uses that type checkers must accept, with the types that they must see. Never run."""

from __future__ import annotations

import datetime as dt
import typing
from typing import assert_type

import httpx

import insightiq
from insightiq import AsyncInsightIQ, AsyncPager, InsightIQ, Pager, Timeouts, errors, models
from insightiq.models import Account, Content, ContentList, Product, User, WebhookEvent


def configuring() -> None:
    """Everything that a client can be made from."""
    InsightIQ()
    InsightIQ(client_id="id", client_secret="s3", environment="sandbox", timeout=5)
    InsightIQ(base_url="http://127.0.0.1:4010", timeout=Timeouts(read=90))
    InsightIQ(transport=httpx.MockTransport(lambda _: httpx.Response(204)))
    AsyncInsightIQ(http_client=httpx.AsyncClient(), on_event=observing)
    with InsightIQ() as iq:
        assert_type(iq, InsightIQ)
    assert_type(insightiq.__version__, str)


def observing(event: insightiq.ResponseReceived) -> None:
    """An event hook."""
    assert_type(event.request_id, str | None)
    assert_type(event.status, int)


def calling(iq: InsightIQ) -> None:
    """Calls give models, and nothing where there is no answer body."""
    assert_type(iq.users.create(name="Ada", external_id="crm-42"), User)
    assert_type(iq.accounts.get("a-1"), Account)
    assert_type(iq.contents.search(ids=["c-1"]).data, list[Content])
    assert_type(iq.webhooks.delete("w-1"), None)
    iq.sdk_tokens.create(user_id="u-1", products=[Product.IDENTITY, Product.ENGAGEMENT])
    iq.sdk_tokens.create(user_id="u-1", products=["IDENTITY", "ENGAGEMENT.AUDIENCE"])
    iq.webhooks.create(url="https://x.example", events=[WebhookEvent.CONTENTS_ADDED], name="n")
    iq.contents.fetch_historic(account_id="a-1", from_date=dt.date(2026, 1, 1))


def listing(iq: InsightIQ) -> None:
    """Lists give items, pages, or the first item."""
    contents = iq.contents.list(account_id="a-1", limit=100)
    assert_type(contents, Pager[Content, ContentList])
    for content in contents:
        assert_type(content, Content)
        assert_type(content.published_at, dt.datetime)
        assert_type(content.title, str | None)
    for page in contents.pages():
        assert_type(page, ContentList)
    assert_type(contents.first(), Content | None)
    assert_type(list(contents), list[Content])


async def calling_asynchronously(iq: AsyncInsightIQ) -> None:
    """The same for asyncio."""
    async with iq:
        assert_type(await iq.users.create(name="Ada", external_id="crm-42"), User)
        contents = iq.contents.list(account_id="a-1")
        assert_type(contents, AsyncPager[Content, ContentList])
        async for content in contents:
            assert_type(content, Content)
        async for page in contents.pages():
            assert_type(page, ContentList)
        assert_type(await contents.first(), Content | None)


def reading(content: Content) -> str:
    """A key that may be absent is told apart from one that is null."""
    if content.description is insightiq.UNSET:
        return "absent"
    assert_type(content.description, str | None)
    if content.type is models.ContentType.VIDEO:
        return "video"
    return "other"


def handling(iq: InsightIQ) -> float:
    """Every error has its fields."""
    try:
        iq.users.get("u-1")
    except errors.RateLimitError as error:
        assert_type(error.status, int)
        return error.retry_after or 1.0
    except errors.UnreadableServerError as error:
        assert_type(error.code, str | None)
    except errors.InsightIQError as error:
        assert_type(error.request_id, str | None)
        assert_type(error.operation, str | None)
    return 0.0


EVENT_HOOK: typing.Final[insightiq.EventHook] = observing
