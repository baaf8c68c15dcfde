# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``social_payouts.list``: GET /v1/social/income/payouts."""

from __future__ import annotations

import datetime
from typing import Any

from ...client import OffsetPagination, PagedOperation, Request
from ...models.payout import Payout
from ...models.payout_list import PayoutList
from ...types import UNSET, Unset, json_object, query_text

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(
    *,
    account_id: str,
    payout_from_date: datetime.date,
    payout_to_date: datetime.date,
    type: str | None | Unset = UNSET,
    limit: int | None | Unset = UNSET,
    offset: int | None | Unset = UNSET,
) -> Request:
    """Return the request in the wire's own form."""
    _query: dict[str, str] = {}
    _query["account_id"] = query_text(account_id, "social_payouts.list: account_id", str)
    _query["payout_from_date"] = query_text(
        payout_from_date, "social_payouts.list: payout_from_date", datetime.date
    )
    _query["payout_to_date"] = query_text(
        payout_to_date, "social_payouts.list: payout_to_date", datetime.date
    )
    if type is not UNSET and type is not None:
        _query["type"] = query_text(type, "social_payouts.list: type", str)
    if limit is not UNSET and limit is not None:
        _query["limit"] = query_text(limit, "social_payouts.list: limit", int)
    if offset is not UNSET and offset is not None:
        _query["offset"] = query_text(offset, "social_payouts.list: offset", int)
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
        applied_limit=(
            "metadata",
            "limit",
        ),
    ),
    items=_items,
)
