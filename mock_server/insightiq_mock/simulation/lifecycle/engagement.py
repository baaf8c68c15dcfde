"""What a sync of the engagement brings: contents, groups and comments, new ones and their growth."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import typing

from insightiq_mock.db import Kind, format_timestamp
from insightiq_mock.world.comments import make_comments
from insightiq_mock.world.contents import make_content
from insightiq_mock.world.groups import make_groups
from insightiq_mock.world.identifiers import StreamIds
from insightiq_mock.world.item_kinds import ITEM_KINDS
from insightiq_mock.world.platforms import Supported

from .growth import grown_engagement
from .publishing import published_between
from .visit import parsed_moment

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .visit import Visit

__all__ = ["collect_comments", "collect_contents", "collect_groups", "grow_contents", "publish"]

_DAY: typing.Final = dt.timedelta(days=1)
_WINDOW: typing.Final = 90 * _DAY
_STORY_LIFE: typing.Final = _DAY

_MOST_REFRESHED: typing.Final = 1_000
"""So many of the newest items are looked at again: an account with more would stop everybody else."""

_GROUPS_PER_DAY: typing.Final = 0.04
_MOST_NEW_COMMENTS: typing.Final = 4
_COMMENTED_ITEMS: typing.Final = 5


def collect_contents(visit: Visit) -> None:
    """Find what was published since the last visit, and how the counts of the rest have grown."""
    known = [] if visit.is_historic else _refreshed(visit, Kind.CONTENT)
    moments = published_between(visit.path, visit.channel.platform.name, visit.since, visit.until)
    visit.tell_items("CONTENTS.ADDED", publish(visit, moments))
    visit.tell_items("CONTENTS.UPDATED", _grow(visit, Kind.CONTENT, known))


def publish(visit: Visit, moments: Sequence[dt.datetime]) -> list[str]:
    """Keep items that appeared at the given moments; return their ids."""
    syncs = visit.channel.timeline.syncs
    if syncs is None or visit.channel.platform.name not in ITEM_KINDS:
        return []
    stream = visit.stream.child("contents")
    # Also what was published long ago is counted as it stands today.
    syncs = dataclasses.replace(syncs, engagement_at=visit.at)
    made = [
        make_content(stream, visit.channel, syncs, stream.uuid(), published_at)
        for published_at in moments
    ]
    # A story is gone after a day: whoever comes later has never seen it.
    seen = [item for item in made if item["type"] != "STORY" or _is_alive(visit, item)]
    return visit.add(Kind.CONTENT, [visit.seen(item) for item in seen])


def grow_contents(visit: Visit, days: float) -> list[str]:
    """Let the items of the last 90 days gather counts as within so many days; return their ids."""
    return _grow(visit, Kind.CONTENT, _refreshed(visit, Kind.CONTENT), extra_days=days)


def collect_groups(visit: Visit) -> None:
    """Find new albums and playlists, and how the counts of the others have grown."""
    stored = [] if visit.is_historic else _refreshed(visit, Kind.CONTENT_GROUP)
    visit.tell_items("CONTENT-GROUPS.ADDED", visit.add(Kind.CONTENT_GROUP, _new_groups(visit)))
    visit.tell_items("CONTENT-GROUPS.UPDATED", _grow(visit, Kind.CONTENT_GROUP, stored))


def collect_comments(visit: Visit) -> None:
    """Find new comments; the notification names the items under which they stand (evidence.md#webhook-events)."""
    if Supported.COMMENTS not in visit.channel.platform.supported:
        return
    since = visit.at - _WINDOW
    contents = visit.stored(Kind.CONTENT, since=since, most=_MOST_REFRESHED)
    if visit.is_first:
        comments = [visit.seen(each) for each in make_comments(visit.channel, contents)]
        visit.add(Kind.COMMENT, comments)
        visit.tell_items("CONTENTS_COMMENTS.ADDED", (each["content"]["id"] for each in comments))
        return
    lively = [item for item in contents if _is_lively(visit, item)][:_COMMENTED_ITEMS]
    fresh = [item for item in lively if parsed_moment(item["created_at"]) > visit.since]
    old = [item for item in lively if item not in fresh]
    for event, items in (("ADDED", fresh), ("UPDATED", old)):
        comments = [comment for item in items for comment in _new_comments(visit, item)]
        visit.add(Kind.COMMENT, comments)
        ids = (comment["content"]["id"] for comment in comments)
        visit.tell_items(f"CONTENTS_COMMENTS.{event}", ids)


def _refreshed(visit: Visit, kind: Kind) -> list[dict[str, typing.Any]]:
    window = _STORY_LIFE if visit.is_poll else _WINDOW
    return visit.stored(kind, since=visit.at - window, most=_MOST_REFRESHED)


def _grow(
    visit: Visit, kind: Kind, items: Sequence[dict[str, typing.Any]], *, extra_days: float = 0.0
) -> list[str]:
    changed: list[str] = []
    for item in items:
        if item.get("type") == "STORY" and not _is_alive(visit, item):
            continue
        published_at = parsed_moment(item["published_at"])
        before = (parsed_moment(item["updated_at"]) - published_at) / _DAY
        now = (visit.at - published_at) / _DAY + extra_days
        engagement = grown_engagement(item["engagement"], before, now, visit.stream.random())
        if engagement is not None:
            item["engagement"] = engagement
            item["updated_at"] = format_timestamp(visit.at)
            visit.replace(kind, item)
            changed.append(item["id"])
    return changed


def _is_alive(visit: Visit, item: Mapping[str, typing.Any]) -> bool:
    return visit.at - parsed_moment(item["published_at"]) <= _STORY_LIFE


def _new_groups(visit: Visit) -> list[dict[str, typing.Any]]:
    contents = visit.stored(Kind.CONTENT, since=visit.at - _WINDOW, most=_MOST_REFRESHED)
    made = make_groups(visit.channel, contents)
    if not visit.is_first:
        days = (visit.until - visit.since) / _DAY
        number = int(days * _GROUPS_PER_DAY + visit.stream.random())
        made = itertools.islice(made, number)
    until = format_timestamp(visit.until)
    return [visit.seen(group) for group in made if group["published_at"] <= until]


def _is_lively(visit: Visit, item: Mapping[str, typing.Any]) -> bool:
    count = item["engagement"]["comment_count"]
    return bool(count) and parsed_moment(item["updated_at"]) > visit.since


def _new_comments(visit: Visit, item: Mapping[str, typing.Any]) -> list[dict[str, typing.Any]]:
    stored = visit.comments_under(item["id"])
    missing = item["engagement"]["comment_count"] - stored
    number = min(missing, visit.stream.randint(0, _MOST_NEW_COMMENTS))
    if number <= 0:
        return []
    fewer = {**item, "engagement": {**item["engagement"], "comment_count": number}}
    # Each item needs chance of its own: comments of two items must not bear the same ids.
    stream = visit.stream.child(f"comments {item['id']}")
    channel = dataclasses.replace(visit.channel, stream=stream, ids=StreamIds(stream))
    earliest = max(visit.since, parsed_moment(item["published_at"]))
    span = visit.at - earliest
    comments: list[dict[str, typing.Any]] = []
    for comment in make_comments(channel, [fewer]):
        published_at = (earliest + span * stream.random()).replace(microsecond=0)
        moment = format_timestamp(max(published_at, earliest))
        comments.append(visit.seen(comment) | {"published_at": moment})
    return comments
