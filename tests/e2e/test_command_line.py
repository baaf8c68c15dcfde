"""The command as people run it: a process in front of a mock server, with signals and pipes."""

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
from insightiq.models import Account
from insightiq.quota import Quota
from insightiq_mock.control import MockControl

COMMAND = [sys.executable, "-m", "insightiq"]
ROWS = 1_800
# Ten a second, as the API grants, would make the exports wait for most of their time.
REQUESTS_PER_SECOND = 100
# Ten pages at once are on their way for so long; signals come in between.
SECONDS_PER_PAGE = 0.2


@pytest.fixture(scope="module")
def archivist(shared_server: MockProcess) -> Tenant:
    """A developer with an account of a million contents."""
    return make_tenant(
        shared_server.url,
        world="large",
        limits_enabled=True,
        requests_per_second=REQUESTS_PER_SECOND,
    )


@pytest.fixture(scope="module")
def environment(archivist: Tenant) -> dict[str, str]:
    """The variables of the command."""
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith("INSIGHTIQ_")},
        "INSIGHTIQ_BASE_URL": archivist.url,
        "INSIGHTIQ_CLIENT_ID": archivist.client_id,
        "INSIGHTIQ_CLIENT_SECRET": archivist.client_secret,
    }


@pytest.fixture(scope="module")
def iq(archivist: Tenant) -> Iterator[InsightIQ]:
    """A client of the same server, for what the command should find."""
    with InsightIQ(
        base_url=archivist.url,
        client_id=archivist.client_id,
        client_secret=archivist.client_secret,
        quota=Quota(requests_per_second=REQUESTS_PER_SECOND),
    ) as client:
        yield client


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [*COMMAND, *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_command_works_from_shell(environment: dict[str, str], iq: InsightIQ) -> None:
    """It finds its credentials, calls, and writes what the client reads."""
    done = run(environment, "whoami")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["credentials"] == "accepted"
    assert environment["INSIGHTIQ_CLIENT_SECRET"] not in done.stdout
    done = run(environment, "work-platforms", "list", "--all", "--output", "ndjson")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [
        each.id for each in iq.work_platforms.list()
    ]


def test_wrong_credentials_are_reported(environment: dict[str, str]) -> None:
    """Exit code 1, and the secret nowhere."""
    done = run({**environment, "INSIGHTIQ_CLIENT_SECRET": "planted-secret"}, "whoami")
    assert done.returncode == 1
    assert json.loads(done.stdout)["credentials"] == "refused"
    assert "planted-secret" not in done.stdout + done.stderr


def test_reader_who_leaves_early_is_no_failure(
    environment: dict[str, str], archive: tuple[str, str]
) -> None:
    """``| head`` ends the command quietly."""
    account, since = archive
    words = ["contents", "list", "--account-id", account, "--from-date", since, "--all"]
    with subprocess.Popen(
        [*COMMAND, *words, "--output", "ndjson"],
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


def test_full_disk_is_reported(environment: dict[str, str]) -> None:
    """One sentence, also where it shows only when the buffer is emptied."""
    with pathlib.Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*COMMAND, "--help"],
            env={**environment, "PYTHONUNBUFFERED": ""},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 74
    assert done.stderr == "insightiq: standard output cannot be written: No space left on device.\n"


@pytest.fixture(scope="module")
def archive(iq: InsightIQ) -> tuple[str, str]:
    """The account of a million contents, and a day since which there are some thousand."""
    account = next(each for each in iq.accounts.list() if is_archive(each))
    last = iq.contents.list(account_id=account.id, offset=ROWS).first()
    assert last is not None
    return account.id, last.published_at.date().isoformat()


def is_archive(account: Account) -> bool:
    """Whether the account is the one that holds a million contents."""
    engagement = account.data.engagement if account.data else None
    return bool(engagement) and engagement.monitor_type == "ON_DEMAND"


@pytest.fixture(scope="module")
def expected(iq: InsightIQ, archive: tuple[str, str]) -> list[str]:
    """The ids of all rows of the export."""
    account, since = archive
    day = dt.date.fromisoformat(since)
    return [each.id for each in iq.contents.list(account_id=account, from_date=day)]


@pytest.fixture
def slow_pages(archivist: Tenant) -> Iterator[None]:
    """Contents that take their time."""
    with MockControl(archivist.url, developer=archivist.client_id) as control:
        rule = control.add_fault(operation="contents.list", delay=SECONDS_PER_PAGE)
        yield
        control.remove_fault(rule.id)


class Export:
    """One export, in as many runs as it takes.

    Args:
        environment: The variables of the command.
        archive: What is exported.
        file: Where to.
    """

    def __init__(
        self, environment: dict[str, str], archive: tuple[str, str], file: pathlib.Path
    ) -> None:
        account, since = archive
        self._file = file
        self._environment = {**environment, "INSIGHTIQ_LOG": "info"}
        self._command = [*COMMAND, "export", "contents", "--account-id", account]
        self._command += ["--from-date", since, "--to", str(file)]
        self._command += ["--requests-per-second", str(REQUESTS_PER_SECOND)]

    def run(self, *, responses: int | None = None, end: signal.Signals = signal.SIGKILL) -> int:
        """Run it to its end, or send a signal after a number of responses; return the exit code."""
        with subprocess.Popen(
            self._command, env=self._environment, stderr=subprocess.PIPE, text=True
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

    @property
    def ids(self) -> list[str]:
        """The ids in the file."""
        if self._file.suffix == ".csv":
            with self._file.open(encoding="utf-8", newline="") as lines:
                return [row["id"] for row in csv.DictReader(lines)]
        with self._file.open(encoding="utf-8") as lines:
            return [json.loads(line)["id"] for line in lines]

    @property
    def is_complete(self) -> bool:
        """Whether nothing but the file is left."""
        return list(self._file.parent.iterdir()) == [self._file]


@pytest.mark.usefixtures("slow_pages")
@pytest.mark.parametrize(
    ("name", "kills"), [("contents.ndjson", (1, 4, 15, 2, 13)), ("contents.csv", (14,))]
)
def test_export_survives_being_killed(
    environment: dict[str, str],
    archive: tuple[str, str],
    expected: list[str],
    tmp_path: pathlib.Path,
    name: str,
    kills: tuple[int, ...],
) -> None:
    """Killed at several moments, run again each time: every row is there, once, in order."""
    export = Export(environment, archive, tmp_path / name)
    for responses in kills:
        assert export.run(responses=responses) == -signal.SIGKILL
        assert not export.is_complete
    assert export.run() == 0
    assert export.ids == expected
    assert export.is_complete


@pytest.mark.usefixtures("slow_pages")
def test_export_stops_with_ctrl_c_and_goes_on(
    environment: dict[str, str],
    archive: tuple[str, str],
    expected: list[str],
    tmp_path: pathlib.Path,
) -> None:
    """Exit code 130 and whole rows only; none of them is fetched again in vain."""
    export = Export(environment, archive, tmp_path / "contents.ndjson")
    there = 0
    for responses in (2, 9, 7):
        assert export.run(responses=responses, end=signal.SIGINT) == 130
        ids = export.ids
        assert ids == expected[: len(ids)]
        assert len(ids) >= there
        there = len(ids)
    assert there > 0
    assert export.run() == 0
    assert export.ids == expected
    assert export.is_complete
