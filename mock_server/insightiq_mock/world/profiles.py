"""Profiles: every key, filled where the platform fills it (evidence.md#profile, #profile-reputation, #profile-per-platform, #platform-fields).

Where the public table and the wire disagree the wire decides: a YouTube channel has no nick name
but a watch time, a Twitch channel no subscribers. LinkedIn's seven career lists are reserved and
null everywhere; nobody has seen them filled. Dates of birth stay null too: their format is unknown.
"""

from __future__ import annotations

import typing

from insightiq_mock.db import format_timestamp

from . import addresses
from .people import people_of
from .platforms import PlatformName
from .texts import introduction

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from .channels import Channel
    from .stream import Stream

__all__ = ["make_profile"]

_P = PlatformName
_INSTAGRAMS: typing.Final = {_P.INSTAGRAM, _P.INSTAGRAM_DIRECT}

# Field -> platforms that fill it.
_GIVEN_BY: typing.Final[Mapping[str, set[PlatformName]]] = {
    "full_name": {_P.YOUTUBE, _P.TIKTOK, _P.X, _P.TWITCH, _P.FACEBOOK, _P.ADSENSE, *_INSTAGRAMS},
    "first_name": {_P.YOUTUBE, _P.FACEBOOK, _P.LINKEDIN},
    "last_name": {_P.YOUTUBE, _P.FACEBOOK, _P.LINKEDIN},
    "nick_name": {_P.FACEBOOK},
    "url": {_P.YOUTUBE, _P.TIKTOK, _P.X, _P.TWITCH, _P.FACEBOOK, _P.SUBSTACK, *_INSTAGRAMS},
    "introduction": {_P.YOUTUBE, _P.TIKTOK, _P.X, _P.TWITCH, _P.FACEBOOK, _P.SUBSTACK, *_INSTAGRAMS},
    "platform_account_type": {_P.SUBSTACK, _P.INSTAGRAM_DIRECT},
    "category": {_P.FACEBOOK, _P.TWITCH},
    "website": {_P.TIKTOK, _P.X, _P.FACEBOOK, *_INSTAGRAMS},
    "follower_count": {_P.TIKTOK, _P.X, _P.TWITCH, _P.FACEBOOK, _P.LINKEDIN, *_INSTAGRAMS},
    "following_count": {_P.TIKTOK, _P.X, *_INSTAGRAMS},
    "subscriber_count": {_P.YOUTUBE, _P.SUBSTACK},
    "content_count": {_P.YOUTUBE, _P.TIKTOK, _P.X, *_INSTAGRAMS},
    "watch_time_in_hours": {_P.YOUTUBE},
    "like_count": {_P.TIKTOK},
    "connection_count": {_P.LINKEDIN},
    "emails": {_P.YOUTUBE, _P.TWITCH, _P.FACEBOOK, _P.SUBSTACK, _P.LINKEDIN, _P.ADSENSE},
    "phone_numbers": {_P.YOUTUBE},
    "addresses": {_P.YOUTUBE, _P.X},
    "gender": {_P.YOUTUBE},
    "country": {_P.X, _P.FACEBOOK},
    "is_verified": {_P.YOUTUBE, _P.TIKTOK, _P.X, _P.FACEBOOK, *_INSTAGRAMS},
    "is_business": {_P.YOUTUBE, _P.TIKTOK, _P.FACEBOOK, *_INSTAGRAMS},
}  # fmt: skip

_REPUTATION: typing.Final = (
    "follower_count",
    "following_count",
    "subscriber_count",
    "paid_subscriber_count",
    "content_count",
    "content_group_count",
    "watch_time_in_hours",
    "average_open_rate",
    "average_click_rate",
    "like_count",
    "connection_count",
)

_CAREER: typing.Final = (
    "work_experiences",
    "education",
    "publications",
    "certifications",
    "volunteer_experiences",
    "honors",
    "projects",
)

_VERIFIED_FROM: typing.Final = 100_000
"""Followers from which a creator wears the mark, in this world."""


def make_profile(channel: Channel) -> dict[str, typing.Any] | None:
    """Make the profile, keys in wire order; None before the first sync."""
    syncs = channel.timeline.syncs
    if syncs is None:
        return None
    platform = channel.platform.name
    values = _values(channel, channel.stream.child("profile"))
    given = {
        field: value for field, value in values.items() if platform in _GIVEN_BY.get(field, ())
    }
    return {
        "id": channel.stream.child("profile id").uuid(),
        "created_at": format_timestamp(syncs.first_at),
        "updated_at": format_timestamp(max(syncs.first_at, syncs.identity_at)),
        **channel.references,
        "username": channel.username,
        "platform_username": channel.username,
        "full_name": given.get("full_name"),
        "first_name": given.get("first_name"),
        "last_name": given.get("last_name"),
        "nick_name": given.get("nick_name"),
        "url": given.get("url"),
        "introduction": given.get("introduction"),
        "image_url": channel.image_url,
        "date_of_birth": None,
        "external_id": values["external_id"],
        "platform_account_type": given.get("platform_account_type"),
        "category": given.get("category"),
        "website": given.get("website"),
        "reputation": {key: given.get(key) for key in _REPUTATION},
        "emails": given.get("emails", []),
        "phone_numbers": given.get("phone_numbers", []),
        "addresses": given.get("addresses", []),
        "gender": given.get("gender"),
        "country": given.get("country"),
        "platform_profile_name": channel.profile_name,
        "platform_profile_id": channel.profile_id,
        "platform_profile_published_at": channel.profile_published_at,
        # Booleans on every sampled platform (evidence.md#platform-fields), also where the table has no mark.
        "is_verified": given.get("is_verified", False),
        "is_business": given.get("is_business", False),
        **dict.fromkeys(_CAREER),
    }


def _values(channel: Channel, stream: Stream) -> dict[str, typing.Any]:
    """What the creator has to say, before the platform's table is laid over it."""
    platform = channel.platform.name
    creator = channel.creator
    country = creator.language.countries[0]
    people = people_of(creator.language.locale)
    text = introduction(stream, creator.language)
    contents = channel.role.contents + channel.role.archived + stream.randint(5, 400)
    return {
        "full_name": creator.full_name,
        "first_name": creator.given.text,
        "last_name": creator.family.text or None,
        "nick_name": creator.given.text,
        "url": addresses.profile_page(platform, channel.handle, channel.profile_id),
        # A Twitch channel without a text has an empty one (evidence.md#profile-per-platform).
        "introduction": "" if platform is _P.TWITCH else text,
        "external_id": stream.digits(21) if platform is _P.YOUTUBE else channel.profile_id,
        "platform_account_type": "CREATOR",
        "category": "" if platform is _P.TWITCH else "Shopping & Retail",
        "website": _website(channel, stream, text),
        "follower_count": channel.followers,
        "following_count": round(300 * stream.spread(0.7)),
        "subscriber_count": channel.followers,
        "content_count": contents,
        "watch_time_in_hours": round(channel.followers * stream.between(0.4, 3.5), 2),
        "like_count": channel.followers * contents // stream.randint(8, 30),
        "connection_count": min(channel.followers, 500) + stream.randint(0, 90),
        "emails": _emails(channel),
        "phone_numbers": [{"type": "WORK", "phone_number": stream.choice(people.phone_numbers)}],
        "addresses": [{"type": "HOME", "address": stream.choice(people.addresses)}],
        "gender": creator.gender,
        "country": country,
        "is_verified": channel.followers >= _VERIFIED_FROM,
        "is_business": platform in _INSTAGRAMS or stream.chance(0.5),
    }


def _website(channel: Channel, stream: Stream, text: str) -> str:
    if channel.platform.name is _P.TIKTOK:
        # The wire's quirk: the whole text of the profile stands here (evidence.md#profile).
        return text
    if channel.platform.name is _P.X:
        return f"https://t.co/{stream.token(10)}"
    return f"https://links.example/{channel.handle}"


def _emails(channel: Channel) -> list[dict[str, str]]:
    if channel.platform.name is _P.TWITCH:
        return [{"type": "HOME", "email_id": channel.creator.email}]
    work = [{"type": "WORK", "email_id": channel.creator.email}]
    if channel.platform.name is _P.YOUTUBE:
        work.append({"type": "WORK", "email_id": f"hello@{channel.handle}.example"})
    return work
