"""Hosts that a server process responds to, and posts to, over real sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from demonstration.mock_process import MockProcess, MockProcessError

from insightiq_mock.control import Delivery, MockControl
from insightiq_mock.webhooks.addresses import is_address_of_this_machine

TOKEN = "a-token-for-tests"
EXPOSED = ("--host", "0.0.0.0", "--control-token", TOKEN)
EVENT = "ACCOUNTS.REMOVED"


def control_of(server: MockProcess) -> MockControl:
    """The control API of a server, whose ready line may name an address that cannot be called."""
    return MockControl(server.url.replace("0.0.0.0", "127.0.0.1"), token=TOKEN)


def deliver(server: MockProcess, url: str) -> Delivery:
    """Register a webhook, send it one notification, and return what came of it."""
    base = server.url.replace("0.0.0.0", "127.0.0.1")
    auth = (server.client_id, server.client_secret)
    with httpx.Client(base_url=base, auth=auth) as api, control_of(server) as control:
        webhook = {"name": url, "url": url, "events": [EVENT]}
        control.update_settings(limits_enabled=False)
        created = api.post("/v1/webhooks", json=webhook)
        assert created.status_code == 201
        control.trigger(EVENT)
        control.advance(seconds=1)
        (tried,) = control.deliveries(webhook_id=created.json()["id"])
        api.delete(f"/v1/webhooks/{created.json()['id']}")
        return tried


@pytest.fixture(scope="module")
def exposed() -> Iterator[MockProcess]:
    """A server that others could reach."""
    with MockProcess(*EXPOSED, "--allow-host", "mock") as running:
        yield running


def test_public_webhook_is_registered_and_not_posted_to(shared_server: MockProcess) -> None:
    """Nothing leaves the machine, and the log of deliveries says why and what to do."""
    tried = deliver(shared_server, "https://hooks.example/insightiq")
    assert (tried.verdict, tried.status) == ("forbidden_address", None)
    assert "--webhook-host hooks.example or --webhook-public" in str(tried.detail)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0", "2130706433", "0x7f000001"])
def test_webhook_does_not_reach_control_api(shared_server: MockProcess, host: str) -> None:
    """Only the inboxes of the server take notifications."""
    port = httpx.URL(shared_server.url).port
    own = f"http://{host}:{port}/_mock"
    tried = deliver(shared_server, f"{own}/developers/default/reset")
    assert tried.verdict == "forbidden_address"
    assert deliver(shared_server, f"{own}/inbox/own").verdict == "delivered"


def test_webhook_does_not_reach_another_mock_server(shared_server: MockProcess) -> None:
    with MockProcess() as other:
        tried = deliver(shared_server, f"{other.url}/_mock/developers/default/reset")
    assert (tried.verdict, tried.status) == ("rejected", 403)
    assert "no_receiver" in tried.response_body


def test_local_receiver_is_closed_to_exposed_server(exposed: MockProcess) -> None:
    """Strangers are not led to what listens on this machine, unless it was allowed."""
    with socket.create_server(("127.0.0.1", 0)) as receiver:
        port = receiver.getsockname()[1]
        tried = deliver(exposed, f"http://127.0.0.1:{port}/hooks")
    assert tried.verdict == "forbidden_address"
    assert "--webhook-host 127.0.0.1" in str(tried.detail)


def test_inbox_at_address_of_network_is_reached(exposed: MockProcess) -> None:
    """A server that listens on all addresses takes notifications at each of them."""
    found = socket.getaddrinfo(socket.gethostname(), 0, socket.AF_INET)
    own = [place[0] for *_, place in found if is_address_of_this_machine(str(place[0]))]
    port = httpx.URL(exposed.url).port
    for address in {*map(str, own), "127.0.0.1"}:
        base = f"http://{address}:{port}/_mock"
        assert deliver(exposed, f"{base}/inbox/lan").verdict == "delivered"
        assert deliver(exposed, f"{base}/health").verdict == "forbidden_address"


@pytest.mark.parametrize(
    ("host", "status"), [("mock:4010", 200), ("10.0.0.5", 200), ("evil.example", 403), ("[::", 400)]
)
def test_exposed_server_responds_to_addresses_and_allowed_hosts(
    exposed: MockProcess, host: str, status: int
) -> None:
    """Containers call each other by names; no page can be pointed elsewhere under an address."""
    base = exposed.url.replace("0.0.0.0", "127.0.0.1")
    auth = (exposed.client_id, exposed.client_secret)
    response: Any = httpx.get(f"{base}/v1/users", headers={"Host": host}, auth=auth)
    assert response.status_code == status
    assert "Traceback" not in exposed.stderr_text()


def test_published_credentials_of_exposed_server_are_warned_of(exposed: MockProcess) -> None:
    """Anybody can derive them from the seed; others are not warned of."""
    assert "--client-id and --client-secret" in exposed.stderr_text()
    with MockProcess(*EXPOSED, "--client-id", "me", "--client-secret", "mine") as own:
        assert own.stderr_text() == ""


def test_server_behind_proxy_counts_as_exposed() -> None:
    """It listens on loopback, and yet others reach it."""
    with pytest.raises(MockProcessError, match="--control-token"), MockProcess("--behind-proxy"):
        pass
    options = ("--behind-proxy", "--control-token", TOKEN, "--allow-host", "mock.example.com")
    with MockProcess(*options) as proxied:
        headers = {"Host": "mock.example.com", "X-Forwarded-Proto": "https"}
        response = httpx.get(f"{proxied.url}/openapi.json", headers=headers)
        assert response.json()["servers"][0]["url"] == "https://mock.example.com"
        assert deliver(proxied, "http://127.0.0.1:9/hooks").verdict == "forbidden_address"
        assert "--client-id and --client-secret" in proxied.stderr_text()


def test_workers_keep_rules() -> None:
    """Each process posts and responds alike, whichever is asked."""
    with MockProcess("--workers", "2") as server:
        for _ in range(4):
            reset = f"{server.url}/_mock/developers/default/reset"
            assert deliver(server, reset).verdict == "forbidden_address"
            rejected = httpx.get(f"{server.url}/v1/users", headers={"Host": "evil.example"})
            assert rejected.status_code == 403


def test_allowed_receivers_are_posted_to() -> None:
    """The list names hosts as webhooks do; what is public is tried where that is asked for."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with MockProcess(*EXPOSED, "--webhook-host", f"localhost:{port}") as server:
            assert deliver(server, f"http://localhost:{port}/").verdict == "connection_failed"
            assert deliver(server, f"http://127.0.0.1:{port}/").verdict == "forbidden_address"
