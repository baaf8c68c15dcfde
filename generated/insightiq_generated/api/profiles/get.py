# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``profiles.get``: GET /v1/profiles/{id}."""

from __future__ import annotations

from typing import Any

from ...client import Operation, Request
from ...models.profile import Profile
from ...types import json_object, path_segment

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(id: str) -> Request:
    """Return the request in the wire's own form."""
    return Request(
        "GET",
        "/v1/profiles/" + path_segment(id, "profiles.get: id"),
    )


def parse_response(data: Any) -> Profile:
    """Make the result from the JSON of a success."""
    return Profile.from_dict(json_object(data, "profiles.get", "Profile"))


OPERATION: Operation[Profile] = Operation(
    id="profiles.get",
    method="GET",
    path="/v1/profiles/{id}",
    success_status=200,
    parse_response=parse_response,
    retry_safe=True,
)
