# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``Honor``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, report_nulls, unexpected

__all__ = ["Honor"]

_make = object.__new__

_NEVER_NULL = ("date",)


@_define(repr=False, kw_only=True)
class Honor(Model):
    """An award of the creator; LinkedIn.

    Attributes:
        title: Title.
        issuer: Giver.
        description: Description.
        date: Time at which it was given.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "title": "title",
        "issuer": "issuer",
        "description": "description",
        "date": "date",
    }

    title: str | None | Unset = UNSET
    issuer: str | None | Unset = UNSET
    description: str | None | Unset = UNSET
    date: MonthOfYear | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        title = _get("title", UNSET)
        issuer = _get("issuer", UNSET)
        description = _get("description", UNSET)
        date = _get("date", UNSET)
        if date is None:
            report_nulls(src_dict, _NEVER_NULL, "Honor")
        if isinstance(date, dict):
            date = _read_month_of_year(date)
        elif date is not None and date is not UNSET:
            unexpected(date, "Honor.date")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.title = title
        _new.issuer = issuer
        _new.description = description
        _new.date = date
        if len(src_dict) != 4 - (
            (title is UNSET) + (issuer is UNSET) + (description is UNSET) + (date is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .month_of_year import MonthOfYear

# A class method that is looked up for each object is bound anew each time.
_read_month_of_year = MonthOfYear.from_dict
