"""Signed notifications, and receivers to send them to."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import werkzeug
from starlette.applications import Starlette
from starlette.routing import Route
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from insightiq._response import Reader
from insightiq.webhooks import WebhookASGIApp, WebhookWSGIApp, _events

PATH = "/webhooks/insightiq"
SECRET = "planted-5b1c-secret"


def _digest(body: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.fixture
def secret() -> str:
    """The client secret of the environment."""
    return SECRET


@pytest.fixture
def digest() -> Callable[..., str]:
    """Make the signature of a body."""
    return _digest


@pytest.fixture
def notification() -> Callable[..., bytes]:
    """Write a notification as the vendor sends it."""

    def write(event: str = "CONTENTS.ADDED", id_: str = "n-1", **data: Any) -> bytes:
        about = {
            "account_id": "5e1c8f07-93ab-4d26-8a15-c40be7d2f391",
            "user_id": "0d9f3a52-6c1e-4b7a-9e43-2f8a5d7c1b60",
            "last_updated_time": "2026-04-26T12:00:31.114870",
            "items": [],
            **data,
        }
        return json.dumps({"event": event, "name": "in words", "id": id_, "data": about}).encode()

    return write


@pytest.fixture(autouse=True)
def _nothing_reported_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test sees the warnings that are given once."""
    monkeypatch.setattr(_events, "_reader", Reader())


@pytest.fixture(autouse=True)
def _no_secret_in_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a test does, its secret reaches no log."""
    caplog.set_level(logging.DEBUG)
    yield
    assert SECRET not in caplog.text


def _asgi_posts(
    app: Any, requests: list[tuple[str, bytes, dict[str, str]]]
) -> list[httpx.Response]:
    async def main() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return [
                await client.request(method, PATH, content=body, headers=headers)
                for method, body, headers in requests
            ]

    return asyncio.run(main())


def _wsgi_posts(
    app: Any, requests: list[tuple[str, bytes, dict[str, str]]]
) -> list[httpx.Response]:
    with httpx.Client(transport=httpx.WSGITransport(app), base_url="http://test") as client:
        return [
            client.request(method, PATH, content=body, headers=headers)
            for method, body, headers in requests
        ]


class Receiver:
    """A receiver behind a router, and what it is sent."""

    def __init__(self, protocol: str, digest: Callable[..., str], secret: str) -> None:
        self.is_asgi = protocol == "asgi"
        self.handled: list[Any] = []
        self._digest, self._secret = digest, secret
        self.app: Any = None

    def make(self, handler: Callable[[Any], Any] | None = None, **options: Any) -> Receiver:
        """Build the receiver, and route to it as an application does."""
        handler = handler or self.handled.append
        options = {"secret": self._secret, **options}
        if self.is_asgi:
            self.app = Starlette(routes=[Route(PATH, WebhookASGIApp(handler, **options))])
        else:
            receiver = WebhookWSGIApp(handler, **options)
            self.app = DispatcherMiddleware(werkzeug.Response("app"), {PATH: receiver})
        return self

    def post(self, *bodies: bytes) -> list[int]:
        """Post signed bodies; return the statuses."""
        requests = [("POST", body, {"Webhook-Signatures": self._digest(body)}) for body in bodies]
        return [response.status_code for response in self.send(*requests)]

    def send(self, *requests: tuple[str, bytes, dict[str, str]]) -> list[httpx.Response]:
        """Send any requests."""
        posts = _asgi_posts if self.is_asgi else _wsgi_posts
        return posts(self.app, list(requests))


@pytest.fixture(params=["asgi", "wsgi"])
def receiver(request: pytest.FixtureRequest, digest: Callable[..., str], secret: str) -> Receiver:
    """A receiver of each kind."""
    return Receiver(request.param, digest, secret)


@pytest.fixture
def asgi_posts() -> Callable[..., list[httpx.Response]]:
    """Send requests to an ASGI application."""
    return _asgi_posts


@pytest.fixture
def wsgi_posts() -> Callable[..., list[httpx.Response]]:
    """Send requests to a WSGI application."""
    return _wsgi_posts
