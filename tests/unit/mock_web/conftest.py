"""A small API, and a way to call its mock server in process."""

from __future__ import annotations

import asyncio
import pathlib
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from insightiq_mock.calls import Handler
from insightiq_mock.web import Document, OneDeveloper, create_app, load_document

CREDENTIALS = ("9a1b6c1e-0000-4000-8000-000000000001", "5d3c2b1a-0000-4000-8000-00000000000A")


def caller(app: ASGIApp) -> Callable[..., httpx.Response]:
    """Make a function that calls an ASGI application, with the credentials unless told otherwise."""

    async def send(method: str, path: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://mock") as client:
            return await client.request(method, path, **{"auth": CREDENTIALS, **options})

    def call(method: str, path: str, **options: Any) -> httpx.Response:
        return asyncio.run(send(method, path, **options))

    return call


@pytest.fixture(scope="session")
def document() -> Document:
    """The document of the small API."""
    return load_document(pathlib.Path(__file__).with_name("small_api.yaml"))


@pytest.fixture(scope="session")
def call_app() -> Callable[[ASGIApp], Callable[..., httpx.Response]]:
    """What makes a callable server of an ASGI application."""
    return caller


@pytest.fixture(scope="session")
def make_server(document: Document) -> Callable[..., Callable[..., httpx.Response]]:
    """What makes a server of the small API with given handlers; its answers are validated."""

    def make(
        handlers: Mapping[str, Handler] | None = None,
        *,
        served: Document = document,
        validate_responses: bool = True,
    ) -> Callable[..., httpx.Response]:
        app = create_app(
            served,
            handlers or {},
            OneDeveloper(*CREDENTIALS),
            validate_responses=validate_responses,
        )
        return caller(app)

    return make


@pytest.fixture(scope="session")
def server(
    make_server: Callable[..., Callable[..., httpx.Response]],
) -> Callable[..., httpx.Response]:
    """The small API without handlers: every valid request is answered with an example."""
    return make_server()


@pytest.fixture(scope="session")
def credentials() -> tuple[str, str]:
    """The client id and secret that the servers here know."""
    return CREDENTIALS
