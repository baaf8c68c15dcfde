"""The contract command: what it starts, what it stops, and what it says when it cannot work."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import pathlib
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import contract
import openapi_document
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

READY = "ready url=http://127.0.0.1:9 client_id=some client_secret=thing"


@pytest.fixture(autouse=True)
def own_reports(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep reports out of the project, and the machine's environment out of the tests."""
    monkeypatch.setattr(contract, "ROOT", tmp_path)
    monkeypatch.setattr(contract, "REPORTS", tmp_path / "reports")
    for name in ("BASE_URL", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)


def mock_is(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let ``program`` stand in for the mock server."""
    monkeypatch.setattr(contract, "MOCK_COMMAND", [sys.executable, "-c", program])


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"BASE_URL": "http://127.0.0.1:1"}, "CLIENT_ID and CLIENT_SECRET are not; set all three"),
        ({"BASE_URL": "127.0.0.1:4010"}, "write it like http://127.0.0.1:4010"),
        ({"BASE_URL": "https://api.insightiq.ai"}, "api.insightiq.ai is the vendor's"),
        ({"BASE_URL": "https://api.sandbox.getphyllo.com/"}, "is the vendor's"),
        ({"BASE_URL": "http://127.0.0.1:1"}, "nothing answers at http://127.0.0.1:1"),
    ],
)
def test_a_server_that_cannot_be_asked_is_told_in_a_sentence(
    environment: Mapping[str, str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Half of the settings, a wrong address, the vendor's own servers: nothing is sent."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    if "CLIENT_ID" not in message:
        monkeypatch.setenv("CLIENT_ID", "some")
        monkeypatch.setenv("CLIENT_SECRET", "hidden-thing")
    assert contract.main([]) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert "hidden-thing" not in captured.err + captured.out


def test_a_mock_server_that_dies_has_its_last_words_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Why the server did not start stands in the message, not only in a log."""
    mock_is(monkeypatch, "import sys; sys.exit('no such document')")
    assert contract.main([]) == 2
    assert "did not start (1). It said: no such document" in capsys.readouterr().err


def test_a_mock_server_that_never_gets_ready_is_given_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A hanging server ends the command, and is stopped."""
    mock_is(monkeypatch, "import signal; signal.pause()")
    monkeypatch.setattr(contract, "SECONDS_TO_START", 0.1)
    assert contract.main([]) == 2
    assert "was not ready after 0.1 s" in capsys.readouterr().err


def test_something_else_than_a_mock_server_is_noticed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line without an address is not taken for a ready line."""
    mock_is(monkeypatch, "print('hello', flush=True); import signal; signal.pause()")
    assert contract.main([]) == 2
    assert "It said: hello" in capsys.readouterr().err


@pytest.mark.parametrize("interrupted", [False, True])
def test_the_mock_server_is_stopped_in_any_case(
    interrupted: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither success nor Ctrl-C leaves a server behind; Ctrl-C ends with 130."""
    mock_is(
        monkeypatch,
        f"import os, signal; print('{READY}', os.getpid(), flush=True); signal.pause()",
    )
    processes: list[subprocess.Popen[str]] = []
    wait_until_ready = contract._wait_until_ready

    def remember(process: subprocess.Popen[str], log: pathlib.Path) -> contract.Target:
        processes.append(process)
        return wait_until_ready(process, log)

    def run(target: contract.Target, *_: object) -> int:
        assert target == contract.Target("http://127.0.0.1:9", "some", "thing")
        if interrupted:
            raise KeyboardInterrupt
        return 0

    monkeypatch.setattr(contract, "_wait_until_ready", remember)
    monkeypatch.setattr(contract, "run_schemathesis", run)
    assert contract.main([]) == (130 if interrupted else 0)
    assert processes
    assert all(process.returncode is not None for process in processes)
    assert ("stopped" in capsys.readouterr().err) is bool(interrupted)


def test_a_failing_half_fails_the_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both halves run, and one failure is enough."""
    asked: list[str] = []

    def run(_target: object, part: str, _phases: str, _options: Sequence[str]) -> int:
        asked.append(part)
        return 1 if part == "requests" else 0

    monkeypatch.setattr(contract, "running_mock", lambda _log: contextlib.nullcontext())
    monkeypatch.setattr(contract, "run_schemathesis", run)
    assert contract.main([]) == 1
    assert asked == list(contract.PARTS)
    assert "does not keep the document" in capsys.readouterr().err


class _LyingServer(http.server.BaseHTTPRequestHandler):
    """Answers every list with nothing, and work platforms with a day that does not exist."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer."""
        answer: dict[str, Any] = {"data": []}
        if self.path.startswith("/v1/work-platforms"):
            examples = openapi_document.load()["components"]["examples"]
            answer = json.loads(json.dumps(examples["WorkPlatformList"]["value"]))
            answer["data"][0]["created_at"] = "2026-13-40T09:31:07.482915"
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("request-id", "5f9e7a3b-8c41-4d26-9a70-3b1f0c6d2e58")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def lying_server() -> Iterator[str]:
    """The address of a server whose answers are wrong in one place."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _LyingServer) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_server_that_answers_with_an_impossible_day_is_caught(
    lying_server: str, tmp_path: pathlib.Path
) -> None:
    """The whole chain: settings, hooks, schemathesis, exit status, words, and no secret shown."""
    command = [sys.executable, contract.__file__, "--include-operation-id=work_platforms.list"]
    command += ["--phases=examples", "--checks=answer_keeps_our_formats", "--no-color"]
    command += [f"--report-junit-path={tmp_path}/report.xml", f"--report-html-path={tmp_path}/html"]
    environment = {
        "BASE_URL": lying_server,
        "CLIENT_ID": "some",
        "CLIENT_SECRET": "hidden-thing",
    }
    result = subprocess.run(
        command,
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env=os.environ | environment,
        text=True,
    )
    assert result.returncode == 1, result.stdout + result.stderr
    assert '/data/0/created_at: "2026-13-40T09:31:07.482915" is not a "date-time-local"' in (
        result.stdout
    )
    assert "the server does not keep the document" in result.stderr
    written = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert not any("hidden-thing" in text for text in (result.stdout, result.stderr, *written))
