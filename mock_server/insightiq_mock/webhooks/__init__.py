"""Webhooks: notifications that really leave the server, and an inbox that receives them."""

from __future__ import annotations

from insightiq_mock.db.deliveries import DeliveryRecord, Verdict
from insightiq_mock.db.inbox import InboxMessage

from .addresses import AddressGuard, ForbiddenAddressError
from .deliveries import Deliveries, UnknownDeliveryError
from .event_names import event_names
from .inbox import INBOX_PREFIX, Inbox, InboxApp
from .sender import HttpSender, Outcome, Sender
from .signature import SIGNATURE_HEADER

__all__ = [
    "INBOX_PREFIX",
    "SIGNATURE_HEADER",
    "AddressGuard",
    "Deliveries",
    "DeliveryRecord",
    "ForbiddenAddressError",
    "HttpSender",
    "Inbox",
    "InboxApp",
    "InboxMessage",
    "Outcome",
    "Sender",
    "UnknownDeliveryError",
    "Verdict",
    "event_names",
]
