"""Lists whose rows come and go while they are read: nothing twice, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insightiq import errors

PROPERTY = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _follows(wanted: list[str], found: list[str]) -> bool:
    """Tell whether ``wanted`` is in ``found``, in its order."""
    remaining = iter(found)
    return all(each in remaining for each in wanted)


@PROPERTY
@given(
    count=st.integers(0, 40),
    limit=st.integers(1, 8),
    inserts=st.lists(st.integers(0, 20), max_size=12),
    ahead=st.integers(0, 3),
)
def test_rows_that_come_in_are_never_a_reason_to_lose_or_repeat_one(  # noqa: PLR0913, PLR0917 - what varies
    new_reader: Any, rows: Any, count: int, limit: int, inserts: list[int], ahead: int
) -> None:
    """Newest first, a page shows rows of the one before as soon as something was published."""
    server = rows(count)
    before = list(server.rows)
    pending = list(inserts)
    server.change = lambda _: server.insert(pending.pop(0)) if pending else None
    found = new_reader().ids(server, lambda pager: pager.prefetch(ahead), {"limit": str(limit)})
    assert len(found) == len(set(found))
    assert _follows(before, found)


CHANGES = st.one_of(
    st.tuples(st.just("insert"), st.integers(0, 60), st.integers(1, 9)),
    st.tuples(st.just("remove"), st.integers(0, 60), st.integers(1, 9)),
)


@PROPERTY
@given(
    count=st.integers(0, 40),
    limit=st.integers(1, 8),
    changes=st.lists(st.lists(CHANGES, max_size=2), max_size=12),
    ahead=st.integers(0, 3),
)
def test_what_existed_throughout_is_found_whatever_comes_and_goes(  # noqa: PLR0913, PLR0917 - what varies
    new_reader: Any, rows: Any, count: int, limit: int, changes: Any, ahead: int
) -> None:
    """Rows that go move the others up: the walk turns back to where it knows its way."""
    server = rows(count)
    throughout = list(server.rows)
    pending = list(changes)

    def change(_: int) -> None:
        for what, place, number in pending.pop(0) if pending else []:
            if what == "insert":
                server.insert(number, min(place, len(server.rows)))
            else:
                for gone in server.rows[place : place + number]:
                    if gone in throughout:
                        throughout.remove(gone)
                del server.rows[place : place + number]

    server.change = change
    found = new_reader().ids(server, lambda pager: pager.prefetch(ahead), {"limit": str(limit)})
    assert len(found) == len(set(found))
    assert _follows(throughout, found)


def test_a_still_list_costs_no_request_more_below_the_largest_page(reader: Any, rows: Any) -> None:
    """The row that is asked for once more comes on top of the page."""
    server = rows(120)
    assert reader.ids(server, query={"limit": "50"}) == server.rows
    assert server.asked == [(0, 50), (49, 51), (99, 51)]


def test_the_largest_pages_overlap_by_a_row(reader: Any, rows: Any) -> None:
    """Where no larger page may be asked for, one request in a hundred is the price."""
    server = rows(250)
    assert reader.ids(server) == server.rows
    assert server.asked == [(0, 100), (99, 100), (198, 100)]


def test_pages_leave_out_what_an_earlier_one_had(reader: Any, rows: Any) -> None:
    """Who reads pages must not count rows twice, either."""
    server = rows(5)
    server.change = lambda number: server.insert(1) if number == 1 else None
    pages = reader.pages(server, query={"limit": "2"})
    assert pages == [["row-0", "row-1"], ["row-2"], ["row-3", "row-4"]]


def test_an_empty_list_is_one_empty_page(reader: Any, rows: Any) -> None:
    """Its metadata may matter."""
    assert reader.pages(rows(0)) == [[]]


def test_removed_rows_make_the_walk_turn_back(reader: Any, rows: Any) -> None:
    """Plain offsets would skip as many rows as were removed."""
    server = rows(12)

    def change(number: int) -> None:
        if number == 1:
            del server.rows[:3]

    server.change = change
    found = reader.ids(server, query={"limit": "4"})
    assert found == [f"row-{number}" for number in range(12)]
    assert server.asked[:3] == [(0, 4), (3, 5), (0, 5)]


def test_a_list_that_shrinks_below_the_place_is_read_to_its_end(reader: Any, rows: Any) -> None:
    """An empty page is the end only behind a row that is known."""
    server = rows(8)

    def change(number: int) -> None:
        if number == 1:
            del server.rows[:4]

    server.change = change
    assert reader.ids(server, query={"limit": "4"}) == [f"row-{number}" for number in range(8)]


@pytest.mark.parametrize("ahead", [0, 3])
def test_a_server_that_ignores_the_offset_is_named(reader: Any, rows: Any, ahead: int) -> None:
    """Neither endless paging, nor a first page that passes for the list."""
    server = rows(300, ignores_offset=True)
    with pytest.raises(errors.PaginationError, match="same rows") as caught:
        reader.ids(server, lambda pager: pager.prefetch(ahead))
    assert caught.value.operation == "things.list"
    assert len(server.asked) <= 3 + 2 * ahead


def test_a_server_that_ignores_the_offset_of_a_short_list_is_believed(
    reader: Any, rows: Any
) -> None:
    """A short page is the end, whatever the server does with offsets."""
    server = rows(30, ignores_offset=True)
    assert reader.ids(server) == server.rows


def test_the_same_page_again_by_chance_is_not_taken_for_the_end(reader: Any, rows: Any) -> None:
    """Exactly as many rows may come in as a page holds; asking far behind the end tells."""
    server = rows(9)
    server.change = lambda number: server.insert(2) if number == 1 else None
    found = reader.ids(server, query={"limit": "3", "offset": "0"})
    assert _follows([f"row-{number}" for number in range(9)], found)
    assert len(found) == len(set(found))


def test_an_id_that_names_several_rows_strikes_nothing_out(reader: Any, rows: Any) -> None:
    """Where one page has an id twice, rows are taken as they come."""
    server = rows(0)
    server.rows = ["a", "b", "c", "d", "d", "c", "e"]
    assert reader.ids(server, query={"limit": "3"}) == server.rows


def test_a_list_that_changed_beyond_memory_says_so(
    reader: Any, rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More rows than are remembered cannot be told from new ones: better an end than doubles."""
    monkeypatch.setattr("insightiq._pagination.WINDOW", 10)
    server = rows(60)
    server.change = lambda number: server.insert(40) if number == 5 else None
    with pytest.raises(errors.PaginationError, match="more than 10 rows"):
        reader.ids(server, query={"limit": "5"})
