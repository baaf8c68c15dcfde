"""Pagination: lists that fetch their pages as they are read, and lookups of many ids.

The API pages by offset, without a cursor and without a total (evidence.md#pagination), while rows
are added and removed. The paginator therefore requests each page one row early. If the first row of
a page has been seen before, the page follows the rows read: no row that existed all the time lies
between, and rows that new ones moved back are recognized by their ids and left out. If not, rows
were removed and others moved up unseen: the paginator turns back until it finds a known row.

Rows without an id are taken as they are.

A list ends at a page without rows, or at one with fewer rows than the limit that its response says
was applied (``metadata.limit``): a server that gives 50 rows where 100 were requested, and says so,
is read on by 50. If a response names no limit, one more request asks for the rows that follow a
short page; it begins with the last row, and the list ends where that row comes alone. Requests that
bring no new row are limited: beyond ``SPARE_REQUESTS`` and as many rows as changes of the list can
explain, ``PaginationError`` ends the list.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import itertools
import sys
import typing

import attrs

from insightiq._config import shown
from insightiq._events import Emit, PageReceived, check_callback
from insightiq._ids import canonical_id
from insightiq.errors import ConfigurationError, PaginationError
from insightiq_generated.client import BulkResult

if typing.TYPE_CHECKING:
    from collections.abc import (
        AsyncGenerator,
        AsyncIterator,
        Generator,
        Iterator,
        Mapping,
        Sequence,
    )

    from insightiq._call import AsyncDriver, Calls, Steps, SyncDriver
    from insightiq._prefetch import TaskPrefetch, ThreadPrefetch
    from insightiq_generated.client import (
        BulkOperation,
        OffsetPagination,
        PagedOperation,
        PagerState,
        Progress,
        Request,
    )

__all__ = [
    "SPARE_REQUESTS",
    "WINDOW",
    "AsyncOffsetPager",
    "ListCall",
    "OffsetPager",
    "PageRequest",
    "Paginator",
    "is_last",
    "look_up",
]

MOST_PREFETCHED: typing.Final = 50
# Rows that may come in between two pages, or between a crash and its end, without one seen twice.
WINDOW: typing.Final = 5_000
# Requests in a row that may bring no new row. More may, while rows that are known are read again:
# after so many changes as a list may have, up to three times as many as are remembered.
SPARE_REQUESTS: typing.Final = 20
_TIMES_AGAIN: typing.Final = 3
# Known rows of a page that suffice to compare orders; the one requested once more is not enough.
_ENOUGH_TO_COMPARE: typing.Final = 3
# Beyond the end of every list: a server that returns rows here ignores the offset.
_FAR = 1_000_000_000

DriverT = typing.TypeVar("DriverT", bound="SyncDriver | AsyncDriver")
ItemT = typing.TypeVar("ItemT")
PageT = typing.TypeVar("PageT")
ResultT = typing.TypeVar("ResultT")


@dataclasses.dataclass(frozen=True, slots=True)
class PageRequest:
    """One page to wanted.

    Attributes:
        offset: Place of its first row.
        limit: Most rows of it.
        early: It begins with a row that has been read, if nothing has changed.
        trusted: The server is known to apply the offset.
    """

    offset: int
    limit: int
    early: bool = False
    trusted: bool = False


class ListCall(typing.Generic[ItemT, PageT]):
    """A list operation with its request: the same for all iterations."""

    def __init__(self, operation: PagedOperation[ItemT, PageT], request: Request) -> None:
        self.operation = operation
        self._request = request
        pagination = operation.pagination
        # Fewer, larger pages unless the driver chose: each one counts against the quota.
        self.limit = int(request.query.get(pagination.limit, pagination.maximum))
        self.start = int(request.query.get(pagination.offset, 0))
        self.maximum = pagination.maximum

    def request(self, wanted: PageRequest) -> Request:
        """Return the request of a page."""
        pagination = self.operation.pagination
        page = {pagination.limit: str(wanted.limit), pagination.offset: str(wanted.offset)}
        return attrs.evolve(self._request, query={**self._request.query, **page})

    def at_most(self, count: int) -> ListCall[ItemT, PageT]:
        """Return the same list with pages of ``count`` items at most."""
        limit = {self.operation.pagination.limit: str(min(count, self.limit))}
        query = {**self._request.query, **limit}
        return ListCall(self.operation, attrs.evolve(self._request, query=query))

    @property
    def query(self) -> dict[str, str]:
        """The parameters that distinguish this list from others of the same operation."""
        pagination = self.operation.pagination
        own = {pagination.limit, pagination.offset}
        query = {key: value for key, value in self._request.query.items() if key not in own}
        # Lists and objects are encoded already; no parameter has an empty name.
        return {**query, "": self._request.raw_query} if self._request.raw_query else query

    def most(self, wanted: PageRequest) -> int:
        """Return how many rows the page has at most, unless the server applies another limit."""
        # A server may reduce a limit above its maximum instead of rejecting it.
        return min(wanted.limit, self.maximum)

    def following(self, position: int, *, early: bool) -> PageRequest:
        """Return the page that begins with the row at ``position``, or one row early."""
        early = early and position > self.start and self.maximum > 1
        if not early:
            return PageRequest(position, self.limit)
        return self.early(position - 1)

    def early(self, offset: int) -> PageRequest:
        """Return the page at ``offset``, whose first row has been read."""
        return PageRequest(offset, min(self.limit + 1, max(self.limit, self.maximum)), early=True)

    def check(self, state: object) -> None:
        """Reject anything but a state of this list."""
        name = self.operation.id
        if not _is_state(state):
            msg = f"resume: this is not a state of a list; give the value of `state` of {name}."
            raise ConfigurationError(msg)
        if (state["operation"], state["query"]) != (name, self.query):
            msg = (
                f"resume: the state was taken from another list ({state['operation']} with other "
                f"arguments, or another operation than {name}); list with the same arguments."
            )
            raise ConfigurationError(msg)


def applied_limit(pagination: OffsetPagination, limit: int, page: object) -> int | None:
    """Return the limit that a response says was applied, None where it names no valid one."""
    value = page if pagination.applied_limit else None
    for name in pagination.applied_limit:
        value = getattr(value, name, None)
    if type(value) is int and 1 <= value <= limit:
        return value
    return None


def is_last(pagination: OffsetPagination, limit: int, page: object, count: int) -> bool | None:
    """Return whether a page of ``count`` rows ends its list; None where that is unknown."""
    if count == 0:
        return True
    applied = applied_limit(pagination, limit, page)
    # A server may reduce a limit above its maximum, and still name the requested one.
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


class Paginator(typing.Generic[ItemT, PageT]):
    """One iteration of a list.

    PageRequest ``next``, hand the page to ``take``, deliver what it returns, telling ``deliver`` of each
    item; until ``next`` is None.

    Attributes:
        next: The page to wanted, None at the end.
        items: Number of items delivered.
        pages: Number of pages delivered.
    """

    def __init__(self, listing: ListCall[ItemT, PageT], state: PagerState | None = None) -> None:
        self._list = listing
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
        # The last page was short and named no limit; such a page was followed by more.
        self._is_short = self._is_cut = False
        self._requests = self._idle_requests = self._idle_rows = 0
        # Number of the last item before the last page that brought some.
        self._page_begin = 0
        self._stuck_at = PageRequest(listing.start, listing.limit)
        self.next: PageRequest | None = PageRequest(listing.start, listing.limit)
        self.items = self.pages = 0
        self._resume_at = listing.start
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
        if self._seen and self._resume_at > self._list.start:
            self.next = self._list.early(self._resume_at)
        else:
            self.next = self._list.following(self._resume_at, early=False)

    def upcoming(self, count: int) -> list[PageRequest]:
        """Return the ``count`` pages behind ``next``, where all rows stay in their places.

        None before it is known that there are more and how large pages are, and none while the
        paginator turns back, since pages prefetched until then are out of date.
        """
        first = self.next
        if first is None or not self._is_steady or self._back or first.offset == _FAR:
            return []
        rows = self._list.most(first) if self._size is None else self._size
        stride = rows - (1 if first.early else 0)
        if stride < 1:
            return []
        return [
            dataclasses.replace(first, offset=first.offset + stride * number, trusted=False)
            for number in range(1, count + 1)
        ]

    def take(self, page: PageT) -> list[ItemT] | None:
        """Accept the page of ``next``, remove rows that were delivered before, and move on."""
        wanted = self.next
        assert wanted is not None
        items = self._list.operation.items(page)
        ids = self._ids_of(items)
        count = len(items)
        self._requests += 1
        detour = self._detour(wanted, items, ids)
        if detour is not None:
            self.next, found = detour, None
        else:
            found = self._accept(wanted, page, items, ids)
        if found:
            self._idle_requests = self._idle_rows = 0
        elif self.next is not None:
            self._check_progress(count)
        return found

    def _check_progress(self, count: int) -> None:
        """Note a request that brought no new row, and raise where there were too many."""
        self._idle_requests += 1
        # Without the row that was requested once more.
        self._idle_rows += max(count - 1, 1)
        again = _TIMES_AGAIN * min(self.items, WINDOW)
        if self._idle_requests <= SPARE_REQUESTS or self._idle_rows <= again:
            return
        wanted = self.next
        assert wanted is not None
        name = self._list.operation.id
        msg = (
            f"{name}: the last {self._idle_requests} of {self._requests} requests brought no row "
            f"that is new ({self.items} rows read, the next offset is {wanted.offset}); the server "
            "gives its rows in changing order or disregards the offset; narrow the list down to "
            "what fits one page, or look rows up by their ids."
        )
        raise PaginationError(msg, operation=name)

    def _detour(
        self, wanted: PageRequest, items: Sequence[ItemT], ids: Sequence[str] | None
    ) -> PageRequest | None:
        """Return the page to request before going on; None where the page follows."""
        if wanted.offset == _FAR:
            return self._check_stuck(items)
        if items:
            self._by_id = ids is not None
            if ids is None and wanted.early:
                # The row that was requested once more cannot be recognized.
                return self._list.following(wanted.offset + 1, early=False)
        if wanted.early and wanted.offset > self._list.start and not self._connects(ids):
            return self._turned_back(wanted)
        if self._looks_stuck(wanted, items, ids):
            self._stuck_at = wanted
            return PageRequest(_FAR, 1)
        return None

    def _connects(self, ids: Sequence[str] | None) -> bool:
        """Return whether no row that existed all the time lies between this page and the rows read.

        One known row suffices, in any place: pages may be sorted otherwise than the list. Unless it
        is among the oldest remembered ones: then its neighbours may have been read and forgotten.
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
        self, wanted: PageRequest, page: PageT, items: list[ItemT], ids: Sequence[str] | None
    ) -> list[ItemT] | None:
        begins = self.pages == 0
        count = len(items)
        self._back = 0
        self._previous = list(items) if ids is None else ids
        self._fresh = None
        last = is_last(self._list.operation.pagination, wanted.limit, page, count)
        if ids is not None:
            kept = [number for number, each in enumerate(ids) if each not in self._seen]
            if len(kept) < count:
                if count - len(kept) >= _ENOUGH_TO_COMPARE:
                    self._check_order(ids)
                items[:] = [items[number] for number in kept]
            self._fresh = [ids[number] for number in kept]
        if items:
            self._page_begin = self.items
        self._resume_at = wanted.offset
        self._measure(wanted, page, count)
        self.next = self._next(wanted, count, last=last, brings=bool(items))
        if not items and not begins:
            self._settle()
            return None
        self.pages += 1
        # The user may change the page.
        return list(items)

    def _next(
        self, wanted: PageRequest, count: int, *, last: bool | None, brings: bool
    ) -> PageRequest | None:
        """Return the page that follows the accepted one, None at the end of the list."""
        if brings and self._is_short:
            self._is_cut = True
        self._is_short = last is None
        if last is None and wanted.early and count == 1 and not brings:
            # Nothing follows the row that was requested once more, if pages have more rows.
            last = self._largest > 1 and not self._is_cut and wanted.offset > self._list.start
        if last:
            return None
        # A server whose pages have one row cannot show the one before, too.
        overlaps = self._by_id is True and (count > 1 or wanted.limit == 1)
        return self._list.following(wanted.offset + count, early=overlaps)

    def _measure(self, wanted: PageRequest, page: PageT, count: int) -> None:
        """Note how large the server's pages are."""
        self._largest = max(self._largest, count)
        if count == self._list.most(wanted):
            self._size, self._is_steady = None, True
        else:
            applied = applied_limit(self._list.operation.pagination, wanted.limit, page)
            self._is_steady = count in {applied, self._size}
            self._size = count

    def _check_order(self, ids: Sequence[str]) -> None:
        """Reject a page that shows rows of the one before in another order.

        New rows move others back, which keep their order; a single row may be moved. If every page
        has an order of its own, missing rows cannot be detected.
        """
        known = [number for each in ids if (number := self._seen.get(each, 0)) > self._page_begin]
        turns = sum(one > other for one, other in itertools.pairwise(known))
        if turns > 1 and turns * 3 > len(known):
            name = self._list.operation.id
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
        """Position of the iteration."""
        return {
            "operation": self._list.operation.id,
            "query": self._list.query,
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

    def _turned_back(self, wanted: PageRequest) -> PageRequest:
        listing = self._list
        self._previous = ()
        self._back = max(2 * self._back, listing.most(wanted) - 1, 1)
        offset = max(listing.start, wanted.offset - self._back)
        if offset == listing.start and self.items > len(self._order):
            # Rows there were delivered and forgotten.
            msg = (
                f"{listing.operation.id}: the list changed by more than {WINDOW} rows while it was "
                "read, so that rows would be lost or come twice; list again from the beginning, "
                "or less of it at a time."
            )
            raise PaginationError(msg, operation=listing.operation.id)
        return dataclasses.replace(wanted, offset=offset)

    def _looks_stuck(
        self, wanted: PageRequest, items: Sequence[ItemT], ids: Sequence[str] | None
    ) -> bool:
        if wanted.trusted or not items:
            return False
        return list(self._previous) == list(items if ids is None else ids)

    def _check_stuck(self, items: Sequence[ItemT]) -> PageRequest:
        if items:
            name = self._list.operation.id
            msg = (
                f"{name}: the server responds to every offset with the same rows, so that the list "
                "cannot be read beyond its first page; it is unknown whether there is more."
            )
            raise PaginationError(msg, operation=name)
        return dataclasses.replace(self._stuck_at, trusted=True)


# Lists


@dataclasses.dataclass(frozen=True, slots=True)
class _Options:
    """Pagination options."""

    prefetch: int = 0
    state: PagerState | None = None
    progress: Progress | None = None


class _Pager(typing.Generic[DriverT, ItemT, PageT]):
    """Base class of the sync and async lists.

    Args:
        driver: Makes the calls.
        operation: The list operation.
        request: Its request; ``limit`` is the page size, ``offset`` the place of the first item.
        options: Pagination options.
    """

    def __init__(
        self,
        driver: DriverT,
        operation: PagedOperation[ItemT, PageT],
        request: Request,
        options: _Options | None = None,
    ) -> None:
        self._driver = driver
        self._operation = operation
        self._request = request
        self._options = options or _Options()
        self._list = ListCall(operation, request)
        self._paginator: Paginator[ItemT, PageT] | None = None

    def prefetch(self, pages: int) -> typing.Self:
        """Return the same list, which fetches up to ``pages`` pages ahead while it is iterated.

        They wait for the same quota, behind all other calls. Nothing is prefetched before the first
        page shows that there is more.

        Args:
            pages: How many; 0 for none.

        Raises:
            ConfigurationError: It is not a number from 0 to 50.
        """
        if not _is_count(pages) or pages > MOST_PREFETCHED:
            msg = (
                f"prefetch: {shown(pages)} is not a number of pages; give one from 0 to "
                f"{MOST_PREFETCHED}."
            )
            raise ConfigurationError(msg)
        return self._with(dataclasses.replace(self._options, prefetch=pages))

    def resume(self, state: PagerState) -> typing.Self:
        """Return the same list from where ``state`` was taken, for example before a crash.

        Args:
            state: A value of ``state``; it may have been JSON in between.

        Raises:
            ConfigurationError: It was taken from another list.
        """
        # It may come from a file.
        self._list.check(state)
        return self._with(dataclasses.replace(self._options, state=state))

    def on_progress(self, callback: Progress) -> typing.Self:
        """Return the same list, which calls ``callback`` after each page.

        Args:
            callback: Called as ``callback(items, pages)`` with the numbers that are done. Its
                exceptions end the iteration. ``insightiq.progress`` has progress bars.

        Raises:
            ConfigurationError: It is not an ordinary function.
        """
        check_callback(callback, "on_progress", "takes two numbers")
        return self._with(dataclasses.replace(self._options, progress=callback))

    @property
    def state(self) -> PagerState:
        """Position of the last iteration, as plain JSON; the current item or page is done."""
        return (self._paginator or Paginator(self._list, self._options.state)).state

    def __bool__(self) -> bool:
        msg = "has no truth value; compare `first()` with None"
        raise self._no_sequence(msg)

    def __len__(self) -> int:
        msg = "has no length; count the rows of `to_list()`, which fetches all pages"
        raise self._no_sequence(msg)

    def __getitem__(self, index: object) -> typing.NoReturn:
        msg = "has no index; use `first()`, `take(n)` or `to_list()`"
        raise self._no_sequence(msg)

    def _no_sequence(self, text: str) -> TypeError:
        return TypeError(f"The list of {self._operation.id} is fetched as it is read and {text}.")

    def _with(self, options: _Options) -> typing.Self:
        return type(self)(self._driver, self._operation, self._request, options)

    def _begin(self, most: int | None = None) -> Paginator[ItemT, PageT]:
        listing = self._list if most is None else self._list.at_most(most)
        self._paginator = Paginator(listing, self._options.state)
        return self._paginator

    def _accept(
        self, paginator: Paginator[ItemT, PageT], wanted: PageRequest, page: PageT
    ) -> list[ItemT] | None:
        if self._driver.listening:
            count = len(self._operation.items(page))
            self._driver.emit(Emit(PageReceived(self._operation.id, wanted.offset, count)))
        return paginator.take(page)

    def _report(self, paginator: Paginator[ItemT, PageT]) -> None:
        if self._options.progress is not None:
            self._options.progress(paginator.items, paginator.pages)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._operation.id}>"


class OffsetPager(_Pager["SyncDriver", ItemT, PageT]):
    """The items of a list, fetched page by page as they are needed.

    Nothing is fetched before the first item is needed, and each iteration starts anew.
    """

    def __iter__(self) -> Iterator[ItemT]:
        return self._items(self._begin())

    def pages(self) -> Iterator[PageT]:
        """Iterate over the pages, without the rows that were on an earlier one."""
        paginator = self._begin()
        with contextlib.closing(self._pages(paginator)) as pages:
            for page, items in pages:
                for number in range(len(items)):
                    paginator.deliver(number)
                yield page

    def first(self) -> ItemT | None:
        """Return the first item, or None from an empty list; fetches one item only."""
        return next(iter(self.take(1)), None)

    def take(self, count: int) -> list[ItemT]:
        """Return the first ``count`` items, or all where there are fewer.

        Raises:
            ConfigurationError: It is not a number from 0.
        """
        _check_count(count)
        if not count:
            return []
        with contextlib.closing(self._items(self._begin(count))) as items:
            return list(itertools.islice(items, count))

    def to_list(self) -> list[ItemT]:
        """Return all items."""
        return list(self)

    def _items(self, paginator: Paginator[ItemT, PageT]) -> Generator[ItemT]:
        with contextlib.closing(self._pages(paginator)) as pages:
            for _, items in pages:
                for number, item in enumerate(items):
                    paginator.deliver(number)
                    yield item

    def _pages(self, paginator: Paginator[ItemT, PageT]) -> Generator[tuple[PageT, list[ItemT]]]:
        prefetch: ThreadPrefetch[ItemT, PageT] | None = None
        if self._options.prefetch:
            from insightiq._prefetch import ThreadPrefetch

            prefetch = ThreadPrefetch(self._driver, self._list)
        try:
            while (wanted := paginator.next) is not None:
                if prefetch is None:
                    page = self._driver.call(self._operation, self._list.request(wanted))
                else:
                    page = prefetch.get(wanted, paginator.upcoming(self._options.prefetch))
                items = self._accept(paginator, wanted, page)
                if items is not None:
                    yield page, items
                    self._report(paginator)
        finally:
            if prefetch is not None:
                prefetch.close()


class AsyncOffsetPager(_Pager["AsyncDriver", ItemT, PageT]):
    """The items of a list, fetched page by page as they are needed; see ``OffsetPager``."""

    def __aiter__(self) -> AsyncIterator[ItemT]:
        return self._items(self._begin())

    def __iter__(self) -> typing.NoReturn:
        msg = "has no synchronous iterator; use `async for`, or await `to_list()`"
        raise self._no_sequence(msg)

    async def pages(self) -> AsyncIterator[PageT]:
        """Iterate over the pages, without the rows that were on an earlier one."""
        paginator = self._begin()
        async with contextlib.aclosing(self._pages(paginator)) as pages:
            async for page, items in pages:
                for number in range(len(items)):
                    paginator.deliver(number)
                yield page

    async def first(self) -> ItemT | None:
        """Return the first item, or None from an empty list; fetches one item only."""
        return next(iter(await self.take(1)), None)

    async def take(self, count: int) -> list[ItemT]:
        """Return the first ``count`` items, or all where there are fewer.

        Raises:
            ConfigurationError: It is not a number from 0.
        """
        _check_count(count)
        found: list[ItemT] = []
        if count:
            async with contextlib.aclosing(self._items(self._begin(count))) as items:
                async for item in items:
                    found.append(item)
                    if len(found) == count:
                        break
        return found

    async def to_list(self) -> list[ItemT]:
        """Return all items."""
        return [item async for item in self]

    async def _items(self, paginator: Paginator[ItemT, PageT]) -> AsyncGenerator[ItemT]:
        async with contextlib.aclosing(self._pages(paginator)) as pages:
            async for _, items in pages:
                for number, item in enumerate(items):
                    paginator.deliver(number)
                    yield item

    async def _pages(
        self, paginator: Paginator[ItemT, PageT]
    ) -> AsyncGenerator[tuple[PageT, list[ItemT]]]:
        prefetch: TaskPrefetch[ItemT, PageT] | None = None
        if self._options.prefetch:
            from insightiq._prefetch import TaskPrefetch

            prefetch = TaskPrefetch(self._driver, self._list)
        try:
            while (wanted := paginator.next) is not None:
                if prefetch is None:
                    page = await self._driver.call(self._operation, self._list.request(wanted))
                else:
                    page = await prefetch.get(wanted, paginator.upcoming(self._options.prefetch))
                items = self._accept(paginator, wanted, page)
                if items is not None:
                    yield page, items
                    self._report(paginator)
        finally:
            if prefetch is not None:
                await prefetch.close()


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _check_count(count: int) -> None:
    if not _is_count(count):
        msg = f"take: {shown(count)} is not a number of items; give one from 0."
        raise ConfigurationError(msg)


# Many ids


def look_up(
    calls: Calls, operation: BulkOperation[ItemT, ResultT], request: Request
) -> Steps[BulkResult[ItemT]]:
    """Look up the ids of ``request``, each once, and as many at a time as the API accepts.

    Notifications write ids without hyphens, which a search rejects, so that they are sent with
    hyphens. Missing ids are named as they were given. Unrequested rows come last.
    """
    bulk = operation.bulk
    wanted: dict[str, str] = {}
    for each in _texts(operation.id, bulk.parameter, request.json[bulk.parameter]):
        wanted.setdefault(canonical_id(each), each)
    ids = list(wanted)
    found: dict[str, ItemT] = {}
    for begin in range(0, len(ids), bulk.maximum):
        body = {**request.json, bulk.parameter: ids[begin : begin + bulk.maximum]}
        result = yield from calls.call(operation, attrs.evolve(request, json=body))
        for number, item in enumerate(operation.items(result)):
            key = getattr(item, "id", None)
            # A row without an id is kept.
            found[canonical_id(key) if isinstance(key, str) else f"{begin}:{number}"] = item
    order = [key for key in wanted if key in found]
    others = [key for key in found if key not in wanted]
    return BulkResult(
        data=[found[key] for key in (*order, *others)],
        missing=[each for key, each in wanted.items() if key not in found],
    )


def _texts(operation: str, parameter: str, given: object) -> list[str]:
    """Return the ids; that they are a list was checked when the request was built."""
    values = typing.cast("list[object]", given)
    if all(isinstance(each, str) for each in values):
        return typing.cast("list[str]", values)
    odd = next(type(each).__name__ for each in values if not isinstance(each, str))
    msg = f"{operation}: {parameter} must be a list of texts, not a list that holds {odd}."
    raise ConfigurationError(msg, operation=operation)
