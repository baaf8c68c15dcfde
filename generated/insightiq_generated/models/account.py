# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``Account``."""

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

__all__ = ["Account"]

_make = object.__new__

_REQUIRED = (
    "id",
    "created_at",
    "updated_at",
    "user",
    "work_platform",
    "platform_username",
    "status",
    "data",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "id",
    "created_at",
    "updated_at",
    "user",
    "work_platform",
    "status",
    "data",
)


@_define(repr=False, kw_only=True)
class Account(Model):
    """A creator's account on a platform, linked to a user. One profile connected under two users gives
    two accounts.

    Attributes:
        id: Identifier of the account. It survives a reconnection.
        created_at: Time at which the account was first connected.
        updated_at: Time at which the connection last changed state. Fetching data does not touch
            it.
        user: The user that the account belongs to.
        work_platform: The platform that the account is on.
        username: Same as `platform_username` wherever both were seen. Not in the vendor's
            documents.
        platform_username: Handle on the platform: an e-mail address for YouTube, the page's name
            for Facebook.
        profile_pic_url: Address of the profile picture, or null.
        status: State of the connection.
        platform_profile_name: Name that the profile shows; not unique. May be absent.
        platform_profile_id: Identifier of the profile on the platform, of any shape. May be absent.
        platform_profile_published_at: Time at which the profile was opened on the platform, where
            the platform says so.
        disconnection_source: Party that ended the connection. Not in the vendor's documents.
        data: State of each product that was asked for.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "id": "id",
        "created_at": "created_at",
        "updated_at": "updated_at",
        "user": "user",
        "work_platform": "work_platform",
        "username": "username",
        "platform_username": "platform_username",
        "profile_pic_url": "profile_pic_url",
        "status": "status",
        "platform_profile_name": "platform_profile_name",
        "platform_profile_id": "platform_profile_id",
        "platform_profile_published_at": "platform_profile_published_at",
        "disconnection_source": "disconnection_source",
        "data": "data",
    }

    id: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    user: UserReference
    work_platform: WorkPlatformReference
    platform_username: str | None
    status: AccountStatus
    data: AccountData
    username: str | None | Unset = UNSET
    profile_pic_url: str | None | Unset = UNSET
    platform_profile_name: str | None | Unset = UNSET
    platform_profile_id: str | None | Unset = UNSET
    platform_profile_published_at: datetime.datetime | None | Unset = UNSET
    disconnection_source: DisconnectionSource | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            id, created_at, updated_at, user, work_platform, platform_username, status, data = (
                _required(src_dict)
            )
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "Account")
            id, created_at, updated_at, user, work_platform, platform_username, status, data = (
                _required(src_dict)
            )
        _get = src_dict.get
        username = _get("username", UNSET)
        profile_pic_url = _get("profile_pic_url", UNSET)
        platform_profile_name = _get("platform_profile_name", UNSET)
        platform_profile_id = _get("platform_profile_id", UNSET)
        platform_profile_published_at = _get("platform_profile_published_at", UNSET)
        disconnection_source = _get("disconnection_source", UNSET)
        if (
            id is None
            or created_at is None
            or updated_at is None
            or user is None
            or work_platform is None
            or status is None
            or data is None
        ):
            report_nulls(src_dict, _NEVER_NULL, "Account")
        if created_at is not None and created_at is not UNSET:
            try:
                created_at = from_iso_format(created_at + "Z")
            except (TypeError, ValueError):
                created_at = parse_odd_datetime(created_at, "Account.created_at")
        if updated_at is not None and updated_at is not UNSET:
            try:
                updated_at = from_iso_format(updated_at + "Z")
            except (TypeError, ValueError):
                updated_at = parse_odd_datetime(updated_at, "Account.updated_at")
        if isinstance(user, dict):
            user = _read_user_reference(user)
        elif user is not None and user is not UNSET:
            unexpected(user, "Account.user")
        if isinstance(work_platform, dict):
            work_platform = _read_work_platform_reference(work_platform)
        elif work_platform is not None and work_platform is not UNSET:
            unexpected(work_platform, "Account.work_platform")
        if isinstance(status, str):
            status = ACCOUNT_STATUS_BY_VALUE[status]
        elif status is not None and status is not UNSET:
            unexpected(status, "Account.status")
        if platform_profile_published_at is not None and platform_profile_published_at is not UNSET:
            try:
                platform_profile_published_at = from_iso_format(platform_profile_published_at + "Z")
            except (TypeError, ValueError):
                platform_profile_published_at = parse_odd_datetime(
                    platform_profile_published_at, "Account.platform_profile_published_at"
                )
        if isinstance(disconnection_source, str):
            disconnection_source = DISCONNECTION_SOURCE_BY_VALUE[disconnection_source]
        elif disconnection_source is not None and disconnection_source is not UNSET:
            unexpected(disconnection_source, "Account.disconnection_source")
        if isinstance(data, dict):
            data = _read_account_data(data)
        elif data is not None and data is not UNSET:
            unexpected(data, "Account.data")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.id = id
        _new.created_at = created_at
        _new.updated_at = updated_at
        _new.user = user
        _new.work_platform = work_platform
        _new.username = username
        _new.platform_username = platform_username
        _new.profile_pic_url = profile_pic_url
        _new.status = status
        _new.platform_profile_name = platform_profile_name
        _new.platform_profile_id = platform_profile_id
        _new.platform_profile_published_at = platform_profile_published_at
        _new.disconnection_source = disconnection_source
        _new.data = data
        if len(src_dict) != 14 - (
            (username is UNSET)
            + (profile_pic_url is UNSET)
            + (platform_profile_name is UNSET)
            + (platform_profile_id is UNSET)
            + (platform_profile_published_at is UNSET)
            + (disconnection_source is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .account_data import AccountData
from .account_status import ACCOUNT_STATUS_BY_VALUE, AccountStatus
from .disconnection_source import DISCONNECTION_SOURCE_BY_VALUE, DisconnectionSource
from .user_reference import UserReference
from .work_platform_reference import WorkPlatformReference

# A class method that is looked up for each object is bound anew each time.
_read_account_data = AccountData.from_dict
_read_user_reference = UserReference.from_dict
_read_work_platform_reference = WorkPlatformReference.from_dict
