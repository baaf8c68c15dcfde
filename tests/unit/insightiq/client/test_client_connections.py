"""How long connections are kept."""

from __future__ import annotations

import asyncio
import http.server
import json
import threading
import time
import typing
from typing import TYPE_CHECKING, Any

import pytest

import insightiq
from insightiq import errors
from insightiq.testing import ScriptedTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Seconds between one answer and the next call, and whether that call finds the connection.
_PAUSES = [(0.0, True), (3.5, True), (4.5, False), (60.0, False)]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with the client's port: the name of the connection."""
        body = json.dumps(self.client_address[1]).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def settings() -> Iterator[dict[str, Any]]:
    """A client's settings for a server that keeps connections open."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as serving:
        serving.daemon_threads = True
        thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        base_url = f"http://127.0.0.1:{serving.server_address[1]}"
        yield {"client_id": "id", "client_secret": "s3", "base_url": base_url, "quota": None}
        serving.shutdown()
        thread.join()


@pytest.fixture
def let_pass(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set the clock of the connection pool forward."""
    real, ahead = time.monotonic, [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: real() + sum(ahead))
    return ahead.append


@pytest.mark.parametrize(("pause", "kept"), _PAUSES)
def test_an_idle_connection_ends_before_the_server_ends_it(
    settings: dict[str, Any], let_pass: Callable[[float], None], pause: float, *, kept: bool
) -> None:
    """Servers give up after five seconds; a call that met that end would be lost."""
    with insightiq.InsightIQ(**settings) as iq:
        first = iq.request("GET", "/v1/anything").parsed
        let_pass(pause)
        assert (iq.request("GET", "/v1/anything").parsed == first) is kept


@pytest.mark.parametrize(("pause", "kept"), _PAUSES)
def test_an_idle_connection_of_asyncio_ends_in_time_too(
    settings: dict[str, Any], let_pass: Callable[[float], None], pause: float, *, kept: bool
) -> None:
    """The same for the other client."""

    async def main() -> None:
        async with insightiq.AsyncInsightIQ(**settings) as iq:
            first = (await iq.request("GET", "/v1/anything")).parsed
            let_pass(pause)
            assert ((await iq.request("GET", "/v1/anything")).parsed == first) is kept

    asyncio.run(main())


def test_a_client_of_an_event_loop_that_has_ended_says_so() -> None:
    """What asyncio says of it names neither the client nor what to do."""

    def end(_: object) -> typing.NoReturn:
        message = "Event loop is closed"
        raise RuntimeError(message)

    iq = insightiq.AsyncInsightIQ(
        client_id="id", client_secret="s3", transport=ScriptedTransport(end)
    )
    with pytest.raises(errors.ClientClosedError, match="make a client in each event loop"):
        asyncio.run(iq.users.get("u-1"))
