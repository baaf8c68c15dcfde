# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``comments.list``: GET /v1/social/comments."""

from __future__ import annotations

import datetime
from typing import Any

from ...client import OffsetPagination, PagedOperation, Request
from ...models.comment import Comment
from ...models.comment_list import CommentList
from ...types import UNSET, Unset, json_object, query_text

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(
    *,
    account_id: str,
    content_id: str,
    from_date: datetime.date | None | Unset = UNSET,
    to_date: datetime.date | None | Unset = UNSET,
    filters: str | None | Unset = UNSET,
    limit: int | None | Unset = UNSET,
    offset: int | None | Unset = UNSET,
) -> Request:
    """Return the request in the wire's own form."""
    _query: dict[str, str] = {}
    _query["account_id"] = query_text(account_id, "comments.list: account_id", str)
    _query["content_id"] = query_text(content_id, "comments.list: content_id", str)
    if from_date is not UNSET and from_date is not None:
        _query["from_date"] = query_text(from_date, "comments.list: from_date", datetime.date)
    if to_date is not UNSET and to_date is not None:
        _query["to_date"] = query_text(to_date, "comments.list: to_date", datetime.date)
    if filters is not UNSET and filters is not None:
        _query["filters"] = query_text(filters, "comments.list: filters", str)
    if limit is not UNSET and limit is not None:
        _query["limit"] = query_text(limit, "comments.list: limit", int)
    if offset is not UNSET and offset is not None:
        _query["offset"] = query_text(offset, "comments.list: offset", int)
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
        applied_limit=(
            "metadata",
            "limit",
        ),
    ),
    items=_items,
)
