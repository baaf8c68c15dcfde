# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``contents.search``: POST /v1/social/contents/search."""

from __future__ import annotations

from typing import Any

from ...client import Bulk, BulkOperation, Request
from ...models.content import Content
from ...models.content_search_result import ContentSearchResult
from ...types import json_argument, json_object

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(*, ids: list[str]) -> Request:
    """Return the request in the wire's own form."""
    _body: dict[str, Any] = {}
    _body["ids"] = json_argument(ids, "contents.search: ids", list, tuple)
    return Request(
        "POST",
        "/v1/social/contents/search",
        json=_body,
    )


def parse_response(data: Any) -> ContentSearchResult:
    """Make the result from the JSON of a success."""
    return ContentSearchResult.from_dict(
        json_object(data, "contents.search", "ContentSearchResult")
    )


def _items(page: ContentSearchResult) -> list[Content]:
    return page.data


OPERATION: BulkOperation[Content, ContentSearchResult] = BulkOperation(
    id="contents.search",
    method="POST",
    path="/v1/social/contents/search",
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
