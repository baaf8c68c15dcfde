"""Prefetch of pages, in threads and in asyncio tasks.

Prefetched pages wait for the quota behind all other calls. When the iteration ends, the calls under
way are cancelled; a request that was sent already ends by itself, and the program can end before.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
import typing

from insightiq.quota import Priority

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from insightiq._call import AsyncDriver, Calls, Steps, SyncDriver
    from insightiq._pagination import ListCall, PageRequest

__all__ = ["TaskPrefetch", "ThreadPrefetch"]

ItemT = typing.TypeVar("ItemT")
PageT = typing.TypeVar("PageT")
ResultT = typing.TypeVar("ResultT")


class ThreadPrefetch(typing.Generic[ItemT, PageT]):
    """Fetches pages of a list in threads of its own."""

    def __init__(self, driver: SyncDriver, listing: ListCall[ItemT, PageT]) -> None:
        self._driver = driver
        self._list = listing
        self._pages: dict[PageRequest, _PageThread[ItemT, PageT]] = {}

    def get(self, wanted: PageRequest, upcoming: Sequence[PageRequest]) -> PageT:
        """Return a page, while the ``upcoming`` ones are fetched, and no others."""
        self._cancel(self._pages.keys() - {wanted, *upcoming})
        for each in upcoming:
            if each not in self._pages:
                self._pages[each] = _PageThread(self._driver, self._list, each)
        if wanted in self._pages:
            return self._pages.pop(wanted).page.result()
        return self._driver.call(self._list.operation, self._list.request(wanted))

    def close(self) -> None:
        """Cancel everything."""
        self._cancel(set(self._pages))

    def _cancel(self, pages: set[PageRequest]) -> None:
        for each in pages:
            self._pages.pop(each).cancelled.set()


class _PageThread(typing.Generic[ItemT, PageT]):
    """A page that a thread of its own fetches.

    The thread is a daemon, unlike those of a pool: it may wait for minutes for the quota or before
    a retry, and the end of the program does not wait for it.
    """

    def __init__(
        self, driver: SyncDriver, listing: ListCall[ItemT, PageT], wanted: PageRequest
    ) -> None:
        self.page: concurrent.futures.Future[PageT] = concurrent.futures.Future()
        self.cancelled = threading.Event()
        threading.Thread(
            target=_fetch,
            args=(driver, listing, wanted, self.cancelled, self.page),
            name="insightiq-prefetch",
            daemon=True,
        ).start()


def _fetch(
    driver: SyncDriver,
    listing: ListCall[ItemT, PageT],
    wanted: PageRequest,
    cancelled: threading.Event,
    page: concurrent.futures.Future[PageT],
) -> None:
    operation, request = listing.operation, listing.request(wanted)

    def steps(calls: Calls) -> Steps[PageT]:
        call = calls.call(operation, request, priority=Priority.PREFETCH)
        return _until(cancelled, call)

    try:
        found = driver.run(operation.id, steps)
    except BaseException as error:  # noqa: BLE001 - raised where the page is needed
        page.set_exception(error)
        # An error that its own traceback holds would wait for the garbage collector.
        del page
    else:
        page.set_result(found)


def _until(cancelled: threading.Event, steps: Steps[ResultT]) -> Steps[ResultT]:
    """Yield the steps until they are cancelled."""
    try:
        effect = next(steps)
        while not cancelled.is_set():
            try:
                outcome = yield effect
            except BaseException as error:  # noqa: BLE001 - the steps decide, and raise it again
                effect = steps.throw(error)
            else:
                effect = steps.send(outcome)
    except StopIteration as end:
        return typing.cast("ResultT", end.value)
    finally:
        # Gives a slot of the quota back.
        steps.close()
    raise concurrent.futures.CancelledError


class TaskPrefetch(typing.Generic[ItemT, PageT]):
    """Fetches pages of a list in asyncio tasks."""

    def __init__(self, driver: AsyncDriver, listing: ListCall[ItemT, PageT]) -> None:
        self._driver = driver
        self._list = listing
        self._pages: dict[PageRequest, asyncio.Task[PageT]] = {}

    async def get(self, wanted: PageRequest, upcoming: Sequence[PageRequest]) -> PageT:
        """Return a page, while the ``upcoming`` ones are fetched, and no others."""
        await self._cancel(self._pages.keys() - {wanted, *upcoming})
        for each in upcoming:
            if each not in self._pages:
                self._pages[each] = asyncio.create_task(self._fetch(each, Priority.PREFETCH))
        page = self._pages.get(wanted)
        if page is None:
            return await self._fetch(wanted, Priority.INTERACTIVE)
        result = await page
        del self._pages[wanted]
        return result

    async def close(self) -> None:
        """Cancel everything."""
        await self._cancel(set(self._pages))

    async def _cancel(self, pages: set[PageRequest]) -> None:
        tasks = [self._pages.pop(each) for each in pages]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _fetch(self, wanted: PageRequest, priority: Priority) -> PageT:
        request = self._list.request(wanted)
        return await self._driver.call(self._list.operation, request, priority=priority)
