# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``PayoutsAddedNotification``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, fill_missing, report_nulls, unexpected

__all__ = ["PayoutsAddedNotification"]

_make = object.__new__

_REQUIRED = (
    "event",
    "data",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "event",
    "name",
    "id",
    "data",
)


@_define(repr=False, kw_only=True)
class PayoutsAddedNotification(Model):
    """New social or commerce payouts were found; the account's platform says which.

    Attributes:
        event: Name of the event. Of the form `^PAYOUTS\\.ADDED$`.
        name: The event in words.
        id: Identifier of the notification; the same again when a delivery is repeated. Absent from
            very old notifications.
        data: What it is about.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "event": "event",
        "name": "name",
        "id": "id",
        "data": "data",
    }

    event: WebhookEvent
    data: ItemsNotificationData
    name: str | Unset = UNSET
    id: str | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            event, data = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "PayoutsAddedNotification")
            event, data = _required(src_dict)
        _get = src_dict.get
        name = _get("name", UNSET)
        id = _get("id", UNSET)
        if event is None or name is None or id is None or data is None:
            report_nulls(src_dict, _NEVER_NULL, "PayoutsAddedNotification")
        if isinstance(event, str):
            event = WEBHOOK_EVENT_BY_VALUE[event]
        elif event is not None and event is not UNSET:
            unexpected(event, "PayoutsAddedNotification.event")
        if isinstance(data, dict):
            data = _read_items_notification_data(data)
        elif data is not None and data is not UNSET:
            unexpected(data, "PayoutsAddedNotification.data")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.event = event
        _new.name = name
        _new.id = id
        _new.data = data
        if len(src_dict) != 4 - ((name is UNSET) + (id is UNSET)):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .items_notification_data import ItemsNotificationData
from .webhook_event import WEBHOOK_EVENT_BY_VALUE, WebhookEvent

# A class method that is looked up for each object is bound anew each time.
_read_items_notification_data = ItemsNotificationData.from_dict
