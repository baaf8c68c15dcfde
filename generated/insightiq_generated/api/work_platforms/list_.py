# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``work_platforms.list``: GET /v1/work-platforms."""

from __future__ import annotations

from typing import Any

from ...client import OffsetPagination, PagedOperation, Request
from ...models.work_platform import WorkPlatform
from ...models.work_platform_list import WorkPlatformList
from ...types import UNSET, Unset, json_object, query_text

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(
    *,
    name: str | None | Unset = UNSET,
    limit: int | None | Unset = UNSET,
    offset: int | None | Unset = UNSET,
) -> Request:
    """Return the request in the wire's own form."""
    _query: dict[str, str] = {}
    if name is not UNSET and name is not None:
        _query["name"] = query_text(name, "work_platforms.list: name", str)
    if limit is not UNSET and limit is not None:
        _query["limit"] = query_text(limit, "work_platforms.list: limit", int)
    if offset is not UNSET and offset is not None:
        _query["offset"] = query_text(offset, "work_platforms.list: offset", int)
    return Request(
        "GET",
        "/v1/work-platforms",
        query=_query,
    )


def parse_response(data: Any) -> WorkPlatformList:
    """Make the result from the JSON of a success."""
    return WorkPlatformList.from_dict(json_object(data, "work_platforms.list", "WorkPlatformList"))


def _items(page: WorkPlatformList) -> list[WorkPlatform]:
    return page.data


OPERATION: PagedOperation[WorkPlatform, WorkPlatformList] = PagedOperation(
    id="work_platforms.list",
    method="GET",
    path="/v1/work-platforms",
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
