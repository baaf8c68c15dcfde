# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ContactType``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["CONTACT_TYPE_BY_VALUE", "ContactType", "ContactTypeText"]


class ContactType(OpenEnum):
    """Use of a contact detail. The list is open: the API may add values."""

    WORK = "WORK"
    HOME = "HOME"
    OTHER = "OTHER"


CONTACT_TYPE_BY_VALUE: Final = ByValue(ContactType)

ContactTypeText: TypeAlias = Literal[
    "WORK",
    "HOME",
    "OTHER",
]
"""The known values as plain text, as arguments take them."""
