"""A rejection of valid data is accepted only where its reason is true."""

from __future__ import annotations

import json
import types
from typing import Any

import httpx
import pytest
from contract_suite.rejections import is_justified

USERS = [{"external_id": f"user-{number}"} for number in range(149)] + [{"external_id": "7"}]
ACCOUNTS = {"a1": "SESSION_EXPIRED", "a2": "CONNECTED"}
TAKEN, REVERSED = "user_exists_with_external_id", "invalid_date_range"


def respond(request: httpx.Request) -> httpx.Response:
    """Respond as a server with 150 users and two accounts."""
    if request.url.path == "/v1/users":
        offset, limit = (int(request.url.params[name]) for name in ("offset", "limit"))
        return httpx.Response(200, json={"data": USERS[offset : offset + limit]})
    account_id = request.url.path.rpartition("/")[2]
    if account_id in ACCOUNTS:
        return httpx.Response(200, json={"id": account_id, "status": ACCOUNTS[account_id]})
    return httpx.Response(404, json={"error": {"error_code": "incorrect_account_id"}})


@pytest.mark.parametrize(
    ("code", "query", "body", "justified"),
    [
        (TAKEN, {}, {"external_id": "user-148"}, True),
        (TAKEN, {}, {"external_id": 7}, True),
        (TAKEN, {}, {"external_id": 7.0}, True),
        (TAKEN, {}, {"external_id": 8}, False),
        (TAKEN, {}, {"external_id": None}, False),
        (TAKEN, {}, None, False),
        (REVERSED, {"from_date": "2026-02-01", "to_date": "2026-01-01"}, None, True),
        (REVERSED, {"from_date": "2026-01-01", "to_date": "2026-01-01"}, None, False),
        (
            REVERSED,
            {"payout_from_date": "2026-02-01", "payout_to_date": "2026-01-01", "limit": 5},
            None,
            True,
        ),
        (REVERSED, {"from_date": "2026-02-01"}, None, False),
        ("session_expired", {}, {"account_id": "a1"}, True),
        ("session_expired", {}, {"account_id": "a2"}, False),
        ("session_expired", {}, {"account_id": "a3"}, False),
        ("invalid_parameters", {}, None, False),
        (None, {}, {}, False),
    ],
)
def test_reason_counts_only_where_true(
    code: str | None, query: dict[str, Any], body: object, *, justified: bool
) -> None:
    """A server cannot reject a valid request by naming a reason."""
    request: Any = types.SimpleNamespace(query=query, body=body)
    response = "not JSON" if code is None else json.dumps({"error": {"error_code": code}})
    with httpx.Client(transport=httpx.MockTransport(respond), base_url="http://mock") as server:
        assert is_justified(response.encode(), request, server) is justified
