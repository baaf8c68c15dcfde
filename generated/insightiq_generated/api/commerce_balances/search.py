# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``commerce_balances.search``: POST /v1/commerce/income/balances/search."""

from __future__ import annotations

from typing import Any

from ...client import Bulk, BulkOperation, Request
from ...models.balance import Balance
from ...models.balance_search_result import BalanceSearchResult
from ...types import json_argument, json_object

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(*, ids: list[str]) -> Request:
    """Return the request in the wire's own form."""
    _body: dict[str, Any] = {}
    _body["ids"] = json_argument(ids, "commerce_balances.search: ids", list, tuple)
    return Request(
        "POST",
        "/v1/commerce/income/balances/search",
        json=_body,
    )


def parse_response(data: Any) -> BalanceSearchResult:
    """Make the result from the JSON of a success."""
    return BalanceSearchResult.from_dict(
        json_object(data, "commerce_balances.search", "BalanceSearchResult")
    )


def _items(page: BalanceSearchResult) -> list[Balance]:
    return page.data


OPERATION: BulkOperation[Balance, BalanceSearchResult] = BulkOperation(
    id="commerce_balances.search",
    method="POST",
    path="/v1/commerce/income/balances/search",
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
