# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``PayoutInterval``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["PAYOUT_INTERVAL_BY_VALUE", "PayoutInterval", "PayoutIntervalText"]


class PayoutInterval(OpenEnum):
    """Interval of the platform's payouts, or null where it does not say. The list is open: the API may
    add values.
    """

    AUTOMATIC_DAILY = "AUTOMATIC_DAILY"
    AUTOMATIC_WEEKLY = "AUTOMATIC_WEEKLY"
    AUTOMATIC_MONTHLY = "AUTOMATIC_MONTHLY"
    MANUAL = "MANUAL"
    OTHER = "OTHER"


PAYOUT_INTERVAL_BY_VALUE: Final = ByValue(PayoutInterval)

PayoutIntervalText: TypeAlias = Literal[
    "AUTOMATIC_DAILY",
    "AUTOMATIC_WEEKLY",
    "AUTOMATIC_MONTHLY",
    "MANUAL",
    "OTHER",
]
"""The known values as plain text, as arguments take them."""
