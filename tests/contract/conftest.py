"""Options, markers and fixtures of the contract suite.

`make contract` runs the suite; `make test` does not (pyproject.toml's ``testpaths``). One part of it,
stopping at the first failure, with exit status 1 where something was found::

    pytest tests/contract -m client -x -q --seed 1

Each test has a developer of its own on a mock server in this process, or on the server at
``--base-url``. Every response that a test causes is checked against the document, and every failure
ends with the last exchange and the command that repeats it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import pathlib
import tempfile
import time
import unittest.mock
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from contract_suite.checks import ResponseChecker
from contract_suite.client_calls import call_through_client
from contract_suite.options import DEPTHS, Settings, read_settings
from contract_suite.recording import Exchange, Recording
from contract_suite.report import ContractReport, again, test_id
from contract_suite.schemas import AnyCase, requests_go_to
from contract_suite.servers import HTTPOrigin, MockOrigin, Server
from document_views import Contract, Routes
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

from insightiq.errors import InsightIQError

if TYPE_CHECKING:
    import httpx
    from openapi_document import Operation

    from insightiq import InsightIQ
    from insightiq_mock.control import MockControl

MARKERS = (
    "schema: does the server obey the document?",
    "client: does the client send what was meant, and read all that comes back?",
    "stateful: do sequences of calls along links work?",
    "parsing: does the client read every response that the document allows?",
    "call_styles: do all styles of calling send the same?",
    "scenarios: does the API behave as documented over time and between developers?",
    "traffic: does recorded traffic fit the document?",
    "writes: the test changes the server; skipped where nothing may be written",
    "needs_control: the test needs the control API of our mock; skipped on other servers",
    "operations(*ids): operations that the test is about; --operations selects by them",
    "mock_settings(**settings): settings of the test's developer, for example limits_enabled=True",
    "unchecked: responses are not checked against the document; schemathesis does it",
    "stateless: the test checks single responses, so that the document's examples do for it",
)

# Parts whose cases are made when their modules are imported, which takes seconds.
MODULES = {
    "test_schema.py": "schema",
    "test_client.py": "client",
    "test_sequences.py": "stateful",
    "test_links.py": "stateful",
}

_RECORDING = pytest.StashKey[Recording]()
_CHECKER = pytest.StashKey[ResponseChecker]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the suite; the environment variables are those of `make contract`."""
    group = parser.getgroup("contract", "contract suite (tests/contract)")
    environment = os.environ.get
    group.addoption("--base-url", default=environment("BASE_URL"), help="server to test")
    group.addoption("--client-id", default=environment("CLIENT_ID"), help="its user name")
    group.addoption("--client-secret", default=environment("CLIENT_SECRET"), help="its password")
    group.addoption("--depth", choices=list(DEPTHS), default="pull-request")
    group.addoption("--operations", default="", metavar="ID,ID", help="test these operations only")
    group.addoption("--seed", type=int, default=1, help="seed of everything random")
    group.addoption("--examples", type=int, help="random cases for each operation")
    group.addoption("--limits", choices=("on", "off"), default="off", help="rate limits (schema)")
    group.addoption("--document", type=pathlib.Path, help="another document than the project's")
    group.addoption("--reports", type=pathlib.Path, help="folder of the HAR and of the coverage")


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, the report, and schemathesis' plugin, which is not loaded elsewhere."""
    config.add_cleanup(_repeatable_drawing())
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    config.pluginmanager.import_plugin("schemathesis.pytest.plugin")
    report = ContractReport(config, read_settings(config))
    config.pluginmanager.register(report, "contract_report")
    # Wrong names and addresses are reported before anything is collected.
    assert report.operations
    if report.settings.target is not None:
        assert report.origin


def _repeatable_drawing() -> Callable[[], None]:
    """Make Hypothesis draw the same in every process; return a function that undoes it.

    It draws from what earlier runs left in its folder, and from constants in the project's modules as
    far as they are imported, which differs between workers and with every edit. There is no public
    way to leave the constants out.
    """
    stack = contextlib.ExitStack()
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="contract-"))
    environment = {"HYPOTHESIS_STORAGE_DIRECTORY": folder}
    stack.enter_context(unittest.mock.patch.dict(os.environ, environment))
    stack.enter_context(
        unittest.mock.patch.object(providers, "_get_local_constants", return_value=Constants())
    )
    return stack.close


def pytest_ignore_collect(collection_path: pathlib.Path, config: pytest.Config) -> bool | None:
    """Do not make the cases of a part that ``-m`` leaves out."""
    part, wanted = MODULES.get(collection_path.name), config.option.markexpr
    return (
        True
        if part and wanted in {name.partition(":")[0] for name in MARKERS} and wanted != part
        else None
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrise the fixture ``operation`` over the selected operations."""
    if "operation" in metafunc.fixturenames:
        chosen = _report(metafunc.config).operations
        marker = metafunc.definition.get_closest_marker("operations")
        if marker is not None:
            chosen = [each for each in chosen if each.id in marker.args]
        metafunc.parametrize("operation", chosen, ids=lambda each: each.id)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests of other operations, and skip those that the server cannot run."""
    report = _report(config)
    selected = {each.id for each in report.operations}
    kept: list[pytest.Item] = []
    for item in items:
        marker = item.get_closest_marker("operations")
        if marker is not None and not selected.intersection(marker.args):
            continue
        # The client warns of responses that break the document, which the checks report.
        item.add_marker(pytest.mark.filterwarnings("ignore::UserWarning:insightiq"))
        kept.append(item)
    if len(kept) < len(items):
        config.hook.pytest_deselected(items=[each for each in items if each not in kept])
        items[:] = kept


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail a test for responses that break the document; skip one that met the document's examples."""
    try:
        yield
    except (AssertionError, pytest.fail.Exception, BaseExceptionGroup, InsightIQError):
        _skip_for_examples(item)
        raise
    checker = item.stash.get(_CHECKER, None)
    if checker is not None and checker.violations:
        pytest.fail("\n".join(checker.violations), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Add the last exchange and the command that repeats the test to a failure."""
    report = yield
    report.test_id = test_id(item)
    if report.failed:
        recording = item.stash.get(_RECORDING, None)
        checker = item.stash.get(_CHECKER, None)
        latest = None if recording is None else recording.latest
        if checker is not None and checker.violations:
            latest = next(iter(checker.violations.values()))
        _report(item.config).explain(
            report, call, latest, again(item, _report(item.config).operations)
        )
    return report


def _skip_for_examples(item: pytest.Item) -> None:
    """Nothing can be expected over several calls of operations that have no handler in the mock."""
    recording = item.stash.get(_RECORDING, None)
    if recording is None or item.get_closest_marker("stateless"):
        return
    met = [each for each in recording.from_examples if each.number not in recording.expected]
    names = _report(item.config).names(met)
    if names:
        are = "is" if len(names) == 1 else "are"
        pytest.skip(f"{', '.join(names)} {are} answered from the document's example")


def _report(config: pytest.Config) -> ContractReport:
    report: ContractReport = config.pluginmanager.get_plugin("contract_report")
    return report


@pytest.fixture(scope="session")
def settings(pytestconfig: pytest.Config) -> Settings:
    """The options of the run."""
    return _report(pytestconfig).settings


@pytest.fixture(scope="session")
def document(settings: Settings) -> Mapping[str, Any]:
    """The OpenAPI document. Do not change it."""
    return settings.document


@pytest.fixture(scope="session")
def contract(document: Mapping[str, Any]) -> Contract:
    """The document's validators."""
    return Contract(document)


@pytest.fixture(scope="session")
def routes(document: Mapping[str, Any]) -> Routes:
    """The document's operations by address."""
    return Routes(document)


@pytest.fixture(scope="session")
def operations(pytestconfig: pytest.Config) -> list[Operation]:
    """The selected operations; those that read where nothing may be written."""
    return list(_report(pytestconfig).operations)


@pytest.fixture(scope="session")
def seed(settings: Settings) -> int:
    """The seed of the run."""
    return settings.seed


@pytest.fixture(scope="session")
def depth(settings: Settings) -> str:
    """``pull-request`` or ``nightly``."""
    return settings.depth


@pytest.fixture(scope="session")
def origin(pytestconfig: pytest.Config) -> MockOrigin | HTTPOrigin:
    """The source of servers, shared by the tests of a worker."""
    return _report(pytestconfig).origin


@pytest.fixture
def recording(request: pytest.FixtureRequest, contract: Contract, routes: Routes) -> Recording:
    """The exchanges of this test; each response is checked against the document."""
    recording = Recording(test_id(request.node))
    checker = ResponseChecker(recording, contract, routes)
    if request.node.get_closest_marker("unchecked") is None:
        recording.listeners.append(checker)
    _report(request.config).listen_to(recording)
    request.node.stash[_RECORDING] = recording
    request.node.stash[_CHECKER] = checker
    yield recording
    _report(request.config).take_digest(recording)


@pytest.fixture
def server(
    request: pytest.FixtureRequest, origin: MockOrigin | HTTPOrigin, recording: Recording
) -> Iterator[Server]:
    """A server with a world of the test's own; on a foreign server, that one.

    `Server.fresh` makes further developers.
    """
    marker = request.node.get_closest_marker("mock_settings")
    options = {} if marker is None else marker.kwargs
    server = origin.fresh(recording, options)
    if server is None:
        assert isinstance(origin, HTTPOrigin)
        server = origin.server(recording)
    _skip_unless_able(request.node, server)
    yield server
    _report(request.config).remove_leftovers(recording, server)
    if server.is_fresh:
        server.close()


@pytest.fixture
def generated_server(request: pytest.FixtureRequest, recording: Recording) -> Iterator[Server]:
    """The server that generated cases are made for, with an untouched world."""
    server = _report(request.config).generated_server
    if server.control is not None:
        server.control.reset()
    recording.secrets.update(server.recording.secrets)
    server.recording = recording
    _skip_unless_able(request.node, server)
    with requests_go_to(server):
        yield server
    _report(request.config).remove_leftovers(recording, server)


@pytest.fixture
def single_call_client(generated_server: Server) -> Iterator[InsightIQ]:
    """A client of `generated_server` without retries."""
    with generated_server.client(max_attempts=1) as client:
        yield client


@pytest.fixture
def send_by_client(
    generated_server: Server,
    single_call_client: InsightIQ,
    document: Mapping[str, Any],
    routes: Routes,
) -> Callable[[AnyCase], Exchange]:
    """Send a case through the client, and check what it sends and what it reads."""

    def send(case: AnyCase) -> Exchange:
        operation = routes.operations[case.operation.definition.raw["operationId"]]
        return call_through_client(document, operation, case, single_call_client, generated_server)

    return send


@pytest.fixture(scope="session")
def _shared(origin: MockOrigin | HTTPOrigin) -> Iterator[Server]:
    recording = Recording("shared")
    server = origin.fresh(recording, {})
    if server is None:
        assert isinstance(origin, HTTPOrigin)
        server = origin.server(recording)
    yield server
    if server.is_fresh:
        server.close()


@pytest.fixture
def shared_server(request: pytest.FixtureRequest, _shared: Server, recording: Recording) -> Server:
    """A server for tests that only read; its world is shared by all of them."""
    recording.secrets.update(_shared.recording.secrets)
    server = dataclasses.replace(_shared, recording=recording)
    _skip_unless_able(request.node, server)
    return server


def _skip_unless_able(item: pytest.Item, server: Server) -> None:
    if server.read_only and (
        item.get_closest_marker("writes") or item.get_closest_marker("needs_control")
    ):
        pytest.skip("the test writes, and nothing is written on the vendor's servers")
    if server.control is None and item.get_closest_marker("needs_control"):
        pytest.skip("the test needs the control API of our mock server, and this server has none")


@pytest.fixture
def iq(server: Server) -> Iterator[InsightIQ]:
    """The client on the test's server."""
    with server.client() as client:
        yield client


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    """A plain HTTP client with the credentials."""
    with server.http() as client:
        yield client


@pytest.fixture
def control(server: Server) -> MockControl:
    """The control API of the test's developer; the test needs the marker ``needs_control``."""
    assert server.control is not None, "mark the test with needs_control"
    return server.control


@pytest.fixture
def another(server: Server) -> Iterator[Callable[..., Server]]:
    """Make further developers: ``another(limits_enabled=True)``; they are deleted in the end."""
    made: list[Server] = []

    def make(**options: object) -> Server:
        made.append(server.fresh(**options))
        return made[-1]

    yield make
    for each in made:
        if each is not server:
            each.close()


@pytest.fixture
def far_from_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A time zone that is never UTC: machines that run in UTC hide confusions with local time."""
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
