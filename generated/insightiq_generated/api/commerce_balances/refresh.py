# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``commerce_balances.refresh``: POST /v1/commerce/income/balances/refresh."""

from __future__ import annotations

from typing import Any

from ...client import Operation, Request
from ...models.refresh_accepted import RefreshAccepted
from ...types import json_argument, json_object

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(*, account_id: str) -> Request:
    """Return the request in the wire's own form."""
    _body: dict[str, Any] = {}
    _body["account_id"] = json_argument(account_id, "commerce_balances.refresh: account_id", str)
    return Request(
        "POST",
        "/v1/commerce/income/balances/refresh",
        json=_body,
    )


def parse_response(data: Any) -> RefreshAccepted:
    """Make the result from the JSON of a success."""
    return RefreshAccepted.from_dict(
        json_object(data, "commerce_balances.refresh", "RefreshAccepted")
    )


OPERATION: Operation[RefreshAccepted] = Operation(
    id="commerce_balances.refresh",
    method="POST",
    path="/v1/commerce/income/balances/refresh",
    success_status=202,
    parse_response=parse_response,
    retry_safe=True,
)
