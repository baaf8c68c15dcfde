"""Ninety days in the life of an account on each platform (evidence.md#sync-cadence, #account, #webhook-events, #events-of-a-new-connection, #platform-token-life, #platform-products)."""

from __future__ import annotations

import collections
import datetime as dt
import itertools
import typing

import pytest

from insightiq_mock.resources import ProductsUnsupportedError
from insightiq_mock.resources.platforms import PLATFORMS, PlatformName, Supported

if typing.TYPE_CHECKING:
    from simulated_world import Contract, World

NOTHING_TO_CONNECT = ("Tiktok Shop", "Snapchat", "WWW")
CONNECTABLE = [name.value for name in PlatformName if name.value not in NOTHING_TO_CONNECT]
POLLED = ("Instagram", "Instagram Direct")

DAY = dt.timedelta(days=1)

# Event -> the product that brings it, and its place in the order of evidence.md#events-of-a-new-connection.
ORDER = {
    "ACCOUNTS.CONNECTED": 0,
    "PROFILES.ADDED": 1,
    "PROFILES_AUDIENCE.ADDED": 2,
    "CONTENTS.ADDED": 3,
    "CONTENT-GROUPS.ADDED": 4,
    "CONTENTS_COMMENTS.ADDED": 5,
    "TRANSACTIONS.ADDED": 6,
    "PAYOUTS.ADDED": 7,
}

COMPONENTS = {
    "account": "Account",
    "profile": "Profile",
    "audience": "Audience",
    "content": "Content",
    "content_group": "ContentGroup",
    "comment": "Comment",
    "social_transaction": "SocialTransaction",
    "social_payout": "Payout",
    "commerce_transaction": "CommerceTransaction",
    "commerce_payout": "Payout",
    "commerce_balance": "Balance",
}


def blocks_of(account: dict[str, typing.Any]) -> dict[str, dict[str, typing.Any]]:
    """The blocks of ``data`` by their path."""
    blocks: dict[str, dict[str, typing.Any]] = {}
    for name, block in account["data"].items():
        blocks[name] = block
        if "audience" in block:
            blocks[f"{name}.audience"] = block["audience"]
    return blocks


def moment(text: str) -> dt.datetime:
    """A timestamp of the wire."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize("platform", CONNECTABLE)
def test_account_lives_for_ninety_days(world: World, contract: Contract, platform: str) -> None:
    connected_at = world.now
    account = world.connect(platform)
    account_id = account["id"]
    contract.check("Account", account)
    assert account["status"] == "CONNECTED"
    assert {block["status"] for block in blocks_of(account).values()} == {"NOT_SYNCED"}
    check_blocks(account, platform)

    statuses = first_two_minutes(world, account_id)
    assert set(statuses) == set(blocks_of(account))
    for history in statuses.values():
        assert history == ["NOT_SYNCED", "IN_PROGRESS", "SYNCED"]
    check_first_syncs(world, account_id, connected_at)
    check_first_events(world, platform)

    early = {kind: world.every(kind, account_id) for kind in COMPONENTS if kind != "account"}
    world.advance(days=90)
    check_after(world, account_id, platform, connected_at)
    check_growth(world, account_id, early)
    check_events(world, account_id)
    for kind, component in COMPONENTS.items():
        for resource in world.every(kind):
            contract.check(component, resource)


def first_two_minutes(world: World, account_id: str) -> dict[str, list[str]]:
    """Watch the statuses of an account, ten times a second."""
    seen: dict[str, list[str]] = collections.defaultdict(list)
    for step in range(241):
        for name, block in blocks_of(world.account(account_id)).items():
            if seen[name][-1:] != [block["status"]]:
                seen[name].append(block["status"])
        if step < 240:
            world.advance(seconds=0.5)
    return seen


def check_blocks(account: dict[str, typing.Any], platform: str) -> None:
    """One block per product that the platform gives: others are left out."""
    supported = PLATFORMS[PlatformName(platform)].supported
    expected = {
        "identity": Supported.IDENTITY,
        "identity.audience": Supported.IDENTITY_AUDIENCE,
        "engagement": Supported.ENGAGEMENT,
        "engagement.audience": Supported.COMMENTS,
        "income": Supported.INCOME,
        "activity": Supported.ACTIVITY,
        "publish": Supported.PUBLISH,
    }
    names = {name for name, flag in expected.items() if flag in supported}
    assert blocks_of(account).keys() == names


def check_first_syncs(world: World, account_id: str, connected_at: dt.datetime) -> None:
    """All within about a minute; the window reaches back ninety days from the connection."""
    account = world.account(account_id)
    assert moment(account["updated_at"]) == connected_at
    day = f"{connected_at.date() - 90 * DAY}T00:00:00.000000"
    for name, block in blocks_of(account).items():
        if name == "publish":
            continue
        took = moment(block["last_sync_at"]) - connected_at
        assert dt.timedelta(seconds=1) < took < dt.timedelta(seconds=75), name
        if name == "identity":
            assert took < dt.timedelta(seconds=11)
        if "refresh_since" in block:
            assert block["refresh_since"] == block["data_available_from"] == day


def check_first_events(world: World, platform: str) -> None:
    """Each kind of data is announced once it is there, in the order of evidence.md#events-of-a-new-connection."""
    names = [event.name for event in world.events]
    ranks = [ORDER[name] for name in names]
    assert ranks == sorted(ranks)
    supported = PLATFORMS[PlatformName(platform)].supported
    assert names[0] == "ACCOUNTS.CONNECTED"
    assert ("PROFILES.ADDED" in names) == (Supported.IDENTITY in supported)
    assert ("PROFILES_AUDIENCE.ADDED" in names) == (Supported.IDENTITY_AUDIENCE in supported)
    assert ("CONTENTS_COMMENTS.ADDED" in names) == (Supported.COMMENTS in supported)
    if Supported.ENGAGEMENT in supported:
        assert "CONTENTS.ADDED" in names


def check_after(world: World, account_id: str, platform: str, connected_at: dt.datetime) -> None:
    """A sync at the same minute each day; Facebook's session has ended after sixty."""
    account = world.account(account_id)
    syncs = [
        event.at
        for event in world.events
        if event.name != "ACCOUNTS.CONNECTED" and event.at > connected_at + DAY / 24
    ]
    step = 3 if platform in POLLED else 24
    assert all((at - connected_at) % dt.timedelta(hours=step) == dt.timedelta() for at in syncs)
    if platform == "Facebook":
        assert account["status"] == "SESSION_EXPIRED"
        assert account["disconnection_source"] is None
        assert moment(account["updated_at"]) == connected_at + 60 * DAY
        last_day = connected_at + 59 * DAY
        (expired,) = world.emitted("SESSION.EXPIRED")
        assert expired is world.events[-1]
        assert expired.data == {
            "account_id": account_id,
            "user_id": account["user"]["id"],
            "last_updated_time": account["updated_at"],
        }
    else:
        assert account["status"] == "CONNECTED"
        assert moment(account["updated_at"]) == connected_at
        last_day = connected_at + 90 * DAY
    for name, block in blocks_of(account).items():
        assert block["status"] == "SYNCED"
        if name == "publish":
            continue
        last_sync_at = moment(block["last_sync_at"])
        assert last_sync_at == last_day
        if "refresh_since" in block:
            assert block["refresh_since"] == f"{last_day.date() - 90 * DAY}T00:00:00.000000"
            day = f"{connected_at.date() - 90 * DAY}T00:00:00.000000"
            assert block["data_available_from"] == day


def check_growth(
    world: World, account_id: str, early: dict[str, list[dict[str, typing.Any]]]
) -> None:
    """Counts never shrink and some grow; new items come; what has not changed is not touched."""
    for kind in ("content", "content_group"):
        late = {each["id"]: each for each in world.every(kind, account_id)}
        pairs = [(before, late[before["id"]]) for before in early[kind]]
        changed = sum(check_item(before, after) for before, after in pairs)
        counts = [count for before in early[kind] for count in before["engagement"].values()]
        assert bool(changed) == any(isinstance(count, int) and count for count in counts)
    assert bool(early["content"]) == (len(late_contents(world)) > len(early["content"]))
    for before in early["profile"]:
        (after,) = world.every("profile", account_id)
        assert_no_less(before["reputation"], after["reputation"])
    for content in late_contents(world):
        views = content["engagement"]["view_count"]
        if views is not None:
            assert views >= (content["engagement"]["like_count"] or 0)
        assert content["published_at"] <= content["created_at"] <= content["updated_at"]


def late_contents(world: World) -> list[dict[str, typing.Any]]:
    """All contents in the end."""
    return world.every("content")


def check_item(before: dict[str, typing.Any], after: dict[str, typing.Any]) -> bool:
    """Return whether an item has grown; if not, nothing says that it has changed."""
    assert_no_less(before["engagement"], after["engagement"])
    is_changed: bool = after["engagement"] != before["engagement"]
    assert (after["updated_at"] != before["updated_at"]) == is_changed
    return is_changed


def assert_no_less(before: dict[str, typing.Any], after: dict[str, typing.Any]) -> None:
    """No count has shrunk."""
    for key, count in before.items():
        if isinstance(count, int | float):
            assert after[key] >= count


def check_events(world: World, account_id: str) -> None:
    """Every notification names the account, its items exist, and no more than 100 at once."""
    kinds = {
        "CONTENTS": "content",
        "CONTENTS_COMMENTS": "content",
        "CONTENT-GROUPS": "content_group",
    }
    known = {
        kind: {each["id"] for each in world.every(kind, account_id)} for kind in kinds.values()
    }
    added: set[str] = set()
    for event in world.events:
        assert event.data["account_id"] == account_id
        assert moment(event.data["last_updated_time"]) <= event.at
        items = event.data.get("items", [])
        assert len(items) <= 100
        assert len(set(items)) == len(items)
        kind = kinds.get(event.name.partition(".")[0])
        if kind is None:
            continue
        assert items
        assert set(items) <= known[kind]
        if event.name in {"CONTENTS.ADDED", "CONTENT-GROUPS.ADDED"}:
            assert added.isdisjoint(items)
            added.update(items)
        elif event.name.startswith(("CONTENTS.", "CONTENT-GROUPS.")):
            assert set(items) <= added
    for kind in ("content", "content_group"):
        assert known[kind] <= added
    profiles = world.every("profile", account_id)
    for event in world.emitted("PROFILES.ADDED", "PROFILES.UPDATED", "PROFILES_AUDIENCE.ADDED"):
        (profile,) = profiles
        assert event.data["profile_id"] == profile["id"]


@pytest.mark.parametrize("platform", NOTHING_TO_CONNECT)
def test_platform_without_products_cannot_be_connected(world: World, platform: str) -> None:
    with pytest.raises(ProductsUnsupportedError, match=platform):
        world.connect(platform)
    assert world.every("account") == []
    assert world.events == []


def test_audience_changes_at_most_once_week(world: World) -> None:
    account = world.connect("Instagram")
    world.advance(days=90)
    changes = [event.at for event in world.emitted("PROFILES_AUDIENCE.UPDATED")]
    assert 10 <= len(changes) <= 13
    assert all(second - first >= 7 * DAY for first, second in itertools.pairwise(changes))
    (audience,) = world.every("audience")
    assert audience["account"]["id"] == account["id"]
    total = sum(row["value"] for row in audience["gender_age_distribution"])
    assert 99 < total < 101


def test_stories_are_polled_every_three_hours(world: World) -> None:
    """Engagement runs ahead of the identity by a multiple of three hours (evidence.md#sync-cadence)."""
    account_id = world.connect("Instagram")["id"]
    connected_at = world.now
    world.advance(days=1, hours=4)
    data = world.account(account_id)["data"]
    assert moment(data["identity"]["last_sync_at"]) == connected_at + DAY
    assert moment(data["engagement"]["last_sync_at"]) == connected_at + DAY + DAY / 8


def test_youtube_income_comes_daily_and_monthly(world: World) -> None:
    account_id = world.connect("YouTube")["id"]
    world.advance(days=90)
    rows = world.every("social_transaction", account_id)
    days = collections.Counter(row["transaction_at"] for row in rows if row["type"] == "AD")
    assert set(days.values()) == {1}
    assert len(days) in range(179, 182)
    assert len({row["id"] for row in rows}) == len(rows)
    for kind in ("SUBSCRIPTION", "ADDITIONAL"):
        months = [row["transaction_at"][:7] for row in rows if row["type"] == kind]
        assert len(months) >= 5


def test_payouts_come_every_month(world: World) -> None:
    account_id = world.connect("AdSense")["id"]
    world.advance(days=90)
    payouts = world.every("social_payout", account_id)
    days = [payout["payout_at"] for payout in payouts]
    assert days == sorted(set(days), reverse=True)
    now = world.now.isoformat()
    for payout in payouts:
        assert payout["status"] == ("PAID" if payout["payout_at"] <= now[:19] else "SCHEDULED")
    assert payouts[0]["status"] == "SCHEDULED"
    assert len(world.emitted("PAYOUTS.UPDATED")) == 3
