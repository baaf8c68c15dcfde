# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``WorkPlatformStatus``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["WORK_PLATFORM_STATUS_BY_VALUE", "WorkPlatformStatus", "WorkPlatformStatusText"]


class WorkPlatformStatus(OpenEnum):
    """Whether creators can connect this platform at present. The list is open: the API may add values."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"


WORK_PLATFORM_STATUS_BY_VALUE: Final = ByValue(WorkPlatformStatus)

WorkPlatformStatusText: TypeAlias = Literal[
    "ACTIVE",
    "INACTIVE",
]
"""The known values as plain text, as arguments take them."""
