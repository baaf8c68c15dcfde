# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``users.list``: GET /v1/users."""

from __future__ import annotations

from typing import Any

from ...client import OffsetPagination, PagedOperation, Request
from ...models.user import User
from ...models.user_list import UserList
from ...types import UNSET, Unset, json_object, query_text

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(
    *, limit: int | None | Unset = UNSET, offset: int | None | Unset = UNSET
) -> Request:
    """Return the request in the wire's own form."""
    _query: dict[str, str] = {}
    if limit is not UNSET and limit is not None:
        _query["limit"] = query_text(limit, "users.list: limit", int)
    if offset is not UNSET and offset is not None:
        _query["offset"] = query_text(offset, "users.list: offset", int)
    return Request(
        "GET",
        "/v1/users",
        query=_query,
    )


def parse_response(data: Any) -> UserList:
    """Make the result from the JSON of a success."""
    return UserList.from_dict(json_object(data, "users.list", "UserList"))


def _items(page: UserList) -> list[User]:
    return page.data


OPERATION: PagedOperation[User, UserList] = PagedOperation(
    id="users.list",
    method="GET",
    path="/v1/users",
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
