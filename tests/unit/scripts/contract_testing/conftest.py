"""Servers that are broken on purpose, and small runs of the layers against them."""

from __future__ import annotations

import contextlib
import dataclasses
import http.server
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

import httpx
import pytest
from contract_testing import layers
from contract_testing.checks import Contract
from contract_testing.judge import Judge
from contract_testing.parts import operations_of, run_layer
from contract_testing.recording import Recording
from contract_testing.routes import Routes
from contract_testing.run import Run
from contract_testing.servers import MockInProcess, Server
from published_document import DOCUMENT

# Called with method, path with query, status and JSON of an answer; returns the JSON to pass on.
Break = Callable[[str, str, int, Any], Any]


class TryLayer(Protocol):
    """Runs a layer against a mock whose answers are broken on their way."""

    def __call__(
        self, letter: str, *operations: str, breaks: Break | None = None, **changes: Any
    ) -> Run:
        """Run it; ``changes`` are attributes of the run."""
        ...


@dataclasses.dataclass(frozen=True)
class _BrokenOrigin:
    """A mock in this process whose answers are broken."""

    mock: MockInProcess
    breaks: Break

    def fresh(self, recording: Recording, settings: Mapping[str, object]) -> Server:
        """Make a developer."""
        return dataclasses.replace(self.mock.fresh(recording, settings), origin=self)

    def transport(self) -> httpx.BaseTransport:
        """Return a transport that breaks answers."""
        inner = self.mock.transport()

        class Breaking(httpx.BaseTransport):
            def handle_request(self, request: httpx.Request) -> httpx.Response:
                return broken(request, inner.handle_request(request), outer.breaks)

        outer = self
        return Breaking()

    def async_transport(self) -> httpx.AsyncBaseTransport:
        """Return a transport that breaks answers."""
        inner = self.mock.async_transport()

        class Breaking(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                answer = await inner.handle_async_request(request)
                await answer.aread()
                return broken(request, answer, outer.breaks)

        outer = self
        return Breaking()

    def close(self) -> None:
        """Leave the mock to others."""


def broken(request: httpx.Request, answer: httpx.Response, breaks: Break) -> httpx.Response:
    """Return an answer with another JSON."""
    answer.read()
    if answer.headers.get("content-type", "").startswith("application/json"):
        path = request.url.raw_path.decode()
        answer = httpx.Response(
            answer.status_code,
            headers=[pair for pair in answer.headers.items() if pair[0] != "content-length"],
            json=breaks(request.method, path, answer.status_code, answer.json()),
        )
    return answer


@pytest.fixture(scope="session")
def mock() -> Iterator[MockInProcess]:
    """A mock that all tests of a process share."""
    mock = MockInProcess()
    yield mock
    mock.close()


@pytest.fixture
def try_layer(mock: MockInProcess) -> TryLayer:
    """Run layers against that mock."""

    def run_one(letter: str, *operations: str, breaks: Break | None = None, **changes: Any) -> Run:
        recording = Recording()
        origin = mock if breaks is None else _BrokenOrigin(mock, breaks)
        run = Run(
            layer=letter,
            document=DOCUMENT,
            operations=operations_of(DOCUMENT, operations),
            seed=1,
            examples=2,
            server=origin.fresh(recording, {}),
        )
        run = dataclasses.replace(run, **changes)
        if letter != "P":
            recording.listeners.append(Judge(run, Contract(DOCUMENT), Routes(DOCUMENT)))
        run_layer(layers.load(letter), run)
        return run

    return run_one


@pytest.fixture
def proxy_to() -> Callable[[str, Break], contextlib.AbstractContextManager[str]]:
    """Run proxies that break answers of a server at an address."""
    return _proxy_to


@contextlib.contextmanager
def _proxy_to(server: str, breaks: Break) -> Iterator[str]:
    client = httpx.Client(base_url=server, timeout=30)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            """Pass one request on."""
            length = int(self.headers.get("Content-Length") or 0)
            headers = [pair for pair in self.headers.items() if pair[0].lower() != "host"]
            sent = client.build_request(
                self.command, self.path, headers=headers, content=self.rfile.read(length)
            )
            answer = client.send(sent)
            passed = broken(sent, answer, breaks)
            self.send_response(passed.status_code)
            for name, text in passed.headers.items():
                if name not in {"content-length", "content-encoding", "transfer-encoding"}:
                    self.send_header(name, text)
            self.send_header("Content-Length", str(len(passed.content)))
            self.end_headers()
            self.wfile.write(passed.content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on  # noqa: N815 - names of the base class

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with (
        contextlib.closing(client),
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening,
    ):
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.server_port}"
        finally:
            listening.shutdown()
            thread.join()
