# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``webhooks.create``: POST /v1/webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...client import Operation, Request
from ...models.webhook import Webhook
from ...models.webhook_event import WebhookEvent, WebhookEventText
from ...types import UNSET, Unset, json_argument, json_object

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(
    *, url: str, events: Sequence[WebhookEvent | WebhookEventText], name: str | None | Unset = UNSET
) -> Request:
    """Return the request in the wire's own form."""
    _body: dict[str, Any] = {}
    _body["url"] = json_argument(url, "webhooks.create: url", str)
    _body["events"] = json_argument(events, "webhooks.create: events", list, tuple)
    if name is not UNSET and name is not None:
        _body["name"] = json_argument(name, "webhooks.create: name", str)
    return Request(
        "POST",
        "/v1/webhooks",
        json=_body,
    )


def parse_response(data: Any) -> Webhook:
    """Make the result from the JSON of a success."""
    return Webhook.from_dict(json_object(data, "webhooks.create", "Webhook"))


OPERATION: Operation[Webhook] = Operation(
    id="webhooks.create",
    method="POST",
    path="/v1/webhooks",
    success_status=201,
    parse_response=parse_response,
    retry_safe=False,
)
