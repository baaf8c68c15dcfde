# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ContentChannel``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["CONTENT_CHANNEL_BY_VALUE", "ContentChannel", "ContentChannelText"]


class ContentChannel(OpenEnum):
    """Channel in which a newsletter item was published; null on other platforms. The list is open: the
    API may add values.
    """

    WEB = "WEB"
    EMAIL = "EMAIL"
    BOTH = "BOTH"


CONTENT_CHANNEL_BY_VALUE: Final = ByValue(ContentChannel)

ContentChannelText: TypeAlias = Literal[
    "WEB",
    "EMAIL",
    "BOTH",
]
"""The known values as plain text, as arguments take them."""
