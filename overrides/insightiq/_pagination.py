"""Lazy iteration over offset pages.

A page shorter than its limit is the last, and so is an empty one: the API sends no total and no
cursor (facts A.6).
"""

from __future__ import annotations

import typing

import attrs

if typing.TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from insightiq_generated.client import AsyncCaller, Caller, PagedOperation, Request

__all__ = ["AsyncOffsetPager", "OffsetPager"]

ItemT = typing.TypeVar("ItemT")
PageT = typing.TypeVar("PageT")


class _Plan(typing.Generic[ItemT, PageT]):
    """Which request fetches which page: the part without input or output."""

    def __init__(self, operation: PagedOperation[ItemT, PageT], request: Request) -> None:
        self._pagination = operation.pagination
        self._request = request
        # Fewer, larger pages unless the caller chose: each one counts against the quota.
        limit = request.query.get(self._pagination.limit)
        self._limit = self._pagination.maximum if limit is None else int(limit)
        self._start = int(request.query.get(self._pagination.offset, "0"))

    def at(self, position: int, limit: int | None = None) -> Request:
        """Return the request of the page that begins ``position`` items behind the start."""
        query = {
            **self._request.query,
            self._pagination.limit: str(self._limit if limit is None else limit),
            self._pagination.offset: str(self._start + position),
        }
        return attrs.evolve(self._request, query=query)

    def is_last(self, count: int) -> bool:
        """Tell whether nothing follows a page of ``count`` items."""
        # A server may cut a limit above its maximum down instead of refusing it.
        return count == 0 or count < min(self._limit, self._pagination.maximum)


class OffsetPager(typing.Generic[ItemT, PageT]):
    """The items of a list, fetched page by page as they are needed.

    Nothing is fetched before the first item is asked for, and each iteration starts anew.

    Args:
        caller: Makes the calls.
        operation: The list operation.
        request: Its request; ``limit`` is the page size, ``offset`` the place of the first item.
    """

    def __init__(
        self, caller: Caller, operation: PagedOperation[ItemT, PageT], request: Request
    ) -> None:
        self._caller = caller
        self._operation = operation
        self._plan = _Plan(operation, request)

    def __iter__(self) -> Iterator[ItemT]:
        for page in self.pages():
            yield from self._operation.items(page)

    def pages(self) -> Iterator[PageT]:
        """Iterate over the pages as the API sends them."""
        position = 0
        while True:
            page = self._caller.call(self._operation, self._plan.at(position))
            count = len(self._operation.items(page))
            yield page
            if self._plan.is_last(count):
                return
            position += count

    def first(self) -> ItemT | None:
        """Return the first item, or None from an empty list; fetches one item only."""
        page = self._caller.call(self._operation, self._plan.at(0, limit=1))
        return next(iter(self._operation.items(page)), None)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._operation.id}>"


class AsyncOffsetPager(typing.Generic[ItemT, PageT]):
    """The items of a list, fetched page by page as they are needed; see ``OffsetPager``."""

    def __init__(
        self, caller: AsyncCaller, operation: PagedOperation[ItemT, PageT], request: Request
    ) -> None:
        self._caller = caller
        self._operation = operation
        self._plan = _Plan(operation, request)

    async def __aiter__(self) -> AsyncIterator[ItemT]:
        async for page in self.pages():
            for item in self._operation.items(page):
                yield item

    async def pages(self) -> AsyncIterator[PageT]:
        """Iterate over the pages as the API sends them."""
        position = 0
        while True:
            page = await self._caller.call(self._operation, self._plan.at(position))
            count = len(self._operation.items(page))
            yield page
            if self._plan.is_last(count):
                return
            position += count

    async def first(self) -> ItemT | None:
        """Return the first item, or None from an empty list; fetches one item only."""
        page = await self._caller.call(self._operation, self._plan.at(0, limit=1))
        return next(iter(self._operation.items(page)), None)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._operation.id}>"
