# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``SocialTransactionType``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["SOCIAL_TRANSACTION_TYPE_BY_VALUE", "SocialTransactionType", "SocialTransactionTypeText"]


class SocialTransactionType(OpenEnum):
    """Source of the creator's earnings. The list is open: the API may add values."""

    AD = "AD"
    SUBSCRIPTION = "SUBSCRIPTION"
    ADDITIONAL = "ADDITIONAL"


SOCIAL_TRANSACTION_TYPE_BY_VALUE: Final = ByValue(SocialTransactionType)

SocialTransactionTypeText: TypeAlias = Literal[
    "AD",
    "SUBSCRIPTION",
    "ADDITIONAL",
]
"""The known values as plain text, as arguments take them."""
