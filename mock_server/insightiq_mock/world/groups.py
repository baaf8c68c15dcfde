"""Content groups: Instagram's albums and YouTube's playlists (evidence.md#content-group, after the documentation)."""

from __future__ import annotations

import datetime as dt
import typing

from insightiq_mock.db import Kind, format_timestamp

from . import addresses
from .platforms import PlatformName
from .texts import caption, title

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .channels import Channel
    from .stream import Stream

__all__ = ["make_groups"]

_ALBUMS: typing.Final = 14
_PLAYLISTS: typing.Final = 6

_ALBUM_ITEMS: typing.Final = (2, 10)

# In the order of the documentation.
_ENGAGEMENT: typing.Final = (
    "like_count",
    "dislike_count",
    "comment_count",
    "impression_organic_count",
    "reach_organic_count",
    "save_count",
    "view_count",
    "watch_time_in_hours",
    "share_count",
    "impression_paid_count",
    "reach_paid_count",
    "avg_watch_time_in_sec",
)


def make_groups(
    channel: Channel, contents: Sequence[Mapping[str, typing.Any]]
) -> Iterator[dict[str, typing.Any]]:
    """Make an account's groups; playlists hold some of its contents, albums hold their own."""
    syncs = channel.timeline.syncs
    if syncs is None or not contents:
        return
    stream = channel.stream.child("groups")
    if channel.platform.name is PlatformName.YOUTUBE:
        for number in range(_PLAYLISTS):
            some = stream.sample(contents, min(len(contents), stream.randint(2, 9)))
            yield _playlist(stream, channel, number, some)
    elif channel.platform.name in {PlatformName.INSTAGRAM, PlatformName.INSTAGRAM_DIRECT}:
        first = dt.datetime.combine(syncs.available_from, dt.time(), dt.UTC)
        span = int((syncs.engagement_at - first).total_seconds())
        for number in range(_ALBUMS):
            published_at = first + dt.timedelta(seconds=stream.randrange(span))
            yield _album(stream, channel, number, published_at, syncs.engagement_at)


def _playlist(
    stream: Stream, channel: Channel, number: int, items: Sequence[Mapping[str, typing.Any]]
) -> dict[str, typing.Any]:
    external_id = f"PL{stream.token(32)}"
    newest = max(items, key=lambda item: item["published_at"])
    counts = {
        key: sum(item["engagement"][key] for item in items)
        for key in ("like_count", "dislike_count", "comment_count", "view_count")
    }
    return {
        "id": channel.ids.of(Kind.CONTENT_GROUP, number),
        "created_at": newest["created_at"],
        "updated_at": newest["updated_at"],
        **channel.references,
        "engagement": {key: counts.get(key) for key in _ENGAGEMENT},
        "external_id": external_id,
        "title": title(stream, channel.creator.language),
        "format": "COLLECTION",
        "type": "PLAYLIST",
        "url": f"https://www.youtube.com/playlist?list={external_id}",
        "description": None,
        "visibility": "PUBLIC",
        "thumbnail_url": newest["thumbnail_url"],
        "persistent_thumbnail_url": newest["persistent_thumbnail_url"],
        "published_at": newest["published_at"],
        "platform_profile_id": channel.profile_id,
        "platform_profile_name": channel.profile_name,
        "item_count": len(items),
        "media_url": None,
        "media_urls": None,
        "hashtags": None,
    }


def _album(
    stream: Stream,
    channel: Channel,
    number: int,
    published_at: dt.datetime,
    synced_at: dt.datetime,
) -> dict[str, typing.Any]:
    group_id = channel.ids.of(Kind.CONTENT_GROUP, number)
    text = caption(stream, channel.creator.language)
    pictures = [
        addresses.picture(stream, channel.platform.name)
        for _ in range(stream.randint(*_ALBUM_ITEMS))
    ]
    views = round(channel.followers * 0.4 * stream.spread(0.6))
    likes = round(views * stream.between(0.03, 0.09))
    counts = {
        "like_count": likes,
        "comment_count": round(likes * stream.between(0.01, 0.06)),
        "reach_organic_count": round(views * stream.between(0.6, 0.9)),
        "save_count": round(likes * stream.between(0.01, 0.2)),
        "view_count": views,
        "share_count": round(likes * stream.between(0.0, 0.1)),
    }
    created_at = max(published_at, channel.timeline.created_at)
    return {
        "id": group_id,
        "created_at": format_timestamp(created_at),
        "updated_at": format_timestamp(max(created_at, synced_at)),
        **channel.references,
        "engagement": {key: counts.get(key) for key in _ENGAGEMENT},
        "external_id": stream.digits(17),
        "title": text.text,
        "format": "COLLECTION",
        "type": "ALBUM",
        "url": f"https://www.instagram.com/p/{stream.token(11)}/",
        "description": text.text,
        "visibility": "PUBLIC",
        "thumbnail_url": pictures[0],
        "persistent_thumbnail_url": addresses.persistent_thumbnail(group_id),
        "published_at": format_timestamp(published_at),
        "platform_profile_id": channel.profile_id,
        "platform_profile_name": channel.profile_name,
        "item_count": len(pictures),
        "media_url": pictures[0],
        "media_urls": pictures,
        "hashtags": text.hashtags,
    }
