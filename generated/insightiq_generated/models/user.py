# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``User``."""

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

__all__ = ["User"]

_make = object.__new__

_REQUIRED = (
    "name",
    "external_id",
    "id",
    "created_at",
    "updated_at",
    "status",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "name",
    "external_id",
    "id",
    "created_at",
    "updated_at",
    "status",
)


@_define(repr=False, kw_only=True)
class User(Model):
    """A creator as your application knows them. A user has any number of accounts.

    Attributes:
        name: Name of the user.
        external_id: Your own identifier of the user, unique in an environment. It should hold no
            personal data.
        id: Identifier of the user.
        created_at: Time at which the user was created.
        updated_at: Time at which the user last changed.
        status: State of the user.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "external_id": "external_id",
        "id": "id",
        "created_at": "created_at",
        "updated_at": "updated_at",
        "status": "status",
    }

    name: str
    external_id: str
    id: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    status: UserStatus
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            name, external_id, id, created_at, updated_at, status = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "User")
            name, external_id, id, created_at, updated_at, status = _required(src_dict)
        if (
            name is None
            or external_id is None
            or id is None
            or created_at is None
            or updated_at is None
            or status is None
        ):
            report_nulls(src_dict, _NEVER_NULL, "User")
        if created_at is not None and created_at is not UNSET:
            try:
                created_at = from_iso_format(created_at + "Z")
            except (TypeError, ValueError):
                created_at = parse_odd_datetime(created_at, "User.created_at")
        if updated_at is not None and updated_at is not UNSET:
            try:
                updated_at = from_iso_format(updated_at + "Z")
            except (TypeError, ValueError):
                updated_at = parse_odd_datetime(updated_at, "User.updated_at")
        if isinstance(status, str):
            status = USER_STATUS_BY_VALUE[status]
        elif status is not None and status is not UNSET:
            unexpected(status, "User.status")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.name = name
        _new.external_id = external_id
        _new.id = id
        _new.created_at = created_at
        _new.updated_at = updated_at
        _new.status = status
        if len(src_dict) != 6:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .user_status import USER_STATUS_BY_VALUE, UserStatus
