# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``profiles.list``: GET /v1/profiles."""

from __future__ import annotations

from typing import Any

from ...client import OffsetPagination, PagedOperation, Request
from ...models.profile import Profile
from ...models.profile_list import ProfileList
from ...types import UNSET, Unset, json_object, query_text

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(
    *,
    account_id: str | None | Unset = UNSET,
    user_id: str | None | Unset = UNSET,
    work_platform_id: str | None | Unset = UNSET,
    limit: int | None | Unset = UNSET,
    offset: int | None | Unset = UNSET,
) -> Request:
    """Return the request in the wire's own form."""
    _query: dict[str, str] = {}
    if account_id is not UNSET and account_id is not None:
        _query["account_id"] = query_text(account_id, "profiles.list: account_id", str)
    if user_id is not UNSET and user_id is not None:
        _query["user_id"] = query_text(user_id, "profiles.list: user_id", str)
    if work_platform_id is not UNSET and work_platform_id is not None:
        _query["work_platform_id"] = query_text(
            work_platform_id, "profiles.list: work_platform_id", str
        )
    if limit is not UNSET and limit is not None:
        _query["limit"] = query_text(limit, "profiles.list: limit", int)
    if offset is not UNSET and offset is not None:
        _query["offset"] = query_text(offset, "profiles.list: offset", int)
    return Request(
        "GET",
        "/v1/profiles",
        query=_query,
    )


def parse_response(data: Any) -> ProfileList:
    """Make the result from the JSON of a success."""
    return ProfileList.from_dict(json_object(data, "profiles.list", "ProfileList"))


def _items(page: ProfileList) -> list[Profile]:
    return page.data


OPERATION: PagedOperation[Profile, ProfileList] = PagedOperation(
    id="profiles.list",
    method="GET",
    path="/v1/profiles",
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
