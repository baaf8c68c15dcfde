"""Handlers of notifications: trigger, delivery log, resend, built-in inboxes."""

from __future__ import annotations

import typing

import orjson

from insightiq_mock.control.errors import bad_request, not_found, suggestion
from insightiq_mock.control.services import respond, stored_moment
from insightiq_mock.db import Column, Selection, format_timestamp
from insightiq_mock.resources import canonical_id

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from insightiq_mock.context import RequestContext, Response
    from insightiq_mock.control.services import Services
    from insightiq_mock.openapi import Document
    from insightiq_mock.simulation import Simulation
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

_ITEMS: typing.Final = 5

# What the ids of an event are ids of; transactions and payouts are social or commerce (evidence.md#webhook-events), and
# one notification holds one sort: as syncs send it, social rather than commerce.
_KINDS: typing.Final[Mapping[str, tuple[str, ...]]] = {
    "CONTENTS": ("content",),
    "CONTENTS_COMMENTS": ("content",),
    "CONTENT-GROUPS": ("content_group",),
    "TRANSACTIONS": ("social_transaction", "commerce_transaction"),
    "PAYOUTS": ("social_payout", "commerce_payout"),
    "BALANCES": ("commerce_balance",),
}


def trigger_event(services: Services, context: RequestContext) -> Response:
    """Send a notification."""
    developer_id = services.developer_id(context)
    event: str = context.body["event"]
    events = _EventData(services.document(), services.simulation)
    events.check(event)
    data = context.body.get("data")
    unknown: list[str] = []
    if data is None:
        account_id: str | None = context.body.get("account_id")
        wanted = account_id and canonical_id(account_id)
        data, unknown = events.plausible(developer_id, event, wanted)
    webhooks = events.receivers(developer_id, event)
    services.simulation.emit(developer_id, event, data)
    value = {"event": event, "data": data, "webhooks": webhooks, "unknown_ids": unknown}
    return respond(200, value)


def list_deliveries(services: Services, context: RequestContext) -> Response:
    """List delivery attempts, newest first."""
    webhook_id: str | None = context.query.get("webhook_id")
    records = services.deliveries.log(
        services.developer_id(context),
        webhook_id=webhook_id and canonical_id(webhook_id),
        event=context.query.get("event"),
        verdict=context.query.get("verdict"),
        limit=context.query.get("limit", _DEFAULT_LIMIT),
    )
    return respond(200, {"data": [_attempt_json(record) for record in records]})


def get_delivery(services: Services, context: RequestContext) -> Response:
    """Return the newest attempt of one delivery."""
    record = services.deliveries.last(services.developer_id(context), _delivery_id(context))
    return respond(200, _attempt_json(record))


async def resend_delivery(services: Services, context: RequestContext) -> Response:
    """Post the same bytes again and return the attempt."""
    developer_id = services.developer_id(context)
    record = await services.deliveries.resend(developer_id, _delivery_id(context))
    return respond(200, _attempt_json(record))


def list_inbox(services: Services, context: RequestContext) -> Response:
    """List what an inbox received."""
    limit = context.query.get("limit", _DEFAULT_LIMIT)
    messages = services.inbox.messages(context.path["name"], limit=limit)
    data = [
        {
            "id": message.id,
            "received_at": stored_moment(message.received_at),
            "response_status": message.response_status,
            "headers": message.headers,
            "body": _text(message.body),
        }
        for message in messages
    ]
    return respond(200, {"data": data})


def clear_inbox(services: Services, context: RequestContext) -> Response:
    """Clear an inbox."""
    return respond(200, {"cleared": services.inbox.clear(context.path["name"])})


def _delivery_id(context: RequestContext) -> str:
    return canonical_id(context.path["delivery_id"])


def _attempt_json(record: DeliveryRecord) -> dict[str, object]:
    delivery, attempt = record.delivery, record.attempt
    return {
        "delivery_id": delivery.id,
        "notification_id": delivery.notification_id,
        "webhook_id": delivery.webhook_id,
        "event": delivery.event,
        "number": attempt.number,
        "at": stored_moment(attempt.started_at),
        "seconds": attempt.seconds,
        "url": attempt.url,
        "verdict": attempt.verdict.value,
        "detail": attempt.detail,
        "status": attempt.status,
        "request_headers": attempt.request_headers,
        "request_body": _text(delivery.body),
        "response_headers": attempt.response_headers,
        "response_body": _text(attempt.response_body),
    }


def _text(body: bytes) -> str:
    """Show bytes as text, whatever they are."""
    return body.decode("utf-8", errors="replace")


class _EventData:
    """The document's events, and data for them from a developer's world."""

    def __init__(self, document: Document, simulation: Simulation) -> None:
        self._simulation = simulation
        self._store = simulation.store
        self._examples = dict(_examples(document))

    def check(self, event: str) -> None:
        """Reject an event that the document does not know.

        Raises:
            ApiError: 400, with the closest name.
        """
        if event not in self._examples:
            message = f"There is no event {event!r}; {suggestion(event, self._examples)}"
            raise bad_request(message, "unknown_event")

    def plausible(
        self, developer_id: str, event: str, account_id: str | None
    ) -> tuple[dict[str, typing.Any], list[str]]:
        """Return data of ``event`` as the API would send it, and the keys whose ids lead nowhere.

        What the world has nothing for, such as the jobs of operations outside the document, is
        taken from the document's example.
        """
        data = dict(self._examples[event])
        found: dict[str, typing.Any] = {}
        account = None
        if "account_id" in data:
            account = self._account(developer_id, event, account_id)
        if account is not None:
            found |= {"account_id": account["id"], "user_id": account["user"]["id"]}
            profiles = self._ids(developer_id, "profile", account["id"])
            if "profile_id" in data and profiles:
                found["profile_id"] = profiles[0]
            items = self._items(developer_id, event, account["id"])
            if "items" in data and items:
                found["items"] = items
            if "last_updated_time" in data:
                data["last_updated_time"] = format_timestamp(self._simulation.now(developer_id))
        ids = {name for name in data if name.endswith("_id") or name == "items"}
        return data | found, sorted(ids - found.keys())

    def receivers(self, developer_id: str, event: str) -> list[str]:
        """Return the addresses of the active webhooks that ask for ``event``."""
        webhooks = self._resources(developer_id, "webhook", {}, 1_000_000)
        return [
            webhook["url"]
            for webhook in webhooks
            if webhook["is_active"] and event in webhook["events"]
        ]

    def _account(
        self, developer_id: str, event: str, account_id: str | None
    ) -> dict[str, typing.Any] | None:
        if account_id is not None:
            body = self._store.get(developer_id, "account", account_id)
            if body is None:
                message = f"There is no account {account_id!r}."
                raise not_found(message, "incorrect_account_id")
            account: dict[str, typing.Any] = orjson.loads(body)
            return account
        accounts = list(self._resources(developer_id, "account", {}, 100))
        connected = [each for each in accounts if each["status"] == "CONNECTED"]
        for kind in _KINDS.get(_family(event), ("profile",)):
            for each in connected:
                if self._ids(developer_id, kind, each["id"]):
                    return each
        return next(iter(connected or accounts), None)

    def _items(self, developer_id: str, event: str, account_id: str) -> list[str]:
        every = (
            self._ids(developer_id, kind, account_id) for kind in _KINDS.get(_family(event), ())
        )
        return next((ids for ids in every if ids), list[str]())

    def _ids(self, developer_id: str, kind: str, account_id: str) -> list[str]:
        equal = {Column.ACCOUNT_ID: account_id}
        return [each["id"] for each in self._resources(developer_id, kind, equal, _ITEMS)]

    def _resources(
        self, developer_id: str, kind: str, equal: Mapping[Column, str], limit: int
    ) -> Iterator[dict[str, typing.Any]]:
        selection = Selection(limit=limit, equal=equal)
        return map(orjson.loads, self._store.page(developer_id, kind, selection))


def _family(event: str) -> str:
    return event.partition(".")[0]


def _examples(document: Document) -> Iterator[tuple[str, dict[str, typing.Any]]]:
    """Yield each event of the document with an example of its data."""
    for schema in document.data.get("components", {}).get("schemas", {}).values():
        discriminator = schema.get("discriminator", {})
        if discriminator.get("propertyName") != "event":
            continue
        for event, reference in discriminator.get("mapping", {}).items():
            properties = document.resolve({"$ref": reference}).get("properties", {})
            yield event, properties.get("data", {}).get("example", {})
