"""Comments under contents (evidence.md#comment, #platform-fields): on YouTube, Instagram and Instagram Direct."""

from __future__ import annotations

import datetime as dt
import itertools
import typing

from insightiq_mock.db import Kind, format_timestamp

from .platforms import PlatformName, Supported
from .texts import comment

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .channels import Channel
    from .stream import Stream

__all__ = ["make_comments"]

_COMMENTED_ITEMS: typing.Final = 8
"""Comments lie under so many of the newest items that have any; the API lists them per item."""

_MOST_COMMENTS: typing.Final = 15
_MOST_UNDER_THE_LIVELIEST: typing.Final = 130
"""Enough under one item for more than one page of the largest size."""

_COUNTED: typing.Final = (PlatformName.YOUTUBE, PlatformName.INSTAGRAM)


def make_comments(
    channel: Channel, contents: Sequence[Mapping[str, typing.Any]]
) -> Iterator[dict[str, typing.Any]]:
    """Make comments, never more under an item than it counts."""
    syncs = channel.timeline.syncs
    if syncs is None or Supported.COMMENTS not in channel.platform.supported:
        return
    stream = channel.stream.child("comments")
    commented = [item for item in contents if item["engagement"]["comment_count"]]
    newest = commented[:_COMMENTED_ITEMS]
    liveliest = max(newest, key=lambda item: item["engagement"]["comment_count"], default=None)
    numbers = itertools.count()
    for item in newest:
        most = _MOST_UNDER_THE_LIVELIEST if item is liveliest else _MOST_COMMENTS
        for _ in range(min(item["engagement"]["comment_count"], most)):
            comment_id = channel.ids.of(Kind.COMMENT, next(numbers))
            made = _comment(stream, channel, item, syncs.engagement_at)
            yield {"id": comment_id, **made}


def _comment(
    stream: Stream, channel: Channel, item: Mapping[str, typing.Any], synced_at: dt.datetime
) -> dict[str, typing.Any]:
    item_published_at = dt.datetime.fromisoformat(item["published_at"]).replace(tzinfo=dt.UTC)
    span = (synced_at - item_published_at).total_seconds()
    # Most people write soon after an item has appeared.
    published_at = item_published_at + dt.timedelta(seconds=int(span * stream.random() ** 3))
    seen_at = max(published_at, channel.timeline.created_at)
    is_counted = channel.platform.name in _COUNTED
    # Who wrote it is told by YouTube alone, and by no name (evidence.md#platform-fields).
    commenter = None
    if channel.platform.name is PlatformName.YOUTUBE:
        commenter = f"UC{stream.token(22)}"
    return {
        "created_at": format_timestamp(seen_at),
        "updated_at": format_timestamp(synced_at),
        "published_at": format_timestamp(published_at),
        **channel.references,
        "content": {
            "id": item["id"],
            "url": item["url"],
            "published_at": item["published_at"],
        },
        "external_id": f"Ug{stream.token(24)}" if commenter else stream.digits(17),
        "text": comment(stream, channel.creator.language),
        "commenter_username": None,
        "commenter_display_name": None,
        "commenter_id": commenter,
        "commenter_profile_url": commenter and f"https://www.youtube.com/channel/{commenter}",
        "like_count": stream.randrange(12) if is_counted else None,
        "reply_count": stream.randrange(3) if is_counted else None,
    }
