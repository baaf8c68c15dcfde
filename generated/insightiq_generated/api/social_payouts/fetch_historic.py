# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``social_payouts.fetch_historic``: POST /v1/social/income/payouts/fetch-historic."""

from __future__ import annotations

import datetime
from typing import Any

from ...client import Operation, Request
from ...models.fetch_historic_accepted import FetchHistoricAccepted
from ...types import format_date, json_object, json_value

__all__ = ["OPERATION", "build_request", "parse_response"]


def build_request(*, account_id: str, from_date: datetime.date) -> Request:
    """Return the request in the wire's own form."""
    _body: dict[str, Any] = {}
    _body["account_id"] = json_value(account_id)
    _body["from_date"] = format_date(from_date)
    return Request(
        "POST",
        "/v1/social/income/payouts/fetch-historic",
        json=_body,
    )


def parse_response(data: Any) -> FetchHistoricAccepted:
    """Make the result from the JSON of a success."""
    return FetchHistoricAccepted.from_dict(
        json_object(data, "social_payouts.fetch_historic", "FetchHistoricAccepted")
    )


OPERATION: Operation[FetchHistoricAccepted] = Operation(
    id="social_payouts.fetch_historic",
    method="POST",
    path="/v1/social/income/payouts/fetch-historic",
    success_status=202,
    parse_response=parse_response,
    retry_safe=True,
)
