# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``users.create``: POST /v1/users."""

from __future__ import annotations

from typing import Any

from ...client import Operation, Request
from ...models.user import User
from ...types import json_argument, json_object

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(*, name: str, external_id: str | int) -> Request:
    """Return the request in the wire's own form."""
    _body: dict[str, Any] = {}
    _body["name"] = json_argument(name, "users.create: name", str)
    _body["external_id"] = json_argument(external_id, "users.create: external_id", str, int)
    return Request(
        "POST",
        "/v1/users",
        json=_body,
    )


def parse_response(data: Any) -> User:
    """Make the result from the JSON of a success."""
    return User.from_dict(json_object(data, "users.create", "User"))


OPERATION: Operation[User] = Operation(
    id="users.create",
    method="POST",
    path="/v1/users",
    success_status=201,
    parse_response=parse_response,
    retry_safe=False,
)
