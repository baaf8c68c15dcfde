# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``webhooks.get``: GET /v1/webhooks/{id}."""

from __future__ import annotations

from typing import Any

from ...client import Operation, Request
from ...models.webhook import Webhook
from ...types import json_object, path_segment

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(id: str) -> Request:
    """Return the request in the wire's own form."""
    return Request(
        "GET",
        "/v1/webhooks/" + path_segment(id, "webhooks.get: id"),
    )


def parse_response(data: Any) -> Webhook:
    """Make the result from the JSON of a success."""
    return Webhook.from_dict(json_object(data, "webhooks.get", "Webhook"))


OPERATION: Operation[Webhook] = Operation(
    id="webhooks.get",
    method="GET",
    path="/v1/webhooks/{id}",
    success_status=200,
    parse_response=parse_response,
    retry_safe=True,
)
