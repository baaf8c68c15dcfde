# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``AccountUpdateRequest``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, fill_missing, report_nulls, unexpected

__all__ = ["AccountUpdateRequest"]

_make = object.__new__

_REQUIRED = ("data",)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = ("data",)


@_define(repr=False, kw_only=True)
class AccountUpdateRequest(Model):
    """A change of an account's monitoring.

    Attributes:
        data: The products to change.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "data": "data",
    }

    data: AccountUpdateData
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            data = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "AccountUpdateRequest")
            data = _required(src_dict)
        if data is None:
            report_nulls(src_dict, _NEVER_NULL, "AccountUpdateRequest")
        if isinstance(data, dict):
            data = _read_account_update_data(data)
        elif data is not None and data is not UNSET:
            unexpected(data, "AccountUpdateRequest.data")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.data = data
        if len(src_dict) != 1:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .account_update_data import AccountUpdateData

# A class method that is looked up for each object is bound anew each time.
_read_account_update_data = AccountUpdateData.from_dict
