# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``School``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset

__all__ = ["School"]

_make = object.__new__


@_define(repr=False, kw_only=True)
class School(Model):
    """A school on LinkedIn.

    Attributes:
        name: Name.
        logo_url: Address of the logo.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "logo_url": "logo_url",
    }

    name: str | None | Unset = UNSET
    logo_url: str | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        name = _get("name", UNSET)
        logo_url = _get("logo_url", UNSET)
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.name = name
        _new.logo_url = logo_url
        if len(src_dict) != 2 - ((name is UNSET) + (logo_url is UNSET)):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
