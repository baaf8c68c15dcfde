# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``commerce_balances.get``: GET /v1/commerce/income/balances/{id}."""

from __future__ import annotations

from typing import Any

from ...client import Operation, Request
from ...models.balance import Balance
from ...types import json_object, path_segment

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(id: str) -> Request:
    """Return the request in the wire's own form."""
    return Request(
        "GET",
        "/v1/commerce/income/balances/" + path_segment(id, "commerce_balances.get: id"),
    )


def parse_response(data: Any) -> Balance:
    """Make the result from the JSON of a success."""
    return Balance.from_dict(json_object(data, "commerce_balances.get", "Balance"))


OPERATION: Operation[Balance] = Operation(
    id="commerce_balances.get",
    method="GET",
    path="/v1/commerce/income/balances/{id}",
    success_status=200,
    parse_response=parse_response,
    retry_safe=True,
)
