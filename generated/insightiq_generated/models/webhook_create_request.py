# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``WebhookCreateRequest``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, fill_missing, report_nulls, unexpected

__all__ = ["WebhookCreateRequest"]

_make = object.__new__

_REQUIRED = (
    "url",
    "events",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "url",
    "events",
    "name",
)


@_define(repr=False, kw_only=True)
class WebhookCreateRequest(Model):
    """A webhook to register.

    Attributes:
        url: Address to post to.
        events: The events to post. 1 or more items.
        name: Name of the webhook. Required in the vendor's documents, absent from its own samples:
            send it. 1 to 100 characters.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "url": "url",
        "events": "events",
        "name": "name",
    }

    url: str
    events: list[WebhookEvent]
    name: str | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            url, events = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "WebhookCreateRequest")
            url, events = _required(src_dict)
        _get = src_dict.get
        name = _get("name", UNSET)
        if url is None or events is None or name is None:
            report_nulls(src_dict, _NEVER_NULL, "WebhookCreateRequest")
        if isinstance(events, list):
            events = [
                WEBHOOK_EVENT_BY_VALUE[_item]
                if isinstance(_item, str)
                else unexpected(_item, "WebhookCreateRequest.events")
                for _item in events
            ]
        elif events is not None and events is not UNSET:
            unexpected(events, "WebhookCreateRequest.events")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.url = url
        _new.events = events
        _new.name = name
        if len(src_dict) != 3 - (name is UNSET):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .webhook_event import WEBHOOK_EVENT_BY_VALUE, WebhookEvent
