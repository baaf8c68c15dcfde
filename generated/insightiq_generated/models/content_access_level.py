# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ContentAccessLevel``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["CONTENT_ACCESS_LEVEL_BY_VALUE", "ContentAccessLevel", "ContentAccessLevelText"]


class ContentAccessLevel(OpenEnum):
    """Subscribers of a newsletter who can read the item; null on other platforms. The list is open:
    the API may add values.
    """

    FREE = "FREE"
    PAID = "PAID"
    BOTH = "BOTH"


CONTENT_ACCESS_LEVEL_BY_VALUE: Final = ByValue(ContentAccessLevel)

ContentAccessLevelText: TypeAlias = Literal[
    "FREE",
    "PAID",
    "BOTH",
]
"""The known values as plain text, as arguments take them."""
