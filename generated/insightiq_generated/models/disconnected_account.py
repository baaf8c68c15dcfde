# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``DisconnectedAccount``."""

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

__all__ = ["DisconnectedAccount"]

_make = object.__new__

_REQUIRED = (
    "id",
    "created_at",
    "updated_at",
    "user",
    "work_platform",
    "status",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "id",
    "created_at",
    "updated_at",
    "user",
    "work_platform",
    "status",
)


@_define(repr=False, kw_only=True)
class DisconnectedAccount(Model):
    """An account that was just disconnected.

    Attributes:
        id: Identifier of the account.
        created_at: Time at which the account was first connected.
        updated_at: Time at which it was disconnected.
        user: The user that the account belongs to.
        work_platform: The platform that the account is on.
        status: State of the connection.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "id": "id",
        "created_at": "created_at",
        "updated_at": "updated_at",
        "user": "user",
        "work_platform": "work_platform",
        "status": "status",
    }

    id: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    user: UserReference
    work_platform: WorkPlatformReference
    status: AccountStatus
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            id, created_at, updated_at, user, work_platform, status = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "DisconnectedAccount")
            id, created_at, updated_at, user, work_platform, status = _required(src_dict)
        if (
            id is None
            or created_at is None
            or updated_at is None
            or user is None
            or work_platform is None
            or status is None
        ):
            report_nulls(src_dict, _NEVER_NULL, "DisconnectedAccount")
        if created_at is not None and created_at is not UNSET:
            try:
                created_at = from_iso_format(created_at + "Z")
            except (TypeError, ValueError):
                created_at = parse_odd_datetime(created_at, "DisconnectedAccount.created_at")
        if updated_at is not None and updated_at is not UNSET:
            try:
                updated_at = from_iso_format(updated_at + "Z")
            except (TypeError, ValueError):
                updated_at = parse_odd_datetime(updated_at, "DisconnectedAccount.updated_at")
        if isinstance(user, dict):
            user = _read_user_reference(user)
        elif user is not None and user is not UNSET:
            unexpected(user, "DisconnectedAccount.user")
        if isinstance(work_platform, dict):
            work_platform = _read_work_platform_reference(work_platform)
        elif work_platform is not None and work_platform is not UNSET:
            unexpected(work_platform, "DisconnectedAccount.work_platform")
        if isinstance(status, str):
            status = ACCOUNT_STATUS_BY_VALUE[status]
        elif status is not None and status is not UNSET:
            unexpected(status, "DisconnectedAccount.status")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.id = id
        _new.created_at = created_at
        _new.updated_at = updated_at
        _new.user = user
        _new.work_platform = work_platform
        _new.status = status
        if len(src_dict) != 6:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .account_status import ACCOUNT_STATUS_BY_VALUE, AccountStatus
from .user_reference import UserReference
from .work_platform_reference import WorkPlatformReference

# A class method that is looked up for each object is bound anew each time.
_read_user_reference = UserReference.from_dict
_read_work_platform_reference = WorkPlatformReference.from_dict
