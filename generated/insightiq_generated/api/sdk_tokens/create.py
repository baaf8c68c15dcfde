# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``sdk_tokens.create``: POST /v1/sdk-tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...client import Operation, Request
from ...models.product import Product, ProductText
from ...models.sdk_token import SdkToken
from ...types import json_object, json_value

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(*, user_id: str, products: Sequence[Product | ProductText]) -> Request:
    """Return the request in the wire's own form."""
    _body: dict[str, Any] = {}
    _body["user_id"] = json_value(user_id)
    _body["products"] = json_value(products)
    return Request(
        "POST",
        "/v1/sdk-tokens",
        json=_body,
    )


def parse_response(data: Any) -> SdkToken:
    """Make the result from the JSON of a success."""
    return SdkToken.from_dict(json_object(data, "sdk_tokens.create", "SdkToken"))


OPERATION: Operation[SdkToken] = Operation(
    id="sdk_tokens.create",
    method="POST",
    path="/v1/sdk-tokens",
    success_status=201,
    parse_response=parse_response,
    retry_safe=False,
)
