# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ContentCollaboration``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset

__all__ = ["ContentCollaboration"]

_make = object.__new__


@_define(repr=False, kw_only=True)
class ContentCollaboration(Model):
    """Whether an item was made with others, or null where the platform does not say.

    Attributes:
        has_collaborators: True if it was made with others.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "has_collaborators": "has_collaborators",
    }

    has_collaborators: bool | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        has_collaborators = _get("has_collaborators", UNSET)
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.has_collaborators = has_collaborators
        if len(src_dict) != 1 - (has_collaborators is UNSET):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
