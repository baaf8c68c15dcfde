"""Contents: what creators published (evidence.md#content)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing

from insightiq_mock.db import Kind, format_timestamp

from . import addresses
from .item_kinds import ITEM_KINDS, ItemKind
from .metrics import make_engagement
from .platforms import PlatformName
from .texts import Caption, caption, description, title

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from .channels import Channel
    from .stream import Stream
    from .timeline import Syncs

__all__ = ["make_content", "make_contents"]

_DAY: typing.Final = dt.timedelta(days=1)

_UNTITLED_SHARE: typing.Final = 0.4
"""Share of the stories without a caption."""

_PRIVATE_SHARE: typing.Final = 0.03

# Facts G.2: no other platform tells hashtags and mentions.
_NEWSLETTERS: typing.Final = (PlatformName.SUBSTACK, PlatformName.BEEHIIV)

# Platforms whose text is a title with a description below, not one caption.
_TITLED: typing.Final = (PlatformName.YOUTUBE, PlatformName.TWITCH, *_NEWSLETTERS)


@dataclasses.dataclass(frozen=True, slots=True)
class _Publication:
    """When an item appeared and what syncs saw of it.

    Attributes:
        published_at: When it appeared.
        created_at: When a sync first saw it.
        updated_at: When one last changed it.
        age_days: How long it gathered counts.
    """

    published_at: dt.datetime
    created_at: dt.datetime
    updated_at: dt.datetime
    age_days: float


def make_contents(channel: Channel) -> Iterator[dict[str, typing.Any]]:
    """Make an account's items, newest first, keys in wire order."""
    syncs = channel.timeline.syncs
    if syncs is None or not channel.role.contents:
        return
    stream = channel.stream.child("contents")
    for number, published_at in enumerate(_moments(stream, channel, syncs)):
        content_id = channel.ids.of(Kind.CONTENT, number)
        yield make_content(stream, channel, syncs, content_id, published_at)


def make_content(
    stream: Stream, channel: Channel, syncs: Syncs, content_id: str, published_at: dt.datetime
) -> dict[str, typing.Any]:
    """Make one item that appeared at a moment, as ``syncs`` have seen it; keys in wire order."""
    kinds = ITEM_KINDS[channel.platform.name]
    kind = kinds[0]
    if len(kinds) > 1:
        kind = stream.choices(kinds, [each.share for each in kinds])[0]
    publication = _publication(stream, kind, published_at, channel.timeline.created_at, syncs)
    return _content(stream, channel, kind, content_id, publication)


def _moments(stream: Stream, channel: Channel, syncs: Syncs) -> list[dt.datetime]:
    first = dt.datetime.combine(syncs.available_from, dt.time(), dt.UTC)
    span = (syncs.engagement_at - first).total_seconds()
    seconds = sorted((stream.random() * span for _ in range(channel.role.contents)), reverse=True)
    return [first + dt.timedelta(seconds=int(each)) for each in seconds]


def _publication(
    stream: Stream,
    kind: ItemKind,
    published_at: dt.datetime,
    connected_at: dt.datetime,
    syncs: Syncs,
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
    stream: Stream, channel: Channel, kind: ItemKind, content_id: str, publication: _Publication
) -> dict[str, typing.Any]:
    platform = channel.platform.name
    external_id = _external_id(stream, kind)
    heading, text = _texts(stream, channel, kind)
    page = kind.page.format(
        handle=channel.handle,
        profile_id=channel.profile_id,
        external_id=external_id,
        code=stream.token(kind.code_length),
        story=stream.digits(19),
        slug=addresses.slug(heading or "") or external_id,
    )
    media_url = _media_url(stream, platform, kind, external_id)
    return {
        "id": content_id,
        "created_at": format_timestamp(publication.created_at),
        "updated_at": format_timestamp(publication.updated_at),
        **channel.references,
        "engagement": make_engagement(
            stream, platform, kind, channel.followers, publication.age_days
        ),
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
        "persistent_thumbnail_url": (
            addresses.persistent_thumbnail(content_id) if kind.thumbnail else None
        ),
        "published_at": format_timestamp(publication.published_at),
        "platform_profile_id": channel.profile_id,
        "platform_profile_name": channel.profile_name,
        "sponsored": None,
        "collaboration": None,
        "is_owned_by_platform_user": True,
        "hashtags": text.hashtags,
        "content_tags": None,
        "mentions": text.mentions,
        "media_urls": [media_url] if kind.media_list and media_url else [],
    }


def _external_id(stream: Stream, kind: ItemKind) -> str:
    # YouTube's ids are the only ones that are not numbers: eleven letters (evidence.md#values).
    return stream.digits(kind.external_id_digits) if kind.external_id_digits else stream.token(11)


def _texts(stream: Stream, channel: Channel, kind: ItemKind) -> tuple[str | None, Caption]:
    language = channel.creator.language
    platform = channel.platform.name
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
    stream: Stream, platform: PlatformName, kind: ItemKind, external_id: str
) -> str | None:
    if kind.media is None:
        return None
    if kind.media == "player":
        # On TikTok a page that plays the video, not a file (evidence.md#content).
        return f"https://www.tiktok.com/player/v1/{external_id}"
    return addresses.picture(stream, platform, kind.media)


def _thumbnail(
    stream: Stream, platform: PlatformName, kind: ItemKind, page: str, external_id: str
) -> str | None:
    if kind.thumbnail is None:
        return None
    if kind.thumbnail == "page":
        return page
    if kind.thumbnail == "video":
        return f"https://i.ytimg.com/vi/{external_id}/sddefault.jpg"
    return addresses.picture(stream, platform)
