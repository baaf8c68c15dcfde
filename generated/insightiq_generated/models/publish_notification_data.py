# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``PublishNotificationData``."""

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
)

__all__ = ["PublishNotificationData"]

_make = object.__new__

_REQUIRED = ("publish_id",)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "publish_id",
    "account_id",
    "user_id",
    "last_updated_time",
)


@_define(repr=False, kw_only=True)
class PublishNotificationData(Model):
    """Data of a notification about the publishing of an item.

    Attributes:
        publish_id: Identifier of the publishing job.
        account_id: The account that it is about. Of the form
            `^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$`.
        user_id: The user that the account belongs to. Of the form
            `^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$`.
        last_updated_time: Time at which the data last changed.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "publish_id": "publish_id",
        "account_id": "account_id",
        "user_id": "user_id",
        "last_updated_time": "last_updated_time",
    }

    publish_id: str
    account_id: str | Unset = UNSET
    user_id: str | Unset = UNSET
    last_updated_time: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            publish_id = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "PublishNotificationData")
            publish_id = _required(src_dict)
        _get = src_dict.get
        account_id = _get("account_id", UNSET)
        user_id = _get("user_id", UNSET)
        last_updated_time = _get("last_updated_time", UNSET)
        if publish_id is None or account_id is None or user_id is None or last_updated_time is None:
            report_nulls(src_dict, _NEVER_NULL, "PublishNotificationData")
        if last_updated_time is not None and last_updated_time is not UNSET:
            try:
                last_updated_time = from_iso_format(last_updated_time + "Z")
            except (TypeError, ValueError):
                last_updated_time = parse_odd_datetime(
                    last_updated_time, "PublishNotificationData.last_updated_time"
                )
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.publish_id = publish_id
        _new.account_id = account_id
        _new.user_id = user_id
        _new.last_updated_time = last_updated_time
        if len(src_dict) != 4 - (
            (account_id is UNSET) + (user_id is UNSET) + (last_updated_time is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
