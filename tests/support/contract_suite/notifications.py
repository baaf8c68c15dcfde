"""The webhooks of a developer of the mock, and the log of their deliveries."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

from document_views import Document, Schema

from contract_suite.servers import Server
from insightiq import InsightIQ, models
from insightiq_mock.control import Delivery

__all__ = ["Notifications", "event_schemas", "signatures", "signed"]


class Notifications:
    """The webhooks of one developer, with receivers, and the log of their deliveries."""

    def __init__(self, server: Server, iq: InsightIQ) -> None:
        self._server = server
        self._iq = iq

    def url(self, name: str) -> str:
        """Return the address of a receiver that responds with 200."""
        tenant = self._server.tenant
        if tenant is None:
            return f"{self._server.base_url}/_mock/inbox/{name}"
        return tenant.receiver(name=name).url

    def subscribe(self, events: Iterable[str], name: str = "receiver") -> models.Webhook:
        """Create a webhook with a receiver of that name."""
        wanted = [models.WebhookEvent(event) for event in events]
        return self._iq.webhooks.create(url=self.url(name), events=wanted, name=name)

    def attempts(self, hook: models.Webhook | None = None) -> list[Delivery]:
        """Return all delivery attempts so far, the oldest first."""
        assert self._server.control is not None
        webhook_id = None if hook is None else hook.id
        return self._server.control.deliveries(limit=1000, webhook_id=webhook_id)[::-1]

    def delivered(
        self, hook: models.Webhook, account_id: str | None = None
    ) -> list[tuple[str, Any]]:
        """Return the delivered events with their payloads; with ``account_id``, of that account."""
        found = [
            (each.event, json.loads(each.request_body))
            for each in self.attempts(hook)
            if each.delivered
        ]
        return [each for each in found if account_id in {None, each[1]["data"].get("account_id")}]


def event_schemas(document: Document) -> dict[str, Schema]:
    """Return the schema of each event's notification, by the name of the event."""
    for schema in document["components"]["schemas"].values():
        discriminator = schema.get("discriminator", {})
        if discriminator.get("propertyName") == "event" and (
            mapping := discriminator.get("mapping")
        ):
            return {name: {"$ref": target} for name, target in mapping.items()}
    return {}


def signatures(delivery: Delivery) -> list[str]:
    """Return the signatures that a delivery carries."""
    values = [
        value for name, value in delivery.request_headers if name.lower() == "webhook-signatures"
    ]
    return [part.strip() for value in values for part in value.split(",")]


def signed(delivery: Delivery, secret: str) -> str:
    """Return the signature that a delivery has to carry for a secret."""
    return hmac.new(secret.encode(), delivery.request_body.encode(), hashlib.sha256).hexdigest()
