"""The parts of a mock server, put together."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from insightiq_mock.db import StoreError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence

    from starlette.types import Receive, Scope, Send

    from insightiq_mock.simulation import Simulation
    from insightiq_mock.web import MockApp
    from insightiq_mock.web.fault_rules import FaultRules
    from insightiq_mock.web.request_log import RequestLog
    from insightiq_mock.webhooks import Deliveries, Inbox

__all__ = ["Sandbox"]

# How often an unusable database is complained about.
_SECONDS_BETWEEN_COMPLAINTS = 30

_LOG = logging.getLogger("insightiq_mock")


class Sandbox:
    """A mock server as an ASGI application, and the parts that it is made of.

    Hand it to ``httpx.ASGITransport`` to call it without a port. Then nothing happens by itself:
    what is due is carried out by `Simulation.run_due` and `Simulation.advance`. A server that
    speaks ASGI's lifespan protocol lets it happen in the background as well.

    Attributes:
        app: What answers requests.
        simulation: The developers and their worlds.
        deliveries: What is sent to webhooks.
        inbox: The built-in receivers.
        faults: The rules by which calls go wrong.
        log: What was called.
    """

    def __init__(  # noqa: PLR0913 - one keyword per part
        self,
        app: MockApp,
        *,
        simulation: Simulation,
        deliveries: Deliveries,
        inbox: Inbox,
        faults: FaultRules,
        log: RequestLog,
    ) -> None:
        self.app = app
        self.simulation = simulation
        self.deliveries = deliveries
        self.inbox = inbox
        self.faults = faults
        self.log = log
        self._background: list[Callable[[], Awaitable[None]]] = [simulation.run_forever]

    def in_background(self, run: Callable[[], Awaitable[None]]) -> None:
        """Let something else run while the server does, until it is cancelled."""
        self._background.append(run)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self.app(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with _running(self._background):
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


@contextlib.asynccontextmanager
async def _running(background: Sequence[Callable[[], Awaitable[None]]]) -> AsyncGenerator[None]:
    tasks = [asyncio.ensure_future(_kept_up(run)) for run in background]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _kept_up(run: Callable[[], Awaitable[None]]) -> None:
    """Begin again what fails: a defect in one job must not end all that would come."""
    while True:
        try:
            await run()
        except StoreError as error:
            _LOG.error("the background work waits: %s", error)
            await asyncio.sleep(_SECONDS_BETWEEN_COMPLAINTS)
        except Exception:  # noqa: BLE001 - it is logged, whatever it is
            _LOG.exception("the background work failed; it begins again in a moment")
            await asyncio.sleep(1)
