"""Content groups: Instagram's albums and YouTube's playlists (evidence.md#content-group, after the documentation)."""

from __future__ import annotations

import datetime as dt
import itertools
import typing

from insightiq_mock.db import Column, format_timestamp

from .contents import CONTENTS, MOST_ITEMS, SYNC_DAYS, grow_items, stored_items
from .platforms import PlatformName
from .resource import Resource
from .texts import caption, persistent_thumbnail, picture, title

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from insightiq_mock.simulation import RandomStream

    from .resource import Json, SyncContext
    from .seed_accounts import SeedAccount

__all__ = ["CONTENT_GROUPS"]

_NEW_PER_DAY: typing.Final = 0.04

_ALBUMS: typing.Final = 14
_PLAYLISTS: typing.Final = 6

_ALBUM_ITEMS: typing.Final = (2, 10)

# In the order of the documentation.
_ENGAGEMENT: typing.Final = (
    *("like_count", "dislike_count", "comment_count", "impression_organic_count"),
    *("reach_organic_count", "save_count", "view_count", "watch_time_in_hours", "share_count"),
    *("impression_paid_count", "reach_paid_count", "avg_watch_time_in_sec"),
)


def _make_groups(account: SeedAccount, made: Mapping[str, list[Json]]) -> Iterator[Json]:
    """Make an account's groups; playlists hold some of its contents, albums hold their own."""
    contents = made["content"]
    syncs = account.timeline.syncs
    if syncs is None or not contents:
        return
    stream = account.stream.child("groups")
    if account.platform.name is PlatformName.YOUTUBE:
        for number in range(_PLAYLISTS):
            some = stream.sample(contents, min(len(contents), stream.randint(2, 9)))
            yield _playlist(stream, account, number, some)
    elif account.platform.name in {PlatformName.INSTAGRAM, PlatformName.INSTAGRAM_DIRECT}:
        first = dt.datetime.combine(syncs.available_from, dt.time(), dt.UTC)
        span = int((syncs.engagement_at - first).total_seconds())
        for number in range(_ALBUMS):
            published_at = first + dt.timedelta(seconds=stream.randrange(span))
            yield _album(stream, account, number, published_at, syncs.engagement_at)


def _playlist(
    stream: RandomStream,
    account: SeedAccount,
    number: int,
    items: Sequence[Mapping[str, typing.Any]],
) -> Json:
    external_id = f"PL{stream.token(32)}"
    newest = max(items, key=lambda item: item["published_at"])
    counts = {
        key: sum(item["engagement"][key] for item in items)
        for key in ("like_count", "dislike_count", "comment_count", "view_count")
    }
    return {
        "id": account.ids.of(CONTENT_GROUPS, number),
        "created_at": newest["created_at"],
        "updated_at": newest["updated_at"],
        **account.references,
        "engagement": {key: counts.get(key) for key in _ENGAGEMENT},
        "external_id": external_id,
        "title": title(stream, account.creator.language),
        "format": "COLLECTION",
        "type": "PLAYLIST",
        "url": f"https://www.youtube.com/playlist?list={external_id}",
        "description": None,
        "visibility": "PUBLIC",
        "thumbnail_url": newest["thumbnail_url"],
        "persistent_thumbnail_url": newest["persistent_thumbnail_url"],
        "published_at": newest["published_at"],
        **account.profile_fields,
        "item_count": len(items),
        "media_url": None,
        "media_urls": None,
        "hashtags": None,
    }


def _album(
    stream: RandomStream,
    account: SeedAccount,
    number: int,
    published_at: dt.datetime,
    synced_at: dt.datetime,
) -> Json:
    group_id = account.ids.of(CONTENT_GROUPS, number)
    text = caption(stream, account.creator.language)
    pictures = [
        picture(stream, account.platform.name) for _ in range(stream.randint(*_ALBUM_ITEMS))
    ]
    views = round(account.followers * 0.4 * stream.spread(0.6))
    likes = round(views * stream.between(0.03, 0.09))
    counts = {
        "like_count": likes,
        "comment_count": round(likes * stream.between(0.01, 0.06)),
        "reach_organic_count": round(views * stream.between(0.6, 0.9)),
        "save_count": round(likes * stream.between(0.01, 0.2)),
        "view_count": views,
        "share_count": round(likes * stream.between(0.0, 0.1)),
    }
    created_at = max(published_at, account.timeline.created_at)
    return {
        "id": group_id,
        "created_at": format_timestamp(created_at),
        "updated_at": format_timestamp(max(created_at, synced_at)),
        **account.references,
        "engagement": {key: counts.get(key) for key in _ENGAGEMENT},
        "external_id": stream.digits(17),
        "title": text.text,
        "format": "COLLECTION",
        "type": "ALBUM",
        "url": f"https://www.instagram.com/p/{stream.token(11)}/",
        "description": text.text,
        "visibility": "PUBLIC",
        "thumbnail_url": pictures[0],
        "persistent_thumbnail_url": persistent_thumbnail(group_id),
        "published_at": format_timestamp(published_at),
        **account.profile_fields,
        "item_count": len(pictures),
        "media_url": pictures[0],
        "media_urls": pictures,
        "hashtags": text.hashtags,
    }


def _sync_groups(context: SyncContext) -> None:
    """Find new albums and playlists, and how the counts of the others have grown."""
    stored = [] if context.is_historic else stored_items(context, CONTENT_GROUPS)
    context.emit_items("CONTENT-GROUPS.ADDED", context.add(CONTENT_GROUPS, _new_groups(context)))
    context.emit_items("CONTENT-GROUPS.UPDATED", grow_items(context, CONTENT_GROUPS, stored))


def _new_groups(context: SyncContext) -> list[Json]:
    contents = context.stored(CONTENTS, since=context.at - SYNC_DAYS, most=MOST_ITEMS)
    made = _make_groups(context.seed_account, {"content": contents})
    if not context.is_first:
        days = (context.until - context.since) / dt.timedelta(days=1)
        made = itertools.islice(made, int(days * _NEW_PER_DAY + context.stream.random()))
    until = format_timestamp(context.until)
    return [context.seen(group) for group in made if group["published_at"] <= until]


CONTENT_GROUPS: typing.Final = Resource(
    "content_group",
    order="published_at",
    columns={Column.ACCOUNT_ID: "account.id"},
    filters={"account_id": Column.ACCOUNT_ID},
    of_account=True,
    window=("from_date", "to_date"),
    product="engagement",
    sync=_sync_groups,
    seed=_make_groups,
    seed_number=2,
)
