"""Lists come page by page: no row is lost or doubled, limits are kept, the order is as documented."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from contract_suite.rows import Listing, Rows, mismatch
from document_views import ListShape

from insightiq import InsightIQ

SIZE = 7
PAGES = 6
FAR = 1_000

pytestmark = pytest.mark.scenarios


def ids_at(rows: Rows, listing: Listing, offset: int, limit: int) -> list[str]:
    shape = listing.shape
    page = rows.page(shape, listing.query, **{shape.offset: offset, shape.limit: limit})
    return [row["id"] for row in page[shape.items]]


def first_double(ids: Sequence[str]) -> str | None:
    return next((each for place, each in enumerate(ids) if each in ids[:place]), None)


def test_pages_hold_each_row_once(rows: Rows, shape: ListShape) -> None:
    listing = rows.of(shape.operation.id)
    twice = first_double(listing.ids)
    assert twice is None, f"{listing.name}: in the largest pages, the list holds {twice} twice"
    seen: list[str] = []
    for number in range(PAGES):
        page = ids_at(rows, listing, number * SIZE, SIZE)
        for each in page:
            if each in seen:
                place = divmod(seen.index(each), SIZE)
                pytest.fail(
                    f"{listing.name}: page {number + 1} of {SIZE} rows holds {each} again, which "
                    f"was item {place[1] + 1} of page {place[0] + 1}"
                )
        seen += page
        if len(page) < SIZE:
            break
    wanted = listing.ids[: SIZE * PAGES]
    lost = [each for each in wanted if each not in seen]
    assert not lost, f"{listing.name}: {len(lost)} of {len(wanted)} rows are on no page of {SIZE}"
    assert seen == wanted, f"{listing.name}: pages of {SIZE} have another order"


def test_offset_leads_to_row_at_that_place(rows: Rows, shape: ListShape) -> None:
    listing = rows.of(shape.operation.id)
    count = len(listing.ids)
    places = {(1, 3), (count // 2, 2), (count - 1, 5), (count, 5), (count + FAR, 5)}
    for offset, limit in sorted(place for place in places if place[0] >= 0):
        found = ids_at(rows, listing, offset, limit)
        wanted = listing.ids[offset : offset + limit]
        assert found == wanted, (
            f"{listing.name}: offset {offset} and limit {limit} of {count} rows give "
            f"{len(found)} rows: {mismatch(found, wanted)}"
        )


def test_page_has_as_many_rows_as_its_limit(rows: Rows, shape: ListShape) -> None:
    """Also with the default limit; the metadata repeat offset and limit."""
    listing = rows.of(shape.operation.id)
    count = len(listing.ids)
    for offset, limit in ((None, None), (0, 1), (2, 3), (0, shape.maximum)):
        wanted = {shape.offset: offset, shape.limit: limit}
        given = {key: value for key, value in wanted.items() if value is not None}
        page = rows.page(shape, listing.query, **given)
        found, wanted = len(page[shape.items]), limit or shape.default
        expected = min(wanted, max(count - (offset or 0), 0))
        assert found == expected, f"{listing.name}: {given} gives {found} rows, not {expected}"
        echo = (page["metadata"][shape.offset], page["metadata"][shape.limit])
        # Without a page in the query, the list of webhooks has no numbers (evidence.md#webhook).
        is_silent = limit is None and echo[1] is None
        assert is_silent or echo == (offset or 0, wanted), (
            f"{listing.name}: requested {given}, the metadata say offset and limit {echo}"
        )


def test_list_is_sorted_as_documented(rows: Rows, sorted_shape: ListShape) -> None:
    order, listing = sorted_shape.order, rows.of(sorted_shape.operation.id)
    moments = [row[order] for row in listing.rows]
    for place, (one, other) in enumerate(itertools.pairwise(moments)):
        assert one >= other, (
            f"{listing.name}: the newest {order} comes first, but item {place + 1} has "
            f"{one} and item {place + 2} has {other}"
        )


def test_page_is_same_when_read_again(rows: Rows, shape: ListShape) -> None:
    listing = rows.of(shape.operation.id)
    page = {shape.offset: 0, shape.limit: SIZE}
    first = rows.page(shape, listing.query, **page)
    assert rows.page(shape, listing.query, **page) == first, f"{listing.name}: another page"


def test_client_reads_whole_list(rows: Rows, shape: ListShape) -> None:
    """All ways to iterate give the rows of the server, in their order and once."""
    listing = rows.of(shape.operation.id)
    arguments, ids = listing.arguments(), listing.ids
    # Not recorded: threads fetch ahead in an order that differs from run to run.
    unrecorded = rows.server.client(transport=rows.server.origin.transport())

    def pager(client: InsightIQ = rows.iq, **page: int) -> Any:
        return getattr(client, shape.operation.resource).list(**arguments, **page)

    def resumed() -> list[Any]:
        begun = pager(limit=SIZE)
        return [
            *itertools.islice(begun, len(ids) // 2 + 1),
            *pager(limit=SIZE).resume(begun.state),
        ]

    ways: dict[str, tuple[Callable[[], Any], list[str]]] = {
        "iterating": (pager, ids),
        "small pages": (lambda: pager(limit=SIZE), ids),
        "pages()": (lambda: [row for page in pager(limit=SIZE).pages() for row in page.data], ids),
        "prefetch(2)": (lambda: pager(unrecorded, limit=SIZE).prefetch(2), ids),
        "resume()": (resumed, ids),
        "take(9)": (lambda: pager().take(9), ids[:9]),
        "first()": (lambda: filter(None, [pager().first()]), ids[:1]),
        "offset=2": (lambda: pager(offset=2), ids[2:]),
    }
    with unrecorded:
        for way, (read, wanted) in ways.items():
            found = [row.id for row in read()]
            assert found == wanted, (
                f"{listing.name}: {way} gives {len(found)} rows of {len(wanted)}: "
                f"{mismatch(found, wanted)}"
            )
