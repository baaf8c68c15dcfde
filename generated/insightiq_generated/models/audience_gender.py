# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``AudienceGender``."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..types import ByValue, OpenEnum

__all__ = ["AUDIENCE_GENDER_BY_VALUE", "AudienceGender", "AudienceGenderText"]


class AudienceGender(OpenEnum):
    """Gender of a slice of the audience. Responses say `OTHER`; the vendor's text says `OTHERS`. The
    list is open: the API may add values.
    """

    MALE = "MALE"
    FEMALE = "FEMALE"
    OTHER = "OTHER"
    OTHERS = "OTHERS"


AUDIENCE_GENDER_BY_VALUE: Final = ByValue(AudienceGender)

AudienceGenderText: TypeAlias = Literal[
    "MALE",
    "FEMALE",
    "OTHER",
    "OTHERS",
]
"""The known values as plain text, as arguments take them."""
