# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ProfilePhoneNumber``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, fill_missing, report_nulls, unexpected

__all__ = ["ProfilePhoneNumber"]

_make = object.__new__

_REQUIRED = (
    "type",
    "phone_number",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "type",
    "phone_number",
)


@_define(repr=False, kw_only=True)
class ProfilePhoneNumber(Model):
    """A telephone number of a profile.

    Attributes:
        type: Use of the contact detail.
        phone_number: The number.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "type": "type",
        "phone_number": "phone_number",
    }

    type: ContactType
    phone_number: str
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            type, phone_number = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "ProfilePhoneNumber")
            type, phone_number = _required(src_dict)
        if type is None or phone_number is None:
            report_nulls(src_dict, _NEVER_NULL, "ProfilePhoneNumber")
        if isinstance(type, str):
            type = CONTACT_TYPE_BY_VALUE[type]
        elif type is not None and type is not UNSET:
            unexpected(type, "ProfilePhoneNumber.type")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.type = type
        _new.phone_number = phone_number
        if len(src_dict) != 2:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .contact_type import CONTACT_TYPE_BY_VALUE, ContactType
