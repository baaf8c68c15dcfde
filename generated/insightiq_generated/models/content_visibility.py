# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ContentVisibility``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["CONTENT_VISIBILITY_BY_VALUE", "ContentVisibility", "ContentVisibilityText"]


class ContentVisibility(OpenEnum):
    """Visibility of the item on the platform. The list is open: the API may add values."""

    PUBLIC = "PUBLIC"
    PRIVATE = "PRIVATE"
    UNLISTED = "UNLISTED"


CONTENT_VISIBILITY_BY_VALUE: Final = ByValue(ContentVisibility)

ContentVisibilityText: TypeAlias = Literal[
    "PUBLIC",
    "PRIVATE",
    "UNLISTED",
]
"""The known values as plain text, as arguments take them."""
