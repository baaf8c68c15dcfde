# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``commerce_balances.list``: GET /v1/commerce/income/balances."""

from __future__ import annotations

import datetime
from typing import Any

from ...client import OffsetPagination, PagedOperation, Request
from ...models.balance import Balance
from ...models.balance_list import BalanceList
from ...types import UNSET, Unset, json_object, query_text

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(
    *,
    account_id: str,
    balance_from_date: datetime.date,
    balance_to_date: datetime.date,
    limit: int | None | Unset = UNSET,
    offset: int | None | Unset = UNSET,
) -> Request:
    """Return the request in the wire's own form."""
    _query: dict[str, str] = {}
    _query["account_id"] = query_text(account_id, "commerce_balances.list: account_id", str)
    _query["balance_from_date"] = query_text(
        balance_from_date, "commerce_balances.list: balance_from_date", datetime.date
    )
    _query["balance_to_date"] = query_text(
        balance_to_date, "commerce_balances.list: balance_to_date", datetime.date
    )
    if limit is not UNSET and limit is not None:
        _query["limit"] = query_text(limit, "commerce_balances.list: limit", int)
    if offset is not UNSET and offset is not None:
        _query["offset"] = query_text(offset, "commerce_balances.list: offset", int)
    return Request(
        "GET",
        "/v1/commerce/income/balances",
        query=_query,
    )


def parse_response(data: Any) -> BalanceList:
    """Make the result from the JSON of a success."""
    return BalanceList.from_dict(json_object(data, "commerce_balances.list", "BalanceList"))


def _items(page: BalanceList) -> list[Balance]:
    return page.data


OPERATION: PagedOperation[Balance, BalanceList] = PagedOperation(
    id="commerce_balances.list",
    method="GET",
    path="/v1/commerce/income/balances",
    success_status=200,
    parse_response=parse_response,
    retry_safe=True,
    pagination=OffsetPagination(
        offset="offset",
        limit="limit",
        items="data",
        maximum=100,
        default=10,
        applied_limit=(
            "metadata",
            "limit",
        ),
    ),
    items=_items,
)
