# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``social_transactions.get``: GET /v1/social/income/transactions/{id}."""

from __future__ import annotations

from typing import Any

from ...client import Operation, Request
from ...models.social_transaction import SocialTransaction
from ...types import json_object, path_segment

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(id: str) -> Request:
    """Return the request in the wire's own form."""
    return Request(
        "GET",
        "/v1/social/income/transactions/" + path_segment(id, "social_transactions.get: id"),
    )


def parse_response(data: Any) -> SocialTransaction:
    """Make the result from the JSON of a success."""
    return SocialTransaction.from_dict(
        json_object(data, "social_transactions.get", "SocialTransaction")
    )


OPERATION: Operation[SocialTransaction] = Operation(
    id="social_transactions.get",
    method="GET",
    path="/v1/social/income/transactions/{id}",
    success_status=200,
    parse_response=parse_response,
    retry_safe=True,
)
