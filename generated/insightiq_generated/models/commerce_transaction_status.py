# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``CommerceTransactionStatus``."""

from __future__ import annotations

from typing import Final

from ..types import ByValue, OpenEnum

__all__ = ["COMMERCE_TRANSACTION_STATUS_BY_VALUE", "CommerceTransactionStatus"]


class CommerceTransactionStatus(OpenEnum):
    """Outcome of the transaction. The list is open: the API may add values."""

    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"
    PENDING = "PENDING"
    OTHER = "OTHER"


COMMERCE_TRANSACTION_STATUS_BY_VALUE: Final = ByValue(CommerceTransactionStatus)
