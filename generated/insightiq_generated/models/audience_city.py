# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``AudienceCity``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import Model, fill_missing, report_nulls

__all__ = ["AudienceCity"]

_make = object.__new__

_REQUIRED = (
    "name",
    "value",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "name",
    "value",
)


@_define(repr=False, kw_only=True)
class AudienceCity(Model):
    """Share of the audience in one city.

    Attributes:
        name: City and region.
        value: Share in percent, two decimals. The shares may add up to more than 100. 0 or more.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "value": "value",
    }

    name: str
    value: float
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            name, value = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "AudienceCity")
            name, value = _required(src_dict)
        if name is None or value is None:
            report_nulls(src_dict, _NEVER_NULL, "AudienceCity")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.name = name
        _new.value = value
        if len(src_dict) != 2:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
