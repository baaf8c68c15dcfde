"""Who stands behind an account, so that the makers of `world` can go on with it.

Everything is found again from the account as it is stored and from chance that hangs on the user's
and the account's id: nothing has to be remembered, whether an account was seeded or connected.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import typing

from insightiq_mock.world.accounts import make_account
from insightiq_mock.world.blueprint import Blueprint
from insightiq_mock.world.cast import AccountRole, UserRole
from insightiq_mock.world.casting import Size
from insightiq_mock.world.channels import Channel, make_channel, make_creator, named_creator
from insightiq_mock.world.identifiers import StreamIds
from insightiq_mock.world.platforms import PLATFORMS, Platform, PlatformName
from insightiq_mock.world.stream import Stream
from insightiq_mock.world.timeline import Syncs, Timeline
from insightiq_mock.world.vocabulary import LANGUAGES

from .visit import parsed_moment

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from insightiq_mock.simulation.developers import Developer
    from insightiq_mock.world.channels import Creator

__all__ = [
    "account_path",
    "creator_of",
    "first_followers",
    "invented_name",
    "new_account",
    "new_channel",
    "observed",
    "platform_of",
    "platform_with_id",
    "stored_channel",
]

_WINDOW: typing.Final = dt.timedelta(days=90)

_ANY_MOMENT: typing.Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

_KNOWN_BY_EMAIL: typing.Final = (PlatformName.YOUTUBE, PlatformName.ADSENSE)
_FEWEST_FOLLOWERS: typing.Final = 300
_SPREAD_OF_FOLLOWERS: typing.Final = 1.3
_TYPICAL_FOLLOWERS: typing.Final = 8_000


def platform_with_id(platform_id: str) -> Platform | None:
    """Return the platform of an id."""
    return next((each for each in PLATFORMS.values() if each.id == platform_id), None)


def platform_of(account: Mapping[str, typing.Any]) -> Platform:
    """Return the platform that an account is on."""
    return PLATFORMS[PlatformName(account["work_platform"]["name"])]


def account_path(seed: str, account_id: str) -> tuple[str, ...]:
    """Return the name of all chance that hangs on one account, or on one user."""
    return ("insightiq-mock account", seed, account_id)


def creator_of(developer: Developer, user: Mapping[str, typing.Any]) -> Creator:
    """Return the person behind a user: the seeded one, or one made up, under the user's own name."""
    size = Size(developer.world)
    return _creator(developer.seed, size, user["id"], user["external_id"], user["name"])


def invented_name(developer: Developer, user_id: str) -> str:
    """Return the name of the person whom `creator_of` makes up for a user."""
    return _invented(developer.seed, user_id).full_name


def new_channel(
    path: tuple[str, ...],
    creator: Creator,
    platform: Platform,
    at: dt.datetime,
    handle: str | None,
) -> Channel:
    """Make the presence of a user's creator on a platform: each time the same, but for its handle.

    Args:
        path: Names the user's chance.
        creator: The person.
        platform: Where.
        at: When it is connected.
        handle: The name to be known by there; None for one made up.
    """
    stream = Stream(*path, platform.name.value, handle or "")
    role = AccountRole(platform.name, 0, connected_days=None)
    channel = make_channel(stream, creator, role, at)
    if handle is not None:
        channel = _renamed(channel, handle)
    return dataclasses.replace(channel, timeline=Timeline(at, at, syncs=None))


def first_followers(path: tuple[str, ...]) -> int:
    """Return how many follow an account when it is connected."""
    followers = _TYPICAL_FOLLOWERS * Stream(*path, "followers").spread(_SPREAD_OF_FOLLOWERS)
    return max(round(followers), _FEWEST_FOLLOWERS)


def new_account(channel: Channel) -> dict[str, typing.Any]:
    """Make the account of a channel, with no products yet."""
    return make_account(channel) | {"data": {}}


def stored_channel(
    path: tuple[str, ...],
    creator: Creator,
    account: Mapping[str, typing.Any],
    followers: int,
) -> Channel:
    """Return the channel of an account that is stored."""
    platform = platform_of(account)
    stream = Stream(*path)
    username = account["username"]
    created_at = parsed_moment(account["created_at"])
    return Channel(
        stream=stream,
        ids=StreamIds(stream),
        role=AccountRole(platform.name, followers, connected_days=None),
        platform=platform,
        creator=creator,
        timeline=Timeline(created_at, parsed_moment(account["updated_at"]), syncs=None),
        id=account["id"],
        handle=username.partition("@")[0].replace(" ", "").lower(),
        username=username,
        profile_name=account["platform_profile_name"],
        profile_id=account["platform_profile_id"],
        profile_published_at=account["platform_profile_published_at"],
        image_url=account["profile_pic_url"],
        followers=followers,
        references={
            "user": account["user"],
            "account": {"id": account["id"], "platform_username": username, "username": username},
            "work_platform": platform.reference,
        },
    )


def observed(
    channel: Channel, stream: Stream, at: dt.datetime, since: dt.date, items: int = 0
) -> Channel:
    """Return a channel as a visit at a moment sees it, whose makers look back to a day.

    Args:
        channel: The channel.
        stream: Chance of the visit.
        at: When it takes place.
        since: First day that it looks at.
        items: How many contents there are.
    """
    syncs = Syncs(
        first_at=at,
        identity_at=at,
        engagement_at=at,
        refresh_since=at.date() - _WINDOW,
        available_from=since,
    )
    return dataclasses.replace(
        channel,
        stream=stream,
        ids=StreamIds(stream),
        role=dataclasses.replace(channel.role, contents=items),
        timeline=dataclasses.replace(channel.timeline, syncs=syncs),
    )


# Every sync of every account asks for its creator, and always gets the same.
@functools.lru_cache(maxsize=1024)
def _creator(seed: str, size: Size, user_id: str, external_id: str, name: str) -> Creator:
    user = {"id": user_id, "external_id": external_id, "name": name}
    # Who somebody is does not depend on the moment at which the world began.
    seeded = Blueprint(seed, size, _ANY_MOMENT).creator_of(user)
    return named_creator(seeded or _invented(seed, user_id), user)


@functools.lru_cache(maxsize=1024)
def _invented(seed: str, user_id: str) -> Creator:
    stream = Stream(*account_path(seed, user_id), "creator")
    role = UserRole("creator", stream.choice(sorted(LANGUAGES)), ())
    return make_creator(stream, role, _ANY_MOMENT)


def _renamed(channel: Channel, handle: str) -> Channel:
    """Let a channel be known by a name of the caller's choice."""
    old = channel.profile_name
    is_handle = channel.username == channel.handle
    username = f"{handle}@example.com" if channel.platform.name in _KNOWN_BY_EMAIL else handle
    username = handle if "@" in handle else username
    return dataclasses.replace(
        channel,
        handle=handle.partition("@")[0],
        username=username,
        profile_name=handle if is_handle or old == channel.handle else old,
        references={
            **channel.references,
            "account": {"id": channel.id, "platform_username": username, "username": username},
        },
    )
