# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``sdk_tokens.create``: POST /v1/sdk-tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...client import Operation, Request
from ...models.product import Product, ProductText
from ...models.sdk_token import SdkToken
from ...types import json_argument, json_object

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(*, user_id: str, products: Sequence[Product | ProductText]) -> Request:
    """Return the request in the wire's own form."""
    _body: dict[str, Any] = {}
    _body["user_id"] = json_argument(user_id, "sdk_tokens.create: user_id", str)
    _body["products"] = json_argument(products, "sdk_tokens.create: products", list, tuple)
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
