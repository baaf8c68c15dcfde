# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``content_groups.list``: GET /v1/social/content-groups."""

from __future__ import annotations

import datetime
from typing import Any

from ...client import OffsetPagination, PagedOperation, Request
from ...models.content_group import ContentGroup
from ...models.content_group_list import ContentGroupList
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
    _query["account_id"] = query_text(account_id, "content_groups.list: account_id", str)
    if from_date is not UNSET and from_date is not None:
        _query["from_date"] = query_text(from_date, "content_groups.list: from_date", datetime.date)
    if to_date is not UNSET and to_date is not None:
        _query["to_date"] = query_text(to_date, "content_groups.list: to_date", datetime.date)
    if filters is not UNSET and filters is not None:
        _query["filters"] = query_text(filters, "content_groups.list: filters", str)
    if limit is not UNSET and limit is not None:
        _query["limit"] = query_text(limit, "content_groups.list: limit", int)
    if offset is not UNSET and offset is not None:
        _query["offset"] = query_text(offset, "content_groups.list: offset", int)
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
        applied_limit=(
            "metadata",
            "limit",
        ),
    ),
    items=_items,
)
