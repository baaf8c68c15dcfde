# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``CommerceTransactionSearchResult``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, fill_missing, report_nulls, unexpected

__all__ = ["CommerceTransactionSearchResult"]

_make = object.__new__

_REQUIRED = ("data",)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = ("data",)


@_define(repr=False, kw_only=True)
class CommerceTransactionSearchResult(Model):
    """The commerce transactions that were found.

    Attributes:
        data: The commerce transactions that exist among those asked for.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "data": "data",
    }

    data: list[CommerceTransaction]
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            data = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "CommerceTransactionSearchResult")
            data = _required(src_dict)
        if data is None:
            report_nulls(src_dict, _NEVER_NULL, "CommerceTransactionSearchResult")
        if isinstance(data, list):
            data = [
                _read_commerce_transaction(_item)
                if isinstance(_item, dict)
                else unexpected(_item, "CommerceTransactionSearchResult.data")
                for _item in data
            ]
        elif data is not None and data is not UNSET:
            unexpected(data, "CommerceTransactionSearchResult.data")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.data = data
        if len(src_dict) != 1:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .commerce_transaction import CommerceTransaction

# A class method that is looked up for each object is bound anew each time.
_read_commerce_transaction = CommerceTransaction.from_dict
