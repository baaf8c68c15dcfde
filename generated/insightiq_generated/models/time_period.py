# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``TimePeriod``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, report_nulls, unexpected

__all__ = ["TimePeriod"]

_make = object.__new__

_NEVER_NULL = (
    "start_date",
    "end_date",
)


@_define(repr=False, kw_only=True)
class TimePeriod(Model):
    """A period between two months.

    Attributes:
        start_date: First month.
        end_date: Last month; empty where it still lasts.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "start_date": "start_date",
        "end_date": "end_date",
    }

    start_date: MonthOfYear | Unset = UNSET
    end_date: MonthOfYear | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        start_date = _get("start_date", UNSET)
        end_date = _get("end_date", UNSET)
        if start_date is None or end_date is None:
            report_nulls(src_dict, _NEVER_NULL, "TimePeriod")
        if isinstance(start_date, dict):
            start_date = _read_month_of_year(start_date)
        elif start_date is not None and start_date is not UNSET:
            unexpected(start_date, "TimePeriod.start_date")
        if isinstance(end_date, dict):
            end_date = _read_month_of_year(end_date)
        elif end_date is not None and end_date is not UNSET:
            unexpected(end_date, "TimePeriod.end_date")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.start_date = start_date
        _new.end_date = end_date
        if len(src_dict) != 2 - ((start_date is UNSET) + (end_date is UNSET)):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .month_of_year import MonthOfYear

# A class method that is looked up for each object is bound anew each time.
_read_month_of_year = MonthOfYear.from_dict
