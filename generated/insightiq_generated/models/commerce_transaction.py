# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``CommerceTransaction``."""

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
    fill_missing,
    from_iso_format,
    parse_odd_datetime,
    report_nulls,
    unexpected,
)

__all__ = ["CommerceTransaction"]

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
    "type",
    "status",
    "external_id",
    "transaction_at",
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
    "type",
    "status",
    "transaction_at",
    "platform_profile_id",
)


@_define(repr=False, kw_only=True)
class CommerceTransaction(Model):
    """A sale, refund or the like in a creator's shop.

    Attributes:
        id: Identifier of the transaction.
        created_at: Time at which InsightIQ first stored the transaction.
        updated_at: Time at which InsightIQ last changed the transaction.
        user: The user that it belongs to.
        account: The account that it was fetched through.
        work_platform: The platform that it comes from.
        amount: Amount in units of the currency, not in cents.
        currency: Currency of the amount. Of the form `^[A-Z]{3}$`.
        type: What happened.
        status: Outcome.
        external_id: Identifier on the platform, or null.
        transaction_at: Time at which it happened.
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
        "type": "type",
        "status": "status",
        "external_id": "external_id",
        "transaction_at": "transaction_at",
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
    type: CommerceTransactionType
    status: CommerceTransactionStatus
    external_id: str | None
    transaction_at: datetime.datetime
    platform_profile_id: str
    platform_profile_name: str | None
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
                type,
                status,
                external_id,
                transaction_at,
                platform_profile_id,
                platform_profile_name,
            ) = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "CommerceTransaction")
            (
                id,
                created_at,
                updated_at,
                user,
                account,
                work_platform,
                amount,
                currency,
                type,
                status,
                external_id,
                transaction_at,
                platform_profile_id,
                platform_profile_name,
            ) = _required(src_dict)
        if (
            id is None
            or created_at is None
            or updated_at is None
            or user is None
            or account is None
            or work_platform is None
            or amount is None
            or currency is None
            or type is None
            or status is None
            or transaction_at is None
            or platform_profile_id is None
        ):
            report_nulls(src_dict, _NEVER_NULL, "CommerceTransaction")
        if created_at is not None and created_at is not UNSET:
            try:
                created_at = from_iso_format(created_at + "Z")
            except (TypeError, ValueError):
                created_at = parse_odd_datetime(created_at, "CommerceTransaction.created_at")
        if updated_at is not None and updated_at is not UNSET:
            try:
                updated_at = from_iso_format(updated_at + "Z")
            except (TypeError, ValueError):
                updated_at = parse_odd_datetime(updated_at, "CommerceTransaction.updated_at")
        if isinstance(user, dict):
            user = _read_user_reference(user)
        elif user is not None and user is not UNSET:
            unexpected(user, "CommerceTransaction.user")
        if isinstance(account, dict):
            account = _read_account_reference(account)
        elif account is not None and account is not UNSET:
            unexpected(account, "CommerceTransaction.account")
        if isinstance(work_platform, dict):
            work_platform = _read_work_platform_reference(work_platform)
        elif work_platform is not None and work_platform is not UNSET:
            unexpected(work_platform, "CommerceTransaction.work_platform")
        if isinstance(type, str):
            type = COMMERCE_TRANSACTION_TYPE_BY_VALUE[type]
        elif type is not None and type is not UNSET:
            unexpected(type, "CommerceTransaction.type")
        if isinstance(status, str):
            status = COMMERCE_TRANSACTION_STATUS_BY_VALUE[status]
        elif status is not None and status is not UNSET:
            unexpected(status, "CommerceTransaction.status")
        if transaction_at is not None and transaction_at is not UNSET:
            try:
                transaction_at = from_iso_format(transaction_at + "Z")
            except (TypeError, ValueError):
                transaction_at = parse_odd_datetime(
                    transaction_at, "CommerceTransaction.transaction_at"
                )
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
        _new.type = type
        _new.status = status
        _new.external_id = external_id
        _new.transaction_at = transaction_at
        _new.platform_profile_id = platform_profile_id
        _new.platform_profile_name = platform_profile_name
        if len(src_dict) != 14:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .account_reference import AccountReference
from .commerce_transaction_status import (
    COMMERCE_TRANSACTION_STATUS_BY_VALUE,
    CommerceTransactionStatus,
)
from .commerce_transaction_type import COMMERCE_TRANSACTION_TYPE_BY_VALUE, CommerceTransactionType
from .user_reference import UserReference
from .work_platform_reference import WorkPlatformReference

# A class method that is looked up for each object is bound anew each time.
_read_account_reference = AccountReference.from_dict
_read_user_reference = UserReference.from_dict
_read_work_platform_reference = WorkPlatformReference.from_dict
