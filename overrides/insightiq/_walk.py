"""Which page of a list to fetch next: the part of paging without input or output.

The API pages by offset, without a cursor and without a total (evidence.md#pagination), while rows come and go. A
walk therefore asks for each page one row early. Where the first row of a page has been seen before,
the page follows on what was read: nothing that existed all the time lies between, and what came in
and moved rows back is found by its ids and left out. Where it has not, rows have gone and others
have moved up unseen: the walk turns back until it finds a row that it knows.

Rows without an id are taken as they come.

A list ends at a page without rows, or at one with fewer rows than the limit that its response says
was applied (``metadata.limit``): a server that gives 50 rows where 100 were asked for, and says so,
is read on by 50. A response that names no limit leaves open why its page is short, so one more
request asks for what follows; it begins with the last row, and the list ends where that row comes
alone. Requests that bring no new row are bounded: beyond ``SPARE_REQUESTS`` and as many rows as
changes of the list can explain, ``PaginationError`` ends the list.
"""

from __future__ import annotations

import collections
import dataclasses
import itertools
import sys
import typing

import attrs

from insightiq.errors import ConfigurationError, PaginationError

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from insightiq_generated.client import OffsetPagination, PagedOperation, PagerState, Request

__all__ = ["SPARE_REQUESTS", "WINDOW", "Fetch", "Plan", "Walk", "is_last"]

# Rows that may come in between two pages, or between a crash and its end, without one seen twice.
WINDOW: typing.Final = 5_000
# Requests in a row that may bring no new row. More may, while rows that are known are read again:
# after so many changes as a list may have, up to three times as many as are remembered.
SPARE_REQUESTS: typing.Final = 20
_TIMES_AGAIN: typing.Final = 3
# Known rows of a page whose order says something; the row that is asked for once more does not.
_ENOUGH_TO_COMPARE: typing.Final = 3
# Behind every list that there is: a server that finds rows here does not look at the offset.
_FAR = 1_000_000_000

ItemT = typing.TypeVar("ItemT")
PageT = typing.TypeVar("PageT")


@dataclasses.dataclass(frozen=True, slots=True)
class Fetch:
    """One page to fetch.

    Attributes:
        offset: Place of its first row.
        limit: Most rows of it.
        early: It begins with a row that has been read, if nothing has changed.
        trusted: The server has been found to look at the offset.
    """

    offset: int
    limit: int
    early: bool = False
    trusted: bool = False


class Plan(typing.Generic[ItemT, PageT]):
    """What stays the same in each iteration of a list.

    Args:
        operation: The list operation.
        request: Its request; ``limit`` is the page size, ``offset`` the place of the first item.
    """

    def __init__(self, operation: PagedOperation[ItemT, PageT], request: Request) -> None:
        self.operation = operation
        self._request = request
        pagination = operation.pagination
        # Fewer, larger pages unless the caller chose: each one counts against the quota.
        self.limit = int(request.query.get(pagination.limit, pagination.maximum))
        self.start = int(request.query.get(pagination.offset, 0))
        self.maximum = pagination.maximum

    def request(self, fetch: Fetch) -> Request:
        """Return the request of a page."""
        pagination = self.operation.pagination
        page = {pagination.limit: str(fetch.limit), pagination.offset: str(fetch.offset)}
        return attrs.evolve(self._request, query={**self._request.query, **page})

    def at_most(self, count: int) -> Plan[ItemT, PageT]:
        """Return the plan for ``count`` items: its pages are no larger than that."""
        limit = {self.operation.pagination.limit: str(min(count, self.limit))}
        query = {**self._request.query, **limit}
        return Plan(self.operation, attrs.evolve(self._request, query=query))

    @property
    def query(self) -> dict[str, str]:
        """What tells this list from another one of the same operation."""
        pagination = self.operation.pagination
        own = {pagination.limit, pagination.offset}
        return {key: value for key, value in self._request.query.items() if key not in own}

    def most(self, fetch: Fetch) -> int:
        """Return how many rows the page has at most, unless the server applies another limit."""
        # A server may cut a limit above its maximum down instead of refusing it.
        return min(fetch.limit, self.maximum)

    def following(self, position: int, *, early: bool) -> Fetch:
        """Return the page that begins with the row at ``position``, or one row early."""
        early = early and position > self.start and self.maximum > 1
        if not early:
            return Fetch(position, self.limit)
        return self.early(position - 1)

    def early(self, offset: int) -> Fetch:
        """Return the page at ``offset``, whose first row has been read."""
        return Fetch(offset, min(self.limit + 1, max(self.limit, self.maximum)), early=True)

    def check(self, state: object) -> None:
        """Refuse what is no state, or was taken from something else.

        Raises:
            ConfigurationError: It is not the state of an iteration of this list.
        """
        name = self.operation.id
        if not _is_state(state):
            msg = f"resume: this is no state of a list; give what {name}'s `state` returned."
            raise ConfigurationError(msg)
        if (state["operation"], state["query"]) != (name, self.query):
            msg = (
                f"resume: the state was taken from another list ({state['operation']} with other "
                f"arguments, or another operation than {name}); list with the same arguments."
            )
            raise ConfigurationError(msg)


def applied_limit(pagination: OffsetPagination, limit: int, page: object) -> int | None:
    """Return the limit that a response says was applied; None where it says none.

    What is no number from 1 to the limit that was asked for says nothing.
    """
    value = page if pagination.applied_limit else None
    for name in pagination.applied_limit:
        value = getattr(value, name, None)
    if type(value) is int and 1 <= value <= limit:
        return value
    return None


def is_last(pagination: OffsetPagination, limit: int, page: object, count: int) -> bool | None:
    """Tell whether a page of ``count`` rows ends its list; None where nothing says so."""
    if count == 0:
        return True
    applied = applied_limit(pagination, limit, page)
    # A server may cut a limit above its maximum down, and still name the one asked for.
    if count >= min(applied or limit, pagination.maximum):
        return False
    return None if applied is None else True


def _is_state(value: object) -> typing.TypeGuard[Mapping[str, object]]:
    if not isinstance(value, dict):
        return False
    state = typing.cast("dict[str, object]", value)
    numbers = [state.get(key) for key in ("offset", "items", "pages")]
    ids = state.get("ids")
    return (
        all(type(each) is int and 0 <= each <= sys.maxsize for each in numbers)
        and isinstance(ids, list)
        and all(isinstance(each, str) for each in typing.cast("list[object]", ids))
        and {"operation", "query"} <= state.keys()
    )


class Walk(typing.Generic[ItemT, PageT]):
    """One iteration of a list.

    Fetch ``next``, hand the page to ``take``, deliver what it returns, telling ``deliver`` of each
    item; until ``next`` is None.

    Args:
        plan: The list.
        state: Where an earlier iteration ended.

    Attributes:
        next: The page to fetch, None at the end.
        items: Number of items delivered.
        pages: Number of pages delivered.
    """

    def __init__(self, plan: Plan[ItemT, PageT], state: PagerState | None = None) -> None:
        self._plan = plan
        # Each id with the number of the item that had it.
        self._seen: dict[str, int] = {}
        self._order: collections.deque[str] = collections.deque()
        # None until the first row shows whether rows have ids.
        self._by_id: bool | None = None
        self._fresh: Sequence[str] | None = None
        self._previous: Sequence[object] = ()
        self._back = 0
        # Rows of a page where they are not as many as were asked for, and whether this is known;
        # rows of the largest page so far.
        self._size: int | None = None
        self._is_steady = False
        self._largest = 0
        # The last page was short without a word, and whether such a page was followed by more.
        self._is_short = self._is_cut = False
        self._requests = self._idle_requests = self._idle_rows = 0
        # Number of the last item before the last page that brought some.
        self._page_begin = 0
        self._stuck_at = Fetch(plan.start, plan.limit)
        self.next: Fetch | None = Fetch(plan.start, plan.limit)
        self.items = self.pages = 0
        self._resume_at = plan.start
        if state is not None:
            self._begin_at(state)

    def _begin_at(self, state: PagerState) -> None:
        ids = state["ids"][-WINDOW:]
        self._order.extend(ids)
        self._seen.update(zip(ids, itertools.count(state["items"] - len(ids) + 1), strict=False))
        self._by_id = True if self._seen else None
        self._resume_at = state["offset"]
        self.items, self.pages = state["items"], state["pages"]
        self._page_begin = self.items
        if self._seen and self._resume_at > self._plan.start:
            self.next = self._plan.early(self._resume_at)
        else:
            self.next = self._plan.following(self._resume_at, early=False)

    def ahead(self, count: int) -> list[Fetch]:
        """Return the ``count`` pages behind ``next``, where all rows stay in their places.

        None before it is known that there are more and how large pages are, and none while the
        walk turns back: what was fetched ahead until then is out of date.
        """
        first = self.next
        if first is None or not self._is_steady or self._back or first.offset == _FAR:
            return []
        rows = self._plan.most(first) if self._size is None else self._size
        stride = rows - (1 if first.early else 0)
        if stride < 1:
            return []
        return [
            dataclasses.replace(first, offset=first.offset + stride * number, trusted=False)
            for number in range(1, count + 1)
        ]

    def take(self, page: PageT) -> list[ItemT] | None:
        """Take in the page of ``next``, strike out what was delivered before, and move on.

        Returns:
            The items to deliver, which are also the page's own; None where the page brings nothing.

        Raises:
            PaginationError: The list cannot be walked to its end.
        """
        fetch = self.next
        assert fetch is not None
        items = self._plan.operation.items(page)
        ids = self._ids_of(items)
        count = len(items)
        self._requests += 1
        aside = self._aside(fetch, items, ids)
        if aside is not None:
            self.next, found = aside, None
        else:
            found = self._accept(fetch, page, items, ids)
        if found:
            self._idle_requests = self._idle_rows = 0
        elif self.next is not None:
            self._bring_to_an_end(count)
        return found

    def _bring_to_an_end(self, count: int) -> None:
        """Note a request that brought no new row, and raise where there were too many."""
        self._idle_requests += 1
        # But for the row that was asked for once more.
        self._idle_rows += max(count - 1, 1)
        again = _TIMES_AGAIN * min(self.items, WINDOW)
        if self._idle_requests <= SPARE_REQUESTS or self._idle_rows <= again:
            return
        fetch = self.next
        assert fetch is not None
        name = self._plan.operation.id
        msg = (
            f"{name}: the last {self._idle_requests} of {self._requests} requests brought no row "
            f"that is new ({self.items} rows read, the next offset is {fetch.offset}); the server "
            "gives its rows in changing order or disregards the offset; narrow the list down to "
            "what fits one page, or look rows up by their ids."
        )
        raise PaginationError(msg, operation=name)

    def _aside(
        self, fetch: Fetch, items: Sequence[ItemT], ids: Sequence[str] | None
    ) -> Fetch | None:
        """Return what has to be fetched instead of going on; None where the page follows."""
        if fetch.offset == _FAR:
            return self._judged(items)
        if items:
            self._by_id = ids is not None
            if ids is None and fetch.early:
                # The row that was asked for once more cannot be told from the others.
                return self._plan.following(fetch.offset + 1, early=False)
        if fetch.early and fetch.offset > self._plan.start and not self._connects(ids):
            return self._turned_back(fetch)
        if self._looks_stuck(fetch, items, ids):
            self._stuck_at = fetch
            return Fetch(_FAR, 1)
        return None

    def _connects(self, ids: Sequence[str] | None) -> bool:
        """Tell whether nothing that existed all the time lies between this page and what was read.

        A row that is known suffices, wherever it stands: pages may be sorted otherwise than the
        list. Unless it is among the oldest that are remembered: then what stands beside it may have
        been read and forgotten.
        """
        if not ids:
            return False
        if ids[0] in self._seen:
            return True
        known = [self._seen[each] for each in ids if each in self._seen]
        if not known:
            return False
        forgotten = self.items - len(self._order)
        return forgotten <= 0 or min(known) - forgotten > len(ids)

    def _accept(
        self, fetch: Fetch, page: PageT, items: list[ItemT], ids: Sequence[str] | None
    ) -> list[ItemT] | None:
        begins = self.pages == 0
        count = len(items)
        self._back = 0
        self._previous = list(items) if ids is None else ids
        self._fresh = None
        last = is_last(self._plan.operation.pagination, fetch.limit, page, count)
        if ids is not None:
            kept = [number for number, each in enumerate(ids) if each not in self._seen]
            if len(kept) < count:
                if count - len(kept) >= _ENOUGH_TO_COMPARE:
                    self._check_order(ids)
                items[:] = [items[number] for number in kept]
            self._fresh = [ids[number] for number in kept]
        if items:
            self._page_begin = self.items
        self._resume_at = fetch.offset
        self._measure(fetch, page, count)
        self.next = self._next(fetch, count, last=last, brings=bool(items))
        if not items and not begins:
            self._settle()
            return None
        self.pages += 1
        # The caller may do to the page what he likes.
        return list(items)

    def _next(self, fetch: Fetch, count: int, *, last: bool | None, brings: bool) -> Fetch | None:
        """Return the page that follows the accepted one, None at the end of the list."""
        if brings and self._is_short:
            self._is_cut = True
        self._is_short = last is None
        if last is None and fetch.early and count == 1 and not brings:
            # Nothing stands behind the row that was asked for once more, if pages have more rows.
            last = self._largest > 1 and not self._is_cut and fetch.offset > self._plan.start
        if last:
            return None
        # A server whose pages have one row cannot show the one before, too.
        overlaps = self._by_id is True and (count > 1 or fetch.limit == 1)
        return self._plan.following(fetch.offset + count, early=overlaps)

    def _measure(self, fetch: Fetch, page: PageT, count: int) -> None:
        """Note how large the server's pages are."""
        self._largest = max(self._largest, count)
        if count == self._plan.most(fetch):
            self._size, self._is_steady = None, True
        else:
            told = applied_limit(self._plan.operation.pagination, fetch.limit, page)
            self._is_steady = count in {told, self._size}
            self._size = count

    def _check_order(self, ids: Sequence[str]) -> None:
        """Refuse a page that shows rows of the one before in an order of its own.

        Rows that come in move others back, which keep their order; one that was moved by itself
        stands out. Where every page has an order of its own, none says what is missing.
        """
        known = [number for each in ids if (number := self._seen.get(each, 0)) > self._page_begin]
        turns = sum(one > other for one, other in itertools.pairwise(known))
        if turns > 1 and turns * 3 > len(known):
            name = self._plan.operation.id
            msg = (
                f"{name}: the server gives the list in another order each time, so that rows "
                f"would be lost ({self._requests} requests made, {self.items} rows read); "
                "narrow the list down to what fits one page, or look rows up by their ids."
            )
            raise PaginationError(msg, operation=name)

    def deliver(self, number: int) -> None:
        """Note that the item of this number in its page is delivered."""
        self.items += 1
        if self._fresh is None:
            self._resume_at += 1
            return
        self._remember(self._fresh[number])
        if number == len(self._fresh) - 1:
            self._settle()

    def _settle(self) -> None:
        """All of the page is delivered: an iteration that resumes need not fetch it again."""
        if self.next is not None:
            self._resume_at = self.next.offset

    @property
    def state(self) -> PagerState:
        """How far the iteration came."""
        return {
            "operation": self._plan.operation.id,
            "query": self._plan.query,
            "offset": self._resume_at,
            "ids": list(self._order),
            "window": WINDOW,
            "items": self.items,
            "pages": self.pages,
        }

    def _ids_of(self, items: Sequence[ItemT]) -> list[str] | None:
        if self._by_id is False:
            return None
        ids = [getattr(each, "id", None) for each in items]
        found = [each for each in ids if isinstance(each, str)]
        # Twice on one page, an id does not name a row.
        return found if len(set(found)) == len(items) else None

    def _remember(self, found: str) -> None:
        self._seen[found] = self.items
        self._order.append(found)
        if len(self._order) > WINDOW:
            self._seen.pop(self._order.popleft(), None)

    def _turned_back(self, fetch: Fetch) -> Fetch:
        plan = self._plan
        self._previous = ()
        self._back = max(2 * self._back, plan.most(fetch) - 1, 1)
        offset = max(plan.start, fetch.offset - self._back)
        if offset == plan.start and self.items > len(self._order):
            # There, rows are that were delivered and forgotten.
            msg = (
                f"{plan.operation.id}: the list changed by more than {WINDOW} rows while it was "
                "read, so that rows would be lost or come twice; list again from the beginning, "
                "or less of it at a time."
            )
            raise PaginationError(msg, operation=plan.operation.id)
        return dataclasses.replace(fetch, offset=offset)

    def _looks_stuck(self, fetch: Fetch, items: Sequence[ItemT], ids: Sequence[str] | None) -> bool:
        if fetch.trusted or not items:
            return False
        return list(self._previous) == list(items if ids is None else ids)

    def _judged(self, items: Sequence[ItemT]) -> Fetch:
        if items:
            name = self._plan.operation.id
            msg = (
                f"{name}: the server answers every offset with the same rows, so that the list "
                "cannot be read beyond its first page; nothing says whether there is more."
            )
            raise PaginationError(msg, operation=name)
        return dataclasses.replace(self._stuck_at, trusted=True)
