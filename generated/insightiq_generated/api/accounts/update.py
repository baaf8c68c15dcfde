# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``accounts.update``: PATCH /v1/accounts/{id}."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...client import Operation, Request
from ...models.account import Account
from ...models.account_update_data import AccountUpdateData
from ...types import Model, json_argument, json_object, path_segment

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(id: str, *, data: AccountUpdateData) -> Request:
    """Return the request in the wire's own form."""
    _body: dict[str, Any] = {}
    _body["data"] = json_argument(data, "accounts.update: data", Model, Mapping)
    return Request(
        "PATCH",
        "/v1/accounts/" + path_segment(id, "accounts.update: id"),
        json=_body,
    )


def parse_response(data: Any) -> Account:
    """Make the result from the JSON of a success."""
    return Account.from_dict(json_object(data, "accounts.update", "Account"))


OPERATION: Operation[Account] = Operation(
    id="accounts.update",
    method="PATCH",
    path="/v1/accounts/{id}",
    success_status=200,
    parse_response=parse_response,
    retry_safe=False,
)
