"""Counts of an item: coherent with each other, with the followers and with the item's age."""

from __future__ import annotations

import math
import typing

from .platforms import PlatformName

if typing.TYPE_CHECKING:
    from .item_kinds import ItemKind
    from .stream import Stream

__all__ = ["ENGAGEMENT_KEYS", "make_engagement"]

# All 20, in wire order (evidence.md#content-engagement).
ENGAGEMENT_KEYS: typing.Final = (
    "like_count",
    "dislike_count",
    "comment_count",
    "impression_organic_count",
    "reach_organic_count",
    "save_count",
    "view_count",
    "replay_count",
    "watch_time_in_hours",
    "avg_watch_time_in_sec",
    "share_count",
    "impression_paid_count",
    "reach_paid_count",
    "email_open_rate",
    "email_click_rate",
    "unsubscribe_count",
    "spam_report_count",
    "click_count",
    "additional_info",
    "repost_count",
)

# Views of a full-grown item per follower, and the share of viewers who like it.
_HABITS: typing.Final = {
    PlatformName.INSTAGRAM: (0.35, 0.07),
    PlatformName.INSTAGRAM_DIRECT: (0.4, 0.06),
    PlatformName.INSTAGRAM_LITE: (0.3, 0.06),
    PlatformName.TIKTOK: (0.8, 0.09),
    PlatformName.YOUTUBE: (0.3, 0.045),
    PlatformName.X: (0.5, 0.02),
    PlatformName.TWITCH: (0.15, 0.0),
    PlatformName.FACEBOOK: (0.12, 0.03),
    PlatformName.SUBSTACK: (0.5, 0.02),
    PlatformName.BEEHIIV: (0.4, 0.0),
}

_STORY_REACH: typing.Final = 0.2
"""A story is seen by fewer than a post."""

_GROWTH_DAYS: typing.Final = 6.0
"""After this time an item has gathered about two thirds of all its views."""


def make_engagement(
    stream: Stream, platform: PlatformName, kind: ItemKind, followers: int, age_days: float
) -> dict[str, typing.Any]:
    """Make the engagement of an item that is so many days old, keys in wire order."""
    counts = _counts(stream, platform, kind, followers, age_days)
    given = kind.metrics
    return {key: counts[key] if key in given else None for key in ENGAGEMENT_KEYS}


def _counts(
    stream: Stream, platform: PlatformName, kind: ItemKind, followers: int, age_days: float
) -> dict[str, typing.Any]:
    views_per_follower, like_share = _HABITS[platform]
    if kind.type == "STORY":
        views_per_follower *= _STORY_REACH
        like_share *= _STORY_REACH
    growth = 1.0 - math.exp(-(age_days + 0.1) / _GROWTH_DAYS)
    views = round(followers * views_per_follower * growth * stream.spread(0.7))
    likes = min(views, round(views * like_share * stream.spread(0.35)))
    reach = round(views * stream.between(0.62, 0.93))
    watched_seconds = round(stream.between(2.5, 24.0), 3)
    paid = round(views * 0.1) if stream.chance(0.1) else 0
    return {
        "like_count": likes,
        "dislike_count": round(likes * stream.between(0.005, 0.04)),
        "comment_count": round(likes * stream.between(0.02, 0.12)),
        "impression_organic_count": round(views * stream.between(1.05, 1.4)),
        "reach_organic_count": reach,
        "save_count": round(likes * stream.between(0.01, 0.2)),
        "view_count": views,
        "watch_time_in_hours": round(views * watched_seconds / 3600, 2),
        "avg_watch_time_in_sec": watched_seconds,
        "share_count": round(likes * stream.between(0.0, 0.12)),
        "impression_paid_count": paid,
        "reach_paid_count": round(paid * 0.8),
        "click_count": round(reach * stream.between(0.002, 0.03)),
        "additional_info": _story_info(stream, views) if kind.type == "STORY" else None,
        "repost_count": round(likes * stream.between(0.0, 0.05)),
    }


def _story_info(stream: Stream, views: int) -> dict[str, typing.Any]:
    """What a story tells beyond counts; most of its navigation stays null (evidence.md#content-engagement)."""
    return {
        "profile_visits": round(views * stream.between(0.0, 0.02)),
        "bio_link_clicked": None,
        "followers_gained": round(views * stream.between(0.0, 0.003)),
        "story_navigation": {
            "swipe_ups": None,
            "tap_backs": None,
            "tap_exits": round(views * stream.between(0.15, 0.35)),
            "swipe_backs": None,
            "swipe_downs": None,
            "tap_forwards": round(views * stream.between(0.3, 0.6)),
            "swipe_forwards": round(views * stream.between(0.05, 0.15)),
            "automatic_forwards": None,
        },
    }
