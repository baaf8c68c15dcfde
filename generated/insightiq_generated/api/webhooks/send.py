# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``webhooks.send``: POST /v1/webhooks/send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...client import Operation, Request
from ...models.webhook_send_payload import WebhookSendPayload
from ...types import Model, json_argument, json_object

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(*, payload: WebhookSendPayload) -> Request:
    """Return the request in the wire's own form."""
    _body: dict[str, Any] = {}
    _body["payload"] = json_argument(payload, "webhooks.send: payload", Model, Mapping)
    return Request(
        "POST",
        "/v1/webhooks/send",
        json=_body,
    )


def parse_response(data: Any) -> WebhookSendPayload:
    """Make the result from the JSON of a success."""
    return WebhookSendPayload.from_dict(json_object(data, "webhooks.send", "WebhookSendPayload"))


OPERATION: Operation[WebhookSendPayload] = Operation(
    id="webhooks.send",
    method="POST",
    path="/v1/webhooks/send",
    success_status=200,
    parse_response=parse_response,
    retry_safe=False,
)
