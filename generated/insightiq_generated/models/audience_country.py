# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``AudienceCountry``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import Model, fill_missing, report_nulls

__all__ = ["AudienceCountry"]

_make = object.__new__

_REQUIRED = (
    "code",
    "value",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "code",
    "value",
)


@_define(repr=False, kw_only=True)
class AudienceCountry(Model):
    """Share of the audience in one country.

    Attributes:
        code: Two-letter country code.
        value: Share in percent, two decimals. The shares add up to about 100. 0 or more.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "code": "code",
        "value": "value",
    }

    code: str
    value: float
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            code, value = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "AudienceCountry")
            code, value = _required(src_dict)
        if code is None or value is None:
            report_nulls(src_dict, _NEVER_NULL, "AudienceCountry")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.code = code
        _new.value = value
        if len(src_dict) != 2:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
