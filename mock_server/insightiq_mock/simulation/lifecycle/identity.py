"""What a sync of the identity brings: the profile, and who follows."""

from __future__ import annotations

import datetime as dt
import typing

from insightiq_mock.db import Kind, format_timestamp
from insightiq_mock.world.audience import make_audience
from insightiq_mock.world.profiles import make_profile

from .growth import grown_count
from .publishing import published_between
from .visit import parsed_moment

if typing.TYPE_CHECKING:
    from insightiq_mock.world.stream import Stream

    from .visit import Visit

__all__ = ["collect_audience", "collect_profile"]

_DAY: typing.Final = dt.timedelta(days=1)

# At most once a week (evidence.md#sync-cadence).
_AUDIENCE_PAUSE: typing.Final = dt.timedelta(days=7)

_DAILY_SHARE: typing.Final = 0.004
"""Followers that a growing channel gains in a day."""

_DRIFT: typing.Final = 0.03
_WHOLE: typing.Final = 100.0


def collect_profile(visit: Visit) -> None:
    """Find the profile, or what has changed in it."""
    stored = visit.stored(Kind.PROFILE)
    if not stored:
        profile = make_profile(visit.channel)
        if profile is not None:
            (profile_id,) = visit.add(Kind.PROFILE, [visit.seen(profile)])
            visit.tell("PROFILES.ADDED", profile_id=profile_id)
        return
    profile = stored[0]
    if _grow_reputation(visit, profile["reputation"]):
        profile["updated_at"] = format_timestamp(visit.at)
        visit.replace(Kind.PROFILE, profile)
        visit.tell("PROFILES.UPDATED", profile_id=profile["id"])


def collect_audience(visit: Visit) -> None:
    """Find who follows, or how that has shifted: not more often than once a week."""
    stored = visit.stored(Kind.AUDIENCE)
    if not stored:
        audience = make_audience(visit.channel)
        if audience is not None:
            visit.add(Kind.AUDIENCE, [visit.seen(audience)])
            _tell_audience(visit, "PROFILES_AUDIENCE.ADDED")
        return
    audience = stored[0]
    if visit.at - parsed_moment(audience["updated_at"]) < _AUDIENCE_PAUSE:
        return
    for part in ("countries", "cities", "gender_age_distribution"):
        _drift(visit.stream, audience[part])
    audience["updated_at"] = format_timestamp(visit.at)
    visit.replace(Kind.AUDIENCE, audience)
    _tell_audience(visit, "PROFILES_AUDIENCE.UPDATED")


def _tell_audience(visit: Visit, event: str) -> None:
    profile_id = next((profile["id"] for profile in visit.stored(Kind.PROFILE)), None)
    # The event names the profile, which the identity product always brings first.
    if profile_id is not None:
        visit.tell(event, profile_id=profile_id)


def _grow_reputation(visit: Visit, reputation: dict[str, typing.Any]) -> bool:
    """Let followers and what depends on them grow since the last visit; tell whether they did."""
    before = dict(reputation)
    days = (visit.at - visit.since) / _DAY
    share = visit.channel.stream.child("growth").between(0.0, _DAILY_SHARE)
    for key in ("follower_count", "subscriber_count", "like_count"):
        if reputation[key]:
            reputation[key] = grown_count(visit.stream, reputation[key], share, days)
    if reputation["watch_time_in_hours"]:
        watched = reputation["watch_time_in_hours"] * (1.0 + share * days)
        reputation["watch_time_in_hours"] = round(watched, 2)
    if reputation["content_count"] is not None:
        platform = visit.channel.platform.name
        published = published_between(visit.path, platform, visit.since, visit.at)
        reputation["content_count"] += len(published)
    return reputation != before


def _drift(stream: Stream, rows: list[dict[str, typing.Any]]) -> None:
    """Shift shares a little; together they stay about what they were."""
    shifted = [row["value"] * stream.between(1.0 - _DRIFT, 1.0 + _DRIFT) for row in rows]
    total = sum(shifted)
    for row, value in zip(rows, shifted, strict=True):
        row["value"] = round(_WHOLE * value / total, 2) if total else 0.0
