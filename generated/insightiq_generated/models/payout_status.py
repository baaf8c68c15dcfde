# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``PayoutStatus``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["PAYOUT_STATUS_BY_VALUE", "PayoutStatus", "PayoutStatusText"]


class PayoutStatus(OpenEnum):
    """State of the payout. The list is open: the API may add values."""

    SCHEDULED = "SCHEDULED"
    PAID = "PAID"
    IN_TRANSIT = "IN_TRANSIT"
    CANCELLED = "CANCELLED"
    OTHER = "OTHER"


PAYOUT_STATUS_BY_VALUE: Final = ByValue(PayoutStatus)

PayoutStatusText: TypeAlias = Literal[
    "SCHEDULED",
    "PAID",
    "IN_TRANSIT",
    "CANCELLED",
    "OTHER",
]
"""The known values as plain text, as arguments take them."""
