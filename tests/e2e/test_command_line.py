"""The command as a process in front of a mock server: credentials, pipes, signals."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import pathlib
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from demonstration.mock_process import MockProcess
from mock_tenants import Tenant, make_tenant

from insightiq import InsightIQ
from insightiq.quota import Quota
from insightiq_mock.control import MockControl

COMMAND = [sys.executable, "-m", "insightiq"]
ROWS = 1_800
# Ten a second, as the API grants, would make the exports wait for most of their time.
REQUESTS_PER_SECOND = 100
# Ten pages at once are on their way for so long; signals come in between.
SECONDS_PER_PAGE = 0.2


@pytest.fixture(scope="module")
def tenant(shared_server: MockProcess) -> Tenant:
    """A developer with an account of a million contents."""
    return make_tenant(
        shared_server.url,
        world="large",
        limits_enabled=True,
        requests_per_second=REQUESTS_PER_SECOND,
    )


@pytest.fixture(scope="module")
def environment(tenant: Tenant) -> dict[str, str]:
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith("INSIGHTIQ_")},
        "INSIGHTIQ_BASE_URL": tenant.url,
        "INSIGHTIQ_CLIENT_ID": tenant.client_id,
        "INSIGHTIQ_CLIENT_SECRET": tenant.client_secret,
    }


@pytest.fixture(scope="module")
def iq(tenant: Tenant) -> Iterator[InsightIQ]:
    """A client of the same server, for the expected rows."""
    with InsightIQ(
        base_url=tenant.url,
        client_id=tenant.client_id,
        client_secret=tenant.client_secret,
        quota=Quota(requests_per_second=REQUESTS_PER_SECOND),
    ) as client:
        yield client


@pytest.fixture(scope="module")
def arguments(iq: InsightIQ) -> list[str]:
    """The arguments for the latest contents of the large account."""
    (account,) = (
        each.id
        for each in iq.accounts.list()
        if each.data and each.data.engagement
        if each.data.engagement.monitor_type == "ON_DEMAND"
    )
    last = iq.contents.list(account_id=account, offset=ROWS).first()
    assert last is not None
    return ["--account-id", account, "--from-date", last.published_at.date().isoformat()]


@pytest.fixture(scope="module")
def expected(iq: InsightIQ, arguments: list[str]) -> list[str]:
    """The ids of all rows of the export."""
    _, account, _, day = arguments
    contents = iq.contents.list(account_id=account, from_date=dt.date.fromisoformat(day))
    return [each.id for each in contents]


@pytest.fixture
def _slow_pages(tenant: Tenant) -> Iterator[None]:
    with MockControl(tenant.url, developer=tenant.client_id) as control:
        rule = control.add_fault(operation="contents.list", delay=SECONDS_PER_PAGE)
        yield
        control.remove_fault(rule.id)


@pytest.mark.parametrize("secret", [None, "planted-secret"], ids=["own secret", "wrong secret"])
def test_whoami_checks_credentials(environment: dict[str, str], secret: str | None) -> None:
    used = secret or environment["INSIGHTIQ_CLIENT_SECRET"]
    done = subprocess.run(
        [*COMMAND, "whoami"],
        env={**environment, "INSIGHTIQ_CLIENT_SECRET": used},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == (1 if secret else 0), done.stderr
    assert json.loads(done.stdout)["credentials"] == ("rejected" if secret else "accepted")
    assert used not in done.stdout + done.stderr


def test_reader_that_leaves_early_is_no_failure(
    environment: dict[str, str], arguments: list[str]
) -> None:
    """``| head`` ends the command quietly."""
    words = ["contents", "list", *arguments, "--all", "--output", "ndjson"]
    with subprocess.Popen(
        [*COMMAND, *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        json.loads(process.stdout.readline())
        process.stdout.close()
        assert (process.wait(60), process.stderr.read()) == (0, "")


def export(
    environment: dict[str, str],
    words: list[str],
    *,
    responses: int | None = None,
    end: signal.Signals = signal.SIGKILL,
) -> int:
    """Run an export to its end, or to a signal after a number of responses; return its code."""
    rate = str(REQUESTS_PER_SECOND)
    with subprocess.Popen(
        [*COMMAND, "export", "contents", *words, "--requests-per-second", rate],
        env={**environment, "INSIGHTIQ_LOG": "info"},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        seen = 0
        for line in process.stderr:
            assert "Traceback" not in line
            seen += "contents.list: 200" in line
            if seen == responses:
                process.send_signal(end)
                seen += 1
        return process.wait(60)


def ids_in(file: pathlib.Path) -> list[str]:
    with file.open(encoding="utf-8", newline="") as lines:
        if file.suffix == ".csv":
            return [row["id"] for row in csv.DictReader(lines)]
        return [json.loads(line)["id"] for line in lines]


@pytest.mark.usefixtures("_slow_pages")
@pytest.mark.parametrize(
    ("name", "end", "moments"),
    [
        ("contents.ndjson", signal.SIGKILL, (1, 4, 15, 2, 13)),
        ("contents.csv", signal.SIGKILL, (14,)),
        ("contents.ndjson", signal.SIGINT, (2, 9, 7)),
    ],
    ids=["NDJSON killed", "CSV killed", "Ctrl-C"],
)
def test_export_continues_after_signals(
    environment: dict[str, str],
    arguments: list[str],
    expected: list[str],
    tmp_path: pathlib.Path,
    name: str,
    end: signal.Signals,
    moments: tuple[int, ...],
) -> None:
    """Every row is there, once, in order; Ctrl-C leaves whole rows, and none is fetched twice."""
    file = tmp_path / name
    words = [*arguments, "--to", str(file)]
    there = 0
    for responses in moments:
        code = export(environment, words, responses=responses, end=end)
        assert code == (130 if end is signal.SIGINT else -signal.SIGKILL)
        assert list(tmp_path.iterdir()) != [file]
        if end is signal.SIGINT:
            ids = ids_in(file)
            assert ids == expected[: len(ids)]
            assert len(ids) >= there
            there = len(ids)
    assert there > 0 or end is signal.SIGKILL
    assert export(environment, words) == 0
    assert ids_in(file) == expected
    assert list(tmp_path.iterdir()) == [file]
