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
import os
import pathlib
import re
import tempfile
import time
import unittest.mock
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from contract_suite.checks import ResponseChecker
from contract_suite.client_calls import call_through_client
from contract_suite.recording import Exchange, Recording
from contract_suite.report import ContractReport, test_id
from contract_suite.schemas import AnyCase, requests_go_to
from contract_suite.servers import Origin, Server
from contract_suite.session import DEPTHS, ContractSession, current
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

from insightiq.errors import InsightIQError

if TYPE_CHECKING:
    import httpx

    from insightiq import InsightIQ
    from insightiq_mock.control import MockControl

PARTS = {
    "schema": "does the server obey the document?",
    "client": "does the client send what was meant, and read all that comes back?",
    "stateful": "do sequences of calls along links work?",
    "parsing": "does the client read every response that the document allows?",
    "call_styles": "do all styles of calling send the same?",
    "scenarios": "does the API behave as documented over time and between developers?",
    "traffic": "does recorded traffic fit the document?",
}
MARKERS = {
    **PARTS,
    "writes": "the test changes the server; skipped where nothing may be written",
    "needs_control": "the test needs the mock's control API; skipped on other servers",
    "operations(*ids)": "operations that the test is about; --operations selects by them",
    "mock_settings(**settings)": "settings of the test's developer, such as limits_enabled=True",
    "stateless": "the test checks single responses, so that the document's examples are enough",
}

# Parts whose cases are made when their modules are imported, which takes seconds.
SLOW_MODULES = {
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
    _check_markers(config)
    config.add_cleanup(_repeatable_drawing())
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")
    config.pluginmanager.import_plugin("schemathesis.pytest.plugin")
    # Wrong names and addresses are reported before anything is collected.
    session = ContractSession(config)
    if session.settings.target is not None:
        assert session.origin
    config.pluginmanager.register(ContractReport(config, session), "contract_report")


def _check_markers(config: pytest.Config) -> None:
    """Reject ``-m`` with a marker that does not exist: it would select nothing, or too much."""
    known = {name.partition("(")[0] for name in MARKERS}
    words = set(re.findall(r"[A-Za-z_]\w*", config.option.markexpr)) - {"and", "or", "not"}
    for word in sorted(words - known):
        msg = f"-m: there is no marker {word}; the parts of the suite are {', '.join(PARTS)}."
        raise pytest.UsageError(msg)


def _repeatable_drawing() -> Callable[[], None]:
    """Make Hypothesis draw the same in every process; return a function that undoes it.

    It draws from what earlier runs left in its folder, and from constants in the project's modules as
    far as they are imported, which differs between workers and with every edit. Hypothesis has no
    public way to leave the constants out. Where an upgrade moves this function, the import above or
    `test_same_seed_sends_same_requests` fails; importing all of the project's modules first would
    then replace it, at the price that every edit of the project changes the requests.
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
    part, wanted = SLOW_MODULES.get(collection_path.name), config.option.markexpr
    return True if part and wanted in PARTS and wanted != part else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrise the fixture ``operation`` over the selected operations."""
    if "operation" in metafunc.fixturenames:
        metafunc.parametrize("operation", current().operations, ids=lambda each: each.id)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests of other operations."""
    selected = {each.id for each in current().operations}
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
def pytest_runtest_call(item: pytest.Function) -> Iterator[None]:
    """Fail a test for responses that break the document; skip one that met the document's examples."""
    try:
        yield
    except (AssertionError, pytest.fail.Exception, BaseExceptionGroup, InsightIQError):
        _skip_for_examples(item)
        raise
    checker = item.stash.get(_CHECKER, None)
    if checker is not None and checker.violations:
        pytest.fail("\n".join(checker.violations), pytrace=False)
    if "generated_server" in item.fixturenames and not item.stash[_RECORDING].count:
        pytest.fail("the test sent no request, so that it has checked nothing", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Iterator[pytest.TestReport]:
    """Add the last exchange and the command that repeats the test to a failure."""
    report = yield
    recording, checker = item.stash.get(_RECORDING, None), item.stash.get(_CHECKER, None)
    exchange = None if recording is None else recording.latest
    if checker is not None and checker.violations:
        exchange = next(iter(checker.violations.values()))
    error = None if call.excinfo is None else call.excinfo.value
    _report(item.config).explain(item, report, error, exchange)
    return report


def _skip_for_examples(item: pytest.Item) -> None:
    """Nothing can be expected over several calls of operations that have no handler in the mock."""
    recording = item.stash.get(_RECORDING, None)
    if recording is None or item.get_closest_marker("stateless"):
        return
    met = [each for each in recording.from_examples if each.number not in recording.expected]
    names = _report(item.config).names(met)
    if names:
        pytest.skip(f"the document's example is the response of {', '.join(names)}")


def _report(config: pytest.Config) -> ContractReport:
    report: ContractReport = config.pluginmanager.get_plugin("contract_report")
    return report


@pytest.fixture(scope="session")
def document() -> Mapping[str, Any]:
    """The OpenAPI document. Do not change it."""
    return current().document


@pytest.fixture(scope="session")
def origin() -> Origin:
    """The source of servers, shared by the tests of a worker."""
    return current().origin


@pytest.fixture
def recording(request: pytest.FixtureRequest, origin: Origin) -> Iterator[Recording]:
    """The exchanges of this test; each response is checked against the document."""
    recording = Recording(test_id(request.node))
    # Generated requests may have keys of their own, which some operations send back.
    is_closed = origin.is_mock and "generated_server" not in request.fixturenames
    is_generated = any(map(request.node.get_closest_marker, ("schema", "stateful")))
    checker = ResponseChecker(
        recording,
        current().contract,
        current().routes,
        is_generated=is_generated,
        is_closed=is_closed,
    )
    recording.listeners.append(checker)
    _report(request.config).listen_to(recording)
    request.node.stash[_RECORDING] = recording
    request.node.stash[_CHECKER] = checker
    yield recording
    _report(request.config).end(recording)


@pytest.fixture
def server(
    request: pytest.FixtureRequest, origin: Origin, recording: Recording
) -> Iterator[Server]:
    """A server with a world of the test's own; on a foreign server, that one.

    `Server.fresh` makes further developers.
    """
    marker = request.node.get_closest_marker("mock_settings")
    server = origin.fresh(recording, **({} if marker is None else marker.kwargs))
    _skip_unless_able(request.node, server)
    yield server
    _report(request.config).remove_leftovers(recording, server)
    if server.is_fresh:
        server.close()


@pytest.fixture
def generated_server(request: pytest.FixtureRequest, recording: Recording) -> Iterator[Server]:
    """The server that generated cases are made for, with an untouched world."""
    server = current().generated_server
    # Read before the test's own recording begins.
    assert current().seed_data
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
    generated_server: Server, single_call_client: InsightIQ
) -> Callable[[AnyCase], Exchange]:
    """Send a case through the client, and check what it sends and what it reads."""

    def send(case: AnyCase) -> Exchange:
        operation_id = case.operation.definition.raw["operationId"]
        operation = current().routes.operations[operation_id]
        return call_through_client(
            current().document, operation, case, single_call_client, generated_server
        )

    return send


def _skip_unless_able(item: pytest.Item, server: Server) -> None:
    needs_control = item.get_closest_marker("needs_control")
    if server.read_only and (needs_control or item.get_closest_marker("writes")):
        pytest.skip("the test writes, and nothing is written on the vendor's servers")
    if server.control is None and needs_control:
        pytest.skip("the test needs the control API of the project's mock server")


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
        if each.is_fresh:
            each.close()


@pytest.fixture
def far_from_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A time zone that is never UTC: machines that run in UTC hide confusions with local time."""
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
