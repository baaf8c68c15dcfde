# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``SocialTransactionType``."""

from __future__ import annotations

from typing import Final

from ..types import ByValue, OpenEnum

__all__ = ["SOCIAL_TRANSACTION_TYPE_BY_VALUE", "SocialTransactionType"]


class SocialTransactionType(OpenEnum):
    """What the creator earned the money with. The list is open: the API may add values."""

    AD = "AD"
    SUBSCRIPTION = "SUBSCRIPTION"
    ADDITIONAL = "ADDITIONAL"


SOCIAL_TRANSACTION_TYPE_BY_VALUE: Final = ByValue(SocialTransactionType)
