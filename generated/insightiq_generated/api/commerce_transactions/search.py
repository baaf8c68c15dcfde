# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``commerce_transactions.search``: POST /v1/commerce/income/transactions/search."""

from __future__ import annotations

from typing import Any

from ...client import Bulk, BulkOperation, Request
from ...models.commerce_transaction import CommerceTransaction
from ...models.commerce_transaction_search_result import CommerceTransactionSearchResult
from ...types import json_argument, json_object

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(*, ids: list[str]) -> Request:
    """Return the request in the wire's own form."""
    _body: dict[str, Any] = {}
    _body["ids"] = json_argument(ids, "commerce_transactions.search: ids", list, tuple)
    return Request(
        "POST",
        "/v1/commerce/income/transactions/search",
        json=_body,
    )


def parse_response(data: Any) -> CommerceTransactionSearchResult:
    """Make the result from the JSON of a success."""
    return CommerceTransactionSearchResult.from_dict(
        json_object(data, "commerce_transactions.search", "CommerceTransactionSearchResult")
    )


def _items(page: CommerceTransactionSearchResult) -> list[CommerceTransaction]:
    return page.data


OPERATION: BulkOperation[CommerceTransaction, CommerceTransactionSearchResult] = BulkOperation(
    id="commerce_transactions.search",
    method="POST",
    path="/v1/commerce/income/transactions/search",
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
