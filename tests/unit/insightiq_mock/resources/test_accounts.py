"""Connecting, disconnecting and reconnecting accounts (evidence.md#account-lifecycle, #sync-cadence, #webhook-events)."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import typing

import pytest
from simulated_world import World

from insightiq_mock.db import Store
from insightiq_mock.resources import (
    AccountStateError,
    SdkTokenError,
    UnknownResourceError,
    accounts,
    contents,
    make_simulation,
    sdk_tokens,
)
from insightiq_mock.resources.accounts import ACCOUNTS
from insightiq_mock.resources.bindings import RESOURCES
from insightiq_mock.resources.contents import CONTENTS
from insightiq_mock.resources.profiles import PROFILES
from insightiq_mock.resources.seed_accounts import Seed, creator_of
from insightiq_mock.resources.seed_users import Size
from insightiq_mock.resources.sync_schedule import request_refresh
from insightiq_mock.simulation import Simulation

if typing.TYPE_CHECKING:
    from simulated_world import Wall

UNKNOWN = "99999999-9999-4999-8999-999999999999"


def test_connecting_needs_user_and_platform(world: World) -> None:
    with pytest.raises(UnknownResourceError, match="no user"):
        world.connect("TikTok", user_id=UNKNOWN)
    with pytest.raises(UnknownResourceError, match="no work platform"):
        accounts.connect(
            world.simulation,
            world.developer_id,
            user_id=world.add_user(),
            work_platform_id=UNKNOWN,
            products=["IDENTITY"],
        )


def test_only_requested_products_are_connected(world: World) -> None:
    account = world.connect("Instagram", ["ENGAGEMENT.AUDIENCE"])
    assert list(account["data"]) == ["engagement"]
    assert "audience" in account["data"]["engagement"]
    world.advance(minutes=2)
    assert world.every("profile") == []
    assert world.every("content")
    assert {event.name.partition(".")[0] for event in world.events} == {
        "ACCOUNTS",
        "CONTENTS",
        "CONTENT-GROUPS",
        "CONTENTS_COMMENTS",
    }


def test_setting_shows_unsupported_products(world: World) -> None:
    settings = {"unsupported_products": "not_supported"}
    world.simulation.update_settings(world.developer_id, settings)
    account = world.connect("X", ["IDENTITY", "IDENTITY.AUDIENCE", "INCOME"])
    world.advance(days=2)
    data = world.account(account["id"])["data"]
    assert data["identity"]["status"] == "SYNCED"
    assert data["identity"]["audience"]["status"] == "NOT_SUPPORTED"
    assert data["income"] == account["data"]["income"]
    assert data["income"]["status"] == "NOT_SUPPORTED"


def test_connecting_emits_account_and_user(world: World) -> None:
    account = world.connect("TikTok")
    (event,) = world.events
    assert event.name == "ACCOUNTS.CONNECTED"
    assert event.data == {
        "account_id": account["id"],
        "user_id": account["user"]["id"],
        "last_updated_time": account["updated_at"],
    }


def test_handle_names_profile(world: World) -> None:
    assert world.connect("TikTok", handle="ada")["username"] == "ada"
    assert world.connect("YouTube", handle="ada")["platform_username"] == "ada@example.com"
    account_id = world.connect("Instagram", handle="ada")["id"]
    world.advance(minutes=2)
    (profile,) = world.every("profile", account_id)
    assert profile["url"] == "https://instagram.com/ada"
    assert profile["username"] == profile["platform_profile_name"] == "ada"


def test_one_account_per_user_and_profile(world: World) -> None:
    user_id = world.add_user()
    first = world.connect("TikTok", user_id=user_id)["id"]
    assert world.connect("TikTok", user_id=user_id)["id"] == first
    second = world.connect("TikTok", user_id=user_id, handle="other")["id"]
    assert world.connect("TikTok", user_id=user_id, handle="other")["id"] == second
    third = world.connect("TikTok", handle="other")["id"]
    assert len({first, second, third}) == 3
    assert len({each["id"] for each in world.every("account")}) == 3


@pytest.mark.parametrize("end", ["disconnect", "expire"])
def test_reconnecting_keeps_id_and_data(world: World, end: str) -> None:
    account = world.connect("TikTok")
    account_id = account["id"]
    world.advance(days=3)
    contents = {each["id"] for each in world.every("content")}
    getattr(accounts, end)(world.simulation, world.developer_id, account_id)
    ended = world.account(account_id)
    world.advance(days=10, hours=5)
    assert world.account(account_id) == ended
    world.events.clear()
    reconnected_at = world.now
    again = world.connect("TikTok", user_id=account["user"]["id"])
    assert again["id"] == account_id
    assert again["created_at"] == account["created_at"]
    assert again["status"] == "CONNECTED"
    assert again["disconnection_source"] is None
    assert again["updated_at"] == reconnected_at.isoformat(timespec="microseconds")[:26]
    world.advance(seconds=1)
    assert world.account(account_id)["data"]["identity"]["status"] == "IN_PROGRESS"
    world.advance(minutes=2)
    later = world.every("content")
    missed = [each for each in later if each["id"] not in contents]
    assert contents <= {each["id"] for each in later}
    assert missed
    soon_after = dt.datetime.fromisoformat(ended["updated_at"]) + dt.timedelta(days=3)
    assert min(each["published_at"] for each in missed) < soon_after.isoformat()
    names = [event.name for event in world.events]
    assert names[0] == "ACCOUNTS.CONNECTED"
    assert "PROFILES.ADDED" not in names
    assert {"PROFILES.UPDATED", "CONTENTS.ADDED", "CONTENTS.UPDATED"} <= set(names)
    world.events.clear()
    world.advance(days=2)
    assert {event.at - reconnected_at for event in world.events} == {
        dt.timedelta(days=1),
        dt.timedelta(days=2),
    }


def test_disconnecting_ends_everything_at_once(world: World) -> None:
    account_id = world.connect("Twitch")["id"]
    world.advance(seconds=0.1)
    ended = accounts.disconnect(
        world.simulation, world.developer_id, account_id, source="INTERNAL_API"
    )
    assert (ended["status"], ended["disconnection_source"]) == ("NOT_CONNECTED", "INTERNAL_API")
    coming = world.simulation.pending(world.developer_id)
    assert account_id not in {job.payload.get("account_id") for job in coming}
    world.advance(days=5)
    assert world.account(account_id) == ended
    assert ended["data"]["identity"]["status"] == "NOT_SYNCED"
    assert [event.name for event in world.events] == ["ACCOUNTS.CONNECTED", "ACCOUNTS.DISCONNECTED"]
    with pytest.raises(AccountStateError, match="NOT_CONNECTED already"):
        accounts.disconnect(world.simulation, world.developer_id, account_id)
    with pytest.raises(AccountStateError):
        accounts.expire(world.simulation, world.developer_id, account_id)


def test_expired_account_can_be_disconnected(world: World) -> None:
    """But it expires once; its blocks stay SYNCED (evidence.md#sync-cadence)."""
    account_id = world.connect("Facebook")["id"]
    world.advance(days=1)
    expired = accounts.expire(world.simulation, world.developer_id, account_id)
    assert expired["status"] == "SESSION_EXPIRED"
    assert expired["data"]["engagement"]["status"] == "SYNCED"
    with pytest.raises(AccountStateError, match="SESSION_EXPIRED already"):
        accounts.expire(world.simulation, world.developer_id, account_id)
    accounts.disconnect(world.simulation, world.developer_id, account_id)
    assert [event.name for event in world.events][-2:] == [
        "SESSION.EXPIRED",
        "ACCOUNTS.DISCONNECTED",
    ]


def test_sync_notices_end_of_session(world: World) -> None:
    world.simulation.update_settings(world.developer_id, {"facebook_session_days": 2})
    followed = world.connect("Facebook")["id"]
    ignored = world.connect("Facebook")
    for block in ignored["data"].values():
        block["monitor_type"] = "ON_DEMAND"
    record = ACCOUNTS.record(ignored)
    world.simulation.store.replace(world.developer_id, record)
    world.advance(days=3)
    assert world.account(followed)["status"] == "SESSION_EXPIRED"
    assert world.account(ignored["id"])["status"] == "CONNECTED"
    account = world.account(ignored["id"])
    request_refresh(world.simulation, world.developer_id, account, CONTENTS)
    world.advance(seconds=10)
    assert world.account(ignored["id"])["status"] == "SESSION_EXPIRED"


def test_sdk_token_is_valid_for_week(world: World) -> None:
    simulation, developer_id = world.simulation, world.developer_id
    products = ("IDENTITY", "ENGAGEMENT.AUDIENCE", "PUBLISH.CONTENT")
    simulation.create_developer(client_id="bob", world="empty", clock="frozen")
    token = sdk_tokens.make_token(simulation, developer_id, user_id=UNKNOWN, products=products)
    assert token.text not in repr(token)
    world.advance(days=6, hours=23, minutes=59, seconds=59.999999)
    read = sdk_tokens.read_token(simulation, developer_id, token.text)
    assert (read.user_id, read.products) == (UNKNOWN, products)
    with pytest.raises(SdkTokenError, match="not one of this developer's") as caught:
        sdk_tokens.read_token(simulation, "bob", token.text)
    assert not caught.value.is_expired
    for changed in ("", "a.b", token.text[:-2] + "xx", "x" + token.text, "é.é.é"):
        with pytest.raises(SdkTokenError):
            sdk_tokens.read_token(simulation, developer_id, changed)
    world.advance(seconds=0.000001)
    with pytest.raises(SdkTokenError, match="expired") as caught:
        sdk_tokens.read_token(simulation, developer_id, token.text)
    assert caught.value.is_expired


def test_same_calls_give_same_world(wall: Wall) -> None:
    stories: list[str] = []
    for _ in range(2):
        with Store.open(None) as store:
            stories.append(story(World(make_simulation(store, wall_clock=wall))))
    assert stories[0] == stories[1]


def story(world: World) -> str:
    """Something of everything."""
    account = world.connect("Instagram")
    world.connect("YouTube", user_id=account["user"]["id"])
    world.advance(days=2)
    contents.add_contents(world.simulation, world.developer_id, account["id"], 3)
    contents.grow_contents(world.simulation, world.developer_id, account["id"])
    account = world.account(account["id"])
    request_refresh(world.simulation, world.developer_id, account, PROFILES)
    world.advance(days=10)
    resources = {each.kind: world.every(each.kind) for each in RESOURCES.values()}
    events = [(event.name, event.data, event.at.isoformat()) for event in world.events]
    return json.dumps([resources, events])


ON_MANY_PLATFORMS = ("YouTube", "X", "Facebook", "LinkedIn", "Instagram", "Twitch", "TikTok")


@pytest.mark.parametrize("number", range(8))
def test_seeded_user_stays_same_person(seeded: World, number: int) -> None:
    user = seeded.every("user")[number]
    others = {each["username"] for each in seeded.every("account") if each["user"] == user}
    check_person(seeded, user, others)


@pytest.mark.parametrize(
    "name", ["Ada Lovelace", "Ada", "Ana Lucía  de la Cruz", "山田 太郎", "!!"]
)
def test_profile_has_name_of_its_user(world: World, name: str) -> None:
    user_id = world.add_user(name)
    user = next(each for each in world.every("user") if each["id"] == user_id)
    check_person(world, user, set())


def check_person(world: World, user: dict[str, typing.Any], handles: set[str]) -> None:
    """Connect a user to many platforms, and find one person there."""
    accounts = [world.connect(each, user_id=user["id"]) for each in ON_MANY_PLATFORMS]
    world.advance(minutes=30)
    words = user["name"].split()
    emails: set[str] = set()
    for account in accounts:
        (profile,) = world.every("profile", account["id"])
        assert profile["full_name"] in {user["name"], None}
        assert profile["first_name"] in {words[0], None}
        assert profile["last_name"] in {user["name"].strip().partition(" ")[2].strip(), None}
        emails.update(each["email_id"] for each in profile["emails"])
        handles.add(account["username"])
    assert len({each for each in emails if each.endswith("@example.com")}) == 1
    given, family = (
        next(each for each in emails if "." in each.partition("@")[0]).split("@")[0].split(".")
    )
    made_up = {each for each in handles if each != user["name"] and "@" not in each}
    assert all(given in each or family in each for each in made_up)


def test_sync_keeps_language_of_seeded_user(simulation: Simulation) -> None:
    developer = simulation.create_developer(client_id="ann", world="medium", clock="frozen")
    seed = Seed(developer.seed, Size.MEDIUM, simulation.now("ann"))
    for creator, _ in itertools.islice(seed.users(), 0, 300, 30):
        found = creator_of(developer, creator.user)
        assert (found.language, found.gender, found.email) == (
            creator.language,
            creator.gender,
            creator.email,
        )
