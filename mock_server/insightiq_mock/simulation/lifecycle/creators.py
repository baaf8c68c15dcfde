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
from insightiq_mock.world.cast import CAST, AccountRole, UserRole
from insightiq_mock.world.channels import Channel, make_channel, make_creator
from insightiq_mock.world.identifiers import StreamIds
from insightiq_mock.world.platforms import PLATFORMS, Platform, PlatformName
from insightiq_mock.world.stream import Stream
from insightiq_mock.world.timeline import Syncs, Timeline
from insightiq_mock.world.vocabulary import LANGUAGES

from .visit import parsed_moment

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from insightiq_mock.world.channels import Creator

__all__ = [
    "account_path",
    "first_followers",
    "new_account",
    "new_channel",
    "observed",
    "platform_of",
    "platform_with_id",
    "stored_channel",
]

_WINDOW: typing.Final = dt.timedelta(days=90)

_LANGUAGES_OF_CAST: typing.Final = {role.name: role.language for role in CAST}

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


def account_path(developer_id: str, seed: str, account_id: str) -> tuple[str, ...]:
    """Return the name of all chance that hangs on one account."""
    return ("insightiq-mock account", developer_id, seed, account_id)


def new_channel(
    path: tuple[str, ...],
    user: Mapping[str, typing.Any],
    platform: Platform,
    at: dt.datetime,
    handle: str | None,
) -> Channel:
    """Make the presence of a user's creator on a platform: each time the same, but for its handle.

    Args:
        path: Names the user's chance.
        user: The user's JSON.
        platform: Where.
        at: When it is connected.
        handle: The name to be known by there; None for one made up.
    """
    creator = _creator(path, user)
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
    user_path: tuple[str, ...],
    user: Mapping[str, typing.Any],
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
        creator=_creator(user_path, user),
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


def _creator(path: tuple[str, ...], user: Mapping[str, typing.Any]) -> Creator:
    creator = _made_creator(path, user["external_id"], user["created_at"])
    return dataclasses.replace(creator, user=dict(user))


# Every sync of every account asks for its creator, and always gets the same.
@functools.lru_cache(maxsize=1024)
def _made_creator(path: tuple[str, ...], external_id: str, created_at: str) -> Creator:
    stream = Stream(*path, "creator")
    language = _LANGUAGES_OF_CAST.get(external_id.rpartition("-")[0])
    role = UserRole("creator", language or stream.choice(sorted(LANGUAGES)), ())
    return make_creator(stream, role, parsed_moment(created_at))


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
