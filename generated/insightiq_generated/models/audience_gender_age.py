# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``AudienceGenderAge``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, fill_missing, report_nulls, unexpected

__all__ = ["AudienceGenderAge"]

_make = object.__new__

_REQUIRED = (
    "gender",
    "age_range",
    "value",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "gender",
    "age_range",
    "value",
)


@_define(repr=False, kw_only=True)
class AudienceGenderAge(Model):
    """Share of the audience of one gender and age range.

    Attributes:
        gender: Gender.
        age_range: Age range as text. `65-` is the open range at the end; other ranges occur.
        value: Share in percent, two decimals. The shares add up to about 100. 0 or more.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "gender": "gender",
        "age_range": "age_range",
        "value": "value",
    }

    gender: AudienceGender
    age_range: str
    value: float
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            gender, age_range, value = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "AudienceGenderAge")
            gender, age_range, value = _required(src_dict)
        if gender is None or age_range is None or value is None:
            report_nulls(src_dict, _NEVER_NULL, "AudienceGenderAge")
        if isinstance(gender, str):
            gender = AUDIENCE_GENDER_BY_VALUE[gender]
        elif gender is not None and gender is not UNSET:
            unexpected(gender, "AudienceGenderAge.gender")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.gender = gender
        _new.age_range = age_range
        _new.value = value
        if len(src_dict) != 3:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .audience_gender import AUDIENCE_GENDER_BY_VALUE, AudienceGender
