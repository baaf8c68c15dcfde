# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``DisconnectionSource``."""

from __future__ import annotations

from typing import Final

from ..types import ByValue, OpenEnum

__all__ = ["DISCONNECTION_SOURCE_BY_VALUE", "DisconnectionSource"]


class DisconnectionSource(OpenEnum):
    """Who ended the connection: `DEVELOPER_API` is a call of accounts.disconnect, `INTERNAL_API`
    presumably the vendor, its dashboard or its SDK. Null unless the account is `NOT_CONNECTED`. The
    list is open: the API may add values.
    """

    DEVELOPER_API = "DEVELOPER_API"
    INTERNAL_API = "INTERNAL_API"


DISCONNECTION_SOURCE_BY_VALUE: Final = ByValue(DisconnectionSource)
