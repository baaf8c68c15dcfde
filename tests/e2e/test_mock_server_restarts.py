"""Stopping, starting and killing a server that keeps its state in a file."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import json
import logging
import os
import pathlib
import random
import signal
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from demonstration.mock_process import MockProcess

from insightiq_mock import cli
from insightiq_mock.structured_log import configure_logging

ROUNDS = 100
# Nothing is encrypted here, and certificates take longer to load than a round takes.
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@pytest.fixture
def database(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "mock.db"


def client(server: MockProcess, **options: object) -> httpx.Client:
    """Make a client of the server's developer."""
    auth = (server.client_id, server.client_secret)
    return httpx.Client(base_url=server.url, auth=auth, verify=NO_CERTIFICATES, **options)  # type: ignore[arg-type] # as httpx takes them


@dataclasses.dataclass(frozen=True)
class Life:
    """Responses before a stop, and after the restart.

    Attributes:
        late: The response to a call that was under way when it was asked to stop.
        code: Its exit code.
        stderr: What it wrote on standard error.
        secret: The newest secret, as the response to a rotation showed it.
        shown: The secret in the next server's ready line.
        before: Responses to some questions, by path.
        after: The next server's responses to the same ones.
    """

    late: httpx.Response
    code: int
    stderr: str
    secret: str = dataclasses.field(repr=False)
    shown: str = dataclasses.field(repr=False)
    before: dict[str, Any]
    after: dict[str, Any]


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """A server that is filled, stopped in the middle of a call, and started again."""
    database = tmp_path_factory.mktemp("life") / "mock.db"
    asked = ("/v1/users/external_id/restart", "/v1/accounts?limit=100")
    with MockProcess("--database", str(database)) as server:
        with client(server) as http:
            http.post("/v1/users", json={"name": "Ada", "external_id": "restart"})
            before = {path: http.get(path).json() for path in asked}
            rotated = http.post("/_mock/developers/default/rotate-secret", auth=None)
        late = asyncio.run(call_and_stop(server))
        code, stderr = server.wait(), server.stderr_text()
    with MockProcess("--database", str(database)) as server, client(server) as http:
        late_path = "/v1/users/external_id/late"
        after = {path: http.get(path).json() for path in (*asked, late_path)}
    secret = rotated.json()["secrets"][0]
    before[late_path] = late.json()
    return Life(late, code, stderr, secret, server.client_secret, before, after)


async def call_and_stop(server: MockProcess, *, delay: int = 1) -> httpx.Response:
    """Call, stop the server while it works on the response, and return that."""
    auth = (server.client_id, server.client_secret)
    async with httpx.AsyncClient(base_url=server.url, auth=auth, timeout=20) as http:
        preference = {"Prefer": f"delay={delay}"}
        user = {"name": "Late", "external_id": "late"}
        call = asyncio.create_task(http.post("/v1/users", json=user, headers=preference))
        await asyncio.sleep(0.3)
        os.kill(server.pid, signal.SIGTERM)
        return await call


def test_what_was_written_is_there_after_restart(life: Life) -> None:
    """Users, and everything that the control API has made; the world is not made twice."""
    assert life.before["/v1/users/external_id/restart"]["name"] == "Ada"
    assert life.before == life.after
    # The ready line shows the newest secret; the old one is live until it is retired.
    assert life.shown == life.secret


def test_stopping_server_finishes_what_runs(life: Life) -> None:
    """A call that is under way is responded to; then the process ends as a success, silently."""
    assert life.late.status_code == 201
    assert (life.code, life.stderr) == (0, "")
    assert life.after["/v1/users/external_id/late"]["id"] == life.late.json()["id"]


class Writer(threading.Thread):
    """Creates users as fast as it can and remembers those that were acknowledged."""

    def __init__(self, server: MockProcess, round_number: int) -> None:
        super().__init__()
        self._server = server
        self._round = round_number
        self._stopped = threading.Event()
        self.acknowledged: list[str] = []

    def stop(self) -> None:
        """End with the present write."""
        self._stopped.set()
        self.join(20)
        assert not self.is_alive()

    def run(self) -> None:
        """Write until stopped, or until the server is gone."""
        with client(self._server, timeout=5.0) as http:
            for number in range(10_000):
                if self._stopped.is_set():
                    return
                name = f"round-{self._round}-{number}"
                try:
                    response = http.post("/v1/users", json={"name": name, "external_id": name})
                except httpx.TransportError:
                    return
                if response.status_code == 201:
                    self.acknowledged.append(name)


def kill_while_writing(writers: list[Writer], victim: int, chance: random.Random) -> list[str]:
    """Kill a process in the middle of writes and return what was acknowledged."""
    for writer in writers:
        writer.start()
    deadline = time.monotonic() + 20
    while not any(writer.acknowledged for writer in writers):
        assert time.monotonic() < deadline, "no write was acknowledged"
        time.sleep(0.001)
    time.sleep(chance.uniform(0, 0.05))
    os.kill(victim, signal.SIGKILL)
    for writer in writers:
        writer.stop()
    return [name for writer in writers for name in writer.acknowledged]


def lost(database: pathlib.Path, acknowledged: list[str]) -> set[str]:
    """Return those that the file does not know."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT natural_key FROM resources WHERE kind = 'user'")
        known = {row[0] for row in rows}
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    return set(acknowledged) - known


def test_killed_server_loses_no_acknowledged_write(database: pathlib.Path) -> None:
    """Wherever in the middle of its work it was killed; and it starts again."""
    chance = random.Random(1)
    acknowledged: list[str] = []
    for number in range(3):
        with MockProcess("--database", str(database), "--no-limits") as server:
            writers = [Writer(server, number)]
            acknowledged += kill_while_writing(writers, server.pid, chance)
    # At least one a round; how many more says how quick the machine is.
    assert len(acknowledged) >= 3
    assert lost(database, acknowledged) == set()
    with MockProcess("--database", str(database)) as server, client(server) as http:
        found = http.get(f"/v1/users/external_id/{acknowledged[-1]}")
        assert found.status_code == 200


@pytest.mark.skipif("CI" not in os.environ, reason="a hundred rounds take ten seconds and more")
def test_hundred_kills_lose_no_acknowledged_write(database: pathlib.Path) -> None:
    """The same, often enough to meet the unlikely; one of two processes is killed each time."""
    chance = random.Random(2)
    acknowledged: list[str] = []
    options = ("--database", str(database), "--no-limits", "--workers", "2")
    with MockProcess(*options) as server:
        for number in range(ROUNDS):
            acknowledged += kill_a_worker_while_writing(server, number, chance)
    assert len(acknowledged) > ROUNDS
    assert lost(database, acknowledged) == set()


def kill_a_worker_while_writing(
    server: MockProcess, round_number: int, chance: random.Random
) -> list[str]:
    """Kill one process in the middle of writes, wait for the next one, return what was responded to."""
    workers = children(server.pid)
    writers = [Writer(server, 2 * round_number + number) for number in range(2)]
    # The older one, listed first: it certainly serves, while the other one may still be starting.
    killed = workers[0]
    acknowledged = kill_while_writing(writers, killed, chance)
    deadline = time.monotonic() + 30
    while killed in (present := children(server.pid)) or len(present) < len(workers):
        assert time.monotonic() < deadline, "the killed process was not replaced"
        time.sleep(0.02)
    return acknowledged


def children(pid: int) -> list[int]:
    """Return the processes that ``pid`` has started."""
    listed = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
    if not listed.exists():
        pytest.skip("this system does not list a process's children")
    return [int(child) for child in listed.read_text().split()]


@pytest.fixture
def _as_before() -> Iterator[None]:
    """Give this process its own signal handlers, loggers and habits back."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    threshold = gc.get_threshold()
    loggers = [logging.getLogger(name) for name in ("insightiq_mock", "uvicorn.error", "asyncio")]
    kept = [(each, each.handlers[:], each.propagate, each.level) for each in loggers]
    yield
    gc.set_threshold(*threshold)
    for number, handler in handlers.items():
        signal.signal(number, handler)
    for logger, logs_to, propagate, level in kept:
        logger.handlers[:], logger.propagate = logs_to, propagate
        logger.setLevel(level)


@pytest.fixture(params=["garbage", "foreign", "newer", "folder", "absent folder"])
def unusable(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> tuple[pathlib.Path, str]:
    """Files that are no database of ours, and what is to be said about them."""
    path = tmp_path / "bad.db"
    if request.param == "garbage":
        path.write_bytes(b"not a database at all, but long enough to look like something" * 20)
        return path, "file is not a database"
    if request.param == "folder":
        path.mkdir()
        return path, "unable to open database file"
    if request.param == "absent folder":
        return tmp_path / "absent" / "mock.db", "unable to open database file"
    with sqlite3.connect(path) as connection:
        if request.param == "foreign":
            connection.execute("CREATE TABLE theirs (a)")
        else:
            connection.execute("CREATE TABLE ours (a)")
            connection.execute("PRAGMA user_version = 999")
    connection.close()
    reported = "another program" if request.param == "foreign" else "format 999"
    return path, reported


@pytest.mark.usefixtures("_as_before")
def test_file_that_cannot_be_used_is_one_clear_line(
    unusable: tuple[pathlib.Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    path, reported = unusable
    content = path.read_bytes() if path.is_file() else None
    assert cli.main(["serve", "--port", "0", "--database", str(path)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"insightiq-mock: error: The database {path} cannot be used: ")
    assert reported in line
    assert line.endswith("; name another file or move it away.")
    if content is not None:
        assert path.read_bytes() == content


@pytest.mark.usefixtures("_as_before")
@pytest.mark.parametrize("name", ["mock.db", "link.db"])
def test_second_server_on_one_database_is_rejected(
    tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """One clear line, under whichever name the file goes; afterwards it is free again."""
    database = tmp_path / "mock.db"
    (tmp_path / "link.db").symlink_to(database)
    with MockProcess("--database", str(database), "--workers", "2"):
        assert cli.main(["serve", "--port", "0", "--database", str(tmp_path / name)]) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert "is in use by another insightiq-mock server; stop that one" in line
    with MockProcess("--database", str(database)):
        pass


@pytest.mark.parametrize("workers", ["1", "2"])
def test_deleted_database_is_noticed(tmp_path: pathlib.Path, workers: str) -> None:
    """No call is acknowledged that no one could ever read; a new file does not hide it."""
    database = tmp_path / "mock.db"
    user = {"name": "Ada", "external_id": "1"}
    with MockProcess("--database", str(database), "--workers", workers) as server:
        with client(server) as http:
            assert http.post("/v1/users", json=user).status_code == 201
        for file in tmp_path.glob("mock.db*"):
            file.unlink()
        for number in range(2, 6):
            with client(server) as http:
                response = http.post("/v1/users", json={**user, "external_id": str(number)})
            assert response.status_code == 503
            assert "was deleted or replaced while the server ran" in response.text
            assert response.json()["error"]["http_status_code"] == 503
        database.write_bytes(b"")
        with client(server) as http:
            assert http.post("/v1/users", json=user).status_code == 503
        assert "Traceback" not in server.stderr_text()


def test_damaged_database_is_sentence(tmp_path: pathlib.Path) -> None:
    """In the response of the server that runs, and in the one line of the next; no traceback."""
    database = tmp_path / "mock.db"
    with MockProcess("--database", str(database)):
        pass
    content = bytearray(database.read_bytes())
    page = 4096
    content[page:] = b"\x07" * (len(content) - page)
    database.write_bytes(content)
    assert cli_error(database).endswith("malformed; name another file or move it away.\n")


def cli_error(database: pathlib.Path) -> str:
    """Start a server that cannot start, and return its errors."""
    command = [sys.executable, "-m", "insightiq_mock", "serve", "--port", "0"]
    ended = subprocess.run(
        [*command, "--database", str(database)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    return ended.stderr


def test_call_cut_off_by_end_has_envelope(tmp_path: pathlib.Path) -> None:
    """A server that stops does not wait for ever, and logs the tasks that it gave up."""
    with MockProcess("--database", str(tmp_path / "mock.db")) as server:
        response = asyncio.run(call_and_stop(server, delay=30))
        assert response.status_code == 503
        error = response.json()["error"]
        assert (error["code"], error["request_id"]) == (
            "server_stopping",
            response.headers["request-id"],
        )
        assert server.wait() == 0
        assert "Traceback" not in server.stderr_text()


@pytest.fixture
def document(tmp_path: pathlib.Path) -> Iterator[pathlib.Path]:
    """A document that may be changed."""
    source = pathlib.Path(__file__).parents[2] / "spec" / "insightiq.yaml"
    path = tmp_path / "api.yaml"
    path.write_text(source.read_text())
    return path


def wait_for(server: MockProcess, reported: str) -> None:
    """Wait until the server has said something."""
    deadline = time.monotonic() + 20
    while reported not in server.stderr_text():
        assert time.monotonic() < deadline, server.stderr_text()
        time.sleep(0.05)


def test_changed_document_is_picked_up(document: pathlib.Path) -> None:
    """With ``--reload``; a broken one is named and changes nothing, a new operation responds."""
    text = document.read_text()
    added = text.replace(
        "paths:\n",
        "paths:\n  /v1/new:\n    get: {operationId: new.get, responses: {'200': {description: Fine}}}\n",
        1,
    )
    with MockProcess("--spec", str(document), "--reload") as server, client(server) as http:
        assert http.get("/v1/new").status_code == 404
        document.write_text("openapi: [")
        wait_for(server, "the changed document is not served")
        assert f"{document}: line " in server.stderr_text()
        assert http.get("/v1/users").status_code == 200
        document.write_text(added)
        wait_for(server, "serving the changed document")
        assert http.get("/v1/new").headers["mock-source"] == "example"
        assert http.get("/v1/users").headers["mock-source"] == "state"


@pytest.mark.usefixtures("_as_before")
def test_beyond_loopback_token_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without one the server does not start, and says what to do; with one it asks for it."""
    monkeypatch.setenv("INSIGHTIQ_MOCK_CONTROL_TOKEN", "")
    assert cli.main(["serve", "--host", "0.0.0.0", "--port", "0"]) == 1
    (error,) = capsys.readouterr().err.splitlines()
    assert "--control-token" in error
    options = ("--host", "0.0.0.0", "--control-token", "a-token-for-tests")
    with MockProcess(*options) as server:
        url = f"http://127.0.0.1:{server.url.rpartition(':')[2]}"
        path = f"{url}/_mock/developers"
        assert httpx.get(path).status_code == 401
        assert httpx.get(path, headers={"Authorization": "Bearer wrong"}).status_code == 401
        right = httpx.get(path, headers={"Authorization": "Bearer a-token-for-tests"})
        assert right.status_code == 200
        assert "a-token-for-tests" not in server.stderr_text()


@pytest.mark.usefixtures("_as_before")
def test_log_line_is_json_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    """One per event, for machines to read."""
    configure_logging()
    log = logging.getLogger("insightiq_mock")
    log.info("sent Basic QWxhZGRpbjpvcGVu\nand more")
    failure = ValueError('"sdk_token":"eyJhbGciOi.abc.def"')
    log.error("failed", exc_info=failure)
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    assert [(line["level"], line["message"]) for line in lines] == [
        ("info", "sent Basic [hidden]\nand more"),
        ("error", "failed"),
    ]
    assert "ValueError" in lines[1]["exception"]
    assert "eyJ" not in written
