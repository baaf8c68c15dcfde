"""A creator's presence on one platform: who they are there and since when."""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing

from insightiq_mock.db import format_timestamp

from . import addresses
from .identifiers import IdMaker, StreamIds
from .people import Name, latin_name, people_of
from .platforms import PLATFORMS, Platform, PlatformName
from .timeline import Timeline, make_timeline
from .vocabulary import LANGUAGES, Language

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from .cast import AccountRole, UserRole
    from .stream import Stream

__all__ = ["Channel", "Creator", "make_channel", "make_creator", "named_creator"]

_GENDERS: typing.Final = ("FEMALE", "MALE")

_UUID_V5: typing.Final = 5
_YEAR: typing.Final = dt.timedelta(days=365)

# Where the account is known by the creator's e-mail address (evidence.md#account; AdSense by analogy).
_KNOWN_BY_EMAIL: typing.Final = (PlatformName.YOUTUBE, PlatformName.ADSENSE)

_NAMED_BY_HANDLE: typing.Final = (PlatformName.INSTAGRAM, PlatformName.INSTAGRAM_DIRECT)

# Where the handle becomes part of a host name, which takes no underscore.
_NAMES_HOSTS: typing.Final = (PlatformName.SUBSTACK, PlatformName.BEEHIIV)

# Where platform_profile_published_at is set (evidence.md#platform-fields).
_TELLS_WHEN_JOINED: typing.Final = (
    PlatformName.YOUTUBE,
    PlatformName.X,
    PlatformName.TWITCH,
    PlatformName.ADSENSE,
)

_PROFILE_ID_DIGITS: typing.Final = {
    PlatformName.INSTAGRAM: 11,
    PlatformName.INSTAGRAM_DIRECT: 11,
    PlatformName.FACEBOOK: 15,
    PlatformName.X: 19,
    PlatformName.TWITCH: 8,
}


@dataclasses.dataclass(frozen=True, slots=True)
class Creator:
    """A person, and the user of the developer's product that they are."""

    given: Name
    family: Name
    gender: str
    language: Language
    user: dict[str, str]
    email: str

    @property
    def full_name(self) -> str:
        """The name of the user: given name before family name, whatever the language."""
        return self.user["name"]

    @property
    def reference(self) -> dict[str, str]:
        """What other resources carry as ``user``."""
        return {"id": self.user["id"], "name": self.user["name"]}


@dataclasses.dataclass(frozen=True, slots=True)
class Channel:
    """An account in the making: what its profile, contents and income have in common.

    Attributes:
        stream: The account's own chance; parts draw from children of it.
        ids: Gives its resources their ids.
        role: What the cast asks for.
        platform: Where it is.
        creator: Whose it is.
        timeline: When things happened.
        id: Id of the account.
        handle: Name in addresses.
        username: What the API calls ``username`` and ``platform_username``.
        profile_name: What it calls ``platform_profile_name``.
        profile_id: The platform's own id.
        profile_published_at: When the creator joined the platform, where it tells.
        image_url: Picture of the profile, where there is one.
        followers: How many follow (or subscribe).
        references: The three references that every resource of the account carries, in wire order.
    """

    stream: Stream
    ids: IdMaker
    role: AccountRole
    platform: Platform
    creator: Creator
    timeline: Timeline
    id: str
    handle: str
    username: str
    profile_name: str
    profile_id: str
    profile_published_at: str | None
    image_url: str | None
    followers: int
    references: dict[str, dict[str, str]]


def make_creator(stream: Stream, role: UserRole, created_at: dt.datetime) -> Creator:
    """Make a person and their user."""
    language = LANGUAGES[role.language]
    people = people_of(language.locale)
    gender = stream.choice(_GENDERS)
    given = stream.choice(people.given[gender])
    family = stream.choice(people.families)
    moment = format_timestamp(created_at)
    user = {
        "name": f"{given.text} {family.text}",
        "external_id": f"{role.name}-{stream.digits(6)}",
        "id": stream.uuid(),
        "created_at": moment,
        "updated_at": moment,
        "status": "ACTIVE",
    }
    return Creator(given, family, gender, language, user, _email(given, family))


def named_creator(creator: Creator, user: Mapping[str, str]) -> Creator:
    """Return a creator as the person behind a user who has a name of their own.

    The first word is the given name, the rest the family name. What gives no Latin letters for a
    handle takes those of the invented name.
    """
    if user["name"] == creator.user["name"]:
        return dataclasses.replace(creator, user=dict(user))
    first, _, rest = user["name"].strip().partition(" ")
    given = latin_name(first, creator.given)
    family = latin_name(rest.strip(), creator.family)
    return Creator(
        given, family, creator.gender, creator.language, dict(user), _email(given, family)
    )


def _email(given: Name, family: Name) -> str:
    return f"{given.latin}.{family.latin}@example.com"


def make_channel(
    stream: Stream,
    creator: Creator,
    role: AccountRole,
    now: dt.datetime,
    ids: IdMaker | None = None,
) -> Channel:
    """Make a creator's presence on a platform."""
    platform = PLATFORMS[role.platform]
    joined_at = now.replace(microsecond=0) - _YEAR * stream.between(2, 8)
    handle = _handle(stream, creator, platform.name)
    account_id = stream.uuid()
    username = _username(creator, platform.name, handle)
    return Channel(
        stream=stream,
        ids=ids or StreamIds(stream),
        role=role,
        platform=platform,
        creator=creator,
        timeline=make_timeline(stream, role, now),
        id=account_id,
        handle=handle,
        username=username,
        profile_name=_profile_name(creator, platform.name, handle),
        profile_id=_profile_id(stream, platform.name),
        profile_published_at=_published_at(stream, platform.name, joined_at),
        image_url=addresses.profile_image(stream, platform.name),
        followers=round(role.followers * stream.between(0.85, 1.15)),
        references={
            "user": creator.reference,
            "account": {"id": account_id, "platform_username": username, "username": username},
            "work_platform": platform.reference,
        },
    )


def _handle(stream: Stream, creator: Creator, platform: PlatformName) -> str:
    given, family = creator.given.latin, creator.family.latin
    if platform in _NAMES_HOSTS:
        return f"{given}{family}"
    return stream.choice(
        (
            f"{given}{family}",
            f"{given}_{family}",
            f"{family}.{given}",
            f"the{given}{stream.digits(2)}",
        )
    )


def _username(creator: Creator, platform: PlatformName, handle: str) -> str:
    if platform in _KNOWN_BY_EMAIL:
        return creator.email
    if platform is PlatformName.FACEBOOK:
        return creator.full_name
    return handle


def _profile_name(creator: Creator, platform: PlatformName, handle: str) -> str:
    if platform in _NAMED_BY_HANDLE:
        return handle
    if platform is PlatformName.TWITCH:
        return handle.title()
    return creator.full_name


def _profile_id(stream: Stream, platform: PlatformName) -> str:
    if platform is PlatformName.YOUTUBE:
        return f"UC{stream.token(22)}"
    if platform is PlatformName.TIKTOK:
        return stream.uuid(version=_UUID_V5)
    if platform is PlatformName.ADSENSE:
        return f"pub-{stream.digits(16)}"
    return stream.digits(_PROFILE_ID_DIGITS.get(platform, 10))


def _published_at(stream: Stream, platform: PlatformName, joined_at: dt.datetime) -> str | None:
    if platform not in _TELLS_WHEN_JOINED:
        return None
    if platform is PlatformName.YOUTUBE:
        joined_at = joined_at.replace(microsecond=stream.randrange(1_000_000))
    return format_timestamp(joined_at)
