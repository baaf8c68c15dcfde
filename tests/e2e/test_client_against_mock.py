"""The client and the mock server together, over HTTP: every operation, and how failures arrive."""

from __future__ import annotations

import asyncio
import datetime as dt
import inspect
import json
import socket
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from changes.report import bound_operations
from mock_tenants import Tenant, make_tenant

from insightiq import AsyncInsightIQ, Event, InsightIQ, ResponseReceived, errors, models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from demonstration.mock_process import MockProcess

FROM, TO = dt.date(2020, 1, 1), dt.date(2030, 1, 1)
PERIODS = {
    "social_transactions": "transaction",
    "social_payouts": "payout",
    "commerce_transactions": "transaction",
    "commerce_payouts": "payout",
    "commerce_balances": "balance",
}
DATA = ("contents", "content_groups", *PERIODS)


@pytest.fixture
def iq(tenant: Tenant) -> Iterator[InsightIQ]:
    """The sync client of a developer whose world these tests leave as they find it."""
    with InsightIQ(**address_of(tenant)) as client:
        yield client


def address_of(tenant: Tenant) -> dict[str, Any]:
    """Return the arguments that make a client for ``tenant``."""
    return {
        "base_url": tenant.url,
        "client_id": tenant.client_id,
        "client_secret": tenant.client_secret,
        # The server has no limits here; keeping to ten a second would only take time.
        "quota": None,
    }


async def result(value: Any) -> Any:
    """Return what a call of either client gives."""
    return await value if inspect.isawaitable(value) else value


async def rows(pager: Any) -> list[Any]:
    """Return all items of a list of either client."""
    return [item async for item in pager] if hasattr(pager, "__aiter__") else list(pager)


class Walk:
    """Calls every operation once or more; written once for both clients."""

    def __init__(self, client: Any) -> None:
        self.client = client

    async def all(self) -> None:
        """Walk through all resources."""
        await self.platforms()
        await self.users()
        await self.webhooks()
        accounts = await rows(self.client.accounts.list())
        account = next(account for account in accounts if is_synced(account))
        await self.identity(account)
        for resource in DATA:
            await self.data(resource, accounts)
        await self.comments(accounts)
        await self.account(account)

    async def platforms(self) -> None:
        """The catalogue."""
        platforms = await rows(self.client.work_platforms.list())
        found = await result(self.client.work_platforms.get(platforms[3].id))
        assert found == platforms[3]
        assert await rows(self.client.work_platforms.list(name=found.name)) == [found]

    async def users(self) -> None:
        """Users and their tokens."""
        users, external_id = self.client.users, f"a/b?c#d %{uuid.uuid4()}"
        user = await result(users.create(name="Ada Example ✨", external_id=external_id))
        assert await result(users.get(user.id)) == user
        assert await result(users.get_by_external_id(external_id)) == user
        assert user in await rows(users.list())
        token = await result(
            self.client.sdk_tokens.create(user_id=user.id, products=[models.Product.IDENTITY])
        )
        assert token.expires_at > dt.datetime(2020, 1, 1, tzinfo=dt.UTC)

    async def webhooks(self) -> None:
        """The life of a webhook."""
        webhooks, event = self.client.webhooks, models.WebhookEvent.CONTENTS_ADDED
        hook = await result(webhooks.create(url="https://x.example/a", events=[event], name="walk"))
        changed = await result(
            webhooks.update(
                hook.id, url="https://x.example/b", events=[event], name="walk", is_active=False
            )
        )
        assert (changed.id, changed.url, changed.is_active) == (
            hook.id,
            "https://x.example/b",
            False,
        )
        assert await result(webhooks.get(hook.id)) == changed
        assert changed in await rows(webhooks.list())
        payload = models.WebhookSendPayload(event=event, data=models.WebhookSendData())
        assert (await result(webhooks.send(payload=payload))).event is event
        assert await result(webhooks.delete(hook.id)) is None
        with pytest.raises(errors.NotFoundError):
            await result(webhooks.get(hook.id))

    async def identity(self, account: models.Account) -> None:
        """Profile and audience of an account."""
        (profile,) = await rows(self.client.profiles.list(account_id=account.id))
        assert await result(self.client.profiles.get(profile.id)) == profile
        audience = await result(self.client.audience.get(account_id=account.id))
        assert audience.account.id == account.id
        accepted = await result(self.client.profiles.refresh(account_id=account.id))
        assert accepted.account_id == account.id

    async def data(self, resource: str, accounts: list[models.Account]) -> None:
        """One of the seven resources that have list, get, search, refresh, fetch-historic."""
        methods = getattr(self.client, resource)
        period: dict[str, dt.date] = {}
        if resource in PERIODS:
            period = {f"{PERIODS[resource]}_from_date": FROM, f"{PERIODS[resource]}_to_date": TO}
        for account in accounts:
            found = await rows(methods.list(account_id=account.id, **period))
            if found and account.status is models.AccountStatus.CONNECTED:
                break
        else:
            pytest.fail(f"no connected account of the mock's world has {resource}")
        assert await result(methods.get(found[-1].id)) == found[-1]
        ids = [item.id for item in found[:100]]
        searched = (await result(methods.search(ids=ids))).data
        assert {item.id: item for item in searched} == {item.id: item for item in found[:100]}
        accepted = await result(methods.refresh(account_id=account.id))
        assert accepted.account_id == account.id
        historic = await result(methods.fetch_historic(account_id=account.id, from_date=FROM))
        assert historic.from_date == FROM

    async def comments(self, accounts: list[models.Account]) -> None:
        """Comments below a content."""
        for account in accounts:
            for content in (await rows(self.client.contents.list(account_id=account.id)))[:10]:
                below = {"account_id": account.id, "content_id": content.id}
                if found := await rows(self.client.comments.list(**below)):
                    assert all(comment.content.id == content.id for comment in found)
                    return
        pytest.fail("no content of the mock's world has comments")

    async def account(self, account: models.Account) -> None:
        """The life of an account, to its end."""
        accounts = self.client.accounts
        setting = models.MonitoringSetting(monitoring_type=models.MonitoringType.ON_DEMAND)
        data = models.AccountUpdateData(
            identity=models.MonitoringSettingWithAudience(
                monitoring_type=setting.monitoring_type, audience=setting
            )
        )
        changed = await result(accounts.update(account.id, data=data))
        assert changed.data.identity.monitor_type is models.MonitoringType.ON_DEMAND
        assert await result(accounts.get(account.id)) == changed
        gone = await result(accounts.disconnect(account.id))
        assert gone.id == account.id
        with pytest.raises(errors.PermissionDeniedError, match="connect the account again"):
            await result(accounts.disconnect(account.id))


def is_synced(account: models.Account) -> bool:
    """Return whether the account is connected and has demographics."""
    if account.status is not models.AccountStatus.CONNECTED:
        return False
    identity = account.data.identity
    audience = identity and identity.audience
    return bool(audience and audience.status is models.SyncStatus.SYNCED)


@pytest.mark.parametrize("client_class", [InsightIQ, AsyncInsightIQ])
def test_every_operation_responds_and_is_read(
    client_class: Any, shared_server: MockProcess
) -> None:
    """Each operation that has a handler is called through the client, and none is left out."""
    events: list[Event] = []

    async def main() -> None:
        changed = make_tenant(shared_server.url)
        client = client_class(**address_of(changed), on_event=events.append)
        try:
            await Walk(client).all()
        finally:
            await result(client.aclose() if hasattr(client, "aclose") else client.close())

    asyncio.run(main())
    responses = [event for event in events if isinstance(event, ResponseReceived)]
    succeeded = {event.operation for event in responses if event.status_code < 300}
    assert succeeded == bound_operations()
    assert all(event.request_id for event in responses)


@pytest.mark.parametrize(
    ("call", "kind", "code"),
    [
        (lambda iq: iq.users.get(str(uuid.uuid4())), errors.NotFoundError, "incorrect_user_id"),
        (lambda iq: iq.users.get("not-a-uuid"), errors.BadRequestError, None),
        (lambda iq: list(iq.users.list(limit=101)), errors.BadRequestError, None),
        (lambda iq: list(iq.users.list(offset=-1)), errors.BadRequestError, None),
        (lambda iq: iq.users.create(name="", external_id="x"), errors.BadRequestError, None),
        (
            lambda iq: iq.request("POST", "/v1/social/contents/search", json={"ids": []}),
            errors.BadRequestError,
            None,
        ),
        (lambda iq: iq.users.get_by_external_id("no one"), errors.NotFoundError, None),
    ],
)
def test_error_arrives_typed_with_request_id(
    iq: InsightIQ, call: Callable[[InsightIQ], object], kind: type[errors.APIStatusError], code: str
) -> None:
    with pytest.raises(kind) as caught:
        call(iq)
    assert caught.value.request_id
    assert caught.value.message
    assert caught.value.request_id in str(caught.value)
    if code:
        assert caught.value.code == code


def test_number_as_external_id_becomes_text(iq: InsightIQ) -> None:
    """The vendor's own samples send one; the number and its text are one user."""
    number = uuid.uuid4().int % 9_007_199_254_740_991
    user = iq.users.create(name="Ada", external_id=number)
    assert user.external_id == str(number)
    assert iq.users.get_by_external_id(str(number)) == user
    for again in (number, str(number)):
        assert iq.users.get_or_create(name="Bea", external_id=again) == user
    for wrong in (True, None, 1.5, [number], 10**20, ""):
        with pytest.raises(errors.BadRequestError, match="external_id"):
            iq.request("POST", "/v1/users", json={"name": "Ada", "external_id": wrong})


def test_second_user_with_one_external_id_is_rejected_with_advice(iq: InsightIQ) -> None:
    """The commonest mistake of an integration says how to go on."""
    external_id = str(uuid.uuid4())
    user = iq.users.create(name="Ada", external_id=external_id)
    with pytest.raises(errors.BadRequestError, match=r"users\.get_by_external_id") as caught:
        iq.users.create(name="Ada", external_id=external_id)
    assert caught.value.code == "user_exists_with_external_id"
    assert iq.users.get_by_external_id(external_id) == user


def test_wrong_credentials_are_authentication_error(tenant: Tenant) -> None:
    """The error says which credentials to look at, and shows none."""
    address = {**address_of(tenant), "client_secret": "planted-secret"}
    with InsightIQ(**address) as client, pytest.raises(errors.AuthenticationError) as caught:
        client.users.list().first()
    assert "client id and secret" in str(caught.value)
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_paging_gives_each_row_once_whatever_page_size(iq: InsightIQ, limit: int) -> None:
    """No row is lost or doubled between pages, and the offset is honoured."""
    whole = [platform.id for platform in iq.work_platforms.list()]
    assert len(whole) == len(set(whole)) > 7
    assert [platform.id for platform in iq.work_platforms.list(limit=limit)] == whole
    assert [platform.id for platform in iq.work_platforms.list(limit=limit, offset=5)] == whole[5:]
    first = iq.work_platforms.list(limit=limit).first()
    assert first is not None
    assert first.id == whole[0]


def test_async_calls_at_once_share_client(tenant: Tenant) -> None:
    """Each response comes back to the call that it belongs to."""

    async def main() -> None:
        async with AsyncInsightIQ(**address_of(tenant)) as client:
            ids = [platform.id async for platform in client.work_platforms.list()][:8]
            found = await asyncio.gather(*(client.work_platforms.get(id_) for id_ in ids))
            assert [platform.id for platform in found] == ids

    asyncio.run(main())


def test_server_that_is_gone_is_connection_error() -> None:
    """The error names the address and says that nothing was sent."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    gone = address_of(Tenant(url, "no one", "listens-here"))
    with InsightIQ(**gone) as client, pytest.raises(errors.APIConnectionError) as caught:
        client.users.list().first()
    assert "Nothing reached the server" in str(caught.value)
    assert url in str(caught.value)


def test_proxy_of_machine_does_not_stand_before_mock(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A company's proxy settings must not break a local test."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with InsightIQ(**address_of(tenant)) as client:
        assert client.users.list().first() is not None


def test_models_round_trip_what_mock_sends(iq: InsightIQ) -> None:
    """Reading and writing a response loses nothing."""
    for account in iq.accounts.list():
        written = json.loads(json.dumps(account.to_dict()))
        assert models.Account.from_dict(written) == account
