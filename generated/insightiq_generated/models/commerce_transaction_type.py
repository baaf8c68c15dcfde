# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``CommerceTransactionType``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = [
    "COMMERCE_TRANSACTION_TYPE_BY_VALUE",
    "CommerceTransactionType",
    "CommerceTransactionTypeText",
]


class CommerceTransactionType(OpenEnum):
    """Kind of event in the shop. The list is open: the API may add values."""

    SALE = "SALE"
    REFUND = "REFUND"
    CANCELLED = "CANCELLED"
    VOID = "VOID"
    OTHER = "OTHER"


COMMERCE_TRANSACTION_TYPE_BY_VALUE: Final = ByValue(CommerceTransactionType)

CommerceTransactionTypeText: TypeAlias = Literal[
    "SALE",
    "REFUND",
    "CANCELLED",
    "VOID",
    "OTHER",
]
"""The known values as plain text, as arguments take them."""
