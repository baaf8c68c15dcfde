"""httpx transports that call an application in this process."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from insightiq_mock.testing import AsyncMockTransport, MockTransport
from insightiq_mock.testing.transports import PrivateLoop

URL = "http://app.localhost/some%2Fpath/x?q=1&q=%20"


@pytest.fixture
def loop() -> Iterator[PrivateLoop]:
    """A loop of the test's own."""
    made = PrivateLoop("test")
    yield made
    made.close()


def start(status: int = 200, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    """The head of a response."""
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def piece(body: bytes, *, more: bool = False) -> dict[str, Any]:
    """A piece of a body."""
    return {"type": "http.response.body", "body": body, "more_body": more}


def calling(app: Any, loop: PrivateLoop, **options: Any) -> httpx.Client:
    """A synchronous client of an application."""
    return httpx.Client(transport=MockTransport(app, loop), **options)


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Response with what was received."""
    body = (await receive())["body"]
    await send(start(201, (b"x-path", scope["raw_path"]), (b"x-query", scope["query_string"])))
    await send(piece(scope["method"].encode() + b" ", more=True))
    await send(piece(body))


def test_request_and_response_arrive_whole(loop: PrivateLoop) -> None:
    with calling(echo, loop) as client:
        response = client.post(URL, content=iter([b"ab", b"cd"]))
    assert (response.status_code, response.content) == (201, b"POST abcd")
    assert response.headers["x-path"] == "/some%2Fpath/x"
    assert response.headers["x-query"] == "q=1&q=%20"


def test_application_runs_on_its_own_loop(loop: PrivateLoop) -> None:
    seen = set()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.add((threading.current_thread(), asyncio.get_running_loop()))
        await echo(scope, receive, send)

    async def asynchronously() -> None:
        async with httpx.AsyncClient(transport=AsyncMockTransport(app, loop)) as client:
            assert (await client.get(URL)).status_code == 201

    with calling(app, loop) as client:
        client.get(URL)
    asyncio.run(asynchronously())
    asyncio.run(asynchronously())
    ((thread, _),) = seen
    assert thread is not threading.current_thread()


def test_threads_may_share_transport(loop: PrivateLoop) -> None:
    with calling(echo, loop) as client, concurrent.futures.ThreadPoolExecutor(8) as threads:
        bodies = [str(number).encode() for number in range(200)]
        responses = threads.map(lambda body: client.post(URL, content=body).content, bodies)
        assert list(responses) == [b"POST " + body for body in bodies]


def test_pieces_arrive_as_they_are_sent(loop: PrivateLoop) -> None:
    seen = threading.Event()

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send(start())
        await send(piece(b"first", more=True))
        await asyncio.to_thread(seen.wait)
        await send(piece(b"second"))

    with calling(app, loop) as client, client.stream("GET", URL) as response:
        pieces = response.iter_raw()
        assert next(pieces) == b"first"
        seen.set()
        assert list(pieces) == [b"second"]


def test_closing_response_hangs_up(loop: PrivateLoop) -> None:
    ended = threading.Event()

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        try:
            await send(start())
            await receive()
            await receive()
        finally:
            ended.set()

    with calling(app, loop) as client, client.stream("GET", URL):
        pass
    assert ended.wait(10)


def test_failures_of_application_reach_caller(loop: PrivateLoop) -> None:

    async def early(_scope: Any, _receive: Any, _send: Any) -> None:
        message = "early"
        raise ValueError(message)

    async def late(_scope: Any, _receive: Any, send: Any) -> None:
        await send(start())
        message = "late"
        raise ValueError(message)

    for app, message in ((early, "early"), (late, "late")):
        with calling(app, loop) as client, pytest.raises(ValueError, match=message):
            client.get(URL)


async def silent(_scope: Any, _receive: Any, _send: Any) -> None:
    """Return without a response."""


async def reset(_scope: Any, _receive: Any, _send: Any) -> None:
    """Break the connection."""
    raise ConnectionResetError


async def short(_scope: Any, _receive: Any, send: Any) -> None:
    """Send less than announced."""
    await send(start(200, (b"content-length", b"10")))
    await send(piece(b"half"))


async def cut(scope: Any, receive: Any, send: Any) -> None:
    """Send less than announced, and break the connection."""
    await short(scope, receive, send)
    raise ConnectionResetError


@pytest.mark.parametrize(
    ("app", "error"),
    [
        (silent, httpx.RemoteProtocolError),
        (reset, httpx.ReadError),
        (short, httpx.RemoteProtocolError),
        (cut, httpx.RemoteProtocolError),
    ],
)
def test_broken_responses_are_what_they_are_over_socket(
    loop: PrivateLoop, app: Callable[..., Any], error: type[Exception]
) -> None:

    async def asynchronously() -> None:
        async with httpx.AsyncClient(transport=AsyncMockTransport(app, loop)) as client:
            await client.get(URL)

    with calling(app, loop) as client, pytest.raises(error):
        client.get(URL)
    with pytest.raises(error):
        asyncio.run(asynchronously())


def test_timeouts_hold(loop: PrivateLoop) -> None:
    cancelled = threading.Event()

    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    async def asynchronously() -> None:
        async with httpx.AsyncClient(
            transport=AsyncMockTransport(app, loop), timeout=0.01
        ) as client:
            await client.get(URL)

    with calling(app, loop, timeout=0.01) as client, pytest.raises(httpx.ReadTimeout):
        client.get(URL)
    assert cancelled.wait(10)
    with pytest.raises(httpx.ReadTimeout):
        asyncio.run(asynchronously())


def test_responses_to_head_have_no_body(loop: PrivateLoop) -> None:

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send(start(200, (b"content-length", b"4")))
        await send(piece(b"body"))

    with calling(app, loop) as client:
        response = client.head(URL)
    assert (response.headers["content-length"], response.content) == ("4", b"")


def test_closed_loop_rejects_work() -> None:
    loop = PrivateLoop("closed")
    with calling(echo, loop) as client:
        client.get(URL)
        loop.close()
        with pytest.raises(RuntimeError, match="is closed"):
            client.get(URL)


def test_closing_ends_what_is_under_way() -> None:
    loop = PrivateLoop("closing")
    begun = threading.Event()

    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        begun.set()
        await asyncio.Event().wait()

    with calling(app, loop) as client, concurrent.futures.ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(client.get, URL)
        assert begun.wait(10)
        loop.close()
        with pytest.raises((asyncio.CancelledError, concurrent.futures.CancelledError)):
            waiting.result(10)


def test_waiting_for_oneself_is_rejected(loop: PrivateLoop) -> None:

    async def nothing() -> None:
        pass

    def wait() -> None:
        loop.run(nothing())

    with pytest.raises(RuntimeError, match="from a thread"):
        loop.call(wait)
