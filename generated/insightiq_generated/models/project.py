# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``Project``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, report_nulls, unexpected

__all__ = ["Project"]

_make = object.__new__

_NEVER_NULL = ("time_period",)


@_define(repr=False, kw_only=True)
class Project(Model):
    """A project of the creator; LinkedIn.

    Attributes:
        title: Title.
        description: Description.
        url: Address.
        time_period: Time at which it happened.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "title": "title",
        "description": "description",
        "url": "url",
        "time_period": "time_period",
    }

    title: str | None | Unset = UNSET
    description: str | None | Unset = UNSET
    url: str | None | Unset = UNSET
    time_period: TimePeriod | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        title = _get("title", UNSET)
        description = _get("description", UNSET)
        url = _get("url", UNSET)
        time_period = _get("time_period", UNSET)
        if time_period is None:
            report_nulls(src_dict, _NEVER_NULL, "Project")
        if isinstance(time_period, dict):
            time_period = _read_time_period(time_period)
        elif time_period is not None and time_period is not UNSET:
            unexpected(time_period, "Project.time_period")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.title = title
        _new.description = description
        _new.url = url
        _new.time_period = time_period
        if len(src_dict) != 4 - (
            (title is UNSET) + (description is UNSET) + (url is UNSET) + (time_period is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .time_period import TimePeriod

# A class method that is looked up for each object is bound anew each time.
_read_time_period = TimePeriod.from_dict
