# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``accounts.disconnect``: POST /v1/accounts/{id}/disconnect."""

from __future__ import annotations

from typing import Any

from ...client import Operation, Request
from ...models.disconnected_account import DisconnectedAccount
from ...types import json_object, path_segment

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(id: str) -> Request:
    """Return the request in the wire's own form."""
    return Request(
        "POST",
        "/v1/accounts/" + path_segment(id, "accounts.disconnect: id") + "/disconnect",
    )


def parse_response(data: Any) -> DisconnectedAccount:
    """Make the result from the JSON of a success."""
    return DisconnectedAccount.from_dict(
        json_object(data, "accounts.disconnect", "DisconnectedAccount")
    )


OPERATION: Operation[DisconnectedAccount] = Operation(
    id="accounts.disconnect",
    method="POST",
    path="/v1/accounts/{id}/disconnect",
    success_status=200,
    parse_response=parse_response,
    retry_safe=False,
)
