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
from contract_suite.recording import Recording
from contract_suite.rows import Listing, Rows
from contract_suite.servers import Origin, Server
from contract_suite.session import current
from document_views import Document
from openapi_document import Operation

from insightiq import AsyncInsightIQ, InsightIQ

pytestmark = pytest.mark.call_styles

# Small pages, so that a list of the mock has several; enough of them, within somebody's quota.
ROWS = 4
MOST = 15


@pytest.fixture(scope="module")
def shared(origin: Origin) -> Iterator[tuple[Server, dict[str, Listing]]]:
    """A server whose world all tests share that only read, with its lists, each read once."""
    server = origin.fresh(Recording("call styles"))
    yield server, {}
    if server.is_fresh:
        server.close()


def check_same(server: Server, name: str, styles: dict[str, Callable[[], Any]]) -> list[Any]:
    """Call in each style; return the results, and fail where a style sends another request."""
    results: list[Any] = []
    sent: dict[str, list[Any]] = {}
    for style, call in styles.items():
        before = server.recording.count
        results.append(call())
        sent[style] = [
            (each.method, each.url, each.request_headers, each.request_body)
            for each in server.recording.exchanges[before:]
        ]
    (first, model), *others = sent.items()
    assert model, f"{name}: nothing was sent: {results[0]!r:.200}"
    for style, requests in others:
        assert requests == model, f"{name}: {style} differs from {first}"
    return results


def asynchronously(server: Server, use: Callable[[AsyncInsightIQ], Any]) -> Any:
    """Run a coroutine function with an asynchronous client."""

    async def run() -> Any:
        async with server.async_client(max_attempts=1) as client:
            return await use(client)

    return asyncio.run(run())


def test_each_style_sends_same_request(
    document: Document, server: Server, operation: Operation
) -> None:
    with server.client(max_attempts=1) as client:
        call = example_call(document, operation, client)
        method = getattr(getattr(client, operation.resource), operation.verb)
        names = itertools.islice(inspect.signature(method).parameters, len(call.in_path))
        by_name = {**dict(zip(names, call.in_path, strict=True)), **call.by_name}
        named = dataclasses.replace(call, in_path=(), by_name=by_name)

        async def asynchronous(other: Any) -> Any:
            made = call.make(other)
            return await (anext(made.pages()) if "x-pagination" in operation.data else made)

        def with_response() -> None:
            with contextlib.suppress(Exception):
                client.with_response(call.fetch, client)

        def run_asynchronously() -> None:
            with contextlib.suppress(Exception):
                asynchronously(server, asynchronous)

        check_same(
            server,
            operation.id,
            {
                "positional": lambda: call.result(client),
                "by keyword": lambda: named.result(client),
                "asynchronous": run_asynchronously,
                "with_response": with_response,
            },
        )


def test_each_style_reads_same_list(
    document: Document,
    recording: Recording,
    shared: tuple[Server, dict[str, Listing]],
    list_id: str,
) -> None:
    server = shared[0].recorded_by(recording)
    with server.client(max_attempts=1) as client:
        listing = Rows(document, server, client, shared[1]).of(list_id)
        check_list(server, client, listing)


def check_list(server: Server, client: InsightIQ, listing: Listing) -> None:
    shape = listing.shape
    call = Call(shape.operation, (), {**listing.arguments(), shape.limit: ROWS}, None)

    def by_pages() -> list[Any]:
        rows: list[Any] = []
        for page in call.make(client).pages():
            rows += page.to_dict()[shape.items]
            if len(rows) >= MOST:
                break
        return rows[:MOST]

    async def items(other: Any) -> list[Any]:
        rows: list[Any] = []
        async with contextlib.aclosing(aiter(call.make(other))) as found:
            async for each in found:
                rows.append(each.to_dict())
                if len(rows) == MOST:
                    break
        return rows

    async def first(other: Any) -> Any:
        return await call.make(other).first()

    lists = check_same(
        server,
        listing.name,
        {
            "iterator": lambda: [each.to_dict() for each in call.make(client).take(MOST)],
            "pages": by_pages,
            "asynchronous iterator": lambda: asynchronously(server, items),
        },
    )
    assert lists[1:] == lists[:1] * 2, f"{listing.name}: the styles give other rows"
    firsts = check_same(
        server,
        listing.name,
        {
            "first": lambda: call.make(client).first(),
            "asynchronous first": lambda: asynchronously(server, first),
        },
    )
    expected = next(iter(lists[0]), None)
    assert [row and row.to_dict() for row in firsts] == [expected] * 2, f"{listing.name}: first()"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test for each selected list."""
    if "list_id" in metafunc.fixturenames:
        lists = [each.id for each in current().operations if "x-pagination" in each.data]
        metafunc.parametrize("list_id", lists)
