"""Answers that are written in one piece, and those that go uvicorn's own way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http import httptools_impl
from uvicorn.server import ServerState

from insightiq_mock.web import whole_answer
from insightiq_mock.web.exchange import Answer, send_answer
from insightiq_mock.web.http_protocol import http_protocol
from insightiq_mock.web.whole_answer import send_whole

JSON = (("content-type", "application/json"),)
GET = b"GET /a?b=1 HTTP/1.1\r\nHost: x\r\n\r\n"

App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Transport:
    """A connection that remembers each piece that was written."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.closed = False

    def get_extra_info(self, name: str) -> tuple[str, int] | None:
        """Tell the addresses of both ends."""
        return ("127.0.0.1", 1) if name.endswith("name") else None

    def write(self, data: bytes) -> None:
        """Take a piece."""
        if data:
            self.pieces.append(data)

    def is_closing(self) -> bool:
        """Tell whether the end was called for."""
        return self.closed

    def close(self) -> None:
        """End."""
        self.closed = True

    def pause_reading(self) -> None:
        """Take nothing in for a while."""

    def resume_reading(self) -> None:
        """Take in again."""


def answering(answer: Answer, *headers: tuple[bytes, bytes]) -> App:
    """Make an app that gives one answer to everything."""

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        await send_answer(answer, send, method=scope["method"], headers=headers)

    return app


def served(app: App, *requests: bytes, access_log: bool = False) -> Transport:
    """Let an app answer the requests of one connection, which come all at once."""
    transport = Transport()

    async def serve() -> None:
        config = uvicorn.Config(
            app, log_config=None, lifespan="off", server_header=False, date_header=False
        )
        config.load()
        kind = http_protocol(lambda: 0.0)
        connection = kind(config, ServerState(), {}, asyncio.get_running_loop())
        connection.access_log = access_log
        connection.connection_made(transport)  # type: ignore[arg-type] # enough of a transport
        connection.data_received(b"".join(requests))
        while connection.tasks:
            await asyncio.gather(*connection.tasks)
            await asyncio.sleep(0)
        connection.connection_lost(None)

    asyncio.run(serve())
    return transport


def both_ways(
    monkeypatch: pytest.MonkeyPatch, app: App, *requests: bytes
) -> tuple[Transport, Transport]:
    """Let an app answer as it does here, and as it does where uvicorn is another."""
    here = served(app, *requests)
    with monkeypatch.context() as patch:
        patch.setattr(whole_answer, "_CYCLE", None)
        return here, served(app, *requests)


@pytest.mark.parametrize(
    ("answer", "request_head"),
    [
        (Answer(200, JSON, b'{"a":1}'), GET),
        (Answer(200, JSON, b""), GET),
        (Answer(204), GET),
        (Answer(304, (("etag", '"x"'),)), GET),
        (Answer(404, JSON, b"{}"), GET),
        (Answer(299, JSON, b"{}"), GET),
        (Answer(200, JSON, b"x" * 300_000), GET),
        (Answer(200, JSON, b'{"a":1}'), GET.replace(b"GET", b"HEAD")),
        (Answer(200, JSON, b'{"a":1}'), GET.replace(b"1.1", b"1.0")),
        (Answer(200, JSON, b'{"a":1}'), GET.replace(b"Host", b"Connection: close\r\nHost")),
        (
            Answer(201, JSON, b"{}"),
            b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
        ),
    ],
)
def test_the_bytes_are_uvicorns(
    monkeypatch: pytest.MonkeyPatch, answer: Answer, request_head: bytes
) -> None:
    """Whatever is asked and answered: the same bytes, and the same end of the connection."""
    here, elsewhere = both_ways(monkeypatch, answering(answer, (b"request-id", b"1")), request_head)
    assert b"".join(here.pieces) == b"".join(elsewhere.pieces)
    assert here.closed == elsewhere.closed
    assert len(here.pieces) <= len(elsewhere.pieces)


def test_a_complete_answer_is_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """Uvicorn alone makes two of it."""
    here, elsewhere = both_ways(monkeypatch, answering(Answer(200, JSON, b"{}")), GET)
    assert (len(here.pieces), len(elsewhere.pieces)) == (1, 2)


def test_requests_that_come_together_are_answered_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one begins when the one before has its answer."""
    here, elsewhere = both_ways(monkeypatch, answering(Answer(200, JSON, b"{}")), GET, GET, GET)
    assert len(here.pieces) == 3
    assert b"".join(here.pieces) == b"".join(elsewhere.pieces)


@pytest.mark.parametrize("name", ["default_headers", "on_response", "keep_alive", "flow"])
def test_a_missing_part_of_uvicorn_costs_nothing_but_time(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """In a version whose cycle lacks something, the answer goes the usual way."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        cycle: Any = getattr(send, "__self__", None)
        kept = cycle.__dict__.pop(name)
        written = send_whole(send, 200, [(b"content-length", b"2")], b"{}")
        cycle.__dict__[name] = kept
        assert not written
        await answering(Answer(200, JSON, b"{}"))(scope, receive, send)

    here, elsewhere = both_ways(monkeypatch, app, GET)
    assert b"".join(here.pieces) == b"".join(elsewhere.pieces)


def test_uvicorn_refuses_headers_that_would_end_the_head() -> None:
    """A value with a line end is never written: uvicorn answers with its own 500."""
    transport = served(answering(Answer(200, JSON, b"{}"), (b"x", b"1\r\nset-cookie: a=b")), GET)
    assert b"set-cookie" not in b"".join(transport.pieces)
    for value in (b"a\nb", b"a\rb", b"a\x00b", b"a\x7fb"):
        transport = served(answering(Answer(200, JSON, b"{}"), (b"x", value)), GET)
        assert value not in b"".join(transport.pieces)


def test_a_wrapped_channel_is_respected() -> None:
    """What stands between the app and uvicorn sees every message, and may change it."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        async def wrapped(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"x-more", b"1")]}
            await send(message)

        await answering(Answer(200, JSON, b"{}"))(scope, receive, wrapped)

    assert b"x-more: 1" in b"".join(served(app, GET).pieces)


def test_nobody_is_told_to_go_on_after_the_answer() -> None:
    """An answer that comes before the body was asked for makes ``100 Continue`` needless."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await answering(Answer(413, JSON, b"{}"))(scope, receive, send)
        assert (await receive())["type"] == "http.disconnect"

    head = b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    assert not any(b"100 Continue" in piece for piece in served(app, head).pieces)


def test_an_access_log_is_written(caplog: pytest.LogCaptureFixture) -> None:
    """Where uvicorn was asked for one, it writes its line."""
    caplog.set_level("INFO", logger="uvicorn.access")
    served(answering(Answer(200, JSON, b"{}")), GET, access_log=True)
    assert "/a?b=1" in caplog.text


def test_this_uvicorn_has_what_it_takes() -> None:
    """The pinned version is one that answers leave in one piece with."""
    assert httptools_impl.RequestResponseCycle is whole_answer._CYCLE
