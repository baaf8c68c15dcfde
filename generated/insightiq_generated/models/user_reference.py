# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``UserReference``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import Model, fill_missing, report_nulls

__all__ = ["UserReference"]

_make = object.__new__

_REQUIRED = (
    "id",
    "name",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "id",
    "name",
)


@_define(repr=False, kw_only=True)
class UserReference(Model):
    """The user that a resource belongs to.

    Attributes:
        id: Identifier of the user.
        name: Name of the user.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "id": "id",
        "name": "name",
    }

    id: str
    name: str
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            id, name = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "UserReference")
            id, name = _required(src_dict)
        if id is None or name is None:
            report_nulls(src_dict, _NEVER_NULL, "UserReference")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.id = id
        _new.name = name
        if len(src_dict) != 2:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
