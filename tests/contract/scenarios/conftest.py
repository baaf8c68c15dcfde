"""Fixtures of the scenarios: a world of its own for a test that writes, and what it holds."""

from __future__ import annotations

import dataclasses
import inspect
import secrets
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpx
import openapi_document
import pytest
from contract_testing import zones
from contract_testing.described import Document, list_shapes
from contract_testing.recording import Recording
from contract_testing.servers import Server
from openapi_document import Operation
from scenario_checks import ResponseChecks
from scenario_support import Listing, Notifications, Rows

from insightiq import InsightIQ, errors

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
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool:
    """Call a test, again where somebody else's world moved on meanwhile; check the responses."""
    fixtures = pyfuncitem.funcargs
    recording: Recording = fixtures["recording"]
    checks: ResponseChecks = fixtures["response_checks"]
    rows: Rows | None = fixtures.get("rows")
    arguments = {name: fixtures[name] for name in inspect.signature(pyfuncitem.obj).parameters}
    is_moving = rows is not None and not rows.server.is_fresh
    for left in reversed(range(_TRIES if is_moving else 1)):
        try:
            pyfuncitem.obj(**arguments)
            break
        except (AssertionError, pytest.fail.Exception, errors.InsightIQError) as error:
            _skip_for_examples(recording, error)
            if not left:
                raise
            assert rows is not None
            rows.forget()
    of_mock = not is_moving
    problems = [
        problem
        for exchange in recording.exchanges
        for problem in checks.problems(exchange, of_mock=of_mock)
    ]
    assert not problems, f"{len(problems)} responses are wrong: {'; '.join(problems[:3])}"
    return True


def _skip_for_examples(recording: Recording, error: BaseException) -> None:
    """Skip a test about state that the mock did not keep: it has no handler for an operation."""
    found = [each for each in recording.from_examples if each.number not in recording.expected]
    if found:
        pytest.skip(f"{found[0].url} is the document's example: {error}")


@pytest.fixture(autouse=True)
def _scenario(
    request: pytest.FixtureRequest,
    recording: Recording,  # noqa: ARG001 - pytest_pyfunc_call reads it
    response_checks: ResponseChecks,  # noqa: ARG001 - as above
    listings: dict[str, Listing],
) -> Iterator[None]:
    """Read the lists again after a test that changed the world which all tests share."""
    yield
    if request.node.get_closest_marker("writes"):
        listings.clear()


@pytest.fixture(scope="session")
def response_checks(document: Document) -> ResponseChecks:
    """Checks of all responses of the run."""
    return ResponseChecks(document)


@pytest.fixture(scope="session")
def world(new_server: Callable[..., Server]) -> Server:
    """The developer whose rows all tests share that only read."""
    server = new_server()
    if server.is_fresh:
        # The one list that is empty in a new world.
        with server.client() as client:
            for number in range(_WEBHOOKS):
                url = f"https://receiver.invalid/{number}"
                client.webhooks.create(url=url, events=["ACCOUNTS.REMOVED"], name=f"w{number}")
    return server


@pytest.fixture(scope="session")
def listings() -> dict[str, Listing]:
    """The lists of the world, each read once."""
    return {}


@pytest.fixture
def rows(
    document: Document, world: Server, recording: Recording, listings: dict[str, Listing]
) -> Iterator[Rows]:
    """The rows of the world; the requests belong to the test."""
    server = dataclasses.replace(world, recording=recording)
    with server.client() as client:
        yield Rows(document, server, client, listings)


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    """A plain HTTP client, with the credentials of the test's developer."""
    with server.http() as client:
        yield client


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
