# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``webhooks.list``: GET /v1/webhooks."""

from __future__ import annotations

from typing import Any

from ...client import OffsetPagination, PagedOperation, Request
from ...models.webhook import Webhook
from ...models.webhook_list import WebhookList
from ...types import UNSET, Unset, json_object, query_text

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(
    *, limit: int | None | Unset = UNSET, offset: int | None | Unset = UNSET
) -> Request:
    """Return the request in the wire's own form."""
    _query: dict[str, str] = {}
    if limit is not UNSET and limit is not None:
        _query["limit"] = query_text(limit, "webhooks.list: limit", int)
    if offset is not UNSET and offset is not None:
        _query["offset"] = query_text(offset, "webhooks.list: offset", int)
    return Request(
        "GET",
        "/v1/webhooks",
        query=_query,
    )


def parse_response(data: Any) -> WebhookList:
    """Make the result from the JSON of a success."""
    return WebhookList.from_dict(json_object(data, "webhooks.list", "WebhookList"))


def _items(page: WebhookList) -> list[Webhook]:
    return page.data


OPERATION: PagedOperation[Webhook, WebhookList] = PagedOperation(
    id="webhooks.list",
    method="GET",
    path="/v1/webhooks",
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
