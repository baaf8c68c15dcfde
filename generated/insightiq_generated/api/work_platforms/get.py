# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``work_platforms.get``: GET /v1/work-platforms/{id}."""

from __future__ import annotations

from typing import Any

from ...client import Operation, Request
from ...models.work_platform import WorkPlatform
from ...types import json_object, path_segment

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(id: str) -> Request:
    """Return the request in the wire's own form."""
    return Request(
        "GET",
        "/v1/work-platforms/" + path_segment(id, "work_platforms.get: id"),
    )


def parse_response(data: Any) -> WorkPlatform:
    """Make the result from the JSON of a success."""
    return WorkPlatform.from_dict(json_object(data, "work_platforms.get", "WorkPlatform"))


OPERATION: Operation[WorkPlatform] = Operation(
    id="work_platforms.get",
    method="GET",
    path="/v1/work-platforms/{id}",
    success_status=200,
    parse_response=parse_response,
    retry_safe=True,
)
