# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ContentGroupType``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["CONTENT_GROUP_TYPE_BY_VALUE", "ContentGroupType", "ContentGroupTypeText"]


class ContentGroupType(OpenEnum):
    """The platform's own kind of content group: an Instagram carousel is an `ALBUM`, a YouTube
    playlist a `PLAYLIST`. The list is open: the API may add values.
    """

    ALBUM = "ALBUM"
    PLAYLIST = "PLAYLIST"
    OTHER = "OTHER"


CONTENT_GROUP_TYPE_BY_VALUE: Final = ByValue(ContentGroupType)

ContentGroupTypeText: TypeAlias = Literal[
    "ALBUM",
    "PLAYLIST",
    "OTHER",
]
"""The known values as plain text, as arguments take them."""
