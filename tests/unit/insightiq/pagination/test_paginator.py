"""Paginator: rows that come and go, and the end of a list."""

from __future__ import annotations

import contextlib
import itertools
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from insightiq import errors

PROPERTY = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _follows(wanted: list[str], found: list[str]) -> bool:
    """Return whether ``wanted`` is in ``found``, in its order."""
    remaining = iter(found)
    return all(each in remaining for each in wanted)


@PROPERTY
@given(
    count=st.integers(0, 40),
    limit=st.integers(1, 8),
    inserts=st.lists(st.integers(0, 20), max_size=12),
    ahead=st.integers(0, 3),
)
def test_new_rows_neither_lose_nor_repeat_one(
    new_reader: Any, rows: Any, count: int, limit: int, inserts: list[int], ahead: int
) -> None:
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
def test_constant_rows_are_always_found(
    new_reader: Any, rows: Any, count: int, limit: int, changes: Any, ahead: int
) -> None:
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


def test_unchanged_list_costs_no_extra_request(reader: Any, rows: Any) -> None:
    server = rows(120)
    assert reader.ids(server, query={"limit": "50"}) == server.rows
    assert server.asked == [(0, 50), (49, 51), (99, 51)]


def test_largest_pages_overlap_by_row(reader: Any, rows: Any) -> None:
    server = rows(250)
    assert reader.ids(server) == server.rows
    assert server.asked == [(0, 100), (99, 100), (198, 100)]


def test_pages_leave_out_what_earlier_one_had(reader: Any, rows: Any) -> None:
    server = rows(5)
    server.change = lambda number: server.insert(1) if number == 1 else None
    pages = reader.pages(server, query={"limit": "2"})
    assert pages == [["row-0", "row-1"], ["row-2"], ["row-3", "row-4"]]


def test_empty_list_is_one_empty_page(reader: Any, rows: Any) -> None:
    assert reader.pages(rows(0)) == [[]]


def test_removed_rows_make_paginator_turn_back(reader: Any, rows: Any) -> None:
    server = rows(12)

    def change(number: int) -> None:
        if number == 1:
            del server.rows[:3]

    server.change = change
    found = reader.ids(server, query={"limit": "4"})
    assert found == [f"row-{number}" for number in range(12)]
    assert server.asked[:3] == [(0, 4), (3, 5), (0, 5)]


def test_list_shrinks_below_place_is_read_to_end(reader: Any, rows: Any) -> None:
    server = rows(8)

    def change(number: int) -> None:
        if number == 1:
            del server.rows[:4]

    server.change = change
    assert reader.ids(server, query={"limit": "4"}) == [f"row-{number}" for number in range(8)]


@pytest.mark.parametrize("ahead", [0, 3])
def test_ignored_offset_is_named(reader: Any, rows: Any, ahead: int) -> None:
    server = rows(300, ignores_offset=True)
    with pytest.raises(errors.PaginationError, match="same rows") as caught:
        reader.ids(server, lambda pager: pager.prefetch(ahead))
    assert caught.value.operation == "things.list"
    assert len(server.asked) <= 3 + 2 * ahead


def test_ignored_offset_of_short_list_is_accepted(reader: Any, rows: Any) -> None:
    server = rows(30, ignores_offset=True)
    assert reader.ids(server) == server.rows


def test_repeated_page_is_not_end(reader: Any, rows: Any) -> None:
    server = rows(9)
    server.change = lambda number: server.insert(2) if number == 1 else None
    found = reader.ids(server, query={"limit": "3", "offset": "0"})
    assert _follows([f"row-{number}" for number in range(9)], found)
    assert len(found) == len(set(found))


def test_ambiguous_id_removes_no_row(reader: Any, rows: Any) -> None:
    server = rows(0)
    server.rows = ["a", "b", "c", "d", "d", "c", "e"]
    assert reader.ids(server, query={"limit": "3"}) == server.rows


def test_list_changed_beyond_window_fails(
    reader: Any, rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("insightiq._pagination.WINDOW", 10)
    server = rows(60)
    server.change = lambda number: server.insert(40) if number == 5 else None
    with pytest.raises(errors.PaginationError, match="more than 10 rows"):
        reader.ids(server, query={"limit": "5"})


PROPERTY_PAGING_ENDS = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# What names no limit that a server can have applied.
LIES = (None, 0, -1, "3", 2.5, True, 10**9)
WAYS = ("items", "pages", "prefetch", "resume items", "resume pages", "take")


def test_capped_page_is_not_last(reader: Any, rows: Any) -> None:
    server = rows(250)
    server.most = lambda limit: min(limit, 50)
    assert reader.ids(server) == server.rows
    assert server.asked == [(0, 100), (49, 100), (98, 100), (147, 100), (196, 100), (245, 100)]


@pytest.mark.parametrize("ahead", [1, 3])
def test_prefetch_strides_by_capped_size(reader: Any, rows: Any, ahead: int) -> None:
    server = rows(1000)
    server.most = lambda limit: min(limit, 50)
    assert reader.ids(server, lambda pager: pager.prefetch(ahead)) == server.rows
    assert len(server.asked) <= 21 + ahead
    assert all(offset % 49 == 0 for offset, _ in server.asked)


@pytest.mark.parametrize(("count", "asked"), [(80, [(0, 80), (49, 81)]), (30, [(0, 30)])])
def test_take_continues_after_capped_page(
    reader: Any, rows: Any, count: int, asked: list[tuple[int, int]]
) -> None:
    server = rows(250)
    server.most = lambda limit: min(limit, 50)
    found = reader.do(lambda pager: pager.take(count), server)
    assert [each.id for each in found] == server.rows[:count]
    assert server.asked == asked


@pytest.mark.parametrize("says", LIES)
@pytest.mark.parametrize(
    ("count", "asked"),
    [
        (0, [(0, 100)]),
        (1, [(0, 100), (1, 100)]),
        (30, [(0, 100), (29, 100)]),
        (130, [(0, 100), (99, 100), (129, 100)]),
    ],
)
def test_short_page_without_limit_costs_one_request(
    reader: Any, rows: Any, says: Any, count: int, asked: list[tuple[int, int]]
) -> None:
    server = rows(count)
    server.says = lambda _: says
    assert reader.ids(server) == server.rows
    assert server.asked == asked


@pytest.mark.parametrize("count", [99, 100, 101, 199, 250])
def test_named_limit_costs_no_request(reader: Any, rows: Any, count: int) -> None:
    server = rows(count)
    reader.ids(server)
    expected = [(offset, 100) for offset in range(0, count, 99) if offset == 0 or offset < count]
    assert server.asked == expected[: 1 + (count >= 100) + (count >= 199)]


def test_unnamed_limit_of_one_row_loses_nothing(reader: Any, rows: Any) -> None:
    server = rows(9)
    server.most, server.says = (lambda _: 1), (lambda _: None)
    assert reader.ids(server) == server.rows
    assert len(server.asked) == 10


def test_page_cut_to_one_row_is_not_end(reader: Any, rows: Any) -> None:
    server = rows(20)
    sizes = itertools.chain([8, 5, 4, 1], itertools.repeat(8))
    server.most, server.says = (lambda _: next(sizes)), (lambda _: None)
    assert reader.ids(server, query={"limit": "8"}) == server.rows


@pytest.mark.parametrize("count", [250, 12_000])
def test_reversed_pages_are_read_to_end(reader: Any, rows: Any, count: int) -> None:
    server = rows(count)
    server.arrange = lambda page: page[::-1]
    found = reader.ids(server)
    assert sorted(found) == sorted(server.rows)
    assert len(server.asked) == -(-(count - 1) // 99)
    assert len(reader.pager.state["ids"]) <= 5_000


@pytest.mark.parametrize("seed", range(5))
def test_list_in_changing_order_is_rejected(reader: Any, rows: Any, seed: int) -> None:
    server, chance = rows(250), random.Random(seed)
    server.change = lambda _: chance.shuffle(server.rows)
    with pytest.raises(
        errors.PaginationError, match=r"another order each time.*2 requests made, 100 r"
    ):
        reader.ids(server)


@pytest.mark.parametrize("ahead", [0, 3])
@pytest.mark.parametrize("limit", [1, 7, 100])
def test_offsets_in_whole_pages_are_rejected(
    reader: Any, rows: Any, limit: int, ahead: int
) -> None:
    server = rows(500)

    def script(request: Any) -> Any:
        offset = int(request.query["offset"])
        size = int(request.query["limit"])
        request.query["offset"] = str(offset - offset % max(size, 7))
        return server(request)

    with pytest.raises(errors.PaginationError) as caught:
        reader.ids(script, lambda pager: pager.prefetch(ahead), {"limit": str(limit)})
    assert caught.value.operation == "things.list"
    assert len(server.asked) < 400


@pytest.mark.parametrize("ahead", [0, 3])
def test_request_limit_error_names_counts(reader: Any, rows: Any, ahead: int) -> None:
    server = rows(200, ignores_offset=True)
    server.arrange = lambda page: page[(len(server.asked) + 1) % 2 :]
    server.says = lambda _: None
    with pytest.raises(errors.PaginationError) as caught:
        reader.ids(server, lambda pager: pager.prefetch(ahead))
    assert "the last 21 of 22 requests brought no row that is new (100 rows read, " in str(
        caught.value
    )
    assert len(server.asked) <= 22 * (1 + ahead)


def test_rows_deleted_as_they_are_read_hide_none(reader: Any, rows: Any) -> None:
    server = rows(25)
    server.most, server.says = (lambda _: 10), (lambda _: None)
    pager = reader.make(server)
    found: list[str] = []

    def delete(each: Any) -> None:
        found.append(each.id)
        server.rows.remove(each.id)

    async def walk() -> None:
        async for each in pager:
            delete(each)

    if reader.asynchronous:
        reader.run(walk())
    else:
        for each in pager:
            delete(each)
    assert len(found) == 25
    assert server.rows == []


@st.composite
def _servers(draw: st.DrawFn) -> dict[str, Any]:
    """Return what a server does to its pages, and what happens to its rows."""
    says_limit = draw(st.booleans())
    cap = draw(st.one_of(st.none(), st.integers(1, 9)))
    caps = draw(st.lists(st.integers(1 if says_limit else 2, 9), max_size=9))
    more = draw(st.integers(0, 5)) if not says_limit else 0
    changes = st.tuples(
        st.sampled_from(["insert", "remove"]), st.integers(0, 60), st.integers(1, 9)
    )
    return {
        "count": draw(st.integers(0, 40)),
        "limit": draw(st.integers(1, 8)),
        "cap": cap,
        "caps": caps,
        "more": more,
        "says": None if says_limit else draw(st.sampled_from(LIES)),
        "says_limit": says_limit,
        "order": draw(st.sampled_from(["kept", "reversed", "shuffled"])),
        "seed": draw(st.integers(0, 9)),
        "changes": draw(st.lists(st.lists(changes, max_size=2), max_size=12)),
    }


def _played(rows: Any, drawn: dict[str, Any]) -> tuple[Any, list[str]]:
    """Return the server, and its rows that stay throughout, of which changes take more away."""
    server = rows(drawn["count"])
    throughout = list(server.rows)
    pending, caps = list(drawn["changes"]), list(drawn["caps"])
    chance = random.Random(drawn["seed"])

    def most(limit: int) -> int:
        found = limit + drawn["more"]
        if drawn["cap"] is not None:
            found = min(found, drawn["cap"])
        return min(found, caps.pop(0)) if caps else found

    def change(_: int) -> None:
        for what, place, number in pending.pop(0) if pending else []:
            if what == "insert":
                server.insert(number, min(place, len(server.rows)))
            else:
                gone = server.rows[place : place + number]
                throughout[:] = [each for each in throughout if each not in gone]
                del server.rows[place : place + number]

    arrange: dict[str, Callable[[list[str]], list[str]]] = {
        "kept": list,
        "reversed": lambda page: page[::-1],
        "shuffled": lambda page: chance.sample(page, len(page)),
    }
    server.most, server.change, server.arrange = most, change, arrange[drawn["order"]]
    if not drawn["says_limit"]:
        server.says = lambda _: drawn["says"]
    return server, throughout


def _read(new_reader: Any, server: Any, way: str, limit: int, number: int) -> list[str]:
    query = {"limit": str(limit)}
    reader = new_reader()
    if way == "take":
        return [each.id for each in reader.do(lambda pager: pager.take(10**6), server, query=query)]
    if way == "pages":
        return list(itertools.chain(*reader.pages(server, query=query)))
    if way == "prefetch":
        return list(reader.ids(server, lambda pager: pager.prefetch(1 + number % 4), query))
    if way == "items":
        return list(reader.ids(server, query=query))
    # Broken off in the middle, and gone on with by another process.
    most = number if way == "resume items" else limit * (1 + number % 4)
    found = list(reader.ids(server, query=query, most=max(most, 1)))
    state = json.loads(json.dumps(reader.pager.state))
    return found + list(new_reader().ids(server, lambda pager: pager.resume(state), query))


def _follows_paging_ends(wanted: list[str], found: list[str]) -> bool:
    remaining = iter(found)
    return all(each in remaining for each in wanted)


@PROPERTY_PAGING_ENDS
@given(drawn=_servers(), way=st.sampled_from(WAYS), number=st.integers(0, 45))
def test_list_is_whole_or_error_within_bounds(
    new_reader: Any, rows: Any, drawn: dict[str, Any], way: str, number: int
) -> None:
    removes = any(what == "remove" for each in drawn["changes"] for what, _, _ in each)
    # Pages of one row cannot overlap; a page in an order of its own has no place to go on from.
    assume(not removes or (drawn["cap"] != 1 and 1 not in drawn["caps"]))
    assume(not removes or drawn["order"] == "kept" or not way.startswith("resume"))
    server, throughout = _played(rows, drawn)
    is_orderly = drawn["order"] == "kept"
    with contextlib.nullcontext() if is_orderly else contextlib.suppress(errors.PaginationError):
        found = _read(new_reader, server, way, drawn["limit"], number)
        assert len(found) == len(set(found))
        assert set(throughout) <= set(found)
        assert not is_orderly or _follows_paging_ends(throughout, found)
    assert len(server.asked) <= 60 + 5 * 5 * (drawn["count"] + 18)


@PROPERTY_PAGING_ENDS
@given(
    visible=st.lists(st.integers(0, 2), max_size=40),
    limit=st.integers(6, 9),
    way=st.sampled_from(WAYS),
    number=st.integers(0, 45),
)
def test_rows_filtered_after_paging_shorten_no_list(
    new_reader: Any, rows: Any, visible: list[int], limit: int, way: str, number: int
) -> None:
    server = rows(0)
    for each, hidden in enumerate(visible):
        server.rows += [f"hidden-{each}-{other}" for other in range(hidden)] + [f"row-{each}"]
    server.says = lambda _: None
    server.arrange = lambda page: [each for each in page if each.startswith("row")]
    found = _read(new_reader, server, way, limit, number)
    assert found == [f"row-{each}" for each in range(len(visible))]


@PROPERTY_PAGING_ENDS
@given(
    count=st.integers(0, 40),
    limit=st.integers(1, 8),
    seed=st.integers(0, 99),
    ahead=st.integers(0, 3),
    says=st.booleans(),
)
def test_shuffled_list_ends_without_row_twice(
    new_reader: Any, rows: Any, *, count: int, limit: int, seed: int, ahead: int, says: bool
) -> None:
    server, chance = rows(count), random.Random(seed)
    server.change = lambda _: chance.shuffle(server.rows)
    if not says:
        server.says = lambda _: None
    with contextlib.suppress(errors.PaginationError):
        found = new_reader().ids(server, lambda pager: pager.prefetch(ahead), {"limit": str(limit)})
        assert len(found) == len(set(found))
    assert len(server.asked) <= 60 + 25 * count
