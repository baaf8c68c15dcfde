# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``webhooks.delete``: DELETE /v1/webhooks/{id}."""

from __future__ import annotations

from typing import Any

from ...client import Operation, Request
from ...types import path_segment

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(id: str) -> Request:
    """Return the request in the wire's own form."""
    return Request(
        "DELETE",
        "/v1/webhooks/" + path_segment(id, "webhooks.delete: id"),
    )


def parse_response(data: Any) -> None:
    """A success has no body."""


OPERATION: Operation[None] = Operation(
    id="webhooks.delete",
    method="DELETE",
    path="/v1/webhooks/{id}",
    success_status=204,
    parse_response=parse_response,
    retry_safe=True,
)
