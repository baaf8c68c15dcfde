# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``social_transactions.search``: POST /v1/social/income/transactions/search."""

from __future__ import annotations

from typing import Any

from ...client import Bulk, BulkOperation, Request
from ...models.social_transaction import SocialTransaction
from ...models.social_transaction_search_result import SocialTransactionSearchResult
from ...types import json_argument, json_object

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(*, ids: list[str]) -> Request:
    """Return the request in the wire's own form."""
    _body: dict[str, Any] = {}
    _body["ids"] = json_argument(ids, "social_transactions.search: ids", list, tuple)
    return Request(
        "POST",
        "/v1/social/income/transactions/search",
        json=_body,
    )


def parse_response(data: Any) -> SocialTransactionSearchResult:
    """Make the result from the JSON of a success."""
    return SocialTransactionSearchResult.from_dict(
        json_object(data, "social_transactions.search", "SocialTransactionSearchResult")
    )


def _items(page: SocialTransactionSearchResult) -> list[SocialTransaction]:
    return page.data


OPERATION: BulkOperation[SocialTransaction, SocialTransactionSearchResult] = BulkOperation(
    id="social_transactions.search",
    method="POST",
    path="/v1/social/income/transactions/search",
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
