# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ContentSponsorship``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset

__all__ = ["ContentSponsorship"]

_make = object.__new__


@_define(repr=False, kw_only=True)
class ContentSponsorship(Model):
    """Whether an item is sponsored, or null where the platform does not say.

    Attributes:
        is_sponsored: True if it is sponsored.
        tags: Sponsors that the item names.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "is_sponsored": "is_sponsored",
        "tags": "tags",
    }

    is_sponsored: bool | None | Unset = UNSET
    tags: str | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        is_sponsored = _get("is_sponsored", UNSET)
        tags = _get("tags", UNSET)
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.is_sponsored = is_sponsored
        _new.tags = tags
        if len(src_dict) != 2 - ((is_sponsored is UNSET) + (tags is UNSET)):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
