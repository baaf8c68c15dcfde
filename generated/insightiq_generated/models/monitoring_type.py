# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``MonitoringType``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["MONITORING_TYPE_BY_VALUE", "MonitoringType", "MonitoringTypeText"]


class MonitoringType(OpenEnum):
    """`STANDARD` fetches once a day, `ON_DEMAND` only when a refresh is asked for. The list is open:
    the API may add values.
    """

    STANDARD = "STANDARD"
    ON_DEMAND = "ON_DEMAND"


MONITORING_TYPE_BY_VALUE: Final = ByValue(MonitoringType)

MonitoringTypeText: TypeAlias = Literal[
    "STANDARD",
    "ON_DEMAND",
]
"""The known values as plain text, as arguments take them."""
