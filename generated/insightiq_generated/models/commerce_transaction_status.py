# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``CommerceTransactionStatus``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = [
    "COMMERCE_TRANSACTION_STATUS_BY_VALUE",
    "CommerceTransactionStatus",
    "CommerceTransactionStatusText",
]


class CommerceTransactionStatus(OpenEnum):
    """Outcome of the transaction. The list is open: the API may add values."""

    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"
    PENDING = "PENDING"
    OTHER = "OTHER"


COMMERCE_TRANSACTION_STATUS_BY_VALUE: Final = ByValue(CommerceTransactionStatus)

CommerceTransactionStatusText: TypeAlias = Literal[
    "SUCCESS",
    "FAILURE",
    "PENDING",
    "OTHER",
]
"""The known values as plain text, as arguments take them."""
