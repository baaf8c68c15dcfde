# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ContentType``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["CONTENT_TYPE_BY_VALUE", "ContentType", "ContentTypeText"]


class ContentType(OpenEnum):
    """The platform's own kind of content item. The list is open: the API may add values."""

    VIDEO = "VIDEO"
    POST = "POST"
    STORY = "STORY"
    TWEET = "TWEET"
    BLOG = "BLOG"
    IMAGE = "IMAGE"
    THREAD = "THREAD"
    PODCAST = "PODCAST"
    TRACK = "TRACK"
    REELS = "REELS"
    STREAM = "STREAM"
    FEED = "FEED"
    IGTV = "IGTV"
    RETWEET = "RETWEET"
    QUOTE = "QUOTE"
    REPLY = "REPLY"
    OTHER = "OTHER"


CONTENT_TYPE_BY_VALUE: Final = ByValue(ContentType)

ContentTypeText: TypeAlias = Literal[
    "VIDEO",
    "POST",
    "STORY",
    "TWEET",
    "BLOG",
    "IMAGE",
    "THREAD",
    "PODCAST",
    "TRACK",
    "REELS",
    "STREAM",
    "FEED",
    "IGTV",
    "RETWEET",
    "QUOTE",
    "REPLY",
    "OTHER",
]
"""The known values as plain text, as arguments take them."""
