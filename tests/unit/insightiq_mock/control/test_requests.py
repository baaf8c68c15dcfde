"""The log of calls through the control API."""

from __future__ import annotations

import concurrent.futures

import httpx
import pytest

from insightiq_mock.control import ControlStatusError
from insightiq_mock.testing import MockTenant


def test_calls_are_found_by_what_they_were(tenant: MockTenant, api: httpx.Client) -> None:
    api.get("/v1/users", params={"limit": 1})
    api.post("/v1/users", json={"name": "Ada", "external_id": "a"})
    api.get("/v1/users/no one")
    mine = tenant.client_id
    calls = tenant.control.requests(developer=mine)
    assert [call.operation for call in calls] == ["users.list", "users.create", "users.get"]
    assert [call.status for call in calls] == [200, 201, 400]
    assert calls[0].target == "/v1/users?limit=1"
    for found, number in (
        (tenant.control.requests(developer=mine, operation="users.create"), 1),
        (tenant.control.requests(developer=mine, method="GET"), 2),
        (tenant.control.requests(developer=mine, status=4), 1),
        (tenant.control.requests(developer=mine, status=201), 1),
        (tenant.control.requests(developer=mine, path="/v1/users?"), 1),
        (tenant.control.requests(developer=mine, after=calls[1].number), 1),
        (tenant.control.requests(developer=mine, limit=2), 2),
    ):
        assert len(found) == number


def test_log_is_cleared_for_one_developer(tenant: MockTenant, api: httpx.Client) -> None:
    api.get("/v1/users")
    tenant.control.clear_requests(tenant.client_id)
    assert tenant.control.requests(developer=tenant.client_id) == []


def test_question_waits_for_news(tenant: MockTenant, api: httpx.Client) -> None:
    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        question = threads.submit(
            tenant.control.requests, developer=tenant.client_id, operation="users.list", wait=30
        )
        while not question.done():
            api.get("/v1/users")
        assert question.result()[0].operation == "users.list"


def test_waiting_ends_without_news(tenant: MockTenant) -> None:
    assert tenant.control.requests(developer=tenant.client_id, wait=0.01) == []


def test_secrets_are_not_shown(tenant: MockTenant, api: httpx.Client) -> None:
    user_id = api.get("/v1/users").json()["data"][0]["id"]
    made = api.post("/v1/sdk-tokens", json={"user_id": user_id, "products": ["IDENTITY"]})
    (call,) = tenant.control.requests(developer=tenant.client_id, operation="sdk_tokens.create")
    assert call.response_body is not None
    assert made.json()["sdk_token"] not in call.response_body
    assert tenant.client_secret not in repr(call)


def test_unknown_developer_is_404(tenant: MockTenant) -> None:
    with pytest.raises(ControlStatusError, match="There is no developer"):
        tenant.control.requests(developer="no one")
