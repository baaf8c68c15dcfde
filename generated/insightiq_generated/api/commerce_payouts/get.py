# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``commerce_payouts.get``: GET /v1/commerce/income/payouts/{id}."""

from __future__ import annotations

from typing import Any

from ...client import Operation, Request
from ...models.payout import Payout
from ...types import json_object, path_segment

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(id: str) -> Request:
    """Return the request in the wire's own form."""
    return Request(
        "GET",
        "/v1/commerce/income/payouts/" + path_segment(id, "commerce_payouts.get: id"),
    )


def parse_response(data: Any) -> Payout:
    """Make the result from the JSON of a success."""
    return Payout.from_dict(json_object(data, "commerce_payouts.get", "Payout"))


OPERATION: Operation[Payout] = Operation(
    id="commerce_payouts.get",
    method="GET",
    path="/v1/commerce/income/payouts/{id}",
    success_status=200,
    parse_response=parse_response,
    retry_safe=True,
)
