# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``commerce_transactions.list``: GET /v1/commerce/income/transactions."""

from __future__ import annotations

import datetime
from typing import Any

from ...client import OffsetPagination, PagedOperation, Request
from ...models.commerce_transaction import CommerceTransaction
from ...models.commerce_transaction_list import CommerceTransactionList
from ...models.commerce_transaction_type import CommerceTransactionType, CommerceTransactionTypeText
from ...types import UNSET, Unset, json_object, query_text

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(
    *,
    account_id: str,
    transaction_from_date: datetime.date,
    transaction_to_date: datetime.date,
    type: CommerceTransactionType | CommerceTransactionTypeText | None | Unset = UNSET,
    limit: int | None | Unset = UNSET,
    offset: int | None | Unset = UNSET,
) -> Request:
    """Return the request in the wire's own form."""
    _query: dict[str, str] = {}
    _query["account_id"] = query_text(account_id, "commerce_transactions.list: account_id", str)
    _query["transaction_from_date"] = query_text(
        transaction_from_date, "commerce_transactions.list: transaction_from_date", datetime.date
    )
    _query["transaction_to_date"] = query_text(
        transaction_to_date, "commerce_transactions.list: transaction_to_date", datetime.date
    )
    if type is not UNSET and type is not None:
        _query["type"] = query_text(type, "commerce_transactions.list: type", str)
    if limit is not UNSET and limit is not None:
        _query["limit"] = query_text(limit, "commerce_transactions.list: limit", int)
    if offset is not UNSET and offset is not None:
        _query["offset"] = query_text(offset, "commerce_transactions.list: offset", int)
    return Request(
        "GET",
        "/v1/commerce/income/transactions",
        query=_query,
    )


def parse_response(data: Any) -> CommerceTransactionList:
    """Make the result from the JSON of a success."""
    return CommerceTransactionList.from_dict(
        json_object(data, "commerce_transactions.list", "CommerceTransactionList")
    )


def _items(page: CommerceTransactionList) -> list[CommerceTransaction]:
    return page.data


OPERATION: PagedOperation[CommerceTransaction, CommerceTransactionList] = PagedOperation(
    id="commerce_transactions.list",
    method="GET",
    path="/v1/commerce/income/transactions",
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
