# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``WorkPlatformCategory``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["WORK_PLATFORM_CATEGORY_BY_VALUE", "WorkPlatformCategory", "WorkPlatformCategoryText"]


class WorkPlatformCategory(OpenEnum):
    """Kind of platform. The list is open: the API may add values."""

    MEDIA = "MEDIA"
    EDUCATION = "EDUCATION"
    SOCIAL = "SOCIAL"
    ENTERTAINMENT = "ENTERTAINMENT"
    LIFESTYLE = "LIFESTYLE"
    BUSINESS = "BUSINESS"
    COMMERCE = "COMMERCE"
    PUBLICATION = "PUBLICATION"
    GLOBAL_NETWORK = "GLOBAL_NETWORK"


WORK_PLATFORM_CATEGORY_BY_VALUE: Final = ByValue(WorkPlatformCategory)

WorkPlatformCategoryText: TypeAlias = Literal[
    "MEDIA",
    "EDUCATION",
    "SOCIAL",
    "ENTERTAINMENT",
    "LIFESTYLE",
    "BUSINESS",
    "COMMERCE",
    "PUBLICATION",
    "GLOBAL_NETWORK",
]
"""The known values as plain text, as arguments take them."""
