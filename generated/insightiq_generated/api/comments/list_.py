# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``comments.list``: GET /v1/social/comments."""

from __future__ import annotations

import datetime
from typing import Any

from ...client import OffsetPagination, PagedOperation, Request
from ...models.comment import Comment
from ...models.comment_list import CommentList
from ...types import UNSET, Unset, format_date, json_object, query_text

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(
    *,
    account_id: str,
    content_id: str,
    from_date: datetime.date | Unset = UNSET,
    to_date: datetime.date | Unset = UNSET,
    filters: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
) -> Request:
    """Return the request in the wire's own form."""
    _query: dict[str, str] = {}
    _query["account_id"] = query_text(account_id)
    _query["content_id"] = query_text(content_id)
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
        "/v1/social/comments",
        query=_query,
    )


def parse_response(data: Any) -> CommentList:
    """Make the result from the JSON of a success."""
    return CommentList.from_dict(json_object(data, "comments.list", "CommentList"))


def _items(page: CommentList) -> list[Comment]:
    return page.data


OPERATION: PagedOperation[Comment, CommentList] = PagedOperation(
    id="comments.list",
    method="GET",
    path="/v1/social/comments",
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
