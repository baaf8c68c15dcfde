"""Lists over HTTP: lazy, complete, with no request more than needed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import insightiq
from insightiq import errors
from insightiq_generated.client import Request

REQUEST = Request("GET", "/v1/things", {"account_id": "a-1"})


class Table:
    """A server with a number of rows, which may cut a large limit down."""

    def __init__(self, rows: int, most: int = 1000) -> None:
        self.rows = list(range(rows))
        self.most = most
        self.asked: list[tuple[int, int]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Return a page, as the API does."""
        assert request.url.params["account_id"] == "a-1"
        offset, limit = int(request.url.params["offset"]), int(request.url.params["limit"])
        self.asked.append((offset, limit))
        limit = min(limit, self.most)
        data = self.rows[offset : offset + limit]
        metadata = {"offset": offset, "limit": limit}
        return httpx.Response(200, json={"data": data, "metadata": metadata})


def _read_sync(operation: Any, table: Any, request: Request, what: str) -> Any:
    with insightiq.InsightIQ(
        client_id="id", client_secret="s3", quota=None, transport=httpx.MockTransport(table)
    ) as client:
        pager = client._caller.paginate(operation, request)
        if what == "first":
            return pager.first()
        return list(pager) if what == "items" else [page.data for page in pager.pages()]


def _read_async(operation: Any, table: Any, request: Request, what: str) -> Any:
    async def main() -> Any:
        async with insightiq.AsyncInsightIQ(
            client_id="id", client_secret="s3", quota=None, transport=httpx.MockTransport(table)
        ) as client:
            pager = client._caller.paginate(operation, request)
            if what == "first":
                return await pager.first()
            if what == "items":
                return [item async for item in pager]
            return [page.data async for page in pager.pages()]

    return asyncio.run(main())


@pytest.fixture(params=[_read_sync, _read_async], ids=["sync", "async"])
def read(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Walk over a list of a table, through the sync or the async client."""
    walking: Callable[..., Any] = request.param
    return walking


@pytest.mark.parametrize(
    ("rows", "query", "asked"),
    [
        pytest.param(0, {}, [(0, 100)], id="empty"),
        pytest.param(1, {}, [(0, 100)], id="single"),
        pytest.param(99, {}, [(0, 100)], id="one row short"),
        pytest.param(100, {}, [(0, 100), (100, 100)], id="exactly full"),
        pytest.param(101, {}, [(0, 100), (100, 100)], id="one row over"),
        pytest.param(250, {}, [(0, 100), (100, 100), (200, 100)], id="three pages"),
        pytest.param(6, {"limit": "2"}, [(0, 2), (2, 2), (4, 2), (6, 2)], id="full small pages"),
        pytest.param(5, {"limit": "2"}, [(0, 2), (2, 2), (4, 2)], id="small pages"),
        pytest.param(2, {"limit": "1"}, [(0, 1), (1, 1), (2, 1)], id="pages of one"),
        pytest.param(7, {"limit": "2", "offset": "4"}, [(4, 2), (6, 2)], id="from an offset"),
        pytest.param(7, {"offset": "7"}, [(7, 100)], id="offset at the end"),
        pytest.param(7, {"offset": "70"}, [(70, 100)], id="offset behind the end"),
        pytest.param(3, {"limit": "0"}, [(0, 0)], id="limit zero"),
    ],
)
def test_list_ends_on_short_page(
    read: Any, list_things: Any, rows: int, query: dict[str, str], asked: list[tuple[int, int]]
) -> None:
    table = Table(rows)
    request = Request("GET", "/v1/things", {"account_id": "a-1", **query})
    items = read(list_things, table, request, "items")
    expected = [] if query.get("limit") == "0" else table.rows[int(query.get("offset", "0")) :]
    assert items == expected
    assert table.asked == asked


@pytest.mark.parametrize("most", [100, 1000])
def test_limit_above_maximum_loses_nothing(read: Any, list_things: Any, most: int) -> None:
    table = Table(350, most=most)
    request = Request("GET", "/v1/things", {"account_id": "a-1", "limit": "200"})
    assert read(list_things, table, request, "items") == table.rows


def test_pages_are_responses_themselves(read: Any, list_things: Any) -> None:
    request = Request("GET", "/v1/things", {"account_id": "a-1", "limit": "2"})
    assert read(list_things, Table(3), request, "pages") == [[0, 1], [2]]


@pytest.mark.parametrize(("rows", "first"), [(0, None), (1, 0), (250, 0)])
def test_first_asks_for_one_row(read: Any, list_things: Any, rows: int, first: int | None) -> None:
    table = Table(rows)
    assert read(list_things, table, REQUEST, "first") == first
    assert table.asked == [(0, 1)]


def test_first_honours_offset(read: Any, list_things: Any) -> None:
    request = Request("GET", "/v1/things", {"account_id": "a-1", "offset": "3", "limit": "50"})
    assert read(list_things, Table(9), request, "first") == 3


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {}}, {"data": "abc"}])
def test_page_without_rows_key_is_unreadable(read: Any, list_things: Any, body: Any) -> None:
    with pytest.raises(errors.APIResponseValidationError, match="no list under 'data'"):
        read(list_things, lambda _: httpx.Response(200, json=body), REQUEST, "items")


def test_error_on_later_page_is_raised(read: Any, list_things: Any) -> None:
    table = Table(150)

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.params["offset"] == "100":
            return httpx.Response(500, json={})
        return table(request)

    with pytest.raises(errors.InternalServerError):
        read(list_things, respond, REQUEST, "items")


@pytest.fixture
def client_and_table() -> tuple[insightiq.InsightIQ, Table]:
    """A sync client in front of 250 rows."""
    table = Table(250)
    transport = httpx.MockTransport(table)
    return insightiq.InsightIQ(
        client_id="id", client_secret="s3", quota=None, transport=transport
    ), table


def test_nothing_is_fetched_before_it_is_needed(client_and_table: Any, list_things: Any) -> None:
    client, table = client_and_table
    pager = client._caller.paginate(list_things, REQUEST)
    iterator = iter(pager)
    assert table.asked == []
    next(iterator)
    assert table.asked == [(0, 100)]
    for _ in range(99):
        next(iterator)
    assert table.asked == [(0, 100)]
    next(iterator)
    assert table.asked == [(0, 100), (100, 100)]


def test_iterating_twice_starts_anew(client_and_table: Any, list_things: Any) -> None:
    client, table = client_and_table
    pager = client._caller.paginate(list_things, REQUEST)
    assert list(pager) == table.rows
    table.rows.append(250)
    assert list(pager) == table.rows


def test_changed_page_does_not_end_list(client_and_table: Any, list_things: Any) -> None:
    client, table = client_and_table
    seen = []
    for page in client._caller.paginate(list_things, REQUEST).pages():
        seen += page.data
        page.data.clear()
    assert seen == table.rows


def test_pager_names_operation(client_and_table: Any, list_things: Any) -> None:
    client, _ = client_and_table
    assert repr(client._caller.paginate(list_things, REQUEST)) == "<OffsetPager of things.list>"
