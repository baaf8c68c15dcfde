# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``AudienceGender``."""

from __future__ import annotations

from typing import Final

from ..types import ByValue, OpenEnum

__all__ = ["AUDIENCE_GENDER_BY_VALUE", "AudienceGender"]


class AudienceGender(OpenEnum):
    """Gender of a slice of the audience. Answers say `OTHER`; the vendor's text says `OTHERS`. The
    list is open: the API may add values.
    """

    MALE = "MALE"
    FEMALE = "FEMALE"
    OTHER = "OTHER"
    OTHERS = "OTHERS"


AUDIENCE_GENDER_BY_VALUE: Final = ByValue(AudienceGender)
