"""Webhooks: the dispatcher that sends notifications, and an inbox that receives them."""

from __future__ import annotations

from insightiq_mock.db.deliveries import DeliveryRecord, Verdict
from insightiq_mock.db.inbox import InboxMessage

from .addresses import AddressGuard, ForbiddenAddressError
from .dispatcher import HttpSender, UnknownDeliveryError, WebhookDispatcher
from .inbox import INBOX_PREFIX, Inbox, InboxApp
from .notifications import SIGNATURE_HEADER, event_names
from .sender import Outcome, Sender

__all__ = [
    "INBOX_PREFIX",
    "SIGNATURE_HEADER",
    "AddressGuard",
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
    "WebhookDispatcher",
    "event_names",
]
