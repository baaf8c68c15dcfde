# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``content_groups.search``: POST /v1/social/content-groups/search."""

from __future__ import annotations

from typing import Any

from ...client import Bulk, BulkOperation, Request
from ...models.content_group import ContentGroup
from ...models.content_group_search_result import ContentGroupSearchResult
from ...types import json_argument, json_object

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(*, ids: list[str]) -> Request:
    """Return the request in the wire's own form."""
    _body: dict[str, Any] = {}
    _body["ids"] = json_argument(ids, "content_groups.search: ids", list, tuple)
    return Request(
        "POST",
        "/v1/social/content-groups/search",
        json=_body,
    )


def parse_response(data: Any) -> ContentGroupSearchResult:
    """Make the result from the JSON of a success."""
    return ContentGroupSearchResult.from_dict(
        json_object(data, "content_groups.search", "ContentGroupSearchResult")
    )


def _items(page: ContentGroupSearchResult) -> list[ContentGroup]:
    return page.data


OPERATION: BulkOperation[ContentGroup, ContentGroupSearchResult] = BulkOperation(
    id="content_groups.search",
    method="POST",
    path="/v1/social/content-groups/search",
    success_status=200,
    parse_response=parse_response,
    retry_safe=True,
    bulk=Bulk(
        parameter="ids",
        items="data",
        maximum=100,
    ),
    items=_items,
)
