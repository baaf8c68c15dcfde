# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``Product``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["PRODUCT_BY_VALUE", "Product", "ProductText"]


class Product(OpenEnum):
    """A group of data that an SDK token asks the creator for. The list is open: the API may add
    values.
    """

    IDENTITY = "IDENTITY"
    IDENTITY_AUDIENCE = "IDENTITY.AUDIENCE"
    ENGAGEMENT = "ENGAGEMENT"
    ENGAGEMENT_AUDIENCE = "ENGAGEMENT.AUDIENCE"
    INCOME = "INCOME"
    PUBLISH_CONTENT = "PUBLISH.CONTENT"
    ACTIVITY = "ACTIVITY"


PRODUCT_BY_VALUE: Final = ByValue(Product)

ProductText: TypeAlias = Literal[
    "IDENTITY",
    "IDENTITY.AUDIENCE",
    "ENGAGEMENT",
    "ENGAGEMENT.AUDIENCE",
    "INCOME",
    "PUBLISH.CONTENT",
    "ACTIVITY",
]
"""The known values as plain text, as arguments take them."""
