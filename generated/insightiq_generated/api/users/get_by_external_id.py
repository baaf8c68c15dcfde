# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``users.get_by_external_id``: GET /v1/users/external_id/{external_id}."""

from __future__ import annotations

from typing import Any

from ...client import Operation, Request
from ...models.user import User
from ...types import json_object, path_segment

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(external_id: str) -> Request:
    """Return the request in the wire's own form."""
    return Request(
        "GET",
        "/v1/users/external_id/"
        + path_segment(external_id, "users.get_by_external_id: external_id"),
    )


def parse_response(data: Any) -> User:
    """Make the result from the JSON of a success."""
    return User.from_dict(json_object(data, "users.get_by_external_id", "User"))


OPERATION: Operation[User] = Operation(
    id="users.get_by_external_id",
    method="GET",
    path="/v1/users/external_id/{external_id}",
    success_status=200,
    parse_response=parse_response,
    retry_safe=True,
)
