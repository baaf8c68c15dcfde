# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``content_groups.get``: GET /v1/social/content-groups/{id}."""

from __future__ import annotations

from typing import Any

from ...client import Operation, Request
from ...models.content_group import ContentGroup
from ...types import json_object, path_segment

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(id: str) -> Request:
    """Return the request in the wire's own form."""
    return Request(
        "GET",
        "/v1/social/content-groups/" + path_segment(id, "content_groups.get: id"),
    )


def parse_response(data: Any) -> ContentGroup:
    """Make the result from the JSON of a success."""
    return ContentGroup.from_dict(json_object(data, "content_groups.get", "ContentGroup"))


OPERATION: Operation[ContentGroup] = Operation(
    id="content_groups.get",
    method="GET",
    path="/v1/social/content-groups/{id}",
    success_status=200,
    parse_response=parse_response,
    retry_safe=True,
)
