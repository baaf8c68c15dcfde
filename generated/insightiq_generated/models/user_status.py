# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``UserStatus``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["USER_STATUS_BY_VALUE", "UserStatus", "UserStatusText"]


class UserStatus(OpenEnum):
    """State of a user. The list is open: the API may add values."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"


USER_STATUS_BY_VALUE: Final = ByValue(UserStatus)

UserStatusText: TypeAlias = Literal[
    "ACTIVE",
    "INACTIVE",
]
"""The known values as plain text, as arguments take them."""
