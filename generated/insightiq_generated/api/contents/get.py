# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``contents.get``: GET /v1/social/contents/{id}."""

from __future__ import annotations

from typing import Any

from ...client import Operation, Request
from ...models.content import Content
from ...types import json_object, path_segment

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(id: str) -> Request:
    """Return the request in the wire's own form."""
    return Request(
        "GET",
        "/v1/social/contents/" + path_segment(id, "contents.get: id"),
    )


def parse_response(data: Any) -> Content:
    """Make the result from the JSON of a success."""
    return Content.from_dict(json_object(data, "contents.get", "Content"))


OPERATION: Operation[Content] = Operation(
    id="contents.get",
    method="GET",
    path="/v1/social/contents/{id}",
    success_status=200,
    parse_response=parse_response,
    retry_safe=True,
)
