"""The pytest plugin that gives a client on the mock server, in a pytest of its own."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import tomllib

import insightiq
import insightiq_generated
import insightiq_mock

ROOT = pathlib.Path(__file__).resolve().parents[4]
PACKAGES = {
    str(pathlib.Path(package.__file__).resolve().parents[1])
    for package in (insightiq, insightiq_generated, insightiq_mock)
}

TESTS = """
import asyncio, os, pytest, time
from insightiq import errors
from insightiq.testing import client_for

def test_nothing_heavy_is_imported_before_it_is_used():
    assert os.environ["HEAVY_AT_START"] == "[]"

@pytest.mark.parametrize("name", ["Ada", "Grace"])
def test_each_test_has_world_of_its_own(insightiq_client, name):
    insightiq_client.users.create(name=name, external_id="taken-once")

def test_client_and_tenant_share_world(insightiq_client, insightiq_tenant, insightiq_mock):
    assert insightiq_tenant is insightiq_mock
    account = insightiq_tenant.control.connect("TikTok")
    assert insightiq_client.accounts.get(account["id"]).status == "CONNECTED"

def test_waits_move_world_and_take_no_time(insightiq_client, insightiq_tenant, insightiq_clock):
    account = insightiq_tenant.control.connect("TikTok")
    before, began = insightiq_tenant.control.clock().now, time.perf_counter()
    assert insightiq_client.contents.list(account_id=account["id"]).first() is None
    insightiq_client.accounts.wait_until_synced(account["id"])
    assert insightiq_client.contents.list(account_id=account["id"]).first() is not None
    moved = (insightiq_tenant.control.clock().now - before).total_seconds()
    assert moved == pytest.approx(insightiq_clock.monotonic(), abs=0.01) and moved > 10
    assert sum(insightiq_clock.sleeps) == insightiq_clock.monotonic()
    assert time.perf_counter() - began < moved / 2

def test_clock_moves_world(insightiq_tenant, insightiq_clock):
    before = insightiq_tenant.control.clock().now
    insightiq_clock.advance(3600)
    assert (insightiq_tenant.control.clock().now - before).total_seconds() == 3600

def test_retries_wait_on_that_clock(insightiq_client, insightiq_tenant, insightiq_clock):
    insightiq_tenant.control.add_fault(operation="users.list", code=503, times=2)
    assert insightiq_client.users.list().first() is not None
    assert len(insightiq_clock.sleeps) == 2

def test_there_is_no_quota(insightiq_client, insightiq_clock):
    for _ in range(25):
        insightiq_client.work_platforms.list().first()
    assert insightiq_clock.sleeps == []

def test_other_options_are_call_away(insightiq_tenant):
    with client_for(insightiq_tenant, max_attempts=1) as iq:
        insightiq_tenant.control.add_fault(operation="users.list", code=503, times=1)
        with pytest.raises(errors.InternalServerError):
            iq.users.list().first()

@pytest.mark.insightiq_mock(settings={"limits_enabled": True, "requests_per_second": 1})
def test_marker_makes_tenant(insightiq_client):
    with pytest.raises(errors.RateLimitError):
        for _ in range(50):
            insightiq_client.with_options(max_attempts=1).users.list().first()

def test_asynchronous_client_with_loop_of_tests_own(async_insightiq_client):
    async def main():
        async with async_insightiq_client as iq:
            users = [iq.users.create(name="n", external_id=f"e-{n}") for n in range(20)]
            assert len({user.id for user in await asyncio.gather(*users)}) == 20
    asyncio.run(main())

@pytest.fixture
def anyio_backend():
    return "asyncio"

@pytest.mark.anyio
async def test_asynchronous_client_with_loop_of_anyio(
    async_insightiq_client, insightiq_tenant, insightiq_clock
):
    account = insightiq_tenant.control.connect("TikTok")
    await async_insightiq_client.accounts.wait_until_synced(account["id"])
    assert insightiq_clock.monotonic() > 1
"""
CONFTEST = """
import os, sys
HEAVY = ("httpx", "attrs", "connexion", "insightiq._client", "insightiq_mock.server")
os.environ["HEAVY_AT_START"] = str([name for name in HEAVY if name in sys.modules])
"""


def run(folder: pathlib.Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder with both plugins, whether or not they are installed."""
    plugins = ["insightiq_mock.testing.plugin", "insightiq.testing.plugin", *arguments]
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-W", "error", "--strict-markers"),
            *("-p", "no:cacheprovider"),
            *(option for name in plugins for option in ("-p", name)),
        ],
        cwd=folder,
        env={
            **{name: value for name, value in os.environ.items() if "XDIST" not in name},
            "PYTHONPATH": os.pathsep.join(PACKAGES),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_fixtures_do_what_they_say(tmp_path: pathlib.Path) -> None:
    """Both clients, worlds apart, time that no one waits for, anyio's tests, and two workers."""
    (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (tmp_path / "test_it.py").write_text(TESTS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -n 2\n", encoding="utf-8")
    done = run(tmp_path, "xdist", "anyio")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "12 passed" in done.stdout


def test_without_mock_server_sentence_says_what_to_install(tmp_path: pathlib.Path) -> None:
    """The base install has the plugin, but not what the mock server is made of."""
    (tmp_path / "conftest.py").write_text(
        "import sys\nsys.modules['connexion'] = None\n", encoding="utf-8"
    )
    (tmp_path / "test_it.py").write_text(
        "def test_one(insightiq_client): ...\ndef test_two(async_insightiq_client): ...\n",
        encoding="utf-8",
    )
    done = run(tmp_path)
    sentence = (
        "The mock server's parts are not installed (connexion is missing): "
        "pip install 'insightiq-toolkit[mock]'."
    )
    assert done.returncode == 1
    assert done.stdout.count(f"\n{sentence}\n") == 2, done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_plugin_is_installed_with_package() -> None:
    """The project file names it where pytest looks."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    registered = project["project"]["entry-points"]["pytest11"]
    assert registered["insightiq"] == "insightiq.testing.plugin"
