# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``UserCreateRequest``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import Model, fill_missing, report_nulls

__all__ = ["UserCreateRequest"]

_make = object.__new__

_REQUIRED = (
    "name",
    "external_id",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "name",
    "external_id",
)


@_define(repr=False, kw_only=True)
class UserCreateRequest(Model):
    """A user to create.

    Attributes:
        name: Name of the user. 1 to 100 characters.
        external_id: Your own identifier of the user, 1 to 100 characters; a whole number is kept
            and returned as text. A second user with the same value is rejected; use no personal
            data.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "external_id": "external_id",
    }

    name: str
    external_id: str | int
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            name, external_id = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "UserCreateRequest")
            name, external_id = _required(src_dict)
        if name is None or external_id is None:
            report_nulls(src_dict, _NEVER_NULL, "UserCreateRequest")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.name = name
        _new.external_id = external_id
        if len(src_dict) != 2:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
