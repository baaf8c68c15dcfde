# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ContentGroupFormat``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["CONTENT_GROUP_FORMAT_BY_VALUE", "ContentGroupFormat", "ContentGroupFormatText"]


class ContentGroupFormat(OpenEnum):
    """The medium of the items of a content group. The list is open: the API may add values."""

    VIDEO = "VIDEO"
    IMAGE = "IMAGE"
    AUDIO = "AUDIO"
    TEXT = "TEXT"
    COLLECTION = "COLLECTION"
    OTHER = "OTHER"


CONTENT_GROUP_FORMAT_BY_VALUE: Final = ByValue(ContentGroupFormat)

ContentGroupFormatText: TypeAlias = Literal[
    "VIDEO",
    "IMAGE",
    "AUDIO",
    "TEXT",
    "COLLECTION",
    "OTHER",
]
"""The known values as plain text, as arguments take them."""
