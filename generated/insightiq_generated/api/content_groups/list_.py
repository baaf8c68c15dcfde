# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``content_groups.list``: GET /v1/social/content-groups."""

from __future__ import annotations

import datetime
from typing import Any

from ...client import OffsetPagination, PagedOperation, Request
from ...models.content_group import ContentGroup
from ...models.content_group_list import ContentGroupList
from ...types import UNSET, Unset, format_date, json_object, query_text

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(
    *,
    account_id: str,
    from_date: datetime.date | Unset = UNSET,
    to_date: datetime.date | Unset = UNSET,
    filters: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
) -> Request:
    """Return the request in the wire's own form."""
    _query: dict[str, str] = {}
    _query["account_id"] = query_text(account_id)
    if from_date is not UNSET:
        _query["from_date"] = format_date(from_date)
    if to_date is not UNSET:
        _query["to_date"] = format_date(to_date)
    if filters is not UNSET:
        _query["filters"] = query_text(filters)
    if limit is not UNSET:
        _query["limit"] = query_text(limit)
    if offset is not UNSET:
        _query["offset"] = query_text(offset)
    return Request(
        "GET",
        "/v1/social/content-groups",
        query=_query,
    )


def parse_response(data: Any) -> ContentGroupList:
    """Make the result from the JSON of a success."""
    return ContentGroupList.from_dict(json_object(data, "content_groups.list", "ContentGroupList"))


def _items(page: ContentGroupList) -> list[ContentGroup]:
    return page.data


OPERATION: PagedOperation[ContentGroup, ContentGroupList] = PagedOperation(
    id="content_groups.list",
    method="GET",
    path="/v1/social/content-groups",
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
