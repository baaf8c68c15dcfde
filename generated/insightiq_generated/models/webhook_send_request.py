# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``WebhookSendRequest``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, fill_missing, report_nulls, unexpected

__all__ = ["WebhookSendRequest"]

_make = object.__new__

_REQUIRED = ("payload",)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = ("payload",)


@_define(repr=False, kw_only=True)
class WebhookSendRequest(Model):
    """A notification to send to the registered webhooks.

    Attributes:
        payload: The notification.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "payload": "payload",
    }

    payload: WebhookSendPayload
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            payload = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "WebhookSendRequest")
            payload = _required(src_dict)
        if payload is None:
            report_nulls(src_dict, _NEVER_NULL, "WebhookSendRequest")
        if isinstance(payload, dict):
            payload = _read_webhook_send_payload(payload)
        elif payload is not None and payload is not UNSET:
            unexpected(payload, "WebhookSendRequest.payload")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.payload = payload
        if len(src_dict) != 1:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .webhook_send_payload import WebhookSendPayload

# A class method that is looked up for each object is bound anew each time.
_read_webhook_send_payload = WebhookSendPayload.from_dict
