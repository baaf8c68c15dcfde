# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``accounts.get``: GET /v1/accounts/{id}."""

from __future__ import annotations

from typing import Any

from ...client import Operation, Request
from ...models.account import Account
from ...types import json_object, path_segment

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(id: str) -> Request:
    """Return the request in the wire's own form."""
    return Request(
        "GET",
        "/v1/accounts/" + path_segment(id, "accounts.get: id"),
    )


def parse_response(data: Any) -> Account:
    """Make the result from the JSON of a success."""
    return Account.from_dict(json_object(data, "accounts.get", "Account"))


OPERATION: Operation[Account] = Operation(
    id="accounts.get",
    method="GET",
    path="/v1/accounts/{id}",
    success_status=200,
    parse_response=parse_response,
    retry_safe=True,
)
