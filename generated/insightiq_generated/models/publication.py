# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``Publication``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, report_nulls, unexpected

__all__ = ["Publication"]

_make = object.__new__

_NEVER_NULL = ("date",)


@_define(repr=False, kw_only=True)
class Publication(Model):
    """Something that the creator published; LinkedIn.

    Attributes:
        name: Title.
        publisher: Publisher.
        description: Description.
        url: Address.
        date: Time at which it appeared.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "publisher": "publisher",
        "description": "description",
        "url": "url",
        "date": "date",
    }

    name: str | None | Unset = UNSET
    publisher: str | None | Unset = UNSET
    description: str | None | Unset = UNSET
    url: str | None | Unset = UNSET
    date: DayOfYear | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        name = _get("name", UNSET)
        publisher = _get("publisher", UNSET)
        description = _get("description", UNSET)
        url = _get("url", UNSET)
        date = _get("date", UNSET)
        if date is None:
            report_nulls(src_dict, _NEVER_NULL, "Publication")
        if isinstance(date, dict):
            date = _read_day_of_year(date)
        elif date is not None and date is not UNSET:
            unexpected(date, "Publication.date")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.name = name
        _new.publisher = publisher
        _new.description = description
        _new.url = url
        _new.date = date
        if len(src_dict) != 5 - (
            (name is UNSET)
            + (publisher is UNSET)
            + (description is UNSET)
            + (url is UNSET)
            + (date is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .day_of_year import DayOfYear

# A class method that is looked up for each object is bound anew each time.
_read_day_of_year = DayOfYear.from_dict
