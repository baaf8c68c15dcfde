"""Access to the control API."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from insightiq_mock.control import ControlStatusError, MockControl
from insightiq_mock.db import Store
from insightiq_mock.openapi import default_document_path, load_document
from insightiq_mock.server import assemble
from insightiq_mock.settings import credentials_from_seed
from insightiq_mock.testing import MockTenant, MockTransport
from insightiq_mock.testing.transports import PrivateLoop
from insightiq_mock.web.origins import HostRule

TOKEN = "a-long-enough-token"


@pytest.fixture(scope="module")
def guarded() -> Iterator[MockTransport]:
    """A server whose control API asks for a token."""
    loop = PrivateLoop("guarded")
    with Store.open(None) as store:
        document = load_document(default_document_path())
        sandbox = assemble(
            document,
            store,
            credentials_from_seed(1),
            seed=1,
            hosts=HostRule(["mock.example.com"]),
            control_token=TOKEN,
        )
        yield MockTransport(sandbox, loop)
        loop.close()


@pytest.fixture
def stranger(guarded: MockTransport) -> httpx.Client:
    """Somebody on another machine."""
    return httpx.Client(base_url="http://mock.example.com", transport=guarded)


def test_bearer_of_token_may_call(guarded: MockTransport) -> None:
    with MockControl("http://mock.example.com", token=TOKEN, transport=guarded) as control:
        assert control.developer().is_default


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong-token-of-some-length"},
        {"Authorization": "Bearer"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer \u00e9"},
        [("Authorization", f"Bearer {TOKEN}"), ("Authorization", f"Bearer {TOKEN}")],
    ],
)
def test_others_are_rejected(
    stranger: httpx.Client, headers: dict[str, str] | list[tuple[str, str]]
) -> None:
    encoded = httpx.Headers(headers, encoding="utf-8")
    response = stranger.get("/_mock/developers", headers=encoded)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer ")
    assert TOKEN not in response.text


def test_credentials_of_api_do_not_open_control_api(guarded: MockTransport) -> None:
    credentials = credentials_from_seed(1)
    auth = (credentials.client_id, credentials.client_secret)
    with httpx.Client(base_url="http://mock.example.com", auth=auth, transport=guarded) as client:
        assert client.get("/v1/users").status_code == 200
        assert client.get("/_mock/settings").status_code in (401, 404)
        assert client.get("/_mock/developers/default/settings").status_code == 401


def test_health_and_inboxes_need_no_token(stranger: httpx.Client) -> None:
    assert stranger.get("/_mock/health").json()["status"] == "ok"
    assert stranger.post("/_mock/inbox/mine", json={}).status_code == 200
    assert stranger.get("/_mock/inbox/mine").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://[::1"},
        {"Origin": ""},
        {"Host": "evil.example:4010", "Origin": "http://evil.example:4010"},
        {"Host": "evil.example:4010"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "evil"},
        {"Host": "10.0.0.5"},
        {"Host": "0.0.0.0:4010"},
    ],
)
def test_foreign_pages_are_kept_out_of_open_server(
    raw: httpx.Client, headers: dict[str, str]
) -> None:
    response = raw.post("/_mock/developers/default/reset", headers=headers)
    assert response.status_code == 403
    assert response.json()["error"]["code"] == "foreign_origin"


@pytest.mark.parametrize("path", ["/v1/users", "/docs", "/openapi.json", "/_mock/health", "/"])
@pytest.mark.parametrize(
    ("host", "error"),
    [
        ("evil.example:4010", (403, "foreign_origin")),
        ("[::", (400, "malformed_request")),
        ("[::1", (400, "malformed_request")),
        ("user@localhost", (400, "malformed_request")),
        ("localhost:99999", (400, "malformed_request")),
        ("", (400, "malformed_request")),
    ],
)
def test_other_hosts_are_rejected_wherever_they_ask(
    raw: httpx.Client, tenant: MockTenant, path: str, host: str, error: tuple[int, str]
) -> None:
    response = raw.get(path, headers={"Host": host}, auth=tenant.auth)
    assert (response.status_code, response.json()["error"]["code"]) == error
    assert response.headers["request-id"] == response.json()["error"]["request_id"]


def test_page_of_another_origin_changes_nothing(raw: httpx.Client, tenant: MockTenant) -> None:
    body = {"name": "w", "url": "http://127.0.0.1:1/", "events": ["ACCOUNTS.CONNECTED"]}
    foreign = {"Origin": "https://evil.example"}
    rejected = raw.post("/v1/webhooks", json=body, headers=foreign, auth=tenant.auth)
    assert (rejected.status_code, rejected.json()["error"]["code"]) == (403, "foreign_origin")
    assert raw.get("/v1/webhooks", headers=foreign, auth=tenant.auth).json()["data"] == []
    for origin in (tenant.base_url, "http://localhost:3000", "http://[::1]:3000"):
        headers = {"Origin": origin}
        made = raw.post("/v1/webhooks", json=body, headers=headers, auth=tenant.auth)
        assert made.status_code == 201


def test_page_that_may_read_may_also_write() -> None:
    loop = PrivateLoop("allowed")
    credentials = credentials_from_seed(1)
    with Store.open(None) as store:
        sandbox = assemble(
            load_document(default_document_path()),
            store,
            credentials,
            seed=1,
            cors_origins=["https://app.example.com"],
            hosts=HostRule(["mock"]),
        )
        auth = (credentials.client_id, credentials.client_secret)
        transport = MockTransport(sandbox, loop)
        with httpx.Client(base_url="http://mock:4010", auth=auth, transport=transport) as client:
            for origin in ("https://app.example.com", "http://mock:4010"):
                body = {"name": origin, "external_id": origin}
                made = client.post("/v1/users", json=body, headers={"Origin": origin})
                assert made.status_code == 201
            foreign = {"Origin": "http://mock:3000"}
            assert client.post("/v1/users", json={}, headers=foreign).status_code == 403
            assert client.get("/_mock/developers").status_code == 200
    loop.close()


def test_notification_does_nothing_but_in_inbox(raw: httpx.Client) -> None:
    headers = {"Webhook-Signatures": "0" * 64}
    rejected = raw.post("/_mock/developers/default/reset", headers=headers)
    assert (rejected.status_code, rejected.json()["error"]["code"]) == (403, "no_receiver")
    assert raw.post("/_mock/inbox/mine", json={}, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost:3000"},
        {"Origin": "http://[::1]:3000"},
        {"Host": "127.0.0.1:4010"},
        {"Host": "[::1]:4010"},
        {"Host": "app.localhost:1"},
        {"Host": "LOCALHOST."},
        {"Host": "[::ffff:127.0.0.1]:4010"},
    ],
)
def test_own_pages_and_names_are_let_in(raw: httpx.Client, headers: dict[str, str]) -> None:
    assert raw.get("/_mock/developers", headers=headers).status_code == 200


def test_error_has_servers_message(guarded: MockTransport) -> None:
    with (
        MockControl("http://mock.example.com", transport=guarded) as control,
        pytest.raises(ControlStatusError, match="Authorization: Bearer <token>") as rejected,
    ):
        control.developers()
    assert rejected.value.status == 401
