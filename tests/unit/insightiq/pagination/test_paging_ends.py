"""When a list ends: by the response's own limit or an empty page, and always in the end."""

from __future__ import annotations

import contextlib
import itertools
import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from insightiq import errors

if TYPE_CHECKING:
    from collections.abc import Callable

PROPERTY = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# What names no limit that a server can have applied.
LIES = (None, 0, -1, "3", 2.5, True, 10**9)
WAYS = ("items", "pages", "prefetch", "resume items", "resume pages", "take")


def test_a_capped_page_is_not_the_last(reader: Any, rows: Any) -> None:
    """A server that applies a smaller limit, and says so, costs no request more than it must."""
    server = rows(250)
    server.most = lambda limit: min(limit, 50)
    assert reader.ids(server) == server.rows
    assert server.asked == [(0, 100), (49, 100), (98, 100), (147, 100), (196, 100), (245, 100)]


@pytest.mark.parametrize("ahead", [1, 3])
def test_prefetch_strides_by_the_capped_size(reader: Any, rows: Any, ahead: int) -> None:
    """Pages ahead by the limit that was asked for would leave holes, and be fetched for nothing."""
    server = rows(1000)
    server.most = lambda limit: min(limit, 50)
    assert reader.ids(server, lambda pager: pager.prefetch(ahead)) == server.rows
    assert len(server.asked) <= 21 + ahead
    assert all(offset % 49 == 0 for offset, _ in server.asked)


@pytest.mark.parametrize(("count", "asked"), [(80, [(0, 80), (49, 81)]), (30, [(0, 30)])])
def test_take_goes_on_where_the_server_caps(
    reader: Any, rows: Any, count: int, asked: list[tuple[int, int]]
) -> None:
    """The first page of ``take`` is as short of the count as the server makes it."""
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
def test_a_short_page_without_a_limit_costs_one_request(
    reader: Any, rows: Any, says: Any, count: int, asked: list[tuple[int, int]]
) -> None:
    """Where nothing says why a page is short, asking is the only way to know."""
    server = rows(count)
    server.says = lambda _: says
    assert reader.ids(server) == server.rows
    assert server.asked == asked


@pytest.mark.parametrize("count", [99, 100, 101, 199, 250])
def test_a_named_limit_costs_no_request(reader: Any, rows: Any, count: int) -> None:
    """A page shorter than the limit that its response names is the last."""
    server = rows(count)
    reader.ids(server)
    expected = [(offset, 100) for offset in range(0, count, 99) if offset == 0 or offset < count]
    assert server.asked == expected[: 1 + (count >= 100) + (count >= 199)]


def test_an_unsaid_cap_of_one_row_loses_nothing(reader: Any, rows: Any) -> None:
    """Pages of one row cannot show the row before, too."""
    server = rows(9)
    server.most, server.says = (lambda _: 1), (lambda _: None)
    assert reader.ids(server) == server.rows
    assert len(server.asked) == 10


def test_a_page_that_is_cut_to_one_row_later_is_not_the_end(reader: Any, rows: Any) -> None:
    """A server that cuts its pages by their bytes may give a single large row."""
    server = rows(20)
    sizes = itertools.chain([8, 5, 4, 1], itertools.repeat(8))
    server.most, server.says = (lambda _: next(sizes)), (lambda _: None)
    assert reader.ids(server, query={"limit": "8"}) == server.rows


@pytest.mark.parametrize("count", [250, 12_000])
def test_reversed_pages_are_read_to_their_end(reader: Any, rows: Any, count: int) -> None:
    """Each page newest last, pages newest first: nothing says that a page is sorted as its list."""
    server = rows(count)
    server.arrange = lambda page: page[::-1]
    found = reader.ids(server)
    assert sorted(found) == sorted(server.rows)
    assert len(server.asked) == -(-(count - 1) // 99)
    assert len(reader.pager.state["ids"]) <= 5_000


@pytest.mark.parametrize("seed", range(5))
def test_a_list_in_changing_order_is_refused(reader: Any, rows: Any, seed: int) -> None:
    """Pages of lists that are shuffled each time lack rows, and no page says which."""
    server, chance = rows(250), random.Random(seed)  # noqa: S311 - the same in each run
    server.change = lambda _: chance.shuffle(server.rows)
    with pytest.raises(
        errors.PaginationError, match=r"another order each time.*2 requests made, 100 r"
    ):
        reader.ids(server)


@pytest.mark.parametrize("ahead", [0, 3])
@pytest.mark.parametrize("limit", [1, 7, 100])
def test_offsets_in_whole_pages_are_refused(reader: Any, rows: Any, limit: int, ahead: int) -> None:
    """A server that rounds the offset to a page contradicts itself for ever."""
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
def test_the_bound_says_what_was_seen(reader: Any, rows: Any, ahead: int) -> None:
    """A page that differs a little each time looks like progress, but brings nothing."""
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
    """Deleting each row once it is worked on is the usual way to empty a list."""
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
    chance = random.Random(drawn["seed"])  # noqa: S311 - the same in each run

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


def _follows(wanted: list[str], found: list[str]) -> bool:
    remaining = iter(found)
    return all(each in remaining for each in wanted)


@PROPERTY
@given(drawn=_servers(), way=st.sampled_from(WAYS), number=st.integers(0, 45))
def test_a_list_is_whole_or_an_error_within_bounds(
    new_reader: Any, rows: Any, drawn: dict[str, Any], way: str, number: int
) -> None:
    """Whatever a server does to its pages while a list is read."""
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
        assert not is_orderly or _follows(throughout, found)
    assert len(server.asked) <= 60 + 5 * 5 * (drawn["count"] + 18)


@PROPERTY
@given(
    visible=st.lists(st.integers(0, 2), max_size=40),
    limit=st.integers(6, 9),
    way=st.sampled_from(WAYS),
    number=st.integers(0, 45),
)
def test_rows_filtered_after_paging_shorten_no_list(  # noqa: PLR0913, PLR0917 - what varies
    new_reader: Any, rows: Any, visible: list[int], limit: int, way: str, number: int
) -> None:
    """A page that a server thinned out is short in the middle of a list."""
    server = rows(0)
    for each, hidden in enumerate(visible):
        server.rows += [f"hidden-{each}-{other}" for other in range(hidden)] + [f"row-{each}"]
    server.says = lambda _: None
    server.arrange = lambda page: [each for each in page if each.startswith("row")]
    found = _read(new_reader, server, way, limit, number)
    assert found == [f"row-{each}" for each in range(len(visible))]


@PROPERTY
@given(
    count=st.integers(0, 40),
    limit=st.integers(1, 8),
    seed=st.integers(0, 99),
    ahead=st.integers(0, 3),
    says=st.booleans(),
)
def test_a_shuffled_list_ends_without_a_row_twice(  # noqa: PLR0913 - what varies
    new_reader: Any, rows: Any, *, count: int, limit: int, seed: int, ahead: int, says: bool
) -> None:
    """Its rows cannot be promised, its end can."""
    server, chance = rows(count), random.Random(seed)  # noqa: S311 - the same in each run
    server.change = lambda _: chance.shuffle(server.rows)
    if not says:
        server.says = lambda _: None
    with contextlib.suppress(errors.PaginationError):
        found = new_reader().ids(server, lambda pager: pager.prefetch(ahead), {"limit": str(limit)})
        assert len(found) == len(set(found))
    assert len(server.asked) <= 60 + 25 * count
