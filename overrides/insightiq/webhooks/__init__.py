"""Receiving webhook notifications: is it the vendor's, what does it say, did it come before.

    from insightiq import webhooks

    event = webhooks.receive(raw_body, headers, client_secret)
    if isinstance(event, ContentsAddedNotification):
        print(event.data.account_id, event.data.items)

``WebhookASGIApp`` and ``WebhookWSGIApp`` do it all behind an address of a Starlette, FastAPI,
Django or Flask application.
"""

from __future__ import annotations

import importlib
import typing

if typing.TYPE_CHECKING:
    from insightiq._ids import canonical_id, same_id
    from insightiq.webhooks._asgi import WebhookASGIApp
    from insightiq.webhooks._deduplication import Deduplicator, SeenState, SeenStore, event_key
    from insightiq.webhooks._events import Event, UnknownEvent, parse, receive
    from insightiq.webhooks._signatures import Headers, verify
    from insightiq.webhooks._wsgi import WebhookWSGIApp

__all__ = [
    "Deduplicator",
    "Event",
    "Headers",
    "SeenState",
    "SeenStore",
    "UnknownEvent",
    "WebhookASGIApp",
    "WebhookWSGIApp",
    "canonical_id",
    "event_key",
    "parse",
    "receive",
    "same_id",
    "verify",
]

# Imported when first asked for: who verifies only does not load an event loop.
_HOMES = {
    "Deduplicator": "insightiq.webhooks._deduplication",
    "Event": "insightiq.webhooks._events",
    "Headers": "insightiq.webhooks._signatures",
    "SeenState": "insightiq.webhooks._deduplication",
    "SeenStore": "insightiq.webhooks._deduplication",
    "UnknownEvent": "insightiq.webhooks._events",
    "WebhookASGIApp": "insightiq.webhooks._asgi",
    "WebhookWSGIApp": "insightiq.webhooks._wsgi",
    "canonical_id": "insightiq._ids",
    "event_key": "insightiq.webhooks._deduplication",
    "parse": "insightiq.webhooks._events",
    "receive": "insightiq.webhooks._events",
    "same_id": "insightiq._ids",
    "verify": "insightiq.webhooks._signatures",
}


if not typing.TYPE_CHECKING:
    # Hidden from type checkers, which would believe that every name exists.
    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        value = getattr(importlib.import_module(_HOMES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
