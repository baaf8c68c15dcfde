"""Each style of a call sends the same request, and each style of reading a list gives the same rows."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import inspect
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from contract_suite.client_calls import Call, example_call
from contract_suite.rows import Listing, Rows
from contract_suite.servers import Server
from document_views import Document
from openapi_document import Operation

from insightiq import InsightIQ, errors

pytestmark = pytest.mark.call_styles

# Small pages, so that a list of the mock has several; enough of them, within somebody's quota.
ROWS = 4
MOST = 15

Request = tuple[str, str, tuple[tuple[str, str], ...], bytes]
Style = Callable[[], Any]


@pytest.fixture
def client(server: Server) -> Iterator[InsightIQ]:
    with server.client(max_attempts=1) as client:
        yield client


@pytest.fixture(scope="module")
def listings() -> dict[str, Listing]:
    """The lists of the shared server, each read once."""
    return {}


def outcome(call: Style) -> Any:
    """Return the result of a call, or its error."""
    try:
        return call()
    except errors.InsightIQError as error:
        return error


def check_same(server: Server, name: str, styles: dict[str, Style]) -> dict[str, Any]:
    """Call in each style; return the results, and fail where a style sends another request."""
    results: dict[str, Any] = {}
    sent: dict[str, list[Request]] = {}
    for style, call in styles.items():
        before = server.recording.count
        results[style] = call()
        sent[style] = [
            (each.method, each.url, each.request_headers, each.request_body)
            for each in server.recording.exchanges[before:]
        ]
    (first, model), *others = sent.items()
    assert model, f"{name}: nothing was sent: {results[first]!r:.200}"
    for style, requests in others:
        assert requests == model, f"{name}: {style} differs from {first}"
    return results


def test_each_style_sends_the_same_request(
    document: Document, server: Server, client: InsightIQ, operation: Operation
) -> None:
    call = example_call(document, operation, client)
    method = getattr(getattr(client, operation.resource), operation.verb)
    names = itertools.islice(inspect.signature(method).parameters, len(call.in_path))
    by_name = {**dict(zip(names, call.in_path, strict=True)), **call.by_name}
    named = dataclasses.replace(call, in_path=(), by_name=by_name)

    async def asynchronous() -> Any:
        async with server.async_client(max_attempts=1) as other:
            made = call.make(other)  # type: ignore[arg-type]  # both clients have the same methods
            return await (anext(made.pages()) if "x-pagination" in operation.data else made)

    check_same(
        server,
        operation.id,
        {
            "positional": lambda: outcome(lambda: call.fetch(client)),
            "by keyword": lambda: outcome(lambda: named.fetch(client)),
            "asynchronous": lambda: outcome(lambda: asyncio.run(asynchronous())),
            "with_response": lambda: outcome(lambda: client.with_response(call.fetch, client)),
        },
    )


def test_each_style_reads_the_same_list(
    document: Document, shared_server: Server, listings: dict[str, Listing], list_id: str
) -> None:
    with shared_server.client(max_attempts=1) as client:
        rows = Rows(document, shared_server, client, listings)
        check_list(shared_server, client, rows.of(list_id))


def check_list(server: Server, client: InsightIQ, listing: Listing) -> None:
    shape, operation = listing.shape, listing.shape.operation
    by_name = {**listing.arguments(), shape.limit: ROWS}
    call = Call(operation, (), by_name, None)

    def pages() -> list[Any]:
        rows: list[Any] = []
        for page in call.make(client).pages():
            rows += page.to_dict()[shape.items]
            if len(rows) >= MOST:
                break
        return rows[:MOST]

    async def items() -> list[Any]:
        rows: list[Any] = []
        async with (
            server.async_client(max_attempts=1) as other,
            contextlib.aclosing(aiter(call.make(other))) as found,  # type: ignore[arg-type]  # as above
        ):
            async for each in found:
                rows.append(each.to_dict())
                if len(rows) == MOST:
                    break
        return rows

    async def first() -> Any:
        async with server.async_client(max_attempts=1) as other:
            return await call.make(other).first()  # type: ignore[arg-type]  # as above

    lists = check_same(
        server,
        operation.id,
        {
            "iterator": lambda: [
                each.to_dict() for each in itertools.islice(call.make(client), MOST)
            ],
            "pages": pages,
            "asynchronous iterator": lambda: asyncio.run(items()),
        },
    )
    for style, rows in lists.items():
        assert rows == lists["iterator"], f"{operation.id}: {style} gives other rows"
    firsts = check_same(
        server,
        operation.id,
        {
            "first": lambda: call.make(client).first(),
            "asynchronous first": lambda: asyncio.run(first()),
        },
    )
    for style, row in firsts.items():
        found = row and row.to_dict()
        assert found == next(iter(lists["iterator"]), None), f"{operation.id}: {style}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test for each selected list."""
    if "list_id" in metafunc.fixturenames:
        report = metafunc.config.pluginmanager.get_plugin("contract_report")
        lists = [each.id for each in report.operations if "x-pagination" in each.data]
        metafunc.parametrize("list_id", lists)
