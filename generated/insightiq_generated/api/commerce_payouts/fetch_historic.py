# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``commerce_payouts.fetch_historic``: POST /v1/commerce/income/payouts/fetch-historic."""

from __future__ import annotations

import datetime
from typing import Any

from ...client import Operation, Request
from ...models.fetch_historic_accepted import FetchHistoricAccepted
from ...types import json_argument, json_object

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(*, account_id: str, from_date: datetime.date) -> Request:
    """Return the request in the wire's own form."""
    _body: dict[str, Any] = {}
    _body["account_id"] = json_argument(
        account_id, "commerce_payouts.fetch_historic: account_id", str
    )
    _body["from_date"] = json_argument(
        from_date, "commerce_payouts.fetch_historic: from_date", datetime.date
    )
    return Request(
        "POST",
        "/v1/commerce/income/payouts/fetch-historic",
        json=_body,
    )


def parse_response(data: Any) -> FetchHistoricAccepted:
    """Make the result from the JSON of a success."""
    return FetchHistoricAccepted.from_dict(
        json_object(data, "commerce_payouts.fetch_historic", "FetchHistoricAccepted")
    )


OPERATION: Operation[FetchHistoricAccepted] = Operation(
    id="commerce_payouts.fetch_historic",
    method="POST",
    path="/v1/commerce/income/payouts/fetch-historic",
    success_status=202,
    parse_response=parse_response,
    retry_safe=True,
)
