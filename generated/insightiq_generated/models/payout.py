# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``Payout``."""

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

__all__ = ["Payout"]

_make = object.__new__

_REQUIRED = (
    "id",
    "created_at",
    "updated_at",
    "user",
    "account",
    "work_platform",
    "amount",
    "currency",
    "status",
    "external_id",
    "payout_at",
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
    "amount",
    "currency",
    "status",
    "payout_at",
    "platform_profile_id",
)


@_define(repr=False, kw_only=True)
class Payout(Model):
    """An amount that a platform pays out to a creator. Social and commerce payouts have the same
    shape.

    Attributes:
        id: Identifier of the payout.
        created_at: Time at which InsightIQ first stored the payout.
        updated_at: Time at which InsightIQ last changed the payout.
        user: The user that it belongs to.
        account: The account that it was fetched through.
        work_platform: The platform that it comes from.
        amount: Amount in units of the currency, not in cents.
        currency: Currency of the amount. Of the form `^[A-Z]{3}$`.
        status: State of the payout.
        payout_interval: How often the platform pays out.
        bank_details: Where it goes.
        external_id: Identifier on the platform, or null.
        payout_at: Time at which it is or was paid out.
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
        "amount": "amount",
        "currency": "currency",
        "status": "status",
        "payout_interval": "payout_interval",
        "bank_details": "bank_details",
        "external_id": "external_id",
        "payout_at": "payout_at",
        "platform_profile_id": "platform_profile_id",
        "platform_profile_name": "platform_profile_name",
    }

    id: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    user: UserReference
    account: AccountReference
    work_platform: WorkPlatformReference
    amount: float
    currency: str
    status: PayoutStatus
    external_id: str | None
    payout_at: datetime.datetime
    platform_profile_id: str
    platform_profile_name: str | None
    payout_interval: PayoutInterval | None | Unset = UNSET
    bank_details: BankDetails | None | Unset = UNSET
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
                amount,
                currency,
                status,
                external_id,
                payout_at,
                platform_profile_id,
                platform_profile_name,
            ) = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "Payout")
            (
                id,
                created_at,
                updated_at,
                user,
                account,
                work_platform,
                amount,
                currency,
                status,
                external_id,
                payout_at,
                platform_profile_id,
                platform_profile_name,
            ) = _required(src_dict)
        _get = src_dict.get
        payout_interval = _get("payout_interval", UNSET)
        bank_details = _get("bank_details", UNSET)
        if (
            id is None
            or created_at is None
            or updated_at is None
            or user is None
            or account is None
            or work_platform is None
            or amount is None
            or currency is None
            or status is None
            or payout_at is None
            or platform_profile_id is None
        ):
            report_nulls(src_dict, _NEVER_NULL, "Payout")
        if created_at is not None and created_at is not UNSET:
            try:
                created_at = from_iso_format(created_at + "Z")
            except (TypeError, ValueError):
                created_at = parse_odd_datetime(created_at, "Payout.created_at")
        if updated_at is not None and updated_at is not UNSET:
            try:
                updated_at = from_iso_format(updated_at + "Z")
            except (TypeError, ValueError):
                updated_at = parse_odd_datetime(updated_at, "Payout.updated_at")
        if isinstance(user, dict):
            user = _read_user_reference(user)
        elif user is not None and user is not UNSET:
            unexpected(user, "Payout.user")
        if isinstance(account, dict):
            account = _read_account_reference(account)
        elif account is not None and account is not UNSET:
            unexpected(account, "Payout.account")
        if isinstance(work_platform, dict):
            work_platform = _read_work_platform_reference(work_platform)
        elif work_platform is not None and work_platform is not UNSET:
            unexpected(work_platform, "Payout.work_platform")
        if isinstance(status, str):
            status = PAYOUT_STATUS_BY_VALUE[status]
        elif status is not None and status is not UNSET:
            unexpected(status, "Payout.status")
        if isinstance(payout_interval, str):
            payout_interval = PAYOUT_INTERVAL_BY_VALUE[payout_interval]
        elif payout_interval is not None and payout_interval is not UNSET:
            unexpected(payout_interval, "Payout.payout_interval")
        if isinstance(bank_details, dict):
            bank_details = _read_bank_details(bank_details)
        elif bank_details is not None and bank_details is not UNSET:
            unexpected(bank_details, "Payout.bank_details")
        if payout_at is not None and payout_at is not UNSET:
            try:
                payout_at = from_iso_format(payout_at + "Z")
            except (TypeError, ValueError):
                payout_at = parse_odd_datetime(payout_at, "Payout.payout_at")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.id = id
        _new.created_at = created_at
        _new.updated_at = updated_at
        _new.user = user
        _new.account = account
        _new.work_platform = work_platform
        _new.amount = amount
        _new.currency = currency
        _new.status = status
        _new.payout_interval = payout_interval
        _new.bank_details = bank_details
        _new.external_id = external_id
        _new.payout_at = payout_at
        _new.platform_profile_id = platform_profile_id
        _new.platform_profile_name = platform_profile_name
        if len(src_dict) != 15 - ((payout_interval is UNSET) + (bank_details is UNSET)):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .account_reference import AccountReference
from .bank_details import BankDetails
from .payout_interval import PAYOUT_INTERVAL_BY_VALUE, PayoutInterval
from .payout_status import PAYOUT_STATUS_BY_VALUE, PayoutStatus
from .user_reference import UserReference
from .work_platform_reference import WorkPlatformReference

# A class method that is looked up for each object is bound anew each time.
_read_account_reference = AccountReference.from_dict
_read_bank_details = BankDetails.from_dict
_read_user_reference = UserReference.from_dict
_read_work_platform_reference = WorkPlatformReference.from_dict
