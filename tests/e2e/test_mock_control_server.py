"""The command and the control API against a server process."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from demonstration.mock_process import MockProcess

from insightiq_mock.control import ControlStatusError, MockControl

COMMAND = [sys.executable, "-m", "insightiq_mock"]


@pytest.fixture(scope="module")
def server(shared_server: MockProcess) -> MockProcess:
    """A mock server in a process of its own, with a default developer for these tests alone."""
    return shared_server


@pytest.fixture
def api(server: MockProcess) -> Iterator[httpx.Client]:
    """A client of its API."""
    auth = (server.client_id, server.client_secret)
    with httpx.Client(base_url=server.url, auth=auth) as client:
        yield client


def run(server: MockProcess, *arguments: str) -> str:
    """Run a verb against the server and return what it says."""
    environment = {**os.environ, "INSIGHTIQ_MOCK_URL": server.url}
    done = subprocess.run(
        [*COMMAND, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_creator_connects_and_webhook_hears_of_it(server: MockProcess, api: httpx.Client) -> None:
    """From the command line alone: connect, advance, and read what the inbox has got."""
    run(server, "reset")
    inbox = f"{server.url}/_mock/inbox/e2e"
    events = ["ACCOUNTS.CONNECTED", "PROFILES.ADDED"]
    created = api.post("/v1/webhooks", json={"name": "e2e", "url": inbox, "events": events})
    assert created.status_code == 201
    account = json.loads(run(server, "connect", "Instagram", "--json"))
    run(server, "advance", "1h")
    received = [json.loads(m["body"]) for m in json.loads(run(server, "inbox", "e2e", "--json"))]
    mine = [each for each in received if each["data"]["account_id"] == account["id"]]
    assert [each["event"] for each in mine] == events
    assert api.get(f"/v1/accounts/{account['id']}").json()["data"]["identity"]["status"] == "SYNCED"
    assert "ACCOUNTS.CONNECTED" in run(server, "deliveries", "--event", "ACCOUNTS.CONNECTED")


def test_triggered_notification_is_delivered_while_server_runs(
    server: MockProcess, api: httpx.Client
) -> None:
    """No one has to advance a clock for what is due now."""
    run(server, "reset")
    inbox = f"{server.url}/_mock/inbox/e2e-now"
    api.post("/v1/webhooks", json={"name": "n", "url": inbox, "events": ["ACCOUNTS.REMOVED"]})
    with MockControl(server.url) as control:
        control.trigger("ACCOUNTS.REMOVED")
        while not control.deliveries(event="ACCOUNTS.REMOVED"):
            control.health()
        assert control.inbox("e2e-now")[0].json()["event"] == "ACCOUNTS.REMOVED"


def test_followed_log_shows_calls_until_ctrl_c(server: MockProcess, api: httpx.Client) -> None:
    """A line comes for each call while the command runs; Ctrl-C ends it as a success."""
    with subprocess.Popen(
        [*COMMAND, "log", "--follow", "--operation", "webhooks.list", "--url", server.url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert api.get("/v1/webhooks").status_code == 200
        line = process.stdout.readline()
        assert api.get("/v1/webhooks", params={"limit": 7}).status_code == 200
        while "limit=7" not in line:
            line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=30)
    assert "GET     /v1/webhooks?limit=7  webhooks.list" in line
    assert (process.returncode, stderr) == (0, "")


def test_reader_who_goes_away_ends_command_quietly(server: MockProcess) -> None:
    """``insightiq-mock settings | head -1`` ends without an error message."""
    with subprocess.Popen(
        [*COMMAND, "developers", "--url", server.url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        stderr = process.stderr.read()
        process.wait(30)
    assert (process.returncode, stderr) == (0, "")


def test_token_of_server_is_required(tmp_path: pathlib.Path) -> None:
    """With a token, on the command line or in the environment, the verbs work; without, not."""
    token = "a-token-of-the-test"
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--control-token", token],
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
        text=True,
    ) as process:
        assert process.stdout is not None
        ready = process.stdout.readline()
        assert token not in ready
        url = ready.split("url=")[1].split()[0]
        with MockControl(url) as stranger:
            assert stranger.health().status == "ok"
            with pytest.raises(ControlStatusError) as rejected:
                stranger.developers()
            assert rejected.value.status == 401
        for option, environment in (
            (["--control-token", token], {}),
            ([], {"INSIGHTIQ_MOCK_CONTROL_TOKEN": token}),
        ):
            done = subprocess.run(
                [*COMMAND, "clock", "--url", url, *option],
                env={**os.environ, **environment},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert (done.returncode, done.stderr) == (0, "")
        process.terminate()
        process.wait(30)
    assert process.returncode == 0
