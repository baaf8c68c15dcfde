# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``Webhook``."""

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

__all__ = ["Webhook"]

_make = object.__new__

_REQUIRED = (
    "name",
    "url",
    "id",
    "created_at",
    "updated_at",
    "is_active",
    "events",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "url",
    "id",
    "created_at",
    "updated_at",
    "is_active",
    "events",
)


@_define(repr=False, kw_only=True)
class Webhook(Model):
    """A registered address to which the API posts notifications.

    Attributes:
        name: Name of the webhook; null where none was given (ASSUMPTION).
        url: Address that is posted to.
        id: Identifier of the webhook.
        created_at: Time at which it was registered.
        updated_at: Time at which it last changed.
        is_active: False after deliveries have failed for good; an update with true switches it on
            again.
        events: The events that are posted, in the order given.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "url": "url",
        "id": "id",
        "created_at": "created_at",
        "updated_at": "updated_at",
        "is_active": "is_active",
        "events": "events",
    }

    name: str | None
    url: str
    id: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    is_active: bool
    events: list[WebhookEvent]
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            name, url, id, created_at, updated_at, is_active, events = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "Webhook")
            name, url, id, created_at, updated_at, is_active, events = _required(src_dict)
        if (
            url is None
            or id is None
            or created_at is None
            or updated_at is None
            or is_active is None
            or events is None
        ):
            report_nulls(src_dict, _NEVER_NULL, "Webhook")
        if created_at is not None and created_at is not UNSET:
            try:
                created_at = from_iso_format(created_at + "Z")
            except (TypeError, ValueError):
                created_at = parse_odd_datetime(created_at, "Webhook.created_at")
        if updated_at is not None and updated_at is not UNSET:
            try:
                updated_at = from_iso_format(updated_at + "Z")
            except (TypeError, ValueError):
                updated_at = parse_odd_datetime(updated_at, "Webhook.updated_at")
        if isinstance(events, list):
            events = [
                WEBHOOK_EVENT_BY_VALUE[_item]
                if isinstance(_item, str)
                else unexpected(_item, "Webhook.events")
                for _item in events
            ]
        elif events is not None and events is not UNSET:
            unexpected(events, "Webhook.events")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.name = name
        _new.url = url
        _new.id = id
        _new.created_at = created_at
        _new.updated_at = updated_at
        _new.is_active = is_active
        _new.events = events
        if len(src_dict) != 7:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .webhook_event import WEBHOOK_EVENT_BY_VALUE, WebhookEvent
