"""Profiles: seed data and syncs (evidence.md#profile, #profile-reputation, #profile-per-platform, #platform-fields).

Every key is there, and filled where the platform fills it. Where the public table and the wire disagree
the wire decides: a YouTube channel has no nick name but a watch time, a Twitch channel no subscribers.
LinkedIn's seven career lists are reserved and null everywhere. Dates of birth stay null too: their format
is unknown.
"""

from __future__ import annotations

import datetime as dt
import typing

from insightiq_mock.db import Column, format_timestamp

from .contents import published_between
from .people import people_of
from .platforms import PlatformName
from .resource import Resource
from .texts import introduction, profile_page

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from insightiq_mock.simulation import RandomStream

    from .resource import Json, SyncContext
    from .seed_accounts import SeedAccount

__all__ = ["PROFILES", "make_profile"]

_DAILY_SHARE: typing.Final = 0.004
"""Followers that a growing account gains in a day."""

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
    *("follower_count", "following_count", "subscriber_count", "paid_subscriber_count"),
    *("content_count", "content_group_count", "watch_time_in_hours", "average_open_rate"),
    *("average_click_rate", "like_count", "connection_count"),
)

_CAREER: typing.Final = (
    *("work_experiences", "education", "publications", "certifications"),
    *("volunteer_experiences", "honors", "projects"),
)

_VERIFIED_FROM: typing.Final = 100_000
"""Followers from which a creator wears the mark, in this world."""


def make_profile(account: SeedAccount) -> Json | None:
    """Make the profile, keys in wire order; None before the first sync."""
    syncs = account.timeline.syncs
    if syncs is None:
        return None
    platform = account.platform.name
    values = _values(account, account.stream.child("profile"))
    given = {
        field: value for field, value in values.items() if platform in _GIVEN_BY.get(field, ())
    }
    return {
        "id": account.stream.child("profile id").uuid(),
        "created_at": format_timestamp(syncs.first_at),
        "updated_at": format_timestamp(max(syncs.first_at, syncs.identity_at)),
        **account.references,
        "username": account.username,
        "platform_username": account.username,
        "full_name": given.get("full_name"),
        "first_name": given.get("first_name"),
        "last_name": given.get("last_name"),
        "nick_name": given.get("nick_name"),
        "url": given.get("url"),
        "introduction": given.get("introduction"),
        "image_url": account.image_url,
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
        "platform_profile_name": account.profile_name,
        "platform_profile_id": account.profile_id,
        "platform_profile_published_at": account.profile_published_at,
        # Booleans on every sampled platform (evidence.md#platform-fields), also where the table has no mark.
        "is_verified": given.get("is_verified", False),
        "is_business": given.get("is_business", False),
        **dict.fromkeys(_CAREER),
    }


def _values(account: SeedAccount, stream: RandomStream) -> Json:
    """Return a value for every field, whether the platform fills it or not."""
    platform = account.platform.name
    creator = account.creator
    country = creator.language.countries[0]
    people = people_of(creator.language.locale)
    text = introduction(stream, creator.language)
    contents = account.spec.contents + account.spec.virtual_contents + stream.randint(5, 400)
    return {
        "full_name": creator.full_name,
        "first_name": creator.given.text,
        "last_name": creator.family.text or None,
        "nick_name": creator.given.text,
        "url": profile_page(platform, account.handle, account.profile_id),
        # A Twitch account without a text has an empty one (evidence.md#profile-per-platform).
        "introduction": "" if platform is _P.TWITCH else text,
        "external_id": stream.digits(21) if platform is _P.YOUTUBE else account.profile_id,
        "platform_account_type": "CREATOR",
        "category": "" if platform is _P.TWITCH else "Shopping & Retail",
        "website": _website(account, stream, text),
        "follower_count": account.followers,
        "following_count": round(300 * stream.spread(0.7)),
        "subscriber_count": account.followers,
        "content_count": contents,
        "watch_time_in_hours": round(account.followers * stream.between(0.4, 3.5), 2),
        "like_count": account.followers * contents // stream.randint(8, 30),
        "connection_count": min(account.followers, 500) + stream.randint(0, 90),
        "emails": _emails(account),
        "phone_numbers": [{"type": "WORK", "phone_number": stream.choice(people.phone_numbers)}],
        "addresses": [{"type": "HOME", "address": stream.choice(people.addresses)}],
        "gender": creator.gender,
        "country": country,
        "is_verified": account.followers >= _VERIFIED_FROM,
        "is_business": platform in _INSTAGRAMS or stream.chance(0.5),
    }


def _website(account: SeedAccount, stream: RandomStream, text: str) -> str:
    if account.platform.name is _P.TIKTOK:
        # The wire's quirk: the whole text of the profile stands here (evidence.md#profile).
        return text
    if account.platform.name is _P.X:
        return f"https://t.co/{stream.token(10)}"
    return f"https://links.example/{account.handle}"


def _emails(account: SeedAccount) -> list[dict[str, str]]:
    if account.platform.name is _P.TWITCH:
        return [{"type": "HOME", "email_id": account.creator.email}]
    work = [{"type": "WORK", "email_id": account.creator.email}]
    if account.platform.name is _P.YOUTUBE:
        work.append({"type": "WORK", "email_id": f"hello@{account.handle}.example"})
    return work


def _sync_profile(context: SyncContext) -> None:
    """Find the profile, or its changes."""
    stored = context.stored(PROFILES)
    if not stored:
        profile = make_profile(context.seed_account)
        if profile is not None:
            (profile_id,) = context.add(PROFILES, [context.seen(profile)])
            context.emit("PROFILES.ADDED", profile_id=profile_id)
        return
    profile = stored[0]
    if _grow_reputation(context, profile["reputation"]):
        profile["updated_at"] = format_timestamp(context.at)
        context.replace(PROFILES, profile)
        context.emit("PROFILES.UPDATED", profile_id=profile["id"])


def _grow_reputation(context: SyncContext, reputation: Json) -> bool:
    """Let followers and dependent counts grow since the last sync; return whether they did."""
    before = dict(reputation)
    days = (context.at - context.since) / dt.timedelta(days=1)
    share = context.seed_account.stream.child("growth").between(0.0, _DAILY_SHARE)
    for key in ("follower_count", "subscriber_count", "like_count"):
        if reputation[key]:
            growth = reputation[key] * share * days + context.stream.random()
            reputation[key] += int(growth)
    if reputation["watch_time_in_hours"]:
        watched = reputation["watch_time_in_hours"] * (1.0 + share * days)
        reputation["watch_time_in_hours"] = round(watched, 2)
    if reputation["content_count"] is not None:
        platform = context.seed_account.platform.name
        published = published_between(context.path, platform, context.since, context.at)
        reputation["content_count"] += len(published)
    return reputation != before


PROFILES: typing.Final = Resource(
    "profile",
    order="updated_at",
    columns={
        Column.ACCOUNT_ID: "account.id",
        Column.USER_ID: "user.id",
        Column.WORK_PLATFORM_ID: "work_platform.id",
    },
    filters={
        "account_id": Column.ACCOUNT_ID,
        "user_id": Column.USER_ID,
        "work_platform_id": Column.WORK_PLATFORM_ID,
    },
    product="identity",
    sync=_sync_profile,
)
