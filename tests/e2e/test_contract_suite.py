"""The contract suite as a whole: it finds mistakes, repeats itself, and shows no secret."""

from __future__ import annotations

import base64
import contextlib
import http.server
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from contract_mistakes import MISTAKES, WITHOUT_HANDLERS, Exchange, changed
from contract_suite.servers import HTTPOrigin, ServerError, Target
from demonstration.mock_process import MockProcess
from mock_tenants import Tenant, make_tenant
from secret_forms import shows

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run_suite(*arguments: str, **environment: str) -> tuple[int, str]:
    """Run the suite in a process of its own; return exit status and output."""
    names = {"BASE_URL", "CLIENT_ID", "CLIENT_SECRET", "PYTEST_XDIST_WORKER"}
    kept = {name: text for name, text in os.environ.items() if name not in names}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=ROOT,
        env=kept | {"PYTHONPATH": "tests/support:scripts"} | environment,
        capture_output=True,
        check=False,
        text=True,
        timeout=300,
    )
    return done.returncode, done.stdout + done.stderr


def files(*names: str) -> list[str]:
    """Return the paths of test modules."""
    return [f"tests/contract/{name if '/' in name else f'test_{name}'}.py" for name in names]


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_is_found(name: str) -> None:
    """Each part that tests for it fails, and says what is wrong and how to repeat that."""
    mistake = MISTAKES[name]
    status, output = run_suite(
        "-p",
        "contract_mistakes",
        *files(*mistake.tests),
        f"--operations={','.join(mistake.operations)}",
        "--examples=10",
        CONTRACT_MISTAKE=name,
    )
    assert status == 1, output
    for words in mistake.words:
        assert words in output
    failed = set(re.findall(r"^FAILED tests/contract/(\S+)\.py", output, re.MULTILINE))
    wanted = {
        path.removeprefix("tests/contract/").removesuffix(".py") for path in files(*mistake.tests)
    }
    assert failed == wanted, output
    assert "\nagain: .venv/bin/python -m pytest " in output


def test_operations_without_handler_are_skipped() -> None:
    """The document's examples fit the document, but not one another."""
    status, output = run_suite(
        "-p",
        "contract_mistakes",
        *files(*WITHOUT_HANDLERS.tests),
        f"--operations={','.join(WITHOUT_HANDLERS.operations)}",
        "--examples=2",
        "-rs",
        CONTRACT_MISTAKE="without handlers",
    )
    assert status == 0, output
    for words in WITHOUT_HANDLERS.words:
        assert words in output


def requests_of(folder: pathlib.Path, *arguments: str, **environment: str) -> Any:
    """Return the number and hash of the requests of each test of a run."""
    words = ["--operations=users.create,users.get", "--examples=5", f"--reports={folder}"]
    status, output = run_suite(*files("schema", "sequences"), *words, *arguments, **environment)
    assert status == 0, output
    return json.loads((folder / "requests.json").read_text())


def test_same_seed_sends_same_requests(tmp_path: pathlib.Path) -> None:
    first = requests_of(tmp_path / "1", PYTHONHASHSEED="1")
    again = requests_of(tmp_path / "2", "--numprocesses=2", PYTHONHASHSEED="2")
    other = requests_of(tmp_path / "3", "--seed=2")
    assert again == first
    assert all(count for count, _ in first.values())
    assert other != first


def environment_of(tenant: Tenant, url: str | None = None) -> dict[str, str]:
    """Return the variables that point the suite at a server."""
    return {
        "BASE_URL": url or tenant.url,
        "CLIENT_ID": tenant.client_id,
        "CLIENT_SECRET": tenant.client_secret,
    }


def test_mock_over_http_can_be_tested_again(shared_server: MockProcess) -> None:
    """The tests make developers of their own; the world of the one that is named stays as it is."""
    tenant = make_tenant(shared_server.url, limits_enabled=True)
    words = ["--operations=users.create,users.get", "--examples=1", "--limits=on"]
    for _ in range(2):
        status, output = run_suite(*files("schema"), *words, **environment_of(tenant))
        assert status == 0, output
        assert tenant.client_secret not in output


@contextlib.contextmanager
def proxy(server: str, change: Callable[[Exchange], None]) -> Iterator[str]:
    """Run a proxy without control API that changes responses; yield its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = [pair for pair in self.headers.items() if pair[0].lower() != "host"]
            request = client.build_request(
                self.command, self.path, headers=headers, content=self.rfile.read(length)
            )
            exchange = changed(request, client.send(request), change)
            if self.path.startswith("/_mock"):
                exchange.status, exchange.content = 404, b""
            self.send_response(exchange.status)
            for name, text in exchange.headers.items():
                if name not in {"content-encoding", "transfer-encoding"}:
                    self.send_header(name, text)
            self.send_header("Content-Length", str(len(exchange.content)))
            self.end_headers()
            self.wfile.write(exchange.content)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.forward)
    with (
        httpx.Client(base_url=server, timeout=30) as client,
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening,
    ):
        # Closing waits for the handlers, so that none leaves a connection behind.
        listening.daemon_threads = False
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.server_port}"
        finally:
            listening.shutdown()
            thread.join()


def test_foreign_server_can_be_tested_again(shared_server: MockProcess) -> None:
    tenant = make_tenant(shared_server.url)
    tests = files("scenarios/test_users", "scenarios/test_webhooks")
    with proxy(tenant.url, lambda _: None) as url:
        for _ in range(2):
            status, output = run_suite(
                *tests, "--operations=users.create,webhooks.create", **environment_of(tenant, url)
            )
            assert status == 0, output
            assert "the test needs the control API" in output
    auth = (tenant.client_id, tenant.client_secret)
    assert httpx.get(f"{tenant.url}/v1/webhooks", auth=auth).json()["data"] == []


@pytest.mark.parametrize("is_lasting", [False, True], ids=["once", "always"])
def test_foreign_world_that_moves_is_no_failure(
    shared_server: MockProcess, *, is_lasting: bool
) -> None:
    tenant = make_tenant(shared_server.url)
    numbers = itertools.count()

    def rename(exchange: Exchange) -> None:
        path = exchange.path
        is_user = path.startswith("/v1/users/") and "external" not in path
        if is_user and exchange.status == 200 and (is_lasting or next(numbers) == 0):
            exchange.body = {**exchange.body, "name": "Somebody Else"}

    with proxy(tenant.url, rename) as url:
        status, output = run_suite(
            *files("scenarios/test_lookups"),
            "--operations=users.get",
            **environment_of(tenant, url),
        )
    assert status == int(is_lasting), output
    assert ("Somebody Else" in output) == is_lasting


def test_wrong_password_is_reported_first(shared_server: MockProcess) -> None:
    tenant = make_tenant(shared_server.url)
    with pytest.raises(ServerError, match=r"does not accept CLIENT_ID and CLIENT_SECRET \(401\)"):
        HTTPOrigin(Target(tenant.url, tenant.client_id, "wrong-thing"))
    status, output = run_suite(
        *files("call_styles"), **(environment_of(tenant) | {"CLIENT_SECRET": "wrong-thing"})
    )
    assert status == pytest.ExitCode.USAGE_ERROR
    assert "does not accept CLIENT_ID and CLIENT_SECRET (401)" in output
    assert "wrong-thing" not in output


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("-m=scenario", "-m: there is no marker scenario; the parts of the suite are schema, "),
        ("--operations=users.craete", "the document has no operation users.craete; give ids"),
        ("--document=none.yaml", "none.yaml: cannot be read"),
    ],
)
def test_wrong_name_is_one_sentence(argument: str, message: str) -> None:
    status, output = run_suite("tests/contract", argument)
    assert status == pytest.ExitCode.USAGE_ERROR
    assert message in output
    assert "Traceback" not in output
    assert len(output.splitlines()) < 4, output


def test_no_artefact_holds_secret(shared_server: MockProcess, tmp_path: pathlib.Path) -> None:
    """Not even where the server sends each secret in many forms."""
    tenant = make_tenant(shared_server.url)
    token, password = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoiYSJ9", "correct horse battery"
    secrets = (tenant.client_secret, token, password)

    def leak(exchange: Exchange) -> None:
        if exchange.is_get("/v1/users"):
            exchange.headers["x-debug"] = tenant.client_secret
            exchange.headers["set-cookie"] = f"session={token}"
            exchange.body = {
                "sdk_token": token,
                "echo": {"password": password, "sent": exchange.request.headers["authorization"]},
                "dump": base64.b64encode(f"a:{tenant.client_secret}:{password}".encode()).decode(),
            }

    with proxy(tenant.url, leak) as url:
        status, output = run_suite(
            *files("schema", "client", "call_styles"),
            "--operations=users.list",
            "--examples=2",
            f"--reports={tmp_path}",
            f"--junitxml={tmp_path / 'junit.xml'}",
            **environment_of(tenant, url),
        )
    assert status == 1, output
    assert "holds the client secret" in output
    artefacts = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert set(artefacts) == {"coverage.md", "junit.xml", "requests.json", "traffic.har"}
    assert all("[hidden]" in artefacts[name] for name in ("junit.xml", "traffic.har"))
    for name, text in {"output": output, **artefacts}.items():
        for decoded in shows(text):
            found = [decoded.index(secret) for secret in secrets if secret in decoded]
            assert not found, (name, decoded[found[0] - 200 : found[0] + 200])
