"""The receivers within the frameworks that the guide names, wired up as it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from flask import Flask, request
from starlette.applications import Starlette
from starlette.routing import Route
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from insightiq import webhooks
from insightiq.errors import WebhookVerificationError
from insightiq.models import ContentsAddedNotification

PATH = "/webhooks/insightiq"
Posts = Callable[..., list[httpx.Response]]


def starlette_app(handler: Callable[[Any], Any], secret: str) -> Any:
    """Build an application of Starlette around the receiver."""
    return Starlette(routes=[Route(PATH, webhooks.WebhookASGIApp(handler, secret=secret))])


def fastapi_app(handler: Callable[[Any], Any], secret: str) -> Any:
    """Build an application of FastAPI around the receiver."""
    app = FastAPI()
    app.add_route(PATH, webhooks.WebhookASGIApp(handler, secret=secret))
    return app


def fastapi_view(handler: Callable[[Any], Any], secret: str) -> Any:
    """Build an application of FastAPI with a view of its own."""
    app = FastAPI()

    @app.post(PATH)
    async def view(request: Request) -> Response:
        try:
            handler(webhooks.receive(await request.body(), request.headers, secret))
        except WebhookVerificationError:
            return Response(status_code=401)
        return Response(status_code=204)

    return app


def flask_app(handler: Callable[[Any], Any], secret: str) -> Any:
    """Build an application of Flask around the receiver."""
    app = Flask(__name__)
    receiver = webhooks.WebhookWSGIApp(handler, secret=secret)
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {PATH: receiver})
    return app


def flask_view(handler: Callable[[Any], Any], secret: str) -> Any:
    """Build an application of Flask with a view of its own."""
    app = Flask(__name__)

    @app.post(PATH)
    def view() -> tuple[str, int]:
        try:
            handler(webhooks.receive(request.get_data(), request.headers, secret))
        except WebhookVerificationError:
            return "", 401
        return "", 204

    return app


@pytest.fixture
def deliveries(
    notification: Callable[..., bytes], digest: Callable[..., str]
) -> list[tuple[str, bytes, dict[str, str]]]:
    """One that is signed, and one by somebody else."""
    body = notification()
    signatures = (digest(body), "0" * 64)
    return [("POST", body, {"Webhook-Signatures": each}) for each in signatures]


@pytest.mark.parametrize("make", [starlette_app, fastapi_app, fastapi_view])
def test_asgi_framework_takes_deliveries(
    make: Callable[..., Any], asgi_posts: Posts, deliveries: list[Any], secret: str
) -> None:
    handled: list[Any] = []
    responses = asgi_posts(make(handled.append, secret), deliveries)
    assert [response.status_code for response in responses] == [204, 401]
    assert [type(event) for event in handled] == [ContentsAddedNotification]


@pytest.mark.parametrize("make", [flask_app, flask_view])
def test_wsgi_framework_takes_deliveries(
    make: Callable[..., Any], wsgi_posts: Posts, deliveries: list[Any], secret: str
) -> None:
    handled: list[Any] = []
    responses = wsgi_posts(make(handled.append, secret), deliveries)
    assert [response.status_code for response in responses] == [204, 401]
    assert [type(event) for event in handled] == [ContentsAddedNotification]
