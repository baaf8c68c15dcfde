# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ItemsNotificationData``."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, fill_missing, from_iso_format, parse_odd_datetime, report_nulls

__all__ = ["ItemsNotificationData"]

_make = object.__new__

_REQUIRED = (
    "account_id",
    "user_id",
    "last_updated_time",
    "items",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "account_id",
    "user_id",
    "last_updated_time",
    "items",
)


@_define(repr=False, kw_only=True)
class ItemsNotificationData(Model):
    """Data of a notification about items: identifiers only, to be fetched by a search.

    Attributes:
        account_id: The account that it is about. Of the form
            `^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$`.
        user_id: The user that the account belongs to. Of the form
            `^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$`.
        last_updated_time: Time at which the data last changed.
        items: Identifiers of the items; more than 100 are spread over several notifications. At
            most 100 items.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "account_id": "account_id",
        "user_id": "user_id",
        "last_updated_time": "last_updated_time",
        "items": "items",
    }

    account_id: str
    user_id: str
    last_updated_time: datetime.datetime
    items: list[str]
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            account_id, user_id, last_updated_time, items = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "ItemsNotificationData")
            account_id, user_id, last_updated_time, items = _required(src_dict)
        if account_id is None or user_id is None or last_updated_time is None or items is None:
            report_nulls(src_dict, _NEVER_NULL, "ItemsNotificationData")
        if last_updated_time is not None and last_updated_time is not UNSET:
            try:
                last_updated_time = from_iso_format(last_updated_time + "Z")
            except (TypeError, ValueError):
                last_updated_time = parse_odd_datetime(
                    last_updated_time, "ItemsNotificationData.last_updated_time"
                )
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.account_id = account_id
        _new.user_id = user_id
        _new.last_updated_time = last_updated_time
        _new.items = items
        if len(src_dict) != 4:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
