# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``EmployeeCount``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset

__all__ = ["EmployeeCount"]

_make = object.__new__


@_define(repr=False, kw_only=True)
class EmployeeCount(Model):
    """Size of a company, or null.

    Attributes:
        min: At least so many employees. 0 or more.
        max: At most so many employees. 0 or more.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "min": "min",
        "max": "max",
    }

    min: int | None | Unset = UNSET
    max: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        min = _get("min", UNSET)
        max = _get("max", UNSET)
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.min = min
        _new.max = max
        if len(src_dict) != 2 - ((min is UNSET) + (max is UNSET)):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
