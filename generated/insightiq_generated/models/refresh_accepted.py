# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``RefreshAccepted``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import Model, fill_missing, report_nulls

__all__ = ["RefreshAccepted"]

_make = object.__new__

_REQUIRED = ("account_id",)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = ("account_id",)


@_define(repr=False, kw_only=True)
class RefreshAccepted(Model):
    """Echo of a refresh that will be carried out.

    Attributes:
        account_id: The account.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "account_id": "account_id",
    }

    account_id: str
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            account_id = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "RefreshAccepted")
            account_id = _required(src_dict)
        if account_id is None:
            report_nulls(src_dict, _NEVER_NULL, "RefreshAccepted")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.account_id = account_id
        if len(src_dict) != 1:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
