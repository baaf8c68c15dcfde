# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``Balance``."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import (
    UNSET,
    Model,
    Unset,
    fill_missing,
    from_iso_format,
    parse_odd_datetime,
    report_nulls,
    unexpected,
)

__all__ = ["Balance"]

_make = object.__new__

_REQUIRED = (
    "id",
    "created_at",
    "updated_at",
    "user",
    "account",
    "work_platform",
    "balance_at",
    "platform_profile_id",
    "platform_profile_name",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "id",
    "created_at",
    "updated_at",
    "user",
    "account",
    "work_platform",
    "balance_at",
    "platform_profile_id",
)


@_define(repr=False, kw_only=True)
class Balance(Model):
    """Balance of a creator's shop at the end of a day.

    Attributes:
        id: Identifier of the balance.
        created_at: Time at which InsightIQ first stored the balance.
        updated_at: Time at which InsightIQ last changed the balance.
        user: The user that it belongs to.
        account: The account that it was fetched through.
        work_platform: The platform that it comes from.
        balance: The balance in each currency.
        balance_at: The day, at midnight.
        platform_profile_id: Identifier of the profile on the platform.
        platform_profile_name: Name that the profile shows, or null.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "id": "id",
        "created_at": "created_at",
        "updated_at": "updated_at",
        "user": "user",
        "account": "account",
        "work_platform": "work_platform",
        "balance": "balance",
        "balance_at": "balance_at",
        "platform_profile_id": "platform_profile_id",
        "platform_profile_name": "platform_profile_name",
    }

    id: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    user: UserReference
    account: AccountReference
    work_platform: WorkPlatformReference
    balance_at: datetime.datetime
    platform_profile_id: str
    platform_profile_name: str | None
    balance: list[BalanceAmount] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            (
                id,
                created_at,
                updated_at,
                user,
                account,
                work_platform,
                balance_at,
                platform_profile_id,
                platform_profile_name,
            ) = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "Balance")
            (
                id,
                created_at,
                updated_at,
                user,
                account,
                work_platform,
                balance_at,
                platform_profile_id,
                platform_profile_name,
            ) = _required(src_dict)
        _get = src_dict.get
        balance = _get("balance", UNSET)
        if (
            id is None
            or created_at is None
            or updated_at is None
            or user is None
            or account is None
            or work_platform is None
            or balance_at is None
            or platform_profile_id is None
        ):
            report_nulls(src_dict, _NEVER_NULL, "Balance")
        if created_at is not None and created_at is not UNSET:
            try:
                created_at = from_iso_format(created_at + "Z")
            except (TypeError, ValueError):
                created_at = parse_odd_datetime(created_at, "Balance.created_at")
        if updated_at is not None and updated_at is not UNSET:
            try:
                updated_at = from_iso_format(updated_at + "Z")
            except (TypeError, ValueError):
                updated_at = parse_odd_datetime(updated_at, "Balance.updated_at")
        if isinstance(user, dict):
            user = _read_user_reference(user)
        elif user is not None and user is not UNSET:
            unexpected(user, "Balance.user")
        if isinstance(account, dict):
            account = _read_account_reference(account)
        elif account is not None and account is not UNSET:
            unexpected(account, "Balance.account")
        if isinstance(work_platform, dict):
            work_platform = _read_work_platform_reference(work_platform)
        elif work_platform is not None and work_platform is not UNSET:
            unexpected(work_platform, "Balance.work_platform")
        if isinstance(balance, list):
            balance = [
                _read_balance_amount(_item)
                if isinstance(_item, dict)
                else unexpected(_item, "Balance.balance")
                for _item in balance
            ]
        elif balance is not None and balance is not UNSET:
            unexpected(balance, "Balance.balance")
        if balance_at is not None and balance_at is not UNSET:
            try:
                balance_at = from_iso_format(balance_at + "Z")
            except (TypeError, ValueError):
                balance_at = parse_odd_datetime(balance_at, "Balance.balance_at")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.id = id
        _new.created_at = created_at
        _new.updated_at = updated_at
        _new.user = user
        _new.account = account
        _new.work_platform = work_platform
        _new.balance = balance
        _new.balance_at = balance_at
        _new.platform_profile_id = platform_profile_id
        _new.platform_profile_name = platform_profile_name
        if len(src_dict) != 10 - (balance is UNSET):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .account_reference import AccountReference
from .balance_amount import BalanceAmount
from .user_reference import UserReference
from .work_platform_reference import WorkPlatformReference

# A class method that is looked up for each object is bound anew each time.
_read_account_reference = AccountReference.from_dict
_read_balance_amount = BalanceAmount.from_dict
_read_user_reference = UserReference.from_dict
_read_work_platform_reference = WorkPlatformReference.from_dict
