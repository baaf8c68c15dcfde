"""The kinds of items that each platform knows, and which counts it gives for them.

Sources: evidence.md#content, #content-engagement, #content-urls and the content table of G.2; where table and wire disagree the
wire decides (no save count on TikTok, a duration on TikTok, no watch time on YouTube).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing

from .platforms import PlatformName

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ITEM_KINDS", "ItemKind"]


@dataclasses.dataclass(frozen=True, slots=True)
class ItemKind:
    """One kind of item.

    Attributes:
        share: How often it comes, in relation to the platform's other kinds.
        format: What the API calls ``format``.
        type: What it calls ``type``.
        page: Template of the public address.
        metrics: Counts that are given; the others are null.
        external_id_digits: Length of the platform's id where it is a number.
        code_length: Length of the code in the address, where it has one.
        has_duration: Whether a length in seconds is given.
        media: Suffix of the file, where its address is given.
        is_titled: False where the caption is null on some items.
        is_described: Whether the caption is repeated as description.
        thumbnail: Where the preview lies: ``file``, ``page`` (the item's own page), ``video``
            (YouTube's address), or None.
        media_list: Whether ``media_urls`` lists the files too.
        lives: How long it stands; None: as long as the creator likes.
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

_STORY_LIFE: typing.Final = dt.timedelta(days=1)

_STORY_PAGE: typing.Final = "https://www.instagram.com/stories/{handle}/{story}"
_REEL_PAGE: typing.Final = "https://www.instagram.com/reel/{code}/"
_POST_PAGE: typing.Final = "https://www.instagram.com/p/{code}/"
_TIKTOK_PAGE: typing.Final = (
    "https://www.tiktok.com/@{handle}/video/{external_id}"
    "?utm_campaign=tt4d_open_api&utm_source={code}"
)

ITEM_KINDS: typing.Final[Mapping[PlatformName, tuple[ItemKind, ...]]] = {
    PlatformName.INSTAGRAM: (
        ItemKind(5, "IMAGE", "STORY", _STORY_PAGE, _INSTAGRAM_STORY, external_id_digits=17, media="jpg", is_titled=False, is_described=False, thumbnail="page", lives=_STORY_LIFE),
        ItemKind(3, "VIDEO", "REELS", _REEL_PAGE, _INSTAGRAM_REEL, external_id_digits=17, code_length=11, media="mp4", thumbnail="file"),
        ItemKind(2, "IMAGE", "POST", _POST_PAGE, _INSTAGRAM_POST, external_id_digits=17, code_length=11, media="jpg", thumbnail="file"),
    ),
    PlatformName.INSTAGRAM_DIRECT: (
        ItemKind(3, "VIDEO", "REELS", _REEL_PAGE, _DIRECT_REEL, external_id_digits=17, code_length=11, media="mp4", thumbnail="file", media_list=True),
        ItemKind(2, "IMAGE", "POST", _POST_PAGE, _INSTAGRAM_POST | _PAID, external_id_digits=17, code_length=11, media="jpg", thumbnail="file", media_list=True),
    ),
    # No source names a count or a file of it (evidence.md#platform-fields).
    PlatformName.INSTAGRAM_LITE: (
        ItemKind(1, "IMAGE", "POST", _POST_PAGE, frozenset(), external_id_digits=17, code_length=11),
    ),
    PlatformName.TIKTOK: (
        ItemKind(1, "VIDEO", "VIDEO", _TIKTOK_PAGE, _metrics("like_count comment_count view_count share_count"), external_id_digits=19, code_length=16, has_duration=True, media="player", thumbnail="file"),
    ),
    PlatformName.YOUTUBE: (
        ItemKind(1, "VIDEO", "VIDEO", "https://www.youtube.com/watch?v={external_id}", _metrics("like_count dislike_count comment_count view_count"), has_duration=True, thumbnail="video"),
    ),
    PlatformName.X: (
        ItemKind(1, "TEXT", "TWEET", "https://twitter.com/{handle}/status/{external_id}", _metrics("like_count share_count"), external_id_digits=19),
    ),
    PlatformName.TWITCH: (
        ItemKind(1, "VIDEO", "STREAM", "https://www.twitch.tv/videos/{external_id}", _metrics("view_count"), external_id_digits=10, thumbnail="file"),
    ),
    PlatformName.FACEBOOK: (
        ItemKind(2, "IMAGE", "POST", "https://www.facebook.com/{profile_id}/posts/{external_id}", _FACEBOOK, external_id_digits=16, media="jpg", thumbnail="file", media_list=True),
        ItemKind(1, "VIDEO", "VIDEO", "https://www.facebook.com/{profile_id}/videos/{external_id}", _FACEBOOK | _metrics("watch_time_in_hours"), external_id_digits=16, media="mp4", thumbnail="file", media_list=True),
    ),
    PlatformName.SUBSTACK: (
        ItemKind(1, "TEXT", "BLOG", "https://{handle}.substack.com/p/{slug}", _metrics("like_count comment_count reach_organic_count impression_organic_count"), external_id_digits=9, is_described=False, thumbnail="file"),
    ),
    PlatformName.BEEHIIV: (
        ItemKind(1, "TEXT", "BLOG", "https://{handle}.beehiiv.com/p/{slug}", frozenset(), external_id_digits=9),
    ),
}  # fmt: skip
