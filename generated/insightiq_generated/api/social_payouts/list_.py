# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``social_payouts.list``: GET /v1/social/income/payouts."""

from __future__ import annotations

import datetime
from typing import Any

from ...client import OffsetPagination, PagedOperation, Request
from ...models.payout import Payout
from ...models.payout_list import PayoutList
from ...types import UNSET, Unset, format_date, json_object, query_text

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(
    *,
    account_id: str,
    payout_from_date: datetime.date,
    payout_to_date: datetime.date,
    type: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
) -> Request:
    """Return the request in the wire's own form."""
    _query: dict[str, str] = {}
    _query["account_id"] = query_text(account_id)
    _query["payout_from_date"] = format_date(payout_from_date)
    _query["payout_to_date"] = format_date(payout_to_date)
    if type is not UNSET:
        _query["type"] = query_text(type)
    if limit is not UNSET:
        _query["limit"] = query_text(limit)
    if offset is not UNSET:
        _query["offset"] = query_text(offset)
    return Request(
        "GET",
        "/v1/social/income/payouts",
        query=_query,
    )


def parse_response(data: Any) -> PayoutList:
    """Make the result from the JSON of a success."""
    return PayoutList.from_dict(json_object(data, "social_payouts.list", "PayoutList"))


def _items(page: PayoutList) -> list[Payout]:
    return page.data


OPERATION: PagedOperation[Payout, PayoutList] = PagedOperation(
    id="social_payouts.list",
    method="GET",
    path="/v1/social/income/payouts",
    success_status=200,
    parse_response=parse_response,
    retry_safe=True,
    pagination=OffsetPagination(
        offset="offset",
        limit="limit",
        items="data",
        maximum=100,
        default=10,
        applied_limit=("metadata", "limit"),
    ),
    items=_items,
)
