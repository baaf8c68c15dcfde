"""Notifications over the network: the mock's own sender, at a receiver on this machine.

In the other scenarios receivers are in the mock's process, behind a stand-in for this sender.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.server
import threading
import typing

from contract_testing.layers.scenarios.scene import Needs, Scenarios, hold

if typing.TYPE_CHECKING:
    from collections.abc import Generator

    from contract_testing.layers.scenarios.scene import Scene

__all__ = ["SCENARIOS"]

SCENARIOS = Scenarios()

_ABOUT: typing.Final = ("webhooks.create", "webhooks.update")
_STATUSES: typing.Final = {200: True, 204: True, 302: False, 307: False, 400: False, 503: False}
_BODY: typing.Final = b'{"event":"CONTENTS.ADDED"}'
_SECONDS: typing.Final = 10.0


class _Receiver(http.server.BaseHTTPRequestHandler):
    """Answers with the status that the path names; where it redirects to, all is well."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(int(self.path.strip("/")))
        self.send_header("Location", "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""


@contextlib.contextmanager
def _receiver() -> Generator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Receiver) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@SCENARIOS.rule(
    "over the network, too, a redirect and a refusal are failures", Needs.CONTROL, about=_ABOUT
)
def verdicts(_scene: Scene) -> None:
    """Each status once; a redirect is not followed, though it leads to success."""
    # The sender of every mock.
    from insightiq_mock.webhooks import AddressGuard, Verdict  # noqa: PLC0415 - with a mock only
    from insightiq_mock.webhooks.httpx_sender import HttpxSender  # noqa: PLC0415 - as above

    sender = HttpxSender(AddressGuard())
    with _receiver() as url:
        for status, is_well in _STATUSES.items():
            outcome = asyncio.run(sender.send(f"{url}/{status}", (), _BODY, seconds=_SECONDS))
            hold(
                outcome.status == status,
                f"a receiver answered {status}, and the mock saw {outcome.status}",
            )
            hold(
                (outcome.verdict is Verdict.DELIVERED) == is_well,
                f"a receiver answered {status}: the notification counts as {outcome.verdict.value}",
            )
