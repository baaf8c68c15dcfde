# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``Company``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, unexpected

__all__ = ["Company"]

_make = object.__new__


@_define(repr=False, kw_only=True)
class Company(Model):
    """A company on LinkedIn.

    Attributes:
        name: Name.
        industries: Industries.
        logo_url: Address of the logo.
        employee_count: Size.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "industries": "industries",
        "logo_url": "logo_url",
        "employee_count": "employee_count",
    }

    name: str | None | Unset = UNSET
    industries: list[str] | None | Unset = UNSET
    logo_url: str | None | Unset = UNSET
    employee_count: EmployeeCount | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        name = _get("name", UNSET)
        industries = _get("industries", UNSET)
        logo_url = _get("logo_url", UNSET)
        employee_count = _get("employee_count", UNSET)
        if isinstance(employee_count, dict):
            employee_count = _read_employee_count(employee_count)
        elif employee_count is not None and employee_count is not UNSET:
            unexpected(employee_count, "Company.employee_count")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.name = name
        _new.industries = industries
        _new.logo_url = logo_url
        _new.employee_count = employee_count
        if len(src_dict) != 4 - (
            (name is UNSET)
            + (industries is UNSET)
            + (logo_url is UNSET)
            + (employee_count is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .employee_count import EmployeeCount

# A class method that is looked up for each object is bound anew each time.
_read_employee_count = EmployeeCount.from_dict
