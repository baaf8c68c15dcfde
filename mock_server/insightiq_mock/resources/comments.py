"""Comments on contents (evidence.md#comment, #platform-fields): on YouTube, Instagram and Instagram Direct."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import typing

from insightiq_mock.db import Column, Selection, format_timestamp

from .contents import CONTENTS, MOST_ITEMS, SYNC_DAYS
from .identifiers import RandomIds
from .platforms import PlatformName, Supported
from .resource import Resource
from .seed_accounts import parsed_moment
from .texts import comment

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from insightiq_mock.simulation import RandomStream

    from .resource import Json, SyncContext
    from .seed_accounts import SeedAccount

__all__ = ["COMMENTS"]

_MOST_NEW_COMMENTS: typing.Final = 4
_COMMENTED_ITEMS: typing.Final = 5
_EVERY: typing.Final = 1_000_000

_SEEDED_ITEMS: typing.Final = 8
"""Comments lie under so many of the newest items that have any; the API lists them per item."""

_MOST_COMMENTS: typing.Final = 15
_MOST_UNDER_THE_LIVELIEST: typing.Final = 130
"""Enough under one item for more than one page of the largest size."""

_COUNTED: typing.Final = (PlatformName.YOUTUBE, PlatformName.INSTAGRAM)


def _make_comments(account: SeedAccount, made: Mapping[str, list[Json]]) -> Iterator[Json]:
    """Make comments, never more under an item than it counts."""
    syncs = account.timeline.syncs
    if syncs is None or Supported.COMMENTS not in account.platform.supported:
        return
    stream = account.stream.child("comments")
    commented = [item for item in made["content"] if item["engagement"]["comment_count"]]
    newest = commented[:_SEEDED_ITEMS]
    liveliest = max(newest, key=lambda item: item["engagement"]["comment_count"], default=None)
    numbers = itertools.count()
    for item in newest:
        most = _MOST_UNDER_THE_LIVELIEST if item is liveliest else _MOST_COMMENTS
        for _ in range(min(item["engagement"]["comment_count"], most)):
            comment_id = account.ids.of(COMMENTS, next(numbers))
            yield {"id": comment_id, **_comment(stream, account, item, syncs.engagement_at)}


def _comment(
    stream: RandomStream,
    account: SeedAccount,
    item: Mapping[str, typing.Any],
    synced_at: dt.datetime,
) -> Json:
    item_published_at = dt.datetime.fromisoformat(item["published_at"]).replace(tzinfo=dt.UTC)
    span = (synced_at - item_published_at).total_seconds()
    # Most people write soon after an item has appeared.
    published_at = item_published_at + dt.timedelta(seconds=int(span * stream.random() ** 3))
    seen_at = max(published_at, account.timeline.created_at)
    is_counted = account.platform.name in _COUNTED
    # YouTube alone gives the commenter, and no platform a name (evidence.md#platform-fields).
    commenter = None
    if account.platform.name is PlatformName.YOUTUBE:
        commenter = f"UC{stream.token(22)}"
    return {
        "created_at": format_timestamp(seen_at),
        "updated_at": format_timestamp(synced_at),
        "published_at": format_timestamp(published_at),
        **account.references,
        "content": {
            "id": item["id"],
            "url": item["url"],
            "published_at": item["published_at"],
        },
        "external_id": f"Ug{stream.token(24)}" if commenter else stream.digits(17),
        "text": comment(stream, account.creator.language),
        "commenter_username": None,
        "commenter_display_name": None,
        "commenter_id": commenter,
        "commenter_profile_url": commenter and f"https://www.youtube.com/channel/{commenter}",
        "like_count": stream.randrange(12) if is_counted else None,
        "reply_count": stream.randrange(3) if is_counted else None,
    }


def _sync_comments(context: SyncContext) -> None:
    """Find new comments; the notification names the items under which they stand (evidence.md#webhook-events)."""
    if Supported.COMMENTS not in context.seed_account.platform.supported:
        return
    since = context.at - SYNC_DAYS
    contents = context.stored(CONTENTS, since=since, most=MOST_ITEMS)
    if context.is_first:
        comments = [
            context.seen(each)
            for each in _make_comments(context.seed_account, {"content": contents})
        ]
        context.add(COMMENTS, comments)
        context.emit_items("CONTENTS_COMMENTS.ADDED", (each["content"]["id"] for each in comments))
        return
    lively = [item for item in contents if _is_lively(context, item)][:_COMMENTED_ITEMS]
    fresh = [item for item in lively if parsed_moment(item["created_at"]) > context.since]
    old = [item for item in lively if item not in fresh]
    for event, items in (("ADDED", fresh), ("UPDATED", old)):
        comments = [comment for item in items for comment in _new_comments(context, item)]
        context.add(COMMENTS, comments)
        ids = (comment["content"]["id"] for comment in comments)
        context.emit_items(f"CONTENTS_COMMENTS.{event}", ids)


def _is_lively(context: SyncContext, item: Mapping[str, typing.Any]) -> bool:
    count = item["engagement"]["comment_count"]
    return bool(count) and parsed_moment(item["updated_at"]) > context.since


def _new_comments(context: SyncContext, item: Mapping[str, typing.Any]) -> list[Json]:
    selection = Selection(limit=_EVERY, equal={Column.CONTENT_ID: item["id"]})
    stored = context.simulation.store.page(context.developer_id, COMMENTS.kind, selection)
    missing = item["engagement"]["comment_count"] - len(stored)
    number = min(missing, context.stream.randint(0, _MOST_NEW_COMMENTS))
    if number <= 0:
        return []
    fewer = {**item, "engagement": {**item["engagement"], "comment_count": number}}
    # Each item needs a stream of its own: comments of two items must not have the same ids.
    stream = context.stream.child(f"comments {item['id']}")
    account = dataclasses.replace(context.seed_account, stream=stream, ids=RandomIds(stream))
    earliest = max(context.since, parsed_moment(item["published_at"]))
    span = context.at - earliest
    comments: list[Json] = []
    for made in _make_comments(account, {"content": [fewer]}):
        published_at = (earliest + span * stream.random()).replace(microsecond=0)
        moment = format_timestamp(max(published_at, earliest))
        comments.append(context.seen(made) | {"published_at": moment})
    return comments


COMMENTS: typing.Final = Resource(
    "comment",
    order="published_at",
    columns={Column.CONTENT_ID: "content.id"},
    filters={"content_id": Column.CONTENT_ID},
    of_account=True,
    of_content=True,
    window=("from_date", "to_date"),
    product="engagement.audience",
    sync=_sync_comments,
    seed=_make_comments,
    seed_number=3,
)
