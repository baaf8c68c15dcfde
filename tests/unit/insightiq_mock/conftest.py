"""Fixtures of the mock server's tests: a small API in process, and a developer of the whole mock."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import pathlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
import orjson
import pytest
from starlette.types import ASGIApp

from insightiq_mock import cli
from insightiq_mock.app import MockApp
from insightiq_mock.cli import remote
from insightiq_mock.context import Handler, RequestContext, Response
from insightiq_mock.control import MockControl
from insightiq_mock.db import Store
from insightiq_mock.db.limits import LocalCounts
from insightiq_mock.openapi import Document, load_document
from insightiq_mock.openapi.stack import OneDeveloper
from insightiq_mock.resources import make_simulation
from insightiq_mock.simulation import Simulation
from insightiq_mock.testing import MockApplication, MockTenant
from insightiq_mock.testing.tenant import BASE_URL
from insightiq_mock.web.faults import FaultInjector, FaultRules
from insightiq_mock.web.limits import RateLimiter, Tenants
from insightiq_mock.web.origins import Cors
from insightiq_mock.web.request_log import RingLog

Run = Callable[..., tuple[int, str, str]]
CREDENTIALS = ("9a1b6c1e-0000-4000-8000-000000000001", "5d3c2b1a-0000-4000-8000-00000000000A")


def caller(app: ASGIApp) -> Callable[..., httpx.Response]:
    """Make a function that calls an ASGI application, with the credentials unless others are given."""

    async def send(method: str, path: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
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
    return caller


@pytest.fixture(scope="session")
def make_server(document: Document) -> Callable[..., Callable[..., httpx.Response]]:
    def make(
        handlers: Mapping[str, Handler] | None = None,
        *,
        served: Document = document,
        validate_responses: bool = True,
    ) -> Callable[..., httpx.Response]:
        app = MockApp(
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
    """The small API without handlers: every valid request is responded with an example."""
    return make_server()


@pytest.fixture
def calls() -> list[RequestContext]:
    """The calls that reached a handler."""
    return []


@pytest.fixture
def recording(
    make_server: Callable[..., Callable[..., httpx.Response]],
    document: Document,
    calls: list[RequestContext],
) -> Callable[..., httpx.Response]:
    """A server whose handlers note their calls."""

    def response(call: RequestContext) -> Response:
        calls.append(call)
        status = 201 if call.operation_id == "things.create" else 200
        return Response(
            status,
            orjson.dumps({"id": "11111111-1111-4111-8111-111111111111", "name": "x", "data": []}),
        )

    return make_server(dict.fromkeys((o.id for o in document.operations), response))


@pytest.fixture(scope="session")
def credentials() -> tuple[str, str]:
    """The client id and secret that the servers here know."""
    return CREDENTIALS


@dataclasses.dataclass
class Surroundings:
    """The small API with developers, limits, faults, a log and a clock that only tests move.

    Attributes:
        seconds: What the server's clock shows, in seconds since 1970.
        waits: How long calls were made to wait.
    """

    simulation: Simulation
    rules: FaultRules
    log: RingLog
    seconds: float = 1_780_000_000.25
    waits: list[float] = dataclasses.field(default_factory=list)
    app: MockApp = dataclasses.field(init=False)

    def serve(self, document: Document, handlers: Mapping[str, Handler]) -> None:
        """Make the application."""
        tenants = Tenants(self.simulation)
        limiter = RateLimiter(
            tenants, LocalCounts(), seconds=lambda: self.seconds, world_time=self.simulation.now
        )
        self.app = MockApp(
            document,
            handlers,
            tenants.check,
            known_credentials=tenants,
            limiter=limiter,
            faults=FaultInjector(self.rules, sleep=self._wait),
            log=self.log,
            cors=Cors(),
            validate_responses=True,
            seconds=lambda: self.seconds,
        )

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request."""
        return caller(self.app)(method, path, **options)

    def set(self, developer_id: str = CREDENTIALS[0], **settings: object) -> None:
        """Change settings of a developer."""
        self.simulation.update_settings(developer_id, settings)

    async def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.fixture
def make_surrounded(document: Document) -> Iterator[Callable[..., Surroundings]]:
    with Store.open(None) as store:

        def make(handlers: Mapping[str, Handler] | None = None) -> Surroundings:
            simulation = make_simulation(
                store, wall_clock=lambda: dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
            )
            simulation.create_developer(client_id=CREDENTIALS[0], client_secret=CREDENTIALS[1])
            surroundings = Surroundings(simulation, FaultRules(store), RingLog())
            surroundings.serve(document, handlers or {})
            return surroundings

        yield make


@pytest.fixture
def surrounded(make_surrounded: Callable[..., Surroundings]) -> Surroundings:
    """The small API with all that surrounds it, responding with examples."""
    return make_surrounded()


@pytest.fixture(scope="session")
def application() -> Iterator[MockApplication]:
    """A mock server that turns a response against a document into a 500."""
    with MockApplication(validate_responses=True) as made:
        yield made


@pytest.fixture
def tenant(application: MockApplication) -> Iterator[MockTenant]:
    """A developer of the test's own."""
    with application.fresh_tenant() as made:
        yield made


@pytest.fixture
def control(tenant: MockTenant) -> MockControl:
    """The control of that developer's world."""
    return tenant.control


@pytest.fixture
def api(tenant: MockTenant) -> Iterator[httpx.Client]:
    """A client of the API with that developer's credentials."""
    with httpx.Client(
        base_url=tenant.base_url, auth=tenant.auth, transport=tenant.transport()
    ) as client:
        yield client


@pytest.fixture
def raw(tenant: MockTenant) -> Iterator[httpx.Client]:
    """A bare HTTP client of the control API."""
    with httpx.Client(base_url=BASE_URL, transport=tenant.transport()) as client:
        yield client


@pytest.fixture
def run(
    tenant: MockTenant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs the command against that developer; returns exit code, output and errors."""

    def connected(url: str, *, developer: str, token: str | None) -> MockControl:
        named = tenant.client_id if developer == "default" else developer
        return MockControl(url, developer=named, token=token, transport=tenant.transport())

    monkeypatch.setattr(remote, "MockControl", connected)

    def command(*arguments: str) -> tuple[int, str, str]:
        code = cli.main([arguments[0], "--url", BASE_URL, *arguments[1:]])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return command
