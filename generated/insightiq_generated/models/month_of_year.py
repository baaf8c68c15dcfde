# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``MonthOfYear``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset

__all__ = ["MonthOfYear"]

_make = object.__new__


@_define(repr=False, kw_only=True)
class MonthOfYear(Model):
    """A month, as far as it is known.

    Attributes:
        month: Month, 1 to 12. 1 to 12.
        year: Year.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "month": "month",
        "year": "year",
    }

    month: int | None | Unset = UNSET
    year: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        month = _get("month", UNSET)
        year = _get("year", UNSET)
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.month = month
        _new.year = year
        if len(src_dict) != 2 - ((month is UNSET) + (year is UNSET)):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
