"""The pytest plugin, in a pytest of its own."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

import insightiq_mock

PACKAGES = pathlib.Path(insightiq_mock.__file__).resolve().parents[1]

TESTS = """
import asyncio, httpx, pytest, sys

def test_nothing_is_imported_before_it_is_used():
    assert not {"connexion", "uvicorn", "insightiq_mock.server"} & set(sys.modules)

@pytest.fixture
def client(insightiq_mock):
    mock = insightiq_mock
    with httpx.Client(base_url=mock.base_url, auth=mock.auth, transport=mock.transport()) as made:
        yield made

@pytest.mark.parametrize("name", ["Ada", "Grace"])
def test_each_test_has_world_of_its_own(client, name):
    user = {"name": name, "external_id": "taken-once"}
    assert client.post("/v1/users", json=user).status_code == 201

def test_asynchronous_clients(insightiq_mock):
    async def main():
        mock = insightiq_mock
        transport = mock.async_transport()
        async with httpx.AsyncClient(base_url=mock.base_url, auth=mock.auth, transport=transport) as c:
            responses = await asyncio.gather(*(c.get("/v1/users") for _ in range(20)))
            assert {response.status_code for response in responses} == {200}
    asyncio.run(main())

def test_webhooks_are_captured(insightiq_mock, client):
    receiver = insightiq_mock.receiver()
    client.post("/v1/webhooks", json={"name": "w", "url": receiver.url, "events": ["ACCOUNTS.CONNECTED"]})
    account = insightiq_mock.control.connect("TikTok")
    insightiq_mock.control.advance()
    assert receiver.received[0].json()["data"]["account_id"] == account["id"]
    assert [delivery.verdict for delivery in insightiq_mock.deliveries] == ["delivered"]

@pytest.mark.insightiq_mock(seed=7, settings={"limits_enabled": True, "requests_per_second": 1})
def test_marker_says_how_developer_is_made(insightiq_mock, client):
    assert insightiq_mock.control.developer().seed == "7"
    assert 429 in [client.get("/v1/users").status_code for _ in range(5)]

def test_application_is_shared(insightiq_mock_app, insightiq_mock):
    with insightiq_mock_app.fresh_tenant() as other:
        assert other.client_id != insightiq_mock.client_id
"""


def run(folder: pathlib.Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder, with this plugin alone, whether or not it is installed."""
    plugin = ("-p", "insightiq_mock.testing.plugin", "-p", "no:cacheprovider")
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-W",
            "error",
            "--strict-markers",
            *plugin,
            *arguments,
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PACKAGES), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_fixtures_do_what_they_say(tmp_path: pathlib.Path) -> None:
    (tmp_path / "test_it.py").write_text(TESTS, encoding="utf-8")
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 passed" in done.stdout


def test_world_is_same_in_every_run(tmp_path: pathlib.Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import httpx\n"
        "def test_world(insightiq_mock):\n"
        "    mock = insightiq_mock\n"
        "    with httpx.Client(base_url=mock.base_url, auth=mock.auth,"
        " transport=mock.transport()) as client:\n"
        "        print('\\nSEEN', mock.client_id, client.get('/v1/accounts').text)\n",
        encoding="utf-8",
    )
    seen = [
        [line for line in run(tmp_path, "-s").stdout.splitlines() if line.startswith("SEEN")]
        for _ in range(2)
    ]
    assert seen[0] == seen[1]
    assert len(seen[0]) == 1


def test_plugin_is_installed_with_package() -> None:
    project = pathlib.Path(__file__).resolve().parents[4] / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    assert "[project.entry-points.pytest11]" in text
    assert 'insightiq_mock = "insightiq_mock.testing.plugin"' in text
