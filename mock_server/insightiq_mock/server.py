"""The parts of a mock server, put together, and run until a signal says to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import pathlib
import sys
import tempfile
import time
from typing import TYPE_CHECKING

from insightiq_mock.app import MockApp
from insightiq_mock.context import request_ids
from insightiq_mock.control.app import CONTROL_PREFIX, ControlApp
from insightiq_mock.control.services import Services
from insightiq_mock.db import Store, StoreError, owned_database
from insightiq_mock.db.limits import Counts, LocalCounts, SharedCounts
from insightiq_mock.db.request_log import RequestLogRows
from insightiq_mock.http_server import (
    ListenError,
    is_exposed,
    open_listener,
    run_http_server,
    url_of,
)
from insightiq_mock.openapi import (
    Document,
    DocumentWatch,
    default_document_path,
    load_document,
)
from insightiq_mock.resources import ExampleRequests, make_handlers, make_simulation
from insightiq_mock.settings import Credentials, ServerSettings, credentials_from_seed
from insightiq_mock.simulation import FIXED, Simulation
from insightiq_mock.structured_log import configure_logging
from insightiq_mock.web.faults import FaultInjector, FaultRules
from insightiq_mock.web.internal_routes import Offers
from insightiq_mock.web.limits import RateLimiter, Tenants
from insightiq_mock.web.origins import Cors, HostRule
from insightiq_mock.web.request_log import CAPACITY, RequestLog, RingLog, StoredLog
from insightiq_mock.webhooks import (
    INBOX_PREFIX,
    AddressGuard,
    HttpSender,
    Inbox,
    WebhookDispatcher,
    event_names,
)
from insightiq_mock.workers import run_workers

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping, Sequence

    from starlette.types import Receive, Scope, Send

    from insightiq_mock.context import Handler
    from insightiq_mock.simulation import Simulation
    from insightiq_mock.webhooks import Sender

__all__ = ["Sandbox", "assemble", "serve"]

_SECONDS_BETWEEN_COMPLAINTS = 30

_LOG = logging.getLogger("insightiq_mock")


class Sandbox:
    """A mock server as an ASGI application, and its parts.

    With ``httpx.ASGITransport`` it is called without a port. Then nothing happens in the background:
    call `Simulation.run_due` and `Simulation.advance`. A server that speaks ASGI's lifespan protocol
    runs the background work as well.

    Attributes:
        app: The application.
        simulation: The developers and their worlds.
        deliveries: Deliveries to webhooks.
        inbox: The built-in receivers.
        faults: The fault rules.
        log: The request log.
    """

    def __init__(
        self,
        app: MockApp,
        *,
        simulation: Simulation,
        deliveries: WebhookDispatcher,
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
        """Run something else while the server runs, until it is cancelled."""
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
    tasks = [asyncio.ensure_future(_restarted(run)) for run in background]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _restarted(run: Callable[[], Awaitable[None]]) -> None:
    """Run again after a failure: a defect in one job must not end the others."""
    while True:
        try:
            await run()
        except StoreError as error:
            _LOG.error("the background work waits: %s", error)
            await asyncio.sleep(_SECONDS_BETWEEN_COMPLAINTS)
        except Exception:  # noqa: BLE001 - it is logged, whatever it is
            _LOG.exception("the background work failed; it begins again in a moment")
            await asyncio.sleep(1)


def serve(settings: ServerSettings) -> None:
    """Serve until SIGINT or SIGTERM; print one line on standard output when ready.

    Raises:
        DocumentError: The document cannot be served.
        ListenError: The port cannot be opened.
        StoreError: The database file cannot be used, or another server uses it.
        WorkersError: The processes do not start, or do not stay.
    """
    configure_logging()
    document = load_document(settings.document_path or default_document_path())
    if settings.behind_proxy and settings.control_token is None:
        msg = "--behind-proxy lets others reach the control API; protect it with --control-token."
        raise ListenError(msg)
    exposed = settings.control_token is not None
    with (
        owned_database(settings.database) as release,
        open_listener(settings.host, settings.port, exposed=exposed) as listener,
    ):
        _warn_of_derived_credentials(settings, listener)
        if settings.workers == 1:
            with Store.open(settings.database) as store:
                sandbox = _sandbox(settings, document, listener, store)
                ready = _ready_line(listener, sandbox, settings)
                run_http_server(
                    sandbox, listener, lambda: _print(ready), behind_proxy=settings.behind_proxy
                )
        else:
            _serve_in_workers(settings, document, listener, release)


def assemble(
    document: Document,
    store: Store,
    credentials: Credentials,
    *,
    seed: int,
    world: str = "small",
    start: str = FIXED,
    validate_responses: bool = False,
    limits: bool = True,
    counts: Counts | None = None,
    log: RequestLog | None = None,
    cors_origins: Sequence[str] = ("loopback",),
    hosts: HostRule | None = None,
    control_token: str | None = None,
    sender: Sender | None = None,
    seconds: Callable[[], float] = time.time,
    worker: int = 0,
) -> Sandbox:
    """Make a mock server over ``store``, and its default developer unless there is one.

    Args:
        document: The document to serve.
        store: The database.
        credentials: Those of the default developer.
        seed: Seed of the default developer's world and of the request ids.
        world: The size of that world.
        start: When worlds begin: ``now``, ``fixed`` or a moment.
        validate_responses: Whether a response that breaks the document becomes a 500 that says so.
        limits: Whether requests are limited at all.
        counts: Counts requests; None for counts of this process.
        log: The request log; None for one of this process.
        cors_origins: Origins of the pages that may read responses; see `Cors`.
        hosts: Names of the server; None for those of this machine.
        control_token: Token of the control API; None where it is open.
        sender: Posts to webhooks; None for one that posts over the network.
        seconds: The server's clock, in seconds since 1970.
        worker: The number of this process among those that serve together.

    Raises:
        DocumentError: The document cannot be served.
    """
    simulation = make_simulation(store)
    if not simulation.has_developer(credentials.client_id):
        simulation.create_developer(
            client_id=credentials.client_id,
            client_secret=credentials.client_secret,
            seed=seed,
            world=world,
            start=start,
        )

    def name_of(event: str) -> str:
        # The document may have been reloaded.
        return event_names(app.document)(event)

    deliveries = WebhookDispatcher(simulation, name_of, sender or HttpSender(AddressGuard()))
    inbox = Inbox(store)
    tenants = Tenants(simulation)
    rules = FaultRules(store)
    log = RingLog() if log is None else log
    counts = LocalCounts() if counts is None else counts
    limiter = RateLimiter(
        tenants, counts if limits else None, seconds=seconds, world_time=simulation.now
    )
    handlers = make_handlers(simulation)
    new_request_id = request_ids(f"{seed} {worker}" if worker else seed)
    services = Services(
        document=lambda: app.document,
        simulation=simulation,
        deliveries=deliveries,
        inbox=inbox,
        faults=rules,
        requests=log,
        api=handlers,
        default_developer_id=credentials.client_id,
        start=start,
    )
    hosts = hosts or HostRule()
    control = ControlApp(
        services,
        token=control_token,
        hosts=hosts,
        new_request_id=new_request_id,
        validate_responses=validate_responses,
    )
    app = MockApp(
        document,
        handlers,
        tenants.check,
        known_credentials=tenants,
        limiter=limiter,
        faults=FaultInjector(rules),
        log=log,
        cors=Cors(cors_origins),
        hosts=hosts,
        mounts=[(CONTROL_PREFIX, control)],
        # Clients of an open control API have access to all of this anyway.
        offers=_offers(simulation, handlers, credentials.client_id)
        if control_token is None
        else Offers(),
        validate_responses=validate_responses,
        new_request_id=new_request_id,
        seconds=seconds,
    )
    return Sandbox(
        app, simulation=simulation, deliveries=deliveries, inbox=inbox, faults=rules, log=log
    )


def _offers(simulation: Simulation, handlers: Mapping[str, Handler], developer_id: str) -> Offers:
    def examples(base_url: str) -> Mapping[str, Mapping[str, object]]:
        inbox = f"{base_url}{INBOX_PREFIX}docs"
        return ExampleRequests(handlers, simulation, developer_id, inbox).values()

    def live() -> tuple[str, str]:
        developer = simulation.developer(developer_id)
        return developer.id, developer.secrets[0]

    return Offers(examples, live)


def _sandbox(
    settings: ServerSettings,
    document: Document,
    listener: socket.socket,
    store: Store,
    *,
    counts: Counts | None = None,
    log: RequestLog | None = None,
    worker: int = 0,
) -> Sandbox:
    host, port = listener.getsockname()[:2]
    exposed = settings.behind_proxy or is_exposed(listener)
    names = (settings.host.lower(), *(name.lower() for name in settings.allow_hosts))
    guard = AddressGuard(
        exposed=exposed,
        allow=settings.webhook_hosts,
        public=settings.webhook_public,
        own=(host, port),
        own_names=names,
    )
    sandbox = assemble(
        document,
        store,
        settings.credentials,
        seed=settings.seed,
        world=settings.world,
        start=settings.start,
        limits=settings.limits,
        counts=counts,
        log=log,
        cors_origins=settings.cors_origins,
        hosts=HostRule(names, any_address=exposed),
        control_token=settings.control_token,
        sender=HttpSender(guard),
        worker=worker,
    )
    if settings.reload:
        path = settings.document_path or default_document_path()
        sandbox.in_background(DocumentWatch(path, sandbox.app.serve).run)
    return sandbox


def _warn_of_derived_credentials(settings: ServerSettings, listener: socket.socket) -> None:
    reachable = settings.behind_proxy or is_exposed(listener)
    if reachable and settings.credentials == credentials_from_seed(settings.seed):
        _LOG.warning(
            "others can reach this server, and its credentials are derived from the seed, so that"
            " anyone can know them; set others with --client-id and --client-secret"
        )


def _serve_in_workers(
    settings: ServerSettings,
    document: Document,
    listener: socket.socket,
    release: Callable[[], None],
) -> None:
    with _shared_files(settings.database) as (database, counts_file):
        # The default world is made before the processes start. Then the database is closed,
        # because its connection must not be inherited.
        with Store.open(database) as store:
            sandbox = _sandbox(settings, document, listener, store)
            ready = _ready_line(listener, sandbox, settings)

        def work(number: int, announce: Callable[[], None]) -> None:
            # If the parent is killed, the next server need not wait for this process.
            release()
            counts = SharedCounts(counts_file, number)
            with contextlib.closing(counts), Store.open(database) as store:
                store.share()
                log = StoredLog(RequestLogRows(store, CAPACITY))
                sandbox = _sandbox(
                    settings, document, listener, store, counts=counts, log=log, worker=number
                )
                run_http_server(
                    sandbox,
                    listener,
                    announce,
                    parent=os.getppid(),
                    behind_proxy=settings.behind_proxy,
                )
                log.flush()

        run_workers(settings.workers, work, lambda: _print(ready))


@contextlib.contextmanager
def _shared_files(
    database: pathlib.Path | None,
) -> Generator[tuple[pathlib.Path, pathlib.Path]]:
    """Yield database and counts that several processes share; temporary files by default."""
    with tempfile.TemporaryDirectory(prefix="insightiq-mock-") as folder:
        temporary = pathlib.Path(folder)
        yield database or temporary / "mock.db", temporary / "counts"


def _ready_line(listener: socket.socket, sandbox: Sandbox, settings: ServerSettings) -> str:
    # After a rotation, the database has another secret than the options.
    developer = sandbox.simulation.developer(settings.credentials.client_id)
    return (
        f"insightiq-mock ready url={url_of(listener)} client_id={developer.id}"
        f" client_secret={developer.secrets[0]}\n"
    )


def _print(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.flush()
