# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``Location``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset

__all__ = ["Location"]

_make = object.__new__


@_define(repr=False, kw_only=True)
class Location(Model):
    """A place on LinkedIn.

    Attributes:
        name: The place in words.
        country: Country code.
        country_name: Country.
        city: City.
        state: State or region.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "country": "country",
        "country_name": "country_name",
        "city": "city",
        "state": "state",
    }

    name: str | None | Unset = UNSET
    country: str | None | Unset = UNSET
    country_name: str | None | Unset = UNSET
    city: str | None | Unset = UNSET
    state: str | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        name = _get("name", UNSET)
        country = _get("country", UNSET)
        country_name = _get("country_name", UNSET)
        city = _get("city", UNSET)
        state = _get("state", UNSET)
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.name = name
        _new.country = country
        _new.country_name = country_name
        _new.city = city
        _new.state = state
        if len(src_dict) != 5 - (
            (name is UNSET)
            + (country is UNSET)
            + (country_name is UNSET)
            + (city is UNSET)
            + (state is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
