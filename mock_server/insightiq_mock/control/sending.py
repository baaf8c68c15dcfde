"""Notifications: triggered by hand, logged, sent again; and the built-in inboxes."""

from __future__ import annotations

import typing

from insightiq_mock.control.event_data import EventData
from insightiq_mock.control.services import reply, wire_moment
from insightiq_mock.handlers import canonical_id

if typing.TYPE_CHECKING:
    from insightiq_mock.context import RequestContext, Response
    from insightiq_mock.control.services import Services
    from insightiq_mock.webhooks import DeliveryRecord

__all__ = [
    "clear_inbox",
    "get_delivery",
    "list_deliveries",
    "list_inbox",
    "resend_delivery",
    "trigger_event",
]

_DEFAULT_LIMIT: typing.Final = 100


def trigger_event(services: Services, call: RequestContext) -> Response:
    """Send a notification."""
    developer_id = services.developer_id(call)
    event: str = call.body["event"]
    source = EventData(services.document(), services.simulation)
    source.check(event)
    data = call.body.get("data")
    unknown: list[str] = []
    if data is None:
        account_id: str | None = call.body.get("account_id")
        wanted = account_id and canonical_id(account_id)
        data, unknown = source.plausible(developer_id, event, wanted)
    webhooks = source.receivers(developer_id, event)
    services.simulation.emit(developer_id, event, data)
    value = {"event": event, "data": data, "webhooks": webhooks, "unknown_ids": unknown}
    return reply(200, value)


def list_deliveries(services: Services, call: RequestContext) -> Response:
    """List tries, newest first."""
    webhook_id: str | None = call.query.get("webhook_id")
    records = services.deliveries.log(
        services.developer_id(call),
        webhook_id=webhook_id and canonical_id(webhook_id),
        event=call.query.get("event"),
        verdict=call.query.get("verdict"),
        limit=call.query.get("limit", _DEFAULT_LIMIT),
    )
    return reply(200, {"data": [_shown(record) for record in records]})


def get_delivery(services: Services, call: RequestContext) -> Response:
    """Show the newest try of one delivery."""
    record = services.deliveries.last(services.developer_id(call), _delivery_id(call))
    return reply(200, _shown(record))


async def resend_delivery(services: Services, call: RequestContext) -> Response:
    """Post the same bytes again and wait for what comes of it."""
    developer_id = services.developer_id(call)
    record = await services.deliveries.resend(developer_id, _delivery_id(call))
    return reply(200, _shown(record))


def list_inbox(services: Services, call: RequestContext) -> Response:
    """List what an inbox received."""
    limit = call.query.get("limit", _DEFAULT_LIMIT)
    messages = services.inbox.messages(call.path["name"], limit=limit)
    shown = [
        {
            "id": message.id,
            "received_at": wire_moment(message.received_at),
            "answered": message.answered,
            "headers": message.headers,
            "body": _text(message.body),
        }
        for message in messages
    ]
    return reply(200, {"data": shown})


def clear_inbox(services: Services, call: RequestContext) -> Response:
    """Forget what an inbox received."""
    return reply(200, {"cleared": services.inbox.clear(call.path["name"])})


def _delivery_id(call: RequestContext) -> str:
    return canonical_id(call.path["delivery_id"])


def _shown(record: DeliveryRecord) -> dict[str, object]:
    delivery, attempt = record.delivery, record.attempt
    return {
        "delivery_id": delivery.id,
        "notification_id": delivery.notification_id,
        "webhook_id": delivery.webhook_id,
        "event": delivery.event,
        "number": attempt.number,
        "at": wire_moment(attempt.started_at),
        "seconds": attempt.seconds,
        "url": attempt.url,
        "verdict": attempt.verdict.value,
        "detail": attempt.detail,
        "status": attempt.status,
        "request_headers": attempt.request_headers,
        "request_body": _text(delivery.body),
        "answer_headers": attempt.answer_headers,
        "answer_body": _text(attempt.answer_body),
    }


def _text(body: bytes) -> str:
    """Show bytes as text, whatever they are."""
    return body.decode("utf-8", errors="replace")
