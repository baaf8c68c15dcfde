"""Clients in processes that were forked from the one that made them."""

from __future__ import annotations

import http.server
import json
import os
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import insightiq
from insightiq._call import Lazy
from insightiq_generated.client import Request

GET = Request("GET", "/v1/things/7")
pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Respond with the client's port, which identifies the connection."""
        body = json.dumps({"port": self.client_address[1]}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """A server that keeps connections open."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as serving:
        serving.daemon_threads = True
        thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{serving.server_address[1]}"
        serving.shutdown()
        thread.join()


def in_a_child(work: Callable[[], object]) -> Any:
    """Return what ``work`` returns in a forked process."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - runs in the child
        # A lock that no one gives back must end the child, and not hang the tests.
        signal.alarm(10)
        try:
            result: object = work()
        except BaseException as error:
            result = repr(error)
        os.write(writing, json.dumps(result).encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        return json.loads(pipe.read())


def test_forked_process_opens_connections_of_own(server: str, get_thing: Any) -> None:
    with insightiq.InsightIQ(client_id="id", client_secret="s3", base_url=server, quota=None) as iq:
        ports = [iq._caller.call(get_thing, GET)["port"] for _ in range(2)]
        assert ports[0] == ports[1]
        other = in_a_child(lambda: [iq._caller.call(get_thing, GET)["port"] for _ in range(2)])
        assert other[0] == other[1] != ports[0]
        assert iq._caller.call(get_thing, GET)["port"] == ports[0]


def test_lock_held_at_fork_is_free_in_child() -> None:
    opened: Lazy[str] = Lazy(lambda: "made here")
    with opened._lock:
        assert in_a_child(lambda: opened.get("things.get")) == "made here"


def test_closed_client_stays_closed_in_child() -> None:
    opened: Lazy[str] = Lazy(lambda: "made here")
    opened.close()
    assert "this client is closed" in in_a_child(lambda: opened.get("things.get"))


@pytest.mark.parametrize(("options", "warned"), [({}, True), ({"quota": None}, False)])
def test_forked_quota_is_warned_of(
    server: str, get_thing: Any, options: dict[str, Any], *, warned: bool
) -> None:
    iq = insightiq.InsightIQ(client_id="id", client_secret="s3", base_url=server, **options)

    def work() -> list[str]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            iq._caller.call(get_thing, GET)
        return [str(one.message) for one in caught if one.category is RuntimeWarning]

    said = in_a_child(work)
    assert [("SharedQuota" in text) for text in said] == [True] * warned
    iq._caller.call(get_thing, GET)
    iq.close()
