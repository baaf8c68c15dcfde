"""Fixtures of the scenarios: rows that tests read, receivers of notifications, names of their own."""

from __future__ import annotations

import dataclasses
import inspect
import secrets
from collections.abc import Callable, Iterable, Iterator

import openapi_document
import pytest
from contract_suite.consistency import Consistency
from contract_suite.notifications import Notifications
from contract_suite.recording import Recording
from contract_suite.rows import Listing, Rows, optional_filters
from contract_suite.servers import HTTPOrigin, MockOrigin, Server
from document_views import Document, list_shapes
from openapi_document import Operation

from insightiq import InsightIQ, errors

# What the document allows an external_id to have.
_LONGEST_ID = 100
_WEBHOOKS = 12
_SHOWN = 3
# A foreign world moves on while it is read: a defect shows every time.
_TRIES = 3


def _having(key: str) -> Callable[[Operation], bool]:
    return lambda operation: key in operation.data


def _verbs(*verbs: str) -> Callable[[Operation], bool]:
    return lambda operation: operation.verb in verbs


def _is_get(operation: Operation) -> bool:
    return operation.method == "get" and operation.path.endswith("/{id}")


# Parameters of the tests, each with the operations that it stands for.
_OPERATIONS: dict[str, Callable[[Operation], bool]] = {
    "get": _is_get,
    "search": _having("x-bulk"),
    "refresh": _verbs("refresh"),
    "history": _verbs("fetch_historic"),
    "sync": _verbs("refresh", "fetch_historic"),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test for each selected operation, or list, that its parameter stands for."""
    report = metafunc.config.pluginmanager.get_plugin("contract_report")
    chosen: list[Operation] = report.operations
    document: Document = report.settings.document
    # Of the whole document: also where the list itself is not selected, its rows are read.
    every = list(openapi_document.operations(document))
    listed = {each.resource for each in every if each.verb == "list"}
    for name, is_meant in _OPERATIONS.items():
        found = [each for each in chosen if is_meant(each) and each.resource in listed]
        _parametrize(metafunc, name, found, [each.id for each in found])
    shapes = list(list_shapes(document, chosen))
    for name, found in {
        "shape": shapes,
        "filtered": [each for each in shapes if each.filters or each.window],
        "windowed": [each for each in shapes if each.window and each.moment],
        "doubly_filtered": [each for each in shapes if len(optional_filters(each)) > 1],
        "sorted_shape": [each for each in shapes if each.order],
    }.items():
        _parametrize(metafunc, name, found, [each.operation.id for each in found])


def _parametrize(
    metafunc: pytest.Metafunc, name: str, values: Iterable[object], ids: list[str]
) -> None:
    if name in metafunc.fixturenames:
        metafunc.parametrize(name, values, ids=ids)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Call a test again where somebody else's world may have moved on while it was read."""
    rows: Rows | None = pyfuncitem.funcargs.get("rows")
    if rows is None or rows.server.is_fresh:
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    arguments = {name: pyfuncitem.funcargs[name] for name in names}
    for left in reversed(range(_TRIES)):
        try:
            pyfuncitem.obj(**arguments)
            break
        except (AssertionError, pytest.fail.Exception, errors.InsightIQError):
            if not left:
                raise
            rows.forget()
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Function) -> Iterator[None]:
    """Fail a test for responses that contradict themselves, their request or other responses."""
    yield
    recording: Recording = item.funcargs["recording"]
    consistency: Consistency = item.funcargs["consistency"]
    problems = [
        problem for exchange in recording.exchanges for problem in consistency.problems(exchange)
    ]
    if problems:
        pytest.fail("; ".join(problems[:_SHOWN]), pytrace=False)


@pytest.fixture(scope="session")
def consistency(document: Document, origin: MockOrigin | HTTPOrigin) -> Consistency:
    """Checks of all responses to scenarios; only the mock is known to send no unknown keys."""
    is_mock = isinstance(origin, MockOrigin) or origin.control is not None
    return Consistency(document, is_mock=is_mock)


@pytest.fixture(scope="session")
def world(origin: MockOrigin | HTTPOrigin) -> Iterator[Server]:
    """The developer whose rows all tests share that only read."""
    server = origin.fresh(Recording("scenarios"), {})
    if server is None:
        assert isinstance(origin, HTTPOrigin)
        yield origin.server(Recording("scenarios"))
        return
    with server.client() as client:
        # The one list that is empty in a new world.
        for number in range(_WEBHOOKS):
            url = f"https://receiver.invalid/{number}"
            client.webhooks.create(url=url, events=["ACCOUNTS.REMOVED"], name=f"w{number}")
    yield server
    server.close()


@pytest.fixture(scope="session")
def listings() -> dict[str, Listing]:
    """The lists of the world, each read once."""
    return {}


@pytest.fixture(autouse=True)
def _scenario(
    request: pytest.FixtureRequest,
    recording: Recording,  # noqa: ARG001 - pytest_runtest_call reads it
    consistency: Consistency,  # noqa: ARG001 - as above
    listings: dict[str, Listing],
) -> Iterator[None]:
    """Read the lists again after a test that changed what a foreign server holds."""
    yield
    if request.node.get_closest_marker("writes"):
        listings.clear()


@pytest.fixture
def rows(
    request: pytest.FixtureRequest,
    document: Document,
    world: Server,
    recording: Recording,
    listings: dict[str, Listing],
) -> Iterator[Rows]:
    """The rows of the world; the requests belong to the test."""
    if world.read_only and request.node.get_closest_marker("writes"):
        pytest.skip("the test writes, and nothing is written on the vendor's servers")
    recording.secrets.update(world.recording.secrets)
    server = dataclasses.replace(world, recording=recording)
    with server.client() as client:
        yield Rows(document, server, client, listings)


@pytest.fixture
def notifications(server: Server, iq: InsightIQ) -> Notifications:
    """The webhooks of the test's developer and their deliveries."""
    return Notifications(server, iq)


@pytest.fixture
def own(server: Server) -> Callable[[str], str]:
    """A function that makes an external id or a name which no earlier run has used."""

    def make(text: str) -> str:
        if server.is_fresh:
            return text
        mark = f" {secrets.token_hex(6)}"
        return text[: _LONGEST_ID - len(mark)] + mark

    return make
