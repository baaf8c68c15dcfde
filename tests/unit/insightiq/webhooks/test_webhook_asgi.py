"""The receiver for ASGI: bodies in pieces, cancelled requests, and routes of Starlette."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from insightiq import webhooks
from insightiq.errors import WebhookVerificationError
from insightiq.webhooks import Deduplicator, SeenState, WebhookASGIApp

PATH = "/webhooks/insightiq"


def _whole(body: bytes) -> dict[str, Any]:
    return {"type": "http.request", "body": body}


async def _exchange(app: Any, messages: list[dict[str, Any]], headers: Any = ()) -> list[Any]:
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    await app({"type": "http", "method": "POST", "headers": list(headers)}, receive, send)
    return sent


def _asgi_call(app: Any, messages: list[dict[str, Any]], headers: Any = ()) -> list[Any]:
    return asyncio.run(_exchange(app, messages, headers))


def test_in_background_response_comes_first(
    notification: Callable[..., bytes], digest: Callable[..., str], secret: str
) -> None:
    """A slow handler does not cost the five seconds: the response is sent before it is called."""
    order: list[object] = []
    body = notification()

    async def receive() -> dict[str, Any]:
        return _whole(body)

    async def send(message: dict[str, object]) -> None:
        order.append(message["type"])

    app = WebhookASGIApp(lambda _: order.append("handled"), secret=secret, background=True)
    headers = [(b"webhook-signatures", digest(body).encode())]
    asyncio.run(app({"type": "http", "method": "POST", "headers": headers}, receive, send))
    assert order == ["http.response.start", "http.response.body", "handled"]


@pytest.mark.parametrize("hidden", [False, True])
def test_coroutine_handler_is_awaited(
    notification: Callable[..., bytes], digest: Callable[..., str], secret: str, *, hidden: bool
) -> None:
    """Also one that hides in an object."""
    handled: list[Any] = []

    async def handle(event: Any) -> None:
        await asyncio.sleep(0)
        handled.append(event)

    class Hidden:
        async def __call__(self, event: Any) -> None:
            await handle(event)

    body = notification()
    app = WebhookASGIApp(Hidden() if hidden else handle, secret=secret)
    signed = [(b"webhook-signatures", digest(body).encode())]
    assert _asgi_call(app, [_whole(body)], signed)[0]["status"] == 204
    assert len(handled) == 1


def test_body_in_pieces_is_put_together(
    notification: Callable[..., bytes], digest: Callable[..., str], secret: str
) -> None:
    """Servers cut bodies as they like."""
    body, events = notification(), list[Any]()
    app = WebhookASGIApp(events.append, secret=secret)
    pieces: list[dict[str, Any]] = [
        {"type": "http.request", "body": body[at : at + 50], "more_body": True}
        for at in range(0, len(body), 50)
    ]
    signed = [(b"webhook-signatures", digest(body).encode())]
    sent = _asgi_call(app, [*pieces, {"type": "http.request"}], signed)
    assert sent[0]["status"] == 204
    assert len(events) == 1


def test_sender_that_leaves_gets_no_response(secret: str) -> None:
    """Half a body is no notification."""
    app = WebhookASGIApp(print, secret=secret)
    first = {"type": "http.request", "body": b"{", "more_body": True}
    assert _asgi_call(app, [first, {"type": "http.disconnect"}]) == []


def test_endless_body_is_cut_off(secret: str) -> None:
    """It is rejected as soon as it is too large, not read to its end."""
    piece = {"type": "http.request", "body": b"x" * 400_000, "more_body": True}
    messages = [piece] * 10
    assert _asgi_call(WebhookASGIApp(print, secret=secret), messages)[0]["status"] == 413
    assert len(messages) == 7


def test_other_protocols_are_rejected(secret: str) -> None:
    """As ASGI asks of applications that do not know one."""
    app: Any = WebhookASGIApp(print, secret=secret)
    with pytest.raises(RuntimeError, match="handles HTTP requests only, not 'websocket'"):
        asyncio.run(app({"type": "websocket"}, None, None))


@pytest.mark.parametrize("where", ["deciding", "handling"])
def test_cancelled_request_leaves_event_to_its_retry(
    notification: Callable[..., bytes], digest: Callable[..., str], secret: str, where: str
) -> None:
    """A server that stops, or drops the request, must not take the event with it."""
    body = notification()
    entered, go_on, handled = threading.Event(), threading.Event(), list[Any]()

    class Slow(Deduplicator):
        def begin(self, key: str) -> SeenState:
            state = super().begin(key)
            if where == "deciding" and not entered.is_set():
                entered.set()
                go_on.wait(10)
            return state

    async def handle(event: Any) -> None:
        if where == "handling" and not entered.is_set():
            entered.set()
            await asyncio.Event().wait()
        handled.append(event)

    app = WebhookASGIApp(handle, secret=secret, seen=Slow())
    signed = [(b"webhook-signatures", digest(body).encode())]

    async def main() -> Any:
        first = asyncio.create_task(_exchange(app, [_whole(body)], signed))
        await asyncio.to_thread(entered.wait, 10)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        go_on.set()
        while not handled:
            sent = await asyncio.wait_for(_exchange(app, [_whole(body)], signed), 10)
        return sent

    assert asyncio.run(asyncio.wait_for(main(), 10))[0]["status"] == 204
    assert len(handled) == 1


def test_mounted_receiver_responds_below_its_address(
    notification: Callable[..., bytes],
    digest: Callable[..., str],
    secret: str,
    asgi_posts: Callable[..., list[httpx.Response]],
) -> None:
    """Mount works as well as Route, for an address that ends with a slash."""
    events: list[Any] = []
    app = Starlette(routes=[Mount("/webhooks", WebhookASGIApp(events.append, secret=secret))])
    body = notification()
    responses = asgi_posts(app, [("POST", body, {"Webhook-Signatures": digest(body)})])
    assert responses[0].status_code == 204
    assert len(events) == 1


def test_route_of_ones_own_in_starlette(
    notification: Callable[..., bytes],
    digest: Callable[..., str],
    secret: str,
    asgi_posts: Callable[..., list[httpx.Response]],
) -> None:
    """A few lines, the same in FastAPI."""
    events: list[Any] = []

    async def receive(request: Request) -> Response:
        try:
            event = webhooks.receive(await request.body(), request.headers, secret)
        except WebhookVerificationError:
            return Response(status_code=401)
        events.append(event)
        return Response(status_code=204)

    app = Starlette(routes=[Route(PATH, receive, methods=["POST"])])
    body = notification()
    responses = asgi_posts(
        app, [("POST", body, {"webhook-signatures": digest(body)}), ("POST", body, {})]
    )
    assert [response.status_code for response in responses] == [204, 401]
    assert len(events) == 1
