"""Uses that type checkers must accept, with the types that they must see. Never run."""

from __future__ import annotations

import datetime as dt
import json
import typing
from typing import Literal, assert_type
from wsgiref.types import WSGIApplication

import httpx
from starlette.types import ASGIApp

import insightiq
from insightiq import (
    AsyncInsightIQ,
    AsyncPager,
    BulkResult,
    InsightIQ,
    Pager,
    PagerState,
    Response,
    Timeouts,
    errors,
    models,
    webhooks,
)
from insightiq.models import (
    Account,
    Content,
    ContentList,
    ContentsAddedNotification,
    Product,
    User,
    WebhookEvent,
)
from insightiq.testing import (
    FakeClock,
    ScriptedTransport,
    WorldClock,
    async_client_for,
    client_for,
    connection_lost,
    delayed,
    response,
    signed_headers,
)
from insightiq_mock.testing import MockTenant


def configuring() -> None:
    """Everything that a client can be made from."""
    InsightIQ()
    InsightIQ(client_id="id", client_secret="s3", environment="sandbox", timeout=5)
    InsightIQ(base_url="http://127.0.0.1:4010", timeout=Timeouts(read=90))
    InsightIQ(base_url="http://mock:4010", allow_http=True, max_response_bytes=None)
    InsightIQ(transport=httpx.MockTransport(lambda _: httpx.Response(204)))
    AsyncInsightIQ(http_client=httpx.AsyncClient(), on_event=observing)
    with InsightIQ() as iq:
        assert_type(iq, InsightIQ)
    assert_type(insightiq.__version__, str)


def observing(event: insightiq.Event) -> None:
    """An event hook."""
    assert_type(event.operation, str)
    if isinstance(event, insightiq.ResponseReceived):
        assert_type(event.request_id, str | None)
        assert_type(event.status_code, int)
    elif isinstance(event, insightiq.RetryScheduled):
        assert_type(event.wait, float)


def deciding(iq: InsightIQ) -> None:
    """Options of a client, of its siblings and of single calls."""
    clock = FakeClock()
    InsightIQ(deadline=None, max_attempts=1, quota=None, strict=True, clock=clock)
    InsightIQ(
        transport=ScriptedTransport([response(404), delayed(5, connection_lost())], clock=clock)
    )
    AsyncInsightIQ(transport=ScriptedTransport(lambda request: response(json=request.query)))
    assert_type(iq.with_options(timeout=5, deadline=30, headers={"x-a": "b"}), InsightIQ)
    assert_type(iq.with_options(deadline=None).users.get("u-1"), User)
    assert_type(iq.with_options(max_response_bytes=1_000_000), InsightIQ)
    assert_type(iq.with_options(max_response_bytes=None), InsightIQ)


def looking_closer(iq: InsightIQ) -> None:
    """Responses beside their results, and what the document lacks."""
    seen = iq.with_response(iq.users.get, "u-1")
    assert_type(seen, Response[User])
    assert_type(seen.parsed.name, str)
    assert_type(seen.raw, bytes)
    created = iq.with_response(iq.users.create, name="Ada", external_id="crm-42")
    assert_type(created.attempts, int)
    raw = iq.request("GET", "/v1/new-things", params={"limit": 5, "after": None})
    if isinstance(raw.parsed, dict):
        assert_type(raw.status_code, int)
    iq.request("POST", "/v1/new-things", json={"names": ["a", 1, None]})


async def looking_closer_asynchronously(iq: AsyncInsightIQ) -> None:
    """The same for asyncio."""
    assert_type(await iq.with_response(iq.users.get, "u-1"), Response[User])
    assert_type((await iq.with_response(iq.webhooks.delete, "w-1")).parsed, None)
    assert_type((await iq.request("GET", "/v1/new-things")).status_code, int)
    assert_type(iq.with_options(max_attempts=1), AsyncInsightIQ)
    await iq.close()
    await iq.aclose()


def calling(iq: InsightIQ) -> None:
    """Calls give models, and nothing where there is no response body."""
    assert_type(iq.users.create(name="Ada", external_id="crm-42"), User)
    assert_type(iq.users.get_or_create(name="Ada", external_id="crm-42"), User)
    iq.users.get_or_create(name="Ada", external_id=1700000000000)
    iq.with_options(extra_query={"beta": True, "x": None}, extra_body={"tags": ["a"]})
    assert_type(iq.users.get("u-1").to_dict(typed=True), dict[str, typing.Any])
    assert_type(iq.accounts.get("a-1"), Account)
    assert_type(iq.contents.search(ids=["c-1"]), BulkResult[Content])
    assert_type(iq.contents.search(ids=["c-1"]).data, list[Content])
    assert_type(list(iq.contents.search(ids=["c-1"])), list[Content])
    assert_type(
        iq.accounts.wait_until_synced("a-1", products=["INCOME", Product.IDENTITY]), Account
    )
    assert_type(iq.webhooks.delete("w-1"), None)
    iq.sdk_tokens.create(user_id="u-1", products=[Product.IDENTITY, Product.ENGAGEMENT])
    iq.sdk_tokens.create(user_id="u-1", products=["IDENTITY", "ENGAGEMENT.AUDIENCE"])
    iq.webhooks.create(url="https://x.example", events=[WebhookEvent.CONTENTS_ADDED], name="n")
    iq.contents.fetch_historic(account_id="a-1", from_date=dt.date(2026, 1, 1))


def listing(iq: InsightIQ) -> None:
    """Lists give items, pages, or the first item."""
    iq.contents.list(account_id="a-1", from_date=None, limit=None, filters=None)
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
    assert_type(contents.take(3), list[Content])
    assert_type(contents.to_list(), list[Content])
    assert_type(contents.state, PagerState)
    with insightiq.progress.bar("contents") as shown:
        assert_type(contents.prefetch(3).on_progress(shown), Pager[Content, ContentList])
    assert_type(contents.resume(json.loads("{}")), Pager[Content, ContentList])


async def calling_asynchronously(iq: AsyncInsightIQ) -> None:
    """The same for asyncio."""
    async with iq:
        assert_type(await iq.users.create(name="Ada", external_id="crm-42"), User)
        assert_type(await iq.users.get_or_create(name="Ada", external_id="crm-42"), User)
        contents = iq.contents.list(account_id="a-1")
        assert_type(contents, AsyncPager[Content, ContentList])
        async for content in contents:
            assert_type(content, Content)
        async for page in contents.pages():
            assert_type(page, ContentList)
        assert_type(await contents.first(), Content | None)
        assert_type(await contents.take(3), list[Content])
        assert_type(await contents.prefetch(3).to_list(), list[Content])
        assert_type(await iq.contents.search(ids=["c-1"]), BulkResult[Content])
        assert_type(await iq.accounts.wait_until_synced("a-1"), Account)


def reading(content: Content) -> str:
    """A key that may be absent is distinguished from one that is null."""
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
        assert_type(error.status_code, int)
        return error.retry_after or 1.0
    except errors.DeadlineExceededError as error:
        assert_type(error.last_failure, str | None)
        assert_type(error.maybe_applied, bool)
    except errors.InternalServerError as error:
        assert_type(error.code, str | None)
    except errors.InsightIQError as error:
        assert_type(error.request_id, str | None)
        assert_type(error.operation, str | None)
    return 0.0


def receiving(body: bytes, headers: dict[str, str]) -> None:
    """Notifications are checked and become typed events."""
    webhooks.verify(body, [(b"webhook-signatures", b"0")], "secret")
    webhooks.verify(body, httpx.Headers(headers), ["new", "old"])
    event = webhooks.receive(body, headers, ("new", "old"))
    assert_type(event, webhooks.Event)
    assert_type(event.event, WebhookEvent)
    assert_type(event.id, str | insightiq.Unset)
    if isinstance(event, ContentsAddedNotification):
        assert_type(event.data.items, list[str])
    elif isinstance(event, webhooks.UnknownEvent):
        assert_type(event.event.is_known, bool)
    seen: webhooks.SeenStore = webhooks.Deduplicator(max_size=10)
    assert_type(seen.begin(webhooks.event_key(event)), Literal["new", "begun", "done"])


def handling_events(event: webhooks.Event) -> None:
    """A handler."""
    assert_type(event.event, WebhookEvent)


async def handling_events_asynchronously(event: webhooks.Event) -> None:
    """A handler for ASGI."""
    assert_type(event.event, WebhookEvent)


ASGI: typing.Final[ASGIApp] = webhooks.WebhookASGIApp(handling_events_asynchronously, secret="s3")
ASGI_IN_THREADS: typing.Final[ASGIApp] = webhooks.WebhookASGIApp(handling_events, secret="s3")
WSGI: typing.Final[WSGIApplication] = webhooks.WebhookWSGIApp(handling_events, secret=["s3"])
EVENT_HOOK: typing.Final[insightiq.EventHook] = observing


def testing_with_a_mock_server(tenant: MockTenant) -> None:
    """Clients on the mock server, and headers for a receiver's test."""
    assert_type(client_for(tenant), InsightIQ)
    assert_type(client_for(tenant, strict=True, clock=WorldClock(tenant.control)), InsightIQ)
    assert_type(async_client_for(tenant, quota=None, max_attempts=1), AsyncInsightIQ)
    assert_type(signed_headers(b"{}", "s3"), dict[str, str])
    signed_headers(b"{}", ["new", "old"])
