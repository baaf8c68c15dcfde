"""Answering requests on a socket, with uvicorn."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from typing import TYPE_CHECKING

import uvicorn

from insightiq_mock.web.http_protocol import http_protocol, sweep

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from starlette.types import ASGIApp

__all__ = ["run_http_server"]

# How long a stopping server waits for answers that are on their way.
_SECONDS_TO_FINISH = 5
_TICKS_PER_SECOND = 10


def run_http_server(
    app: ASGIApp,
    listener: socket.socket,
    announce: Callable[[], None],
    *,
    parent: int | None = None,
    behind_proxy: bool = False,
) -> None:
    """Answer requests until a signal says to stop; then finish what runs.

    Args:
        app: What answers.
        listener: Where requests come in.
        announce: Called when they are welcome.
        parent: The process with which this one ends; None if it stands for itself.
        behind_proxy: Whether a proxy on this machine says how it was called (``X-Forwarded-Proto``).
    """
    config = uvicorn.Config(
        app,
        http=http_protocol(time.time),
        access_log=False,
        log_config=None,
        lifespan="on",
        ws="none",
        date_header=False,
        server_header=False,
        proxy_headers=behind_proxy,
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
    )
    _Server(config, announce, parent).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Says when it listens, lets stuck clients go, and does not outlive its parent."""

    def __init__(
        self, config: uvicorn.Config, announce: Callable[[], None], parent: int | None
    ) -> None:
        super().__init__(config)
        self._announce = announce
        self._parent = parent

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to accept connections, then say so."""
        await super().startup(sockets)
        self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, and tell the application so also after a second Ctrl-C.

        uvicorn then cancels it instead, and logs a traceback of that.
        """
        await super().shutdown(sockets)
        if self.force_exit:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.lifespan.shutdown(), _SECONDS_TO_FINISH)

    async def on_tick(self, counter: int) -> bool:
        """Look after the connections once a second; tell whether to stop."""
        if counter % _TICKS_PER_SECOND == 0:
            sweep(self.server_state.connections, asyncio.get_running_loop().time())
            if self._parent is not None and os.getppid() != self._parent:
                self.should_exit = True
        return await super().on_tick(counter)
