# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``DisconnectionSource``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["DISCONNECTION_SOURCE_BY_VALUE", "DisconnectionSource", "DisconnectionSourceText"]


class DisconnectionSource(OpenEnum):
    """Party that ended the connection: `DEVELOPER_API` is a call of accounts.disconnect,
    `INTERNAL_API` presumably the vendor, its dashboard or its SDK. Null unless the account is
    `NOT_CONNECTED`. The list is open: the API may add values.
    """

    DEVELOPER_API = "DEVELOPER_API"
    INTERNAL_API = "INTERNAL_API"


DISCONNECTION_SOURCE_BY_VALUE: Final = ByValue(DisconnectionSource)

DisconnectionSourceText: TypeAlias = Literal[
    "DEVELOPER_API",
    "INTERNAL_API",
]
"""The known values as plain text, as arguments take them."""
