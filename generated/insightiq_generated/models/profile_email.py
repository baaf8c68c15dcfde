# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ProfileEmail``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, fill_missing, report_nulls, unexpected

__all__ = ["ProfileEmail"]

_make = object.__new__

_REQUIRED = (
    "type",
    "email_id",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "type",
    "email_id",
)


@_define(repr=False, kw_only=True)
class ProfileEmail(Model):
    """An e-mail address of a profile.

    Attributes:
        type: Use of the contact detail.
        email_id: The address.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "type": "type",
        "email_id": "email_id",
    }

    type: ContactType
    email_id: str
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            type, email_id = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "ProfileEmail")
            type, email_id = _required(src_dict)
        if type is None or email_id is None:
            report_nulls(src_dict, _NEVER_NULL, "ProfileEmail")
        if isinstance(type, str):
            type = CONTACT_TYPE_BY_VALUE[type]
        elif type is not None and type is not UNSET:
            unexpected(type, "ProfileEmail.type")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.type = type
        _new.email_id = email_id
        if len(src_dict) != 2:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .contact_type import CONTACT_TYPE_BY_VALUE, ContactType
