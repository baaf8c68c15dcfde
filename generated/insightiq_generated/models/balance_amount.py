# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``BalanceAmount``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, fill_missing, report_nulls

__all__ = ["BalanceAmount"]

_make = object.__new__

_REQUIRED = ("currency",)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = ("currency",)


@_define(repr=False, kw_only=True)
class BalanceAmount(Model):
    """A balance in one currency.

    Attributes:
        amount: Amount in units of the currency, not in cents.
        currency: Currency of the amount. Of the form `^[A-Z]{3}$`.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "amount": "amount",
        "currency": "currency",
    }

    currency: str
    amount: float | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            currency = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "BalanceAmount")
            currency = _required(src_dict)
        _get = src_dict.get
        amount = _get("amount", UNSET)
        if currency is None:
            report_nulls(src_dict, _NEVER_NULL, "BalanceAmount")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.amount = amount
        _new.currency = currency
        if len(src_dict) != 2 - (amount is UNSET):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
