"""Fixtures of the scenarios: rows that tests read, receivers of notifications, names of their own."""

from __future__ import annotations

import inspect
import secrets
from collections.abc import Callable, Iterable, Iterator

import openapi_document
import pytest
from contract_suite.notifications import Notifications
from contract_suite.recording import Recording
from contract_suite.rows import Listing, Rows, optional_filters
from contract_suite.servers import Origin, Server
from contract_suite.session import current
from document_views import Document, list_shapes

from insightiq import InsightIQ, errors

# What the document allows an external_id to have.
_LONGEST_ID = 100
_WEBHOOKS = 12
# A foreign world moves on while it is read: a defect shows every time.
_TRIES = 3


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test for each selected operation, or list, that its parameter stands for."""
    session = current()
    # Of the whole document: also where the list itself is not selected, its rows are read.
    listed = {
        each.resource
        for each in openapi_document.operations(session.document)
        if each.verb == "list"
    }
    chosen = [each for each in session.operations if each.resource in listed]
    shapes = list(list_shapes(session.document, session.operations))
    operations = {
        "get": [e for e in chosen if e.method == "get" and e.path.endswith("/{id}")],
        "search": [each for each in chosen if "x-bulk" in each.data],
        "refresh": [each for each in chosen if each.verb == "refresh"],
        "history": [each for each in chosen if each.verb == "fetch_historic"],
        "sync": [each for each in chosen if each.verb in {"refresh", "fetch_historic"}],
    }
    lists = {
        "shape": shapes,
        "filtered": [each for each in shapes if each.filters or each.window],
        "windowed": [each for each in shapes if each.window and each.moment],
        "doubly_filtered": [each for each in shapes if len(optional_filters(each)) > 1],
        "sorted_shape": [each for each in shapes if each.order],
    }
    for name, found in operations.items():
        _parametrize(metafunc, name, found, [each.id for each in found])
    for name, found in lists.items():
        _parametrize(metafunc, name, found, [each.operation.id for each in found])


def _parametrize(
    metafunc: pytest.Metafunc, name: str, values: Iterable[object], ids: list[str]
) -> None:
    if name in metafunc.fixturenames:
        metafunc.parametrize(name, values, ids=ids)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Call a test again where the world of a foreign server may have moved on while it was read."""
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


@pytest.fixture(scope="session")
def world(origin: Origin) -> Iterator[Server]:
    """The developer whose rows all tests share that only read."""
    server = origin.fresh(Recording("scenarios"))
    if not server.is_fresh:
        yield server
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
def _listings_are_read_again(
    request: pytest.FixtureRequest, recording: Recording, listings: dict[str, Listing]
) -> Iterator[None]:
    """Read the lists again after a test that changed what a foreign server holds."""
    del recording
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
    server = world.recorded_by(recording)
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
