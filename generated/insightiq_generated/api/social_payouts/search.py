# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``social_payouts.search``: POST /v1/social/income/payouts/search."""

from __future__ import annotations

from typing import Any

from ...client import Bulk, BulkOperation, Request
from ...models.payout import Payout
from ...models.payout_search_result import PayoutSearchResult
from ...types import json_argument, json_object

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(*, ids: list[str]) -> Request:
    """Return the request in the wire's own form."""
    _body: dict[str, Any] = {}
    _body["ids"] = json_argument(ids, "social_payouts.search: ids", list, tuple)
    return Request(
        "POST",
        "/v1/social/income/payouts/search",
        json=_body,
    )


def parse_response(data: Any) -> PayoutSearchResult:
    """Make the result from the JSON of a success."""
    return PayoutSearchResult.from_dict(
        json_object(data, "social_payouts.search", "PayoutSearchResult")
    )


def _items(page: PayoutSearchResult) -> list[Payout]:
    return page.data


OPERATION: BulkOperation[Payout, PayoutSearchResult] = BulkOperation(
    id="social_payouts.search",
    method="POST",
    path="/v1/social/income/payouts/search",
    success_status=200,
    parse_response=parse_response,
    retry_safe=True,
    bulk=Bulk(
        parameter="ids",
        items="data",
        maximum=100,
    ),
    items=_items,
)
