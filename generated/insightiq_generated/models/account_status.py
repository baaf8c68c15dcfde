# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``AccountStatus``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["ACCOUNT_STATUS_BY_VALUE", "AccountStatus", "AccountStatusText"]


class AccountStatus(OpenEnum):
    """State of the link between a creator and a platform. `SESSION_EXPIRED` means that the platform no
    longer honours the session and the creator has to connect again. The list is open: the API may
    add values.
    """

    CONNECTED = "CONNECTED"
    NOT_CONNECTED = "NOT_CONNECTED"
    SESSION_EXPIRED = "SESSION_EXPIRED"


ACCOUNT_STATUS_BY_VALUE: Final = ByValue(AccountStatus)

AccountStatusText: TypeAlias = Literal[
    "CONNECTED",
    "NOT_CONNECTED",
    "SESSION_EXPIRED",
]
"""The known values as plain text, as arguments take them."""
