# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``commerce_transactions.get``: GET /v1/commerce/income/transactions/{id}."""

from __future__ import annotations

from typing import Any

from ...client import Operation, Request
from ...models.commerce_transaction import CommerceTransaction
from ...types import json_object, path_segment

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(id: str) -> Request:
    """Return the request in the wire's own form."""
    return Request(
        "GET",
        "/v1/commerce/income/transactions/" + path_segment(id, "commerce_transactions.get: id"),
    )


def parse_response(data: Any) -> CommerceTransaction:
    """Make the result from the JSON of a success."""
    return CommerceTransaction.from_dict(
        json_object(data, "commerce_transactions.get", "CommerceTransaction")
    )


OPERATION: Operation[CommerceTransaction] = Operation(
    id="commerce_transactions.get",
    method="GET",
    path="/v1/commerce/income/transactions/{id}",
    success_status=200,
    parse_response=parse_response,
    retry_safe=True,
)
