# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``contents.list``: GET /v1/social/contents."""

from __future__ import annotations

import datetime
from typing import Any

from ...client import OffsetPagination, PagedOperation, Request
from ...models.content import Content
from ...models.content_list import ContentList
from ...types import UNSET, Unset, json_object, query_text

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(
    *,
    account_id: str,
    from_date: datetime.date | None | Unset = UNSET,
    to_date: datetime.date | None | Unset = UNSET,
    filters: str | None | Unset = UNSET,
    limit: int | None | Unset = UNSET,
    offset: int | None | Unset = UNSET,
) -> Request:
    """Return the request in the wire's own form."""
    _query: dict[str, str] = {}
    _query["account_id"] = query_text(account_id, "contents.list: account_id", str)
    if from_date is not UNSET and from_date is not None:
        _query["from_date"] = query_text(from_date, "contents.list: from_date", datetime.date)
    if to_date is not UNSET and to_date is not None:
        _query["to_date"] = query_text(to_date, "contents.list: to_date", datetime.date)
    if filters is not UNSET and filters is not None:
        _query["filters"] = query_text(filters, "contents.list: filters", str)
    if limit is not UNSET and limit is not None:
        _query["limit"] = query_text(limit, "contents.list: limit", int)
    if offset is not UNSET and offset is not None:
        _query["offset"] = query_text(offset, "contents.list: offset", int)
    return Request(
        "GET",
        "/v1/social/contents",
        query=_query,
    )


def parse_response(data: Any) -> ContentList:
    """Make the result from the JSON of a success."""
    return ContentList.from_dict(json_object(data, "contents.list", "ContentList"))


def _items(page: ContentList) -> list[Content]:
    return page.data


OPERATION: PagedOperation[Content, ContentList] = PagedOperation(
    id="contents.list",
    method="GET",
    path="/v1/social/contents",
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
