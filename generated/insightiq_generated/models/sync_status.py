# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``SyncStatus``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["SYNC_STATUS_BY_VALUE", "SyncStatus", "SyncStatusText"]


class SyncStatus(OpenEnum):
    """Progress of fetching a product's data from the platform. The list is open: the API may add
    values.
    """

    SYNCED = "SYNCED"
    IN_PROGRESS = "IN_PROGRESS"
    NOT_SUPPORTED = "NOT_SUPPORTED"
    NOT_SYNCED = "NOT_SYNCED"
    PARTIAL_SYNCED = "PARTIAL_SYNCED"


SYNC_STATUS_BY_VALUE: Final = ByValue(SyncStatus)

SyncStatusText: TypeAlias = Literal[
    "SYNCED",
    "IN_PROGRESS",
    "NOT_SUPPORTED",
    "NOT_SYNCED",
    "PARTIAL_SYNCED",
]
"""The known values as plain text, as arguments take them."""
