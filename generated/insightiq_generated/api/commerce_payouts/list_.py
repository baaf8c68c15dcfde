# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``commerce_payouts.list``: GET /v1/commerce/income/payouts."""

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
    limit: int | None | Unset = UNSET,
    offset: int | None | Unset = UNSET,
) -> Request:
    """Return the request in the wire's own form."""
    _query: dict[str, str] = {}
    _query["account_id"] = query_text(account_id, "commerce_payouts.list: account_id", str)
    _query["payout_from_date"] = query_text(
        payout_from_date, "commerce_payouts.list: payout_from_date", datetime.date
    )
    _query["payout_to_date"] = query_text(
        payout_to_date, "commerce_payouts.list: payout_to_date", datetime.date
    )
    if limit is not UNSET and limit is not None:
        _query["limit"] = query_text(limit, "commerce_payouts.list: limit", int)
    if offset is not UNSET and offset is not None:
        _query["offset"] = query_text(offset, "commerce_payouts.list: offset", int)
    return Request(
        "GET",
        "/v1/commerce/income/payouts",
        query=_query,
    )


def parse_response(data: Any) -> PayoutList:
    """Make the result from the JSON of a success."""
    return PayoutList.from_dict(json_object(data, "commerce_payouts.list", "PayoutList"))


def _items(page: PayoutList) -> list[Payout]:
    return page.data


OPERATION: PagedOperation[Payout, PayoutList] = PagedOperation(
    id="commerce_payouts.list",
    method="GET",
    path="/v1/commerce/income/payouts",
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
