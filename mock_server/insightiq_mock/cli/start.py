"""The start of the server with the options of the command line, and all imports that it takes."""

from __future__ import annotations

import sys
import typing

from insightiq_mock.db import StoreError
from insightiq_mock.http_server import ListenError
from insightiq_mock.openapi import DocumentError
from insightiq_mock.server import serve
from insightiq_mock.settings import Credentials, ServerSettings, credentials_from_seed
from insightiq_mock.simulation import ClockError
from insightiq_mock.workers import WorkersError

if typing.TYPE_CHECKING:
    import argparse

__all__ = ["start"]


def start(options: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM, and return the exit code."""
    derived = credentials_from_seed(options.seed)
    credentials = Credentials(
        options.client_id or derived.client_id, options.client_secret or derived.client_secret
    )
    settings = ServerSettings(
        host=options.host,
        port=options.port,
        seed=options.seed,
        credentials=credentials,
        document_path=options.spec,
        database=options.database,
        world=options.world,
        start=options.clock,
        limits=options.limits,
        reload=options.reload,
        workers=options.workers,
        cors_origins=_origins(options.cors_origins),
        control_token=options.control_token,
        allow_hosts=tuple(options.allow_hosts),
        behind_proxy=options.behind_proxy,
        webhook_hosts=tuple(options.webhook_hosts),
        webhook_public=options.webhook_public,
    )
    try:
        serve(settings)
    except (ClockError, DocumentError, ListenError, StoreError, WorkersError) as error:
        sys.stderr.write(f"insightiq-mock: error: {error}\n")
        return 1
    return 0


def _origins(given: list[str] | None) -> tuple[str, ...]:
    if given is None:
        return ("loopback",)
    return tuple(origin for origin in given if origin != "none")
