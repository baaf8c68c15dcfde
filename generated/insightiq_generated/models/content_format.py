# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ContentFormat``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["CONTENT_FORMAT_BY_VALUE", "ContentFormat", "ContentFormatText"]


class ContentFormat(OpenEnum):
    """The medium of a content item. The list is open: the API may add values."""

    VIDEO = "VIDEO"
    IMAGE = "IMAGE"
    AUDIO = "AUDIO"
    TEXT = "TEXT"
    OTHER = "OTHER"


CONTENT_FORMAT_BY_VALUE: Final = ByValue(ContentFormat)

ContentFormatText: TypeAlias = Literal[
    "VIDEO",
    "IMAGE",
    "AUDIO",
    "TEXT",
    "OTHER",
]
"""The known values as plain text, as arguments take them."""
