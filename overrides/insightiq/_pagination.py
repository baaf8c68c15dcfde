"""The lists that ``list`` methods return: iterators over all pages, made again each time.

What to fetch next is decided in ``insightiq._walk``, for both halves.
"""

from __future__ import annotations

import contextlib
import dataclasses
import typing

from insightiq._effects import Emit
from insightiq._events import PageReceived
from insightiq._observing import check_callback
from insightiq._timeouts import shown
from insightiq._walk import Fetch, Plan, Walk
from insightiq.errors import ConfigurationError

if typing.TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator

    from insightiq._drivers import AsyncioCaller, ThreadCaller
    from insightiq._prefetch import AsyncAhead, ThreadsAhead
    from insightiq_generated.client import PagedOperation, PagerState, Progress, Request

__all__ = ["AsyncOffsetPager", "OffsetPager"]

_MOST_AHEAD = 50

CallerT = typing.TypeVar("CallerT", bound="ThreadCaller | AsyncioCaller")
ItemT = typing.TypeVar("ItemT")
PageT = typing.TypeVar("PageT")


@dataclasses.dataclass(frozen=True, slots=True)
class _Wishes:
    """How to iterate."""

    ahead: int = 0
    state: PagerState | None = None
    progress: Progress | None = None


class _Pager(typing.Generic[CallerT, ItemT, PageT]):
    """What both lists have in common.

    Args:
        caller: Makes the calls.
        operation: The list operation.
        request: Its request; ``limit`` is the page size, ``offset`` the place of the first item.
        wishes: How to iterate.
    """

    def __init__(
        self,
        caller: CallerT,
        operation: PagedOperation[ItemT, PageT],
        request: Request,
        wishes: _Wishes | None = None,
    ) -> None:
        self._caller = caller
        self._operation = operation
        self._request = request
        self._wishes = wishes or _Wishes()
        self._plan = Plan(operation, request)
        self._walk: Walk[ItemT, PageT] | None = None

    def prefetch(self, pages: int) -> typing.Self:
        """Return the same list, which fetches up to ``pages`` pages ahead while it is iterated.

        They go through the same quota, behind all other calls. Nothing is fetched ahead before the
        first page shows that there is more.

        Args:
            pages: How many; 0 for none.

        Raises:
            ConfigurationError: It is not a number from 0 to 50.
        """
        if not _is_count(pages) or pages > _MOST_AHEAD:
            msg = (
                f"prefetch: {shown(pages)} is no number of pages; give one from 0 to {_MOST_AHEAD}."
            )
            raise ConfigurationError(msg)
        return self._with(dataclasses.replace(self._wishes, ahead=pages))

    def resume(self, state: PagerState) -> typing.Self:
        """Return the same list from where ``state`` was taken, for example before a crash.

        Args:
            state: What ``state`` was; it may have been JSON in between.

        Raises:
            ConfigurationError: It was taken from another list.
        """
        # It may come from a file, whatever its type says.
        self._plan.check(state)
        return self._with(dataclasses.replace(self._wishes, state=state))

    def on_progress(self, callback: Progress) -> typing.Self:
        """Return the same list, which tells ``callback`` after each page how far it is.

        Args:
            callback: Called as ``callback(items, pages)`` with the numbers that are done. What it
                raises ends the iteration. ``insightiq.progress`` has progress bars.

        Raises:
            ConfigurationError: It is not an ordinary function.
        """
        check_callback(callback, "on_progress", "takes two numbers")
        return self._with(dataclasses.replace(self._wishes, progress=callback))

    @property
    def state(self) -> PagerState:
        """How far the last iteration came, as plain JSON; the present item or page is done."""
        return (self._walk or Walk(self._plan, self._wishes.state)).state

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

    def _with(self, wishes: _Wishes) -> typing.Self:
        return type(self)(self._caller, self._operation, self._request, wishes)

    def _begin(self, most: int | None = None) -> Walk[ItemT, PageT]:
        plan = self._plan if most is None else self._plan.at_most(most)
        self._walk = Walk(plan, self._wishes.state)
        return self._walk

    def _took(self, walk: Walk[ItemT, PageT], fetch: Fetch, page: PageT) -> list[ItemT] | None:
        count = len(self._operation.items(page))
        self._caller.emit(Emit(PageReceived(self._operation.id, fetch.offset, count)))
        return walk.take(page)

    def _done(self, walk: Walk[ItemT, PageT]) -> None:
        if self._wishes.progress is not None:
            self._wishes.progress(walk.items, walk.pages)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._operation.id}>"


class OffsetPager(_Pager["ThreadCaller", ItemT, PageT]):
    """The items of a list, fetched page by page as they are needed.

    Nothing is fetched before the first item is asked for, and each iteration starts anew.
    """

    def __iter__(self) -> Iterator[ItemT]:
        return self._items(self._begin())

    def pages(self) -> Iterator[PageT]:
        """Iterate over the pages, without the rows that were on an earlier one."""
        walk = self._begin()
        with contextlib.closing(self._pages(walk)) as pages:
            for page, items in pages:
                for number in range(len(items)):
                    walk.deliver(number)
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
        found: list[ItemT] = []
        if count:
            with contextlib.closing(self._items(self._begin(count))) as items:
                for item in items:
                    found.append(item)
                    if len(found) == count:
                        break
        return found

    def to_list(self) -> list[ItemT]:
        """Return all items."""
        return list(self)

    def _items(self, walk: Walk[ItemT, PageT]) -> Generator[ItemT]:
        with contextlib.closing(self._pages(walk)) as pages:
            for _, items in pages:
                for number, item in enumerate(items):
                    walk.deliver(number)
                    yield item

    def _pages(self, walk: Walk[ItemT, PageT]) -> Generator[tuple[PageT, list[ItemT]]]:
        ahead = self._ahead()
        try:
            while (fetch := walk.next) is not None:
                page = self._fetch(ahead, walk, fetch)
                items = self._took(walk, fetch, page)
                if items is not None:
                    yield page, items
                    self._done(walk)
        finally:
            if ahead is not None:
                ahead.close()

    def _ahead(self) -> ThreadsAhead[ItemT, PageT] | None:
        if not self._wishes.ahead:
            return None
        from insightiq._prefetch import ThreadsAhead  # noqa: PLC0415 - loaded when asked for

        return ThreadsAhead(self._caller, self._plan)

    def _fetch(
        self, ahead: ThreadsAhead[ItemT, PageT] | None, walk: Walk[ItemT, PageT], fetch: Fetch
    ) -> PageT:
        if ahead is None:
            return self._caller.call(self._operation, self._plan.request(fetch))
        return ahead.get(fetch, walk.ahead(self._wishes.ahead))


class AsyncOffsetPager(_Pager["AsyncioCaller", ItemT, PageT]):
    """The items of a list, fetched page by page as they are needed; see ``OffsetPager``."""

    def __aiter__(self) -> AsyncIterator[ItemT]:
        return self._items(self._begin())

    def __iter__(self) -> typing.NoReturn:
        msg = "has no synchronous iterator; use `async for`, or await `to_list()`"
        raise self._no_sequence(msg)

    async def pages(self) -> AsyncIterator[PageT]:
        """Iterate over the pages, without the rows that were on an earlier one."""
        walk = self._begin()
        async with contextlib.aclosing(self._pages(walk)) as pages:
            async for page, items in pages:
                for number in range(len(items)):
                    walk.deliver(number)
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

    async def _items(self, walk: Walk[ItemT, PageT]) -> AsyncGenerator[ItemT]:
        async with contextlib.aclosing(self._pages(walk)) as pages:
            async for _, items in pages:
                for number, item in enumerate(items):
                    walk.deliver(number)
                    yield item

    async def _pages(self, walk: Walk[ItemT, PageT]) -> AsyncGenerator[tuple[PageT, list[ItemT]]]:
        ahead = self._ahead()
        try:
            while (fetch := walk.next) is not None:
                page = await self._fetch(ahead, walk, fetch)
                items = self._took(walk, fetch, page)
                if items is not None:
                    yield page, items
                    self._done(walk)
        finally:
            if ahead is not None:
                await ahead.close()

    def _ahead(self) -> AsyncAhead[ItemT, PageT] | None:
        if not self._wishes.ahead:
            return None
        from insightiq._prefetch import AsyncAhead  # noqa: PLC0415 - loaded when asked for

        return AsyncAhead(self._caller, self._plan)

    async def _fetch(
        self, ahead: AsyncAhead[ItemT, PageT] | None, walk: Walk[ItemT, PageT], fetch: Fetch
    ) -> PageT:
        if ahead is None:
            return await self._caller.call(self._operation, self._plan.request(fetch))
        return await ahead.get(fetch, walk.ahead(self._wishes.ahead))


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _check_count(count: int) -> None:
    if not _is_count(count):
        msg = f"take: {shown(count)} is no number of items; give one from 0."
        raise ConfigurationError(msg)
