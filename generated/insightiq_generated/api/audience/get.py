# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``audience.get``: GET /v1/audience."""

from __future__ import annotations

from typing import Any

from ...client import Operation, Request
from ...models.audience import Audience
from ...types import json_object, query_text

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(*, account_id: str) -> Request:
    """Return the request in the wire's own form."""
    _query: dict[str, str] = {}
    _query["account_id"] = query_text(account_id, "audience.get: account_id", str)
    return Request(
        "GET",
        "/v1/audience",
        query=_query,
    )


def parse_response(data: Any) -> Audience:
    """Make the result from the JSON of a success."""
    return Audience.from_dict(json_object(data, "audience.get", "Audience"))


OPERATION: Operation[Audience] = Operation(
    id="audience.get",
    method="GET",
    path="/v1/audience",
    success_status=200,
    parse_response=parse_response,
    retry_safe=True,
)
