"""Requested syncs, monitoring, and the control API's changes of contents."""

from __future__ import annotations

import datetime as dt
import typing

import pytest

from insightiq_mock.resources import AccountError, AccountStateError, accounts, contents
from insightiq_mock.resources.accounts import ACCOUNTS
from insightiq_mock.resources.bindings import RESOURCES
from insightiq_mock.resources.contents import grown_engagement
from insightiq_mock.resources.sync_schedule import request_historic, request_refresh

if typing.TYPE_CHECKING:
    from simulated_world import World

DAY = dt.timedelta(days=1)


BY_KIND = {resource.kind: resource for resource in RESOURCES.values()}


def refresh(world: World, account: dict[str, typing.Any], kind: str) -> None:
    """Request a refresh of an account's resources of a kind."""
    request_refresh(world.simulation, world.developer_id, account, BY_KIND[kind])


def fetch_historic(world: World, account: dict[str, typing.Any], kind: str, day: str) -> bool:
    """Request an account's older resources of a kind."""
    return request_historic(world.simulation, world.developer_id, account, BY_KIND[kind], day)


def monitor(world: World, account_id: str, product: str, how: str) -> None:
    """Set how a product is monitored, as PATCH does."""
    account = world.account(account_id)
    account["data"][product]["monitor_type"] = how
    world.simulation.store.replace(world.developer_id, ACCOUNTS.record(account))


def test_monitoring_is_set_per_product(world: World) -> None:
    account_id = world.connect("X")["id"]
    connected_at = world.now
    world.advance(minutes=5)
    monitor(world, account_id, "engagement", "ON_DEMAND")
    before = world.account(account_id)["data"]["engagement"]
    contents = world.every("content")
    world.advance(days=5)
    data = world.account(account_id)["data"]
    assert data["engagement"] == before
    assert world.every("content") == contents
    assert (
        dt.datetime.fromisoformat(data["identity"]["last_sync_at"]).replace(tzinfo=dt.UTC)
        == connected_at + 5 * DAY
    )
    monitor(world, account_id, "engagement", "STANDARD")
    world.events.clear()
    world.advance(days=1)
    assert len(world.every("content")) > len(contents)
    assert world.emitted("CONTENTS.ADDED")[0].at == connected_at + 6 * DAY


def test_refresh_finds_new_contents(world: World) -> None:
    account_id = world.connect("X")["id"]
    world.advance(minutes=5)
    monitor(world, account_id, "engagement", "ON_DEMAND")
    world.advance(days=20)
    world.events.clear()
    asked_at = world.now
    refresh(world, world.account(account_id), "content")
    assert world.events == []
    world.advance(seconds=10)
    (added,) = world.emitted("CONTENTS.ADDED")
    assert dt.timedelta(seconds=2) <= added.at - asked_at <= dt.timedelta(seconds=6)
    known = {each["id"]: each for each in world.every("content")}
    published = [known[content_id]["published_at"] for content_id in added.data["items"]]
    assert (asked_at - 20 * DAY).isoformat()[:19] < min(published)
    assert world.emitted("CONTENTS.UPDATED")
    assert world.emitted("PROFILES.UPDATED", "CONTENT-GROUPS.UPDATED") == []


def test_refresh_before_first_sync_has_no_effect(world: World) -> None:
    account = world.connect("YouTube")
    refresh(world, account, "social_transaction")
    assert not fetch_historic(world, account, "content", "2020-01-01")
    world.advance(seconds=7)
    assert world.account(account["id"])["data"]["income"]["last_sync_at"] is None
    world.advance(minutes=2)
    assert len(world.emitted("TRANSACTIONS.ADDED")) == 1


def test_refresh_of_missing_product_has_no_effect(world: World) -> None:
    account = world.connect("X", ["IDENTITY"])
    world.advance(minutes=2)
    before = world.account(account["id"])
    refresh(world, before, "content")
    world.events.clear()
    world.advance(minutes=2)
    assert world.account(account["id"]) == before
    assert world.events == []


@pytest.mark.parametrize(
    ("platform", "kind", "event", "date"),
    [
        ("X", "content", "CONTENTS.ADDED", "published_at"),
        ("Instagram", "content_group", "CONTENT-GROUPS.ADDED", "published_at"),
        ("YouTube", "social_transaction", "TRANSACTIONS.ADDED", "transaction_at"),
        ("AdSense", "social_payout", "PAYOUTS.ADDED", "payout_at"),
    ],
)
def test_fetch_historic_adds_older_resources(
    world: World, platform: str, kind: str, event: str, date: str
) -> None:
    account_id = world.connect(platform)["id"]
    world.advance(minutes=2)
    account = world.account(account_id)
    product = "engagement" if kind in {"content", "content_group"} else "income"
    old_day = account["data"][product]["data_available_from"]
    before = {each["id"] for each in world.every(kind)}
    world.events.clear()
    assert fetch_historic(world, account, kind, "2025-11-01")
    world.advance(seconds=10)
    data = world.account(account_id)["data"]
    assert data[product]["data_available_from"] == "2025-11-01T00:00:00.000000"
    assert data[product]["last_sync_at"] == account["data"][product]["last_sync_at"]
    older = [each for each in world.every(kind) if each["id"] not in before]
    assert older
    assert all("2025-11-01" <= each[date] <= old_day for each in older)
    items = [item for emitted in world.emitted(event) for item in emitted.data["items"]]
    assert sorted(items) == sorted(each["id"] for each in older)
    assert max(len(each.data["items"]) for each in world.emitted(event)) <= 100
    assert not fetch_historic(world, world.account(account_id), kind, "2026-01-01")
    if kind == "content":
        assert len(older) > 100


def test_history_is_same_in_one_step_or_two(world: World) -> None:
    user_id = world.add_user()
    account = world.connect("X", user_id=user_id)
    world.advance(minutes=2)
    world.simulation.snapshot(world.developer_id, "connected")
    moments: list[list[str]] = []
    for days in (["2026-06-01", "2026-03-01"], ["2026-03-01"]):
        world.simulation.restore(world.developer_id, "connected")
        for day in days:
            fetch_historic(world, world.account(account["id"]), "content", day)
            world.advance(seconds=10)
        moments.append([each["published_at"] for each in world.every("content")])
    assert moments[0] == moments[1]


def test_sync_product_runs_at_once(world: World) -> None:
    account_id = world.connect("YouTube")["id"]
    world.advance(days=3, hours=2)
    for product, block in (("identity", "identity"), ("INCOME", "income")):
        accounts.sync_product(world.simulation, world.developer_id, account_id, product)
        synced = world.account(account_id)["data"][block]["last_sync_at"]
        assert synced == world.now.isoformat(timespec="microseconds")[:26]
    with pytest.raises(AccountError, match="no product 'contents'"):
        accounts.sync_product(world.simulation, world.developer_id, account_id, "contents")


def test_contents_can_be_added(world: World) -> None:
    account_id = world.connect("TikTok")["id"]
    world.advance(minutes=5)
    before = len(world.every("content"))
    world.events.clear()
    first = contents.add_contents(world.simulation, world.developer_id, account_id, 3)
    second = contents.add_contents(world.simulation, world.developer_id, account_id, 2)
    assert len({*first, *second}) == 5
    assert [event.data["items"] for event in world.emitted("CONTENTS.ADDED")] == [first, second]
    newest = world.every("content")
    assert len(newest) == before + 5
    since = (world.now - dt.timedelta(minutes=1)).isoformat()
    assert {each["id"] for each in newest if each["published_at"] >= since} >= {*first, *second}


def test_contents_can_grow(world: World) -> None:
    account_id = world.connect("TikTok")["id"]
    world.advance(minutes=5)
    before = {each["id"]: each["engagement"] for each in world.every("content")}
    world.events.clear()
    contents.grow_contents(world.simulation, world.developer_id, account_id)
    (event,) = world.emitted("CONTENTS.UPDATED")
    after = {each["id"]: each["engagement"] for each in world.every("content")}
    grown = [content_id for content_id in before if before[content_id] != after[content_id]]
    assert sorted(event.data["items"]) == sorted(grown)
    assert grown
    assert all(
        after[content_id]["view_count"] >= before[content_id]["view_count"] for content_id in before
    )


def test_disconnected_account_rejects_changes(world: World) -> None:
    account_id = world.connect("TikTok")["id"]
    accounts.disconnect(world.simulation, world.developer_id, account_id)
    for do in (
        lambda: accounts.sync_product(world.simulation, world.developer_id, account_id, "identity"),
        lambda: contents.grow_contents(world.simulation, world.developer_id, account_id),
        lambda: contents.add_contents(world.simulation, world.developer_id, account_id, 1),
    ):
        with pytest.raises(AccountStateError, match="connect it again first"):
            do()


def test_seeded_accounts_are_synced_daily(seeded: World) -> None:
    before = {each["id"]: each for each in seeded.every("account")}
    seeded.advance(days=2)
    for account_id, account in before.items():
        after = seeded.account(account_id)
        if account["status"] != "CONNECTED":
            assert after == account
            continue
        assert after["status"] == "CONNECTED"
        assert after["updated_at"] == account["updated_at"]
        for block in after["data"].values():
            synced_at = dt.datetime.fromisoformat(block["last_sync_at"]).replace(tzinfo=dt.UTC)
            assert seeded.now - synced_at < DAY
            assert block["status"] == "SYNCED"
    newcomers = [
        each
        for each in before.values()
        if each["data"].get("identity", {}).get("last_sync_at") is None
    ]
    assert {event.data["account_id"] for event in seeded.emitted("PROFILES.ADDED")} == {
        each["id"] for each in newcomers
    }


def test_seeded_shop_goes_on_selling(seeded: World) -> None:
    account_id = seeded.every("commerce_balance")[0]["account"]["id"]
    days = len(seeded.every("commerce_balance"))
    seeded.advance(days=13)
    balances = seeded.every("commerce_balance", account_id)
    assert len(balances) == days + 13
    assert len({each["balance_at"] for each in balances}) == len(balances)
    payouts = seeded.every("commerce_payout", account_id)
    assert [each["status"] for each in payouts[:2]] == ["SCHEDULED", "IN_TRANSIT"]
    assert {each["status"] for each in payouts[2:]} == {"PAID"}
    sales = seeded.emitted("TRANSACTIONS.ADDED")
    assert account_id in {event.data["account_id"] for event in sales}


def test_syncs_catch_up_after_clock_jump(seeded: World) -> None:
    at = seeded.now + 5 * DAY
    seeded.simulation.set_clock(seeded.developer_id, mode="frozen", at=at)
    assert seeded.events == []
    seeded.advance(seconds=0)
    days = {event.data["last_updated_time"][:10] for event in seeded.emitted("PROFILES.UPDATED")}
    assert len(days) >= 5
    assert seeded.now == at


def test_overlapping_fetch_historic_adds_once(world: World) -> None:
    account_id = world.connect("X")["id"]
    world.advance(minutes=2)
    account = world.account(account_id)
    for day in ("2026-01-01", "2026-01-01", "2026-05-01"):
        fetch_historic(world, account, "content", day)
    world.advance(seconds=10)
    moments = [each["published_at"] for each in world.every("content")]
    assert len(set(moments)) == len(moments)
    data = world.account(account_id)["data"]
    assert data["engagement"]["data_available_from"] >= "2026-01-01T00:00:00.000000"


def test_product_added_later_reaches_back_from_first_connection(world: World) -> None:
    """Ninety days before the account was made, whenever the product came (evidence.md#sync-cadence)."""
    account = world.connect("X", ["IDENTITY"])
    world.advance(days=10)
    world.connect("X", ["ENGAGEMENT"], user_id=account["user"]["id"])
    world.advance(minutes=2)
    block = world.account(account["id"])["data"]["engagement"]
    assert block["data_available_from"] == "2026-08-03T00:00:00.000000"
    assert block["refresh_since"] == "2026-08-13T00:00:00.000000"


def test_growth_slows_down_with_age() -> None:
    counts = {"view_count": 1000, "like_count": 70, "save_count": None, "email_open_rate": 12.5}
    young = grown_engagement(counts, 0.5, 1.5, 0.5)
    assert young is not None
    assert 2000 < young["view_count"] < 3000
    assert young["like_count"] in range(130, 210)
    assert (young["save_count"], young["email_open_rate"]) == (None, 12.5)
    assert grown_engagement(counts, 60.0, 61.0, 0.5) is None
    assert grown_engagement(counts, 5.0, 4.0, 0.99) is None
