"""Fixtures of the scenarios: a world of its own for a test that writes, and what it holds."""

from __future__ import annotations

import contextlib
import inspect
import secrets
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpx
import openapi_document
import pytest
from contract_testing import zones
from contract_testing.described import Document, list_shapes
from contract_testing.servers import Server
from openapi_document import Operation
from scenario_support import Notifications, Rows

from insightiq import InsightIQ, errors
from insightiq_mock.control import MockControl

# What the document allows an external_id to have.
_LONGEST_ID = 100
_WEBHOOKS = 12
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
    """Run a test for each operation, or each list, that its parameter stands for."""
    document = openapi_document.load()
    operations = list(openapi_document.operations(document))
    shapes = list(list_shapes(document, operations))
    listed = {each.operation.resource for each in shapes}
    for name, is_meant in _OPERATIONS.items():
        found = [each for each in operations if is_meant(each) and each.resource in listed]
        _parametrize(metafunc, name, found, [each.id for each in found])
    for name, found in {
        "shape": shapes,
        "filtered": [each for each in shapes if each.filters or each.window],
        "windowed": [each for each in shapes if each.window and each.moment],
    }.items():
        _parametrize(metafunc, name, found, [each.operation.id for each in found])


def _parametrize(
    metafunc: pytest.Metafunc, name: str, values: Iterable[object], ids: list[str]
) -> None:
    if name in metafunc.fixturenames:
        metafunc.parametrize(name, values, ids=ids)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test again where somebody else's world moved on meanwhile; judge its responses."""
    arguments = {
        name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters
    }
    rows: Rows | None = pyfuncitem.funcargs.get("rows")
    server: Server | None = pyfuncitem.funcargs.get("server")
    if server is None or rows is None:
        return None
    first = server.recording.count
    for tries_left in reversed(range(1 if server.is_fresh else _TRIES)):
        try:
            pyfuncitem.obj(**arguments)
            break
        except (AssertionError, pytest.fail.Exception, errors.InsightIQError) as error:
            rows.forget()
            _skip_for_examples(server, first, error)
            if not tries_left:
                raise
    return True


def _skip_for_examples(server: Server, first: int, error: BaseException) -> None:
    """Skip a test about state that the mock did not keep: it has no handler for an operation."""
    found = [each for each in server.recording.from_examples if each.number > first]
    if found:
        pytest.skip(f"{found[0].url} is answered from the document's example ({error})")


@pytest.fixture(scope="session")
def shared_rows(document: Document, shared_server: Server) -> Iterator[Rows]:
    """Everything that the server of the tests that only read holds."""
    with shared_server.client() as client:
        if not shared_server.read_only and shared_server.is_fresh:
            # The one list that is empty in a new world.
            for number in range(_WEBHOOKS):
                client.webhooks.create(
                    url=f"https://receiver.invalid/{number}",
                    events=["ACCOUNTS.REMOVED"],
                    name=f"webhook {number}",
                )
        yield Rows(document, shared_server, client)


@pytest.fixture
def server(
    request: pytest.FixtureRequest, shared_server: Server, another: Callable[..., Server]
) -> Server:
    """The server: with an untouched world where the test is marked ``writes`` or ``needs_control``."""
    markers = {each.name for each in request.node.iter_markers()}
    if not markers & {"writes", "needs_control"}:
        return shared_server
    if shared_server.read_only:
        pytest.skip("the test writes, and this server may only be read")
    if "needs_control" in markers and shared_server.control is None:
        pytest.skip("the test needs the control API of the mock server, and this server has none")
    return another()


@pytest.fixture
def another(shared_server: Server) -> Iterator[Callable[..., Server]]:
    """A function that makes another developer with an untouched world."""
    with contextlib.ExitStack() as stack:

        def make(**settings: object) -> Server:
            made = shared_server.fresh(**settings)
            if made is not shared_server:
                stack.callback(made.close)
            return made

        yield make


@pytest.fixture
def rows(shared_rows: Rows, server: Server) -> Iterator[Rows]:
    """Everything that the shared server holds; read again after a test that changed it."""
    yield shared_rows
    if server is shared_rows.server:
        shared_rows.forget()


@pytest.fixture(scope="session")
def document() -> Document:
    return openapi_document.load()


@pytest.fixture(scope="session")
def shared_server() -> Iterator[Server]:
    from contract_testing.recording import Recording
    from contract_testing.servers import MockInProcess

    mock = MockInProcess()
    yield mock.server(Recording(keep=False))
    mock.close()


@pytest.fixture
def iq(server: Server) -> Iterator[InsightIQ]:
    """The client, with the credentials of the test's developer."""
    with server.client() as client:
        yield client


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    """A plain HTTP client, with the credentials of the test's developer."""
    with server.http() as client:
        yield client


@pytest.fixture
def control(server: Server) -> MockControl:
    """The control API of the mock, for the test's developer."""
    assert server.control is not None
    return server.control


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


@pytest.fixture
def far_from_utc() -> Iterator[None]:
    """A time zone that is never UTC: machines that run in UTC hide confusions with local time."""
    with zones.far_from_utc():
        yield
