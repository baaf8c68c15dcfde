# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``Education``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, report_nulls, unexpected

__all__ = ["Education"]

_make = object.__new__

_NEVER_NULL = (
    "school",
    "time_period",
)


@_define(repr=False, kw_only=True)
class Education(Model):
    """A school that the creator attended; LinkedIn.

    Attributes:
        degree: Degree.
        field_study: Fields of study.
        grade: Grade.
        school: School.
        description: Description.
        time_period: Time at which it happened.
        activities: Activities.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "degree": "degree",
        "field_study": "field_study",
        "grade": "grade",
        "school": "school",
        "description": "description",
        "time_period": "time_period",
        "activities": "activities",
    }

    degree: str | None | Unset = UNSET
    field_study: list[str] | str | None | Unset = UNSET
    grade: str | None | Unset = UNSET
    school: School | Unset = UNSET
    description: str | None | Unset = UNSET
    time_period: TimePeriod | Unset = UNSET
    activities: str | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        degree = _get("degree", UNSET)
        field_study = _get("field_study", UNSET)
        grade = _get("grade", UNSET)
        school = _get("school", UNSET)
        description = _get("description", UNSET)
        time_period = _get("time_period", UNSET)
        activities = _get("activities", UNSET)
        if school is None or time_period is None:
            report_nulls(src_dict, _NEVER_NULL, "Education")
        if isinstance(school, dict):
            school = _read_school(school)
        elif school is not None and school is not UNSET:
            unexpected(school, "Education.school")
        if isinstance(time_period, dict):
            time_period = _read_time_period(time_period)
        elif time_period is not None and time_period is not UNSET:
            unexpected(time_period, "Education.time_period")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.degree = degree
        _new.field_study = field_study
        _new.grade = grade
        _new.school = school
        _new.description = description
        _new.time_period = time_period
        _new.activities = activities
        if len(src_dict) != 7 - (
            (degree is UNSET)
            + (field_study is UNSET)
            + (grade is UNSET)
            + (school is UNSET)
            + (description is UNSET)
            + (time_period is UNSET)
            + (activities is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .school import School
from .time_period import TimePeriod

# A class method that is looked up for each object is bound anew each time.
_read_school = School.from_dict
_read_time_period = TimePeriod.from_dict
