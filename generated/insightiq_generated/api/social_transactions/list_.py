# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``social_transactions.list``: GET /v1/social/income/transactions."""

from __future__ import annotations

import datetime
from typing import Any

from ...client import OffsetPagination, PagedOperation, Request
from ...models.social_transaction import SocialTransaction
from ...models.social_transaction_list import SocialTransactionList
from ...models.social_transaction_type import SocialTransactionType, SocialTransactionTypeText
from ...types import UNSET, Unset, json_object, query_text

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(
    *,
    account_id: str,
    transaction_from_date: datetime.date,
    transaction_to_date: datetime.date,
    type: SocialTransactionType | SocialTransactionTypeText | None | Unset = UNSET,
    limit: int | None | Unset = UNSET,
    offset: int | None | Unset = UNSET,
) -> Request:
    """Return the request in the wire's own form."""
    _query: dict[str, str] = {}
    _query["account_id"] = query_text(account_id, "social_transactions.list: account_id", str)
    _query["transaction_from_date"] = query_text(
        transaction_from_date, "social_transactions.list: transaction_from_date", datetime.date
    )
    _query["transaction_to_date"] = query_text(
        transaction_to_date, "social_transactions.list: transaction_to_date", datetime.date
    )
    if type is not UNSET and type is not None:
        _query["type"] = query_text(type, "social_transactions.list: type", str)
    if limit is not UNSET and limit is not None:
        _query["limit"] = query_text(limit, "social_transactions.list: limit", int)
    if offset is not UNSET and offset is not None:
        _query["offset"] = query_text(offset, "social_transactions.list: offset", int)
    return Request(
        "GET",
        "/v1/social/income/transactions",
        query=_query,
    )


def parse_response(data: Any) -> SocialTransactionList:
    """Make the result from the JSON of a success."""
    return SocialTransactionList.from_dict(
        json_object(data, "social_transactions.list", "SocialTransactionList")
    )


def _items(page: SocialTransactionList) -> list[SocialTransaction]:
    return page.data


OPERATION: PagedOperation[SocialTransaction, SocialTransactionList] = PagedOperation(
    id="social_transactions.list",
    method="GET",
    path="/v1/social/income/transactions",
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
