# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``BankDetails``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset

__all__ = ["BankDetails"]

_make = object.__new__


@_define(repr=False, kw_only=True)
class BankDetails(Model):
    """Destination of a payout, or null where the platform does not say.

    Attributes:
        name: Name of the bank.
        account_last_digits: Last four characters of the account number.
        account_routing_number: Routing number of the bank.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "account_last_digits": "account_last_digits",
        "account_routing_number": "account_routing_number",
    }

    name: str | None | Unset = UNSET
    account_last_digits: str | None | Unset = UNSET
    account_routing_number: str | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        name = _get("name", UNSET)
        account_last_digits = _get("account_last_digits", UNSET)
        account_routing_number = _get("account_routing_number", UNSET)
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.name = name
        _new.account_last_digits = account_last_digits
        _new.account_routing_number = account_routing_number
        if len(src_dict) != 3 - (
            (name is UNSET) + (account_last_digits is UNSET) + (account_routing_number is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
