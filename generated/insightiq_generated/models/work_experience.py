# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``WorkExperience``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, report_nulls, unexpected

__all__ = ["WorkExperience"]

_make = object.__new__

_NEVER_NULL = (
    "company",
    "time_period",
    "location",
)


@_define(repr=False, kw_only=True)
class WorkExperience(Model):
    """A position that the creator held; LinkedIn.

    Attributes:
        title: Title.
        company: Company.
        description: Description.
        time_period: Time at which it happened.
        location: Place.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "title": "title",
        "company": "company",
        "description": "description",
        "time_period": "time_period",
        "location": "location",
    }

    title: str | None | Unset = UNSET
    company: Company | Unset = UNSET
    description: str | None | Unset = UNSET
    time_period: TimePeriod | Unset = UNSET
    location: Location | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        title = _get("title", UNSET)
        company = _get("company", UNSET)
        description = _get("description", UNSET)
        time_period = _get("time_period", UNSET)
        location = _get("location", UNSET)
        if company is None or time_period is None or location is None:
            report_nulls(src_dict, _NEVER_NULL, "WorkExperience")
        if isinstance(company, dict):
            company = _read_company(company)
        elif company is not None and company is not UNSET:
            unexpected(company, "WorkExperience.company")
        if isinstance(time_period, dict):
            time_period = _read_time_period(time_period)
        elif time_period is not None and time_period is not UNSET:
            unexpected(time_period, "WorkExperience.time_period")
        if isinstance(location, dict):
            location = _read_location(location)
        elif location is not None and location is not UNSET:
            unexpected(location, "WorkExperience.location")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.title = title
        _new.company = company
        _new.description = description
        _new.time_period = time_period
        _new.location = location
        if len(src_dict) != 5 - (
            (title is UNSET)
            + (company is UNSET)
            + (description is UNSET)
            + (time_period is UNSET)
            + (location is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .company import Company
from .location import Location
from .time_period import TimePeriod

# A class method that is looked up for each object is bound anew each time.
_read_company = Company.from_dict
_read_location = Location.from_dict
_read_time_period = TimePeriod.from_dict
