"""The command ``serve``, as a process on loopback and as a function."""

from __future__ import annotations

import contextlib
import logging
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import openapi_document
import pytest
from published_document import DOCUMENT
from starlette.types import Receive, Scope, Send

import insightiq_mock
from insightiq_mock import cli
from insightiq_mock.http_server import ListenError, open_listener, run_http_server, url_of
from insightiq_mock.settings import Credentials, credentials_from_seed

SMALL_API = pathlib.Path(__file__).with_name("small_api.yaml")
READY = re.compile(
    r"insightiq-mock ready url=(?P<url>http://\S+) client_id=(?P<id>\S+) client_secret=(?P<secret>\S+)\n"
)
PATIENCE = 60.0


def start(arguments: Sequence[str], **environment: str) -> subprocess.Popen[str]:
    """Start the command in a process of its own."""
    package = pathlib.Path(insightiq_mock.__file__).parents[1]
    return subprocess.Popen(
        [sys.executable, "-m", "insightiq_mock", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(package), **environment},
    )


class Running:
    """A server process that has said it is ready."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        watchdog = threading.Timer(PATIENCE, process.kill)
        watchdog.start()
        line = process.stdout.readline()
        watchdog.cancel()
        match = READY.fullmatch(line)
        assert match is not None, f"{line!r}: {process.communicate()}"
        self.url = match["url"]
        self.auth = (match["id"], match["secret"])

    def stop(self, number: int) -> tuple[int, str, str]:
        """Send a signal; return exit code and what else was printed."""
        self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, output, errors


@contextlib.contextmanager
def running(*arguments: str, **environment: str) -> Iterator[Running]:
    """Run ``insightiq-mock serve`` on a free port."""
    process = start(["serve", "--port", "0", *arguments], **environment)
    try:
        yield Running(process)
    finally:
        process.kill()
        process.communicate()


def test_serve_says_one_line_responds_and_ends_well() -> None:
    secrets = {"INSIGHTIQ_CLIENT_ID": "real-id", "INSIGHTIQ_CLIENT_SECRET": "real-secret"}
    with running("--seed", "7", **secrets) as server:
        derived = credentials_from_seed(7)
        assert server.auth == (derived.client_id, derived.client_secret)
        with httpx.Client(base_url=server.url, auth=server.auth) as client:
            operations = client.get("/_mock/health", auth=None).json()["operations"]
            assert operations == len(list(openapi_document.operations(DOCUMENT)))
            listed = client.get("/v1/work-platforms")
            assert listed.status_code == 200
            assert listed.headers["mock-source"] == "state"
            assert "server" not in listed.headers
            assert client.get("/v1/work-platforms", auth=("x", "y")).status_code == 401
        assert server.stop(signal.SIGINT) == (0, "", "")


def test_second_ctrl_c_still_ends_application_in_order(
    caplog: pytest.LogCaptureFixture,
) -> None:
    heard: list[str] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "lifespan"
        for step in ("startup", "shutdown"):
            heard.append((await receive())["type"])
            await send({"type": f"lifespan.{step}.complete"})

    def press_twice() -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    # A command that ran in this process may have left a handler of its own.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with (
            open_listener("127.0.0.1", 0) as listener,
            pytest.raises(KeyboardInterrupt),
        ):
            run_http_server(application, listener, press_twice)
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == ["lifespan.startup", "lifespan.shutdown"]
    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []


def test_serve_takes_document_and_credentials_and_ends_at_sigterm() -> None:
    with running(
        "--spec", str(SMALL_API), "--client-id", "me", "--client-secret", "mine"
    ) as server:
        assert server.auth == ("me", "mine")
        with httpx.Client(base_url=server.url, auth=server.auth) as client:
            assert client.get("/_mock/health").json()["document_version"] == "0.9.0"
            things = client.get("/v1/things")
            assert things.headers["mock-source"] == "example"
            head = client.head("/v1/things")
            assert head.headers["content-length"] == things.headers["content-length"]
            # The handler knows no such user, but it was asked.
            unknown = client.get("/v1/users/external_id/a%2Fb").json()["error"]
            assert unknown["code"] != "unknown_path"
            deleted = client.delete(f"/v1/things/{uuid.uuid4()}")
            assert (deleted.status_code, deleted.content) == (204, b"")
            assert "transfer-encoding" not in deleted.headers
            assert client.post("/v1/things", content=b" " * 2_000_000).status_code == 413
            assert client.get("/v1/things").status_code == 200
        assert server.stop(signal.SIGTERM) == (0, "", "")


def fails(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run the command in this process, expect exit code 1, return its one line of error."""
    assert cli.main(["serve", *arguments]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("insightiq-mock: error: ")
    assert captured.err.count("\n") == 1
    return captured.err.removeprefix("insightiq-mock: error: ").rstrip()


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """Give this process its own signal handlers back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_taken_port_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert fails(capsys, "--port", str(port)) == (
            f"port {port} on 127.0.0.1 is taken; stop what uses it, or give another --port."
        )


def test_bad_document_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path
) -> None:
    absent = tmp_path / "absent.yaml"
    assert fails(capsys, "--spec", str(absent)).startswith(f"{absent}: cannot be read")
    broken = tmp_path / "broken.yaml"
    broken.write_text("openapi: [")
    assert fails(capsys, "--spec", str(broken)).startswith(f"{broken}: line ")


@pytest.mark.parametrize("host", ["no-such-host.invalid", "", "x" * 70, "999.1.1.1"])
def test_unknown_host_is_rejected(host: str) -> None:
    with pytest.raises(ListenError):
        open_listener(host or "\0", 0)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_host_that_others_can_reach_is_rejected(host: str) -> None:
    with pytest.raises(ListenError, match="can be reached from other machines"):
        open_listener(host, 0)


def test_reserved_port_says_so() -> None:
    try:
        open_listener("127.0.0.1", 1).close()
    except ListenError as error:
        assert "reserved for the system" in str(error)  # noqa: PT017 - only where it is rejected


@pytest.mark.parametrize(
    ("host", "pattern"),
    [
        ("127.0.0.1", r"http://127\.0\.0\.1:[1-9]\d*"),
        ("localhost", r"http://127\.0\.0\.1:[1-9]\d*"),
        ("127.0.0.2", r"http://127\.0\.0\.2:[1-9]\d*"),
    ],
)
def test_url_shows_port_that_was_found(host: str, pattern: str) -> None:
    with open_listener(host, 0) as listener:
        assert re.fullmatch(pattern, url_of(listener))


def test_name_that_stands_for_both_is_taken_as_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 0, 0, 0)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: both)
    with open_listener("localhost", 0) as listener:
        assert url_of(listener).startswith("http://127.0.0.1:")


def test_ipv6_url_has_brackets() -> None:
    try:
        listener = open_listener("::1", 0)
    except ListenError:
        pytest.skip("this machine has no IPv6")
    with listener:
        assert re.fullmatch(r"http://\[::1\]:\d+", url_of(listener))


def test_credentials_follow_from_seed() -> None:
    first = credentials_from_seed(1)
    assert first == credentials_from_seed(1)
    assert first == Credentials(
        "a44a2c2d-494a-4130-84eb-b037f1d57adc", "39ddfcba-f304-48ba-be9d-98ecb0cdde1a"
    )
    assert first.client_id != first.client_secret
    assert first != credentials_from_seed(2)
    assert uuid.UUID(first.client_id).version == uuid.UUID(first.client_secret).version == 4


def test_secret_does_not_show_in_repr() -> None:
    assert "hush" not in repr(Credentials("me", "hush"))


def test_every_response_is_dated_by_server_s_clock(surrounded: Any) -> None:
    surrounded.seconds = 1_780_000_000.999
    for method, path, options in (
        ("GET", "/v1/things", {}),
        ("GET", "/v1/things", {"auth": None}),
        ("GET", "/v1/nothing", {}),
        ("GET", "/openapi.json", {}),
        ("GET", "/_mock/health", {}),
    ):
        response = surrounded.call(method, path, **options)
        assert response.headers["date"] == "Thu, 28 May 2026 20:26:40 GMT"
    surrounded.seconds = 1_780_000_001.0
    assert surrounded.call("GET", "/v1/things").headers["date"] == "Thu, 28 May 2026 20:26:41 GMT"


@pytest.mark.parametrize(
    ("shift", "date"),
    [
        (3600.0, "Thu, 28 May 2026 21:26:40 GMT"),
        (-1.0, "Thu, 28 May 2026 20:26:39 GMT"),
        (0.8, "Thu, 28 May 2026 20:26:41 GMT"),
    ],
)
def test_developer_can_be_shown_clock_that_is_off(surrounded: Any, shift: float, date: str) -> None:
    surrounded.set(date_shift_seconds=shift)
    assert surrounded.call("GET", "/v1/things").headers["date"] == date
    assert surrounded.call("GET", "/v1/things?limit=0").headers["date"] == date
    stranger = surrounded.call("GET", "/v1/things", auth=None)
    assert stranger.headers["date"] == "Thu, 28 May 2026 20:26:40 GMT"
