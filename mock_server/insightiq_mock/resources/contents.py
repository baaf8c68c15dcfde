"""Contents: seed data and syncs of published items (evidence.md#content, #content-engagement, #content-urls).

Where the platform table (evidence.md#platform-fields) and the wire disagree the wire decides: no save
count on TikTok, a duration on TikTok, no watch time on YouTube.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import typing

from insightiq_mock.db import Column, format_timestamp
from insightiq_mock.simulation import RandomStream

from .accounts import connected_account
from .platforms import PlatformName
from .resource import Resource, SyncWindow, start_sync
from .seed_accounts import parsed_moment
from .texts import (
    Caption,
    caption,
    description,
    persistent_thumbnail,
    picture,
    slug,
    title,
)

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from insightiq_mock.simulation import Simulation

    from .resource import Json, SyncContext
    from .seed_accounts import SeedAccount, SyncTimes

__all__ = [
    "CONTENTS",
    "SYNC_DAYS",
    "add_contents",
    "grow_contents",
    "grow_items",
    "grown_engagement",
    "make_content",
    "published_between",
    "stored_items",
]

SYNC_DAYS: typing.Final = dt.timedelta(days=90)
"""A sync looks at the items of so many days again."""

MOST_ITEMS: typing.Final = 1_000
"""A sync looks at so many of the newest items again: more would delay everything else."""

_DAY: typing.Final = dt.timedelta(days=1)
_MINUTE: typing.Final = dt.timedelta(minutes=1)
_STORY_LIFE: typing.Final = _DAY

_UNTITLED_SHARE: typing.Final = 0.4
"""Share of the stories without a caption."""

_PRIVATE_SHARE: typing.Final = 0.03

# No other platform gives hashtags and mentions (evidence.md#platform-fields).
_NEWSLETTERS: typing.Final = (PlatformName.SUBSTACK, PlatformName.BEEHIIV)

# Platforms whose text is a title with a description below, not one caption.
_TITLED: typing.Final = (PlatformName.YOUTUBE, PlatformName.TWITCH, *_NEWSLETTERS)

_MOST_DAYS: typing.Final = 3_660
"""No history reaches back further than ten years, however early a day is asked for."""

_STORY_REACH: typing.Final = 0.2
"""A story is seen by fewer than a post."""

_GROWTH_DAYS: typing.Final = 6.0
"""After this time an item has gathered about two thirds of all its views."""


@dataclasses.dataclass(frozen=True, slots=True)
class ContentType:
    """One kind of item.

    Attributes:
        share: Its frequency, in relation to the platform's other kinds.
        format: ``format`` of the API.
        type: ``type`` of the API.
        page: Template of the public address.
        metrics: Counts that are given; the others are null.
        external_id_digits: Length of the platform's id where it is a number.
        code_length: Length of the code in the address, where it has one.
        has_duration: Whether a length in seconds is given.
        media: Suffix of the file, where its address is given.
        is_titled: False where the caption is null on some items.
        is_described: Whether the caption is repeated as description.
        thumbnail: Kind of its preview's address: ``file``, ``page`` (the item's own page),
            ``video`` (YouTube's address), or None.
        media_list: Whether ``media_urls`` lists the files too.
        lives: Time after which it disappears; None where it stays.
    """

    share: int
    format: str
    type: str
    page: str
    metrics: frozenset[str]
    external_id_digits: int = 0
    code_length: int = 0
    has_duration: bool = False
    media: str | None = None
    is_titled: bool = True
    is_described: bool = True
    thumbnail: str | None = None
    media_list: bool = False
    lives: dt.timedelta | None = None


def _metrics(names: str) -> frozenset[str]:
    return frozenset(names.split())


_INSTAGRAM: typing.Final = _metrics(
    "like_count comment_count reach_organic_count view_count share_count"
)
_INSTAGRAM_POST: typing.Final = _INSTAGRAM | _metrics("save_count")
_INSTAGRAM_REEL: typing.Final = _INSTAGRAM_POST | _metrics("avg_watch_time_in_sec repost_count")
_INSTAGRAM_STORY: typing.Final = _INSTAGRAM | _metrics("additional_info")
_PAID: typing.Final = _metrics("impression_paid_count reach_paid_count")
_DIRECT_REEL: typing.Final = (
    _INSTAGRAM_POST | _PAID | _metrics("watch_time_in_hours avg_watch_time_in_sec")
)
_FACEBOOK: typing.Final = _metrics(
    "like_count comment_count view_count reach_organic_count impression_organic_count click_count"
)

_STORY_PAGE: typing.Final = "https://www.instagram.com/stories/{handle}/{story}"
_REEL_PAGE: typing.Final = "https://www.instagram.com/reel/{code}/"
_POST_PAGE: typing.Final = "https://www.instagram.com/p/{code}/"
_TIKTOK_PAGE: typing.Final = (
    "https://www.tiktok.com/@{handle}/video/{external_id}"
    "?utm_campaign=tt4d_open_api&utm_source={code}"
)

CONTENT_TYPES: typing.Final[Mapping[PlatformName, tuple[ContentType, ...]]] = {
    PlatformName.INSTAGRAM: (
        ContentType(5, "IMAGE", "STORY", _STORY_PAGE, _INSTAGRAM_STORY, external_id_digits=17, media="jpg", is_titled=False, is_described=False, thumbnail="page", lives=_STORY_LIFE),
        ContentType(3, "VIDEO", "REELS", _REEL_PAGE, _INSTAGRAM_REEL, external_id_digits=17, code_length=11, media="mp4", thumbnail="file"),
        ContentType(2, "IMAGE", "POST", _POST_PAGE, _INSTAGRAM_POST, external_id_digits=17, code_length=11, media="jpg", thumbnail="file"),
    ),
    PlatformName.INSTAGRAM_DIRECT: (
        ContentType(3, "VIDEO", "REELS", _REEL_PAGE, _DIRECT_REEL, external_id_digits=17, code_length=11, media="mp4", thumbnail="file", media_list=True),
        ContentType(2, "IMAGE", "POST", _POST_PAGE, _INSTAGRAM_POST | _PAID, external_id_digits=17, code_length=11, media="jpg", thumbnail="file", media_list=True),
    ),
    # No source names a count or a file of it (evidence.md#platform-fields).
    PlatformName.INSTAGRAM_LITE: (
        ContentType(1, "IMAGE", "POST", _POST_PAGE, frozenset(), external_id_digits=17, code_length=11),
    ),
    PlatformName.TIKTOK: (
        ContentType(1, "VIDEO", "VIDEO", _TIKTOK_PAGE, _metrics("like_count comment_count view_count share_count"), external_id_digits=19, code_length=16, has_duration=True, media="player", thumbnail="file"),
    ),
    PlatformName.YOUTUBE: (
        ContentType(1, "VIDEO", "VIDEO", "https://www.youtube.com/watch?v={external_id}", _metrics("like_count dislike_count comment_count view_count"), has_duration=True, thumbnail="video"),
    ),
    PlatformName.X: (
        ContentType(1, "TEXT", "TWEET", "https://twitter.com/{handle}/status/{external_id}", _metrics("like_count share_count"), external_id_digits=19),
    ),
    PlatformName.TWITCH: (
        ContentType(1, "VIDEO", "STREAM", "https://www.twitch.tv/videos/{external_id}", _metrics("view_count"), external_id_digits=10, thumbnail="file"),
    ),
    PlatformName.FACEBOOK: (
        ContentType(2, "IMAGE", "POST", "https://www.facebook.com/{profile_id}/posts/{external_id}", _FACEBOOK, external_id_digits=16, media="jpg", thumbnail="file", media_list=True),
        ContentType(1, "VIDEO", "VIDEO", "https://www.facebook.com/{profile_id}/videos/{external_id}", _FACEBOOK | _metrics("watch_time_in_hours"), external_id_digits=16, media="mp4", thumbnail="file", media_list=True),
    ),
    PlatformName.SUBSTACK: (
        ContentType(1, "TEXT", "BLOG", "https://{handle}.substack.com/p/{slug}", _metrics("like_count comment_count reach_organic_count impression_organic_count"), external_id_digits=9, is_described=False, thumbnail="file"),
    ),
    PlatformName.BEEHIIV: (
        ContentType(1, "TEXT", "BLOG", "https://{handle}.beehiiv.com/p/{slug}", frozenset(), external_id_digits=9),
    ),
}  # fmt: skip

# All 20, in wire order (evidence.md#content-engagement).
_ENGAGEMENT_KEYS: typing.Final = (
    *("like_count", "dislike_count", "comment_count", "impression_organic_count"),
    *("reach_organic_count", "save_count", "view_count", "replay_count", "watch_time_in_hours"),
    *("avg_watch_time_in_sec", "share_count", "impression_paid_count", "reach_paid_count"),
    *("email_open_rate", "email_click_rate", "unsubscribe_count", "spam_report_count"),
    *("click_count", "additional_info", "repost_count"),
)

# Views of a full-grown item per follower, and the share of viewers who like it.
_VIEWING: typing.Final = {
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

# Items per day of an average creator; ASSUMPTION, no source counts them.
_ITEMS_PER_DAY: typing.Final = {
    PlatformName.INSTAGRAM: 1.0,
    PlatformName.INSTAGRAM_DIRECT: 0.8,
    PlatformName.INSTAGRAM_LITE: 0.6,
    PlatformName.TIKTOK: 0.8,
    PlatformName.X: 1.2,
    PlatformName.YOUTUBE: 0.25,
    PlatformName.TWITCH: 0.4,
    PlatformName.FACEBOOK: 0.5,
    PlatformName.SUBSTACK: 0.2,
    PlatformName.BEEHIIV: 0.2,
}


@dataclasses.dataclass(frozen=True, slots=True)
class _Publication:
    """Moments of an item, and the days for which it gathered counts."""

    published_at: dt.datetime
    created_at: dt.datetime
    updated_at: dt.datetime
    age_days: float


def _make_contents(account: SeedAccount, _: Mapping[str, list[Json]]) -> Iterator[Json]:
    """Make an account's items, newest first, keys in wire order."""
    syncs = account.timeline.syncs
    if syncs is None or not account.spec.contents:
        return
    stream = account.stream.child("contents")
    for number, published_at in enumerate(_moments(stream, account, syncs)):
        content_id = account.ids.of(CONTENTS, number)
        yield make_content(stream, account, syncs, content_id, published_at)


def make_content(
    stream: RandomStream,
    account: SeedAccount,
    syncs: SyncTimes,
    content_id: str,
    published_at: dt.datetime,
) -> Json:
    """Make one item that appeared at a moment, as ``syncs`` have seen it; keys in wire order."""
    kinds = CONTENT_TYPES[account.platform.name]
    kind = kinds[0]
    if len(kinds) > 1:
        kind = stream.choices(kinds, [each.share for each in kinds])[0]
    publication = _publication(stream, kind, published_at, account.timeline.created_at, syncs)
    return _content(stream, account, kind, content_id, publication)


def _moments(stream: RandomStream, account: SeedAccount, syncs: SyncTimes) -> list[dt.datetime]:
    first = dt.datetime.combine(syncs.available_from, dt.time(), dt.UTC)
    span = (syncs.engagement_at - first).total_seconds()
    seconds = sorted((stream.random() * span for _ in range(account.spec.contents)), reverse=True)
    return [first + dt.timedelta(seconds=int(each)) for each in seconds]


def _publication(
    stream: RandomStream,
    kind: ContentType,
    published_at: dt.datetime,
    connected_at: dt.datetime,
    syncs: SyncTimes,
) -> _Publication:
    # Nothing is seen before the account is connected, and nothing after its last sync.
    earliest = max(published_at, connected_at + dt.timedelta(seconds=stream.between(20, 300)))
    created_at = min(earliest + dt.timedelta(hours=stream.between(0.1, 3)), syncs.engagement_at)
    changed_at = created_at + dt.timedelta(seconds=stream.between(0.5, 5))
    if published_at.date() >= syncs.refresh_since:
        changed_at = syncs.engagement_at - dt.timedelta(seconds=stream.between(0, 9))
    last_counted_at = syncs.engagement_at
    if kind.lives is not None:
        last_counted_at = min(last_counted_at, published_at + kind.lives)
    return _Publication(
        published_at=published_at,
        created_at=created_at,
        updated_at=max(created_at, min(changed_at, last_counted_at)),
        age_days=(last_counted_at - published_at) / _DAY,
    )


def _content(
    stream: RandomStream,
    account: SeedAccount,
    kind: ContentType,
    content_id: str,
    publication: _Publication,
) -> Json:
    platform = account.platform.name
    external_id = _external_id(stream, kind)
    heading, text = _texts(stream, account, kind)
    page = kind.page.format(
        handle=account.handle,
        profile_id=account.profile_id,
        external_id=external_id,
        code=stream.token(kind.code_length),
        story=stream.digits(19),
        slug=slug(heading or "") or external_id,
    )
    media_url = _media_url(stream, platform, kind, external_id)
    return {
        "id": content_id,
        "created_at": format_timestamp(publication.created_at),
        "updated_at": format_timestamp(publication.updated_at),
        **account.references,
        "engagement": _engagement(stream, platform, kind, account.followers, publication.age_days),
        "authors": None,
        "audience": None,
        "platform": None,
        "external_id": external_id,
        "title": heading,
        "format": kind.format,
        "type": kind.type,
        "url": page,
        "media_url": media_url,
        "duration": round(40 * stream.spread(0.9)) + 5 if kind.has_duration else None,
        "description": text.text if kind.is_described else None,
        "visibility": "PRIVATE" if stream.chance(_PRIVATE_SHARE) else "PUBLIC",
        "thumbnail_url": _thumbnail(stream, platform, kind, page, external_id),
        "persistent_thumbnail_url": (persistent_thumbnail(content_id) if kind.thumbnail else None),
        "published_at": format_timestamp(publication.published_at),
        **account.profile_fields,
        "sponsored": None,
        "collaboration": None,
        "is_owned_by_platform_user": True,
        "hashtags": text.hashtags,
        "content_tags": None,
        "mentions": text.mentions,
        "media_urls": [media_url] if kind.media_list and media_url else [],
    }


def _external_id(stream: RandomStream, kind: ContentType) -> str:
    # YouTube's ids are the only ones that are not numbers: eleven letters (evidence.md#values).
    return stream.digits(kind.external_id_digits) if kind.external_id_digits else stream.token(11)


def _texts(
    stream: RandomStream, account: SeedAccount, kind: ContentType
) -> tuple[str | None, Caption]:
    language = account.creator.language
    platform = account.platform.name
    if platform in _TITLED:
        below = description(stream, language)
        if platform in _NEWSLETTERS:
            below = Caption(below.text, None, None)
        return title(stream, language), below
    if not kind.is_titled and stream.chance(_UNTITLED_SHARE):
        return None, Caption("", None, None)
    text = caption(stream, language)
    return text.text, text


def _media_url(
    stream: RandomStream, platform: PlatformName, kind: ContentType, external_id: str
) -> str | None:
    if kind.media is None:
        return None
    if kind.media == "player":
        # On TikTok a page that plays the video, not a file (evidence.md#content).
        return f"https://www.tiktok.com/player/v1/{external_id}"
    return picture(stream, platform, kind.media)


def _thumbnail(
    stream: RandomStream, platform: PlatformName, kind: ContentType, page: str, external_id: str
) -> str | None:
    if kind.thumbnail is None:
        return None
    if kind.thumbnail == "page":
        return page
    if kind.thumbnail == "video":
        return f"https://i.ytimg.com/vi/{external_id}/sddefault.jpg"
    return picture(stream, platform)


def _engagement(
    stream: RandomStream, platform: PlatformName, kind: ContentType, followers: int, age_days: float
) -> Json:
    """Make the engagement of an item that is so many days old, keys in wire order."""
    counts = _counts(stream, platform, kind, followers, age_days)
    given = kind.metrics
    return {key: counts[key] if key in given else None for key in _ENGAGEMENT_KEYS}


def _counts(
    stream: RandomStream, platform: PlatformName, kind: ContentType, followers: int, age_days: float
) -> Json:
    views_per_follower, like_share = _VIEWING[platform]
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


def _story_info(stream: RandomStream, views: int) -> Json:
    """Return a story's additional info; most of its navigation is null (evidence.md#content-engagement)."""
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


def published_between(
    path: tuple[str, ...], platform: PlatformName, since: dt.datetime, until: dt.datetime
) -> list[dt.datetime]:
    """Return when an account published after ``since`` and up to ``until``, newest first."""
    per_day = _ITEMS_PER_DAY.get(platform, 0.0) * RandomStream(*path, "habit").between(0.5, 1.6)
    since = max(since, until - _DAY * _MOST_DAYS)
    moments = [
        moment
        for day in _every_day(since.date(), until.date())
        for moment in _of_day(RandomStream(*path, day.isoformat()), day, per_day)
        if since < moment <= until
    ]
    return sorted(moments, reverse=True)


def _every_day(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for number in range((last - first).days + 1):
        yield first + dt.timedelta(days=number)


def _of_day(stream: RandomStream, day: dt.date, per_day: float) -> list[dt.datetime]:
    midnight = dt.datetime.combine(day, dt.time(), dt.UTC)
    return [
        midnight + dt.timedelta(seconds=stream.randrange(86_400))
        for _ in range(_poisson(stream, per_day))
    ]


def _poisson(stream: RandomStream, mean: float) -> int:
    """Draw how many of many rare things happen (Knuth's way, good for small means)."""
    limit, product, number = math.exp(-mean), stream.random(), 0
    while product > limit:
        product *= stream.random()
        number += 1
    return number


def _sync_contents(context: SyncContext) -> None:
    """Find what was published since the last sync, and how the counts of the rest have grown."""
    known = [] if context.is_historic else stored_items(context, CONTENTS)
    moments = published_between(
        context.path, context.seed_account.platform.name, context.since, context.until
    )
    context.emit_items("CONTENTS.ADDED", _publish(context, moments))
    context.emit_items("CONTENTS.UPDATED", grow_items(context, CONTENTS, known))


def add_contents(
    simulation: Simulation, developer_id: str, account_id: str, count: int
) -> list[str]:
    """Publish items within the last minute, and return their ids.

    Raises:
        AccountError: There is no such account, or it is not connected.
    """
    with simulation.store.transaction():
        context = _sync_now(simulation, developer_id, account_id, "add contents")
        moments = [
            (context.at - _MINUTE * step / max(count, 1)).replace(microsecond=0)
            for step in range(count)
        ]
        ids = _publish(context, moments)
        context.emit_items("CONTENTS.ADDED", ids)
        return ids


def grow_contents(simulation: Simulation, developer_id: str, account_id: str) -> None:
    """Let the counts of an account's contents grow as within one day.

    Raises:
        AccountError: There is no such account, or it is not connected.
    """
    with simulation.store.transaction():
        context = _sync_now(simulation, developer_id, account_id, "grow")
        items = stored_items(context, CONTENTS)
        grown = grow_items(context, CONTENTS, items, extra_days=1.0)
        context.emit_items("CONTENTS.UPDATED", grown)


def _sync_now(simulation: Simulation, developer_id: str, account_id: str, name: str) -> SyncContext:
    account = connected_account(simulation, developer_id, account_id)
    at = simulation.now(developer_id)
    # A second call at the same frozen moment must find something else.
    name = f"{name} {simulation.new_id(developer_id)}"
    return start_sync(simulation, developer_id, account, SyncWindow(at, at, at), name=name)


def _publish(context: SyncContext, moments: Sequence[dt.datetime]) -> list[str]:
    """Store items that appeared at the given moments; return their ids."""
    account = context.seed_account
    syncs = account.timeline.syncs
    if syncs is None or account.platform.name not in CONTENT_TYPES:
        return []
    stream = context.stream.child("contents")
    # Items that were published long ago have their counts of today, too.
    syncs = dataclasses.replace(syncs, engagement_at=context.at)
    made = [
        make_content(stream, account, syncs, stream.uuid(), published_at)
        for published_at in moments
    ]
    # A story is gone after a day: a later sync never sees it.
    seen = [item for item in made if item["type"] != "STORY" or _is_alive(context, item)]
    return context.add(CONTENTS, [context.seen(item) for item in seen])


def stored_items(context: SyncContext, resource: Resource) -> list[Json]:
    """Return the items that a sync looks at again."""
    days = _STORY_LIFE if context.is_poll else SYNC_DAYS
    return context.stored(resource, since=context.at - days, most=MOST_ITEMS)


def grow_items(
    context: SyncContext, resource: Resource, items: Sequence[Json], *, extra_days: float = 0.0
) -> list[str]:
    """Let the counts of items grow with their age; return the ids of those that changed."""
    changed: list[str] = []
    for item in items:
        if item.get("type") == "STORY" and not _is_alive(context, item):
            continue
        published_at = parsed_moment(item["published_at"])
        before = (parsed_moment(item["updated_at"]) - published_at) / _DAY
        now = (context.at - published_at) / _DAY + extra_days
        engagement = grown_engagement(item["engagement"], before, now, context.stream.random())
        if engagement is not None:
            item["engagement"] = engagement
            item["updated_at"] = format_timestamp(context.at)
            context.replace(resource, item)
            changed.append(item["id"])
    return changed


def _is_alive(context: SyncContext, item: Json) -> bool:
    return context.at - parsed_moment(item["published_at"]) <= _STORY_LIFE


def grown_engagement(
    engagement: Mapping[str, typing.Any], age_before: float, age_now: float, chance: float
) -> Json | None:
    """Return an item's counts after some days more, or None where none has changed.

    Every count grows by the same ratio and is rounded with the same random value: so none overtakes
    another, and none ever shrinks.
    """
    ratio = _gathered(age_now) / _gathered(age_before)
    grown = _grown(engagement, max(ratio, 1.0) - 1.0, chance)
    if grown == engagement:
        return None
    return grown


def _gathered(age_days: float) -> float:
    return 1.0 - math.exp(-(max(age_days, 0.0) + 0.1) / _GROWTH_DAYS)


def _grown(counts: Mapping[str, typing.Any], increase: float, chance: float) -> Json:
    grown: dict[str, typing.Any] = {}
    for key, value in counts.items():
        if isinstance(value, int):
            # Half a count more: an item without likes may get some one day.
            grown[key] = value + int((value + 0.5) * increase + chance)
        elif isinstance(value, dict):
            inner = typing.cast("dict[str, typing.Any]", value)
            grown[key] = _grown(inner, increase, chance)
        elif isinstance(value, float) and key == "watch_time_in_hours":
            grown[key] = round(value * (1.0 + increase), 2)
        else:
            grown[key] = value
    return grown


CONTENTS: typing.Final = Resource(
    "content",
    order="published_at",
    columns={Column.ACCOUNT_ID: "account.id"},
    filters={"account_id": Column.ACCOUNT_ID},
    of_account=True,
    window=("from_date", "to_date"),
    product="engagement",
    sync=_sync_contents,
    seed=_make_contents,
    seed_number=1,
)
