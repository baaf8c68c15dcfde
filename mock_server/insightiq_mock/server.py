"""Putting the parts together, and running them until told to stop."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
import pathlib
import sys
import tempfile
import time
from typing import TYPE_CHECKING

from insightiq_mock.control.app import CONTROL_PREFIX, ControlApp
from insightiq_mock.control.services import Services
from insightiq_mock.credentials import Credentials, credentials_from_seed
from insightiq_mock.db import Store, owned_database
from insightiq_mock.db.limits import Counts, LocalCounts, SharedCounts
from insightiq_mock.db.request_log import RequestLogRows
from insightiq_mock.http_server import run_http_server
from insightiq_mock.listening import ListenError, is_exposed, open_listener, url_of
from insightiq_mock.resources import ExampleRequests, make_handlers, make_simulation
from insightiq_mock.sandbox import Sandbox
from insightiq_mock.simulation import FIXED, NOW
from insightiq_mock.structured_log import configure_logging
from insightiq_mock.web import (
    Cors,
    Document,
    DocumentWatch,
    FaultRules,
    Gate,
    HostRule,
    Limiter,
    Offers,
    RequestLog,
    RingLog,
    StoredLog,
    Tenants,
    create_app,
    default_document_path,
    load_document,
    request_ids,
)
from insightiq_mock.web.request_log import CAPACITY
from insightiq_mock.webhooks import (
    INBOX_PREFIX,
    AddressGuard,
    Deliveries,
    HttpSender,
    Inbox,
    event_names,
)
from insightiq_mock.workers import run_workers

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Generator, Mapping, Sequence

    from insightiq_mock.context import Handler
    from insightiq_mock.simulation import Simulation
    from insightiq_mock.webhooks import Sender

__all__ = ["ServerSettings", "assemble", "serve"]

_LOG = logging.getLogger("insightiq_mock")


@dataclasses.dataclass(frozen=True, slots=True)
class ServerSettings:
    """What ``insightiq-mock serve`` was asked for.

    Attributes:
        host: Where to listen; beyond loopback only with a control token.
        port: The port; 0 for a free one.
        seed: What the world, and whatever is random, is made from.
        credentials: Those of the default developer.
        document_path: The document to serve; None for the packaged one.
        database: The file in which everything is kept; None for memory.
        world: The size of the default developer's world: ``small``, ``medium`` or ``large``.
        start: When worlds begin: ``now``, ``fixed`` or a moment.
        limits: Whether requests are limited at all.
        reload: Whether a changed document is picked up while the server runs.
        workers: How many processes answer.
        cors_origins: Pages of which origins may read answers; see `Cors`.
        control_token: What the control API asks for; None where it is open.
        allow_hosts: Hosts that the server answers to beside this machine's names; see `HostRule`.
        behind_proxy: Whether others reach it, though it listens on loopback; only with a control
            token.
        webhook_hosts: Where webhooks may lie beside this machine; see `AddressGuard`.
        webhook_public: Whether they may lie at every public address.
    """

    host: str
    port: int
    seed: int
    credentials: Credentials
    document_path: pathlib.Path | None = None
    database: pathlib.Path | None = None
    world: str = "small"
    start: str = NOW
    limits: bool = True
    reload: bool = False
    workers: int = 1
    cors_origins: tuple[str, ...] = ("loopback",)
    control_token: str | None = dataclasses.field(default=None, repr=False)
    allow_hosts: tuple[str, ...] = ()
    behind_proxy: bool = False
    webhook_hosts: tuple[str, ...] = ()
    webhook_public: bool = False


def serve(settings: ServerSettings) -> None:
    """Serve until SIGINT or SIGTERM; print one line on standard output when requests are welcome.

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
        owned_database(settings.database) as disown,
        open_listener(settings.host, settings.port, exposed=exposed) as listener,
    ):
        _warn_of_published_credentials(settings, listener)
        if settings.workers == 1:
            with Store.open(settings.database) as store:
                sandbox = _sandbox(settings, document, listener, store)
                ready = _ready_line(listener, sandbox, settings)
                run_http_server(
                    sandbox, listener, lambda: _print(ready), behind_proxy=settings.behind_proxy
                )
        else:
            _serve_in_workers(settings, document, listener, disown)


def assemble(  # noqa: PLR0913 - each option by keyword, with a default
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
    """Put a mock server together over ``store``, and make its default developer unless there is one.

    Args:
        document: What to serve.
        store: Where everything lies.
        credentials: Those of the default developer.
        seed: What the default developer's world and the request ids are made from.
        world: The size of that world.
        start: When it begins, and those of developers made later: ``now``, ``fixed`` or a moment.
        validate_responses: Whether an answer that breaks the document becomes a 500 that says so.
        limits: Whether requests are limited at all.
        counts: Counts requests; None for counts of this process.
        log: Notes requests; None for a log of this process.
        cors_origins: Pages of which origins may read answers; see `Cors`.
        hosts: Which names are answered to; None for those of this machine.
        control_token: What the control API asks for; None where it is open.
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
        # Of the document that is served now: it may have been reloaded.
        return event_names(app.document)(event)

    deliveries = Deliveries(simulation, name_of, sender or HttpSender(AddressGuard()))
    inbox = Inbox(store)
    tenants = Tenants(simulation)
    faults = FaultRules(store)
    log = RingLog() if log is None else log
    gate = Gate(
        tenants,
        Limiter(LocalCounts() if counts is None else counts) if limits else None,
        faults,
        seconds=seconds,
        world_time=simulation.now,
    )
    handlers = make_handlers(simulation)
    new_request_id = request_ids(f"{seed} {worker}" if worker else seed)
    services = Services(
        document=lambda: app.document,
        simulation=simulation,
        deliveries=deliveries,
        inbox=inbox,
        faults=faults,
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
    app = create_app(
        document,
        handlers,
        tenants.check,
        known_credentials=tenants,
        gate=gate,
        log=log,
        cors=Cors(cors_origins),
        hosts=hosts,
        mounts=[(CONTROL_PREFIX, control)],
        # Whoever reaches an open control API may have all of this anyway.
        offers=_offers(simulation, handlers, credentials.client_id)
        if control_token is None
        else Offers(),
        validate_responses=validate_responses,
        new_request_id=new_request_id,
        seconds=seconds,
    )
    return Sandbox(
        app, simulation=simulation, deliveries=deliveries, inbox=inbox, faults=faults, log=log
    )


def _offers(simulation: Simulation, handlers: Mapping[str, Handler], developer_id: str) -> Offers:
    def examples(base_url: str) -> Mapping[str, Mapping[str, object]]:
        inbox = f"{base_url}{INBOX_PREFIX}docs"
        return ExampleRequests(handlers, simulation, developer_id, inbox).values()

    def live() -> tuple[str, str]:
        developer = simulation.developer(developer_id)
        return developer.id, developer.secrets[0]

    return Offers(examples, live)


def _sandbox(  # noqa: PLR0913 - what differs between one process and several goes by keyword
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


def _warn_of_published_credentials(settings: ServerSettings, listener: socket.socket) -> None:
    reachable = settings.behind_proxy or is_exposed(listener)
    if reachable and settings.credentials == credentials_from_seed(settings.seed):
        _LOG.warning(
            "others can reach this server, and its credentials are derived from the seed, so that"
            " anybody knows them; give it others with --client-id and --client-secret"
        )


def _serve_in_workers(
    settings: ServerSettings,
    document: Document,
    listener: socket.socket,
    disown: Callable[[], None],
) -> None:
    with _shared_files(settings.database) as (database, counts_file):
        # Made before the processes are, so that they need not agree on who does it; and closed
        # again, because a connection to the database must not be inherited.
        with Store.open(database) as store:
            sandbox = _sandbox(settings, document, listener, store)
            ready = _ready_line(listener, sandbox, settings)

        def work(number: int, announce: Callable[[], None]) -> None:
            # Where the parent is killed, the next server need not wait for this process.
            disown()
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
    """Name the files that several processes share; what need not last lies in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="insightiq-mock-") as folder:
        temporary = pathlib.Path(folder)
        yield database or temporary / "mock.db", temporary / "counts"


def _ready_line(listener: socket.socket, sandbox: Sandbox, settings: ServerSettings) -> str:
    # A database may know another secret than the one that was asked for, after a rotation.
    developer = sandbox.simulation.developer(settings.credentials.client_id)
    return (
        f"insightiq-mock ready url={url_of(listener)} client_id={developer.id}"
        f" client_secret={developer.secrets[0]}\n"
    )


def _print(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.flush()
