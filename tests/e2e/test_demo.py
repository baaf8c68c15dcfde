"""The demo as people run it: a process that shows each step, and cleans up behind itself."""

from __future__ import annotations

import os
import pathlib
import re
import signal
import socket
import subprocess
import sys

import pytest

DEMO = pathlib.Path(__file__).parent.parent.parent / "scripts" / "demo.py"

# Stands in for the mock server: says that it is ready, notes its process id, then misbehaves. It
# fails at once, or calls a port when it is asked, and never responds.
FAKE_SERVER = """\
import http.server, os, pathlib, socket, threading

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        if {port_to_call} is None:
            self.send_response(500)
            self.end_headers()
        else:
            with socket.create_connection(("127.0.0.1", {port_to_call})):
                threading.Event().wait()

    def log_message(self, *arguments):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
pathlib.Path({pid_file!r}).write_text(str(os.getpid()))
print(f"mock ready url=http://127.0.0.1:{{server.server_port}} client_id=a client_secret=b", flush=True)
server.serve_forever()
"""


def start_demo(*, fake: pathlib.Path | None = None, **variables: str) -> subprocess.Popen[str]:
    """Start the demo, with a stand-in for the mock server if there is a folder with one."""
    environment = {**os.environ, **variables}
    if fake is not None:
        environment["PYTHONPATH"] = str(fake)
    return subprocess.Popen(
        [sys.executable, str(DEMO)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def write_fake(folder: pathlib.Path, program: str) -> None:
    """Write a package that is started instead of the mock server."""
    package = folder / "insightiq_mock"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(program, encoding="utf-8")


def is_running(pid: int) -> bool:
    """Return whether a process lives."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.shows_secrets("the output of a process")
def test_demo_walks_to_its_end_and_stops_what_it_started() -> None:
    """Ten steps with their request ids, in plain text, and nothing listens afterwards."""
    process = start_demo(INSIGHTIQ_ENVIRONMENT="production", INSIGHTIQ_CLIENT_SECRET="planted")
    out, stderr = process.communicate(timeout=120)
    assert (process.returncode, stderr) == (0, "")
    assert re.findall(r"^ *(\d+)\. ", out, re.MULTILINE) == [str(number) for number in range(1, 11)]
    requests = int(re.search(r"Done: 10 steps, (\d+) requests", out)[1])  # type: ignore[index]  # a missing line fails the test all the same
    assert len(re.findall(r"request-id [0-9a-f-]{36}$", out, re.MULTILINE)) == requests >= 12
    contents = re.search(r"(\d+) contents in (\d+) pages", out)
    assert contents is not None
    assert int(contents[1]) > 100
    assert int(contents[2]) > 1
    assert "What to try next" in out
    assert "\x1b" not in out
    assert "planted" not in out
    address = re.search(r"http://127\.0\.0\.1:(\d+)", out)
    assert address is not None
    with socket.socket() as client:
        assert client.connect_ex(("127.0.0.1", int(address[1]))) != 0


@pytest.mark.shows_secrets("the output of a process")
def test_demo_runs_where_names_cannot_be_shown() -> None:
    """A terminal without Unicode gets question marks, not a traceback."""
    process = start_demo(PYTHONIOENCODING="ascii")
    out, stderr = process.communicate(timeout=120)
    assert (process.returncode, stderr) == (0, "")
    assert "What to try next" in out


def test_mock_server_that_does_not_start_is_reported_with_its_reason(
    tmp_path: pathlib.Path,
) -> None:
    """One line on standard error, and no traceback."""
    write_fake(tmp_path, "raise SystemExit('insightiq-mock: error: the port is taken')")
    process = start_demo(fake=tmp_path)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 1
    assert stderr == (
        "\ndemo: failed: the mock server did not start: insightiq-mock: error: the port is taken\n"
    )


def test_failing_step_is_named_and_server_stopped(tmp_path: pathlib.Path) -> None:
    """The error's own line says what went wrong; nothing stays behind."""
    pid_file = tmp_path / "pid"
    write_fake(tmp_path, FAKE_SERVER.format(port_to_call=None, pid_file=str(pid_file)))
    process = start_demo(fake=tmp_path)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "demo: failed in step 1 (Create a webhook): webhooks.create" in stderr
    assert "Traceback" not in stderr
    assert not is_running(int(pid_file.read_text()))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_demo_stops_its_server(tmp_path: pathlib.Path, number: int) -> None:
    """Ctrl-C in the middle of a call ends everything, without a traceback."""
    pid_file = tmp_path / "pid"
    with socket.create_server(("127.0.0.1", 0)) as asked:
        asked.settimeout(60)
        port = asked.getsockname()[1]
        write_fake(tmp_path, FAKE_SERVER.format(port_to_call=port, pid_file=str(pid_file)))
        process = start_demo(fake=tmp_path)
        call, _ = asked.accept()
        with call:
            process.send_signal(number)
            _, stderr = process.communicate(timeout=60)
    assert (process.returncode, stderr) == (
        130,
        "\ndemo: interrupted in step 1 (Create a webhook)\n",
    )
    assert not is_running(int(pid_file.read_text()))


def test_reader_who_leaves_early_ends_demo() -> None:
    """``make demo | head -1`` is not an accident to report."""
    process = start_demo()
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    stderr = process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 1
    assert stderr == ""
