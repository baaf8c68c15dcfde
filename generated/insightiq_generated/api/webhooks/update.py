# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``webhooks.update``: PUT /v1/webhooks/{id}."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...client import Operation, Request
from ...models.webhook import Webhook
from ...models.webhook_event import WebhookEvent, WebhookEventText
from ...types import UNSET, Unset, json_argument, json_object, path_segment

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(
    id: str,
    *,
    url: str,
    events: Sequence[WebhookEvent | WebhookEventText],
    name: str | None | Unset = UNSET,
    is_active: bool | None | Unset = UNSET,
) -> Request:
    """Return the request in the wire's own form."""
    _body: dict[str, Any] = {}
    _body["url"] = json_argument(url, "webhooks.update: url", str)
    _body["events"] = json_argument(events, "webhooks.update: events", list, tuple)
    if name is not UNSET and name is not None:
        _body["name"] = json_argument(name, "webhooks.update: name", str)
    if is_active is not UNSET and is_active is not None:
        _body["is_active"] = json_argument(is_active, "webhooks.update: is_active", bool)
    return Request(
        "PUT",
        "/v1/webhooks/" + path_segment(id, "webhooks.update: id"),
        json=_body,
    )


def parse_response(data: Any) -> Webhook:
    """Make the result from the JSON of a success."""
    return Webhook.from_dict(json_object(data, "webhooks.update", "Webhook"))


OPERATION: Operation[Webhook] = Operation(
    id="webhooks.update",
    method="PUT",
    path="/v1/webhooks/{id}",
    success_status=200,
    parse_response=parse_response,
    retry_safe=True,
)
