"""Putting the parts together, and running them until told to stop."""

from __future__ import annotations

import dataclasses
import sys
from typing import TYPE_CHECKING

import uvicorn

from insightiq_mock.handlers import make_handlers
from insightiq_mock.listening import open_listener, url_of
from insightiq_mock.store import Store
from insightiq_mock.web import (
    Document,
    MockApp,
    OneDeveloper,
    create_app,
    default_document_path,
    load_document,
    request_ids,
)
from insightiq_mock.world import seed_world

if TYPE_CHECKING:
    import pathlib
    import socket

    from insightiq_mock.credentials import Credentials

__all__ = ["ServerSettings", "assemble", "serve"]

# How long a stopping server waits for answers that are on their way.
_SECONDS_TO_FINISH = 5


@dataclasses.dataclass(frozen=True, slots=True)
class ServerSettings:
    """What ``insightiq-mock serve`` was asked for.

    Attributes:
        host: A loopback host.
        port: The port; 0 for a free one.
        seed: What the world, and whatever is random, is made from.
        credentials: Those of the default developer.
        document_path: The document to serve; None for the packaged one.
    """

    host: str
    port: int
    seed: int
    credentials: Credentials
    document_path: pathlib.Path | None = None


def serve(settings: ServerSettings) -> None:
    """Serve until SIGINT or SIGTERM; print one line on standard output when requests are welcome.

    Raises:
        DocumentError: The document cannot be served.
        ListenError: The port cannot be opened.
    """
    document = load_document(settings.document_path or default_document_path())
    with open_listener(settings.host, settings.port) as listener, Store.open(None) as store:
        app = assemble(document, store, settings.credentials, seed=settings.seed)
        config = uvicorn.Config(
            app,
            access_log=False,
            log_level="warning",
            lifespan="off",
            ws="none",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_SECONDS_TO_FINISH,
        )
        _Server(config, settings.credentials).run(sockets=[listener])


def assemble(
    document: Document,
    store: Store,
    credentials: Credentials,
    *,
    seed: int,
    validate_responses: bool = False,
) -> MockApp:
    """Make the application of one developer over ``store``, with a world made from ``seed``.

    It is an ASGI application: hand it to ``httpx.ASGITransport`` to call it without a port.

    Args:
        document: What to serve.
        store: Where the world is put, and what the handlers work on.
        credentials: Those of the developer.
        seed: What the world and the request ids are made from.
        validate_responses: Whether an answer that breaks the document becomes a 500 that says so.

    Raises:
        DocumentError: The document cannot be served.
    """
    seed_world(store, developer_id=credentials.client_id, seed=seed)
    return create_app(
        document,
        make_handlers(store),
        OneDeveloper(credentials.client_id, credentials.client_secret),
        validate_responses=validate_responses,
        new_request_id=request_ids(seed),
    )


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config, credentials: Credentials) -> None:
        super().__init__(config)
        self._credentials = credentials

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to accept connections, then print the ready line."""
        await super().startup(sockets)
        for listener in sockets or ():
            sys.stdout.write(_ready_line(listener, self._credentials))
            sys.stdout.flush()


def _ready_line(listener: socket.socket, credentials: Credentials) -> str:
    return (
        f"insightiq-mock ready url={url_of(listener)} client_id={credentials.client_id}"
        f" client_secret={credentials.client_secret}\n"
    )
