# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``Gender``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["GENDER_BY_VALUE", "Gender", "GenderText"]


class Gender(OpenEnum):
    """Gender as the platform states it, or null where it states none. The list is open: the API may
    add values.
    """

    MALE = "MALE"
    FEMALE = "FEMALE"
    OTHER = "OTHER"
    UNSPECIFIED = "UNSPECIFIED"


GENDER_BY_VALUE: Final = ByValue(Gender)

GenderText: TypeAlias = Literal[
    "MALE",
    "FEMALE",
    "OTHER",
    "UNSPECIFIED",
]
"""The known values as plain text, as arguments take them."""
