"""Fetching pages before they are needed, with threads and with asyncio tasks.

Pages ahead stand behind all other calls in the line for the quota. Whatever is under way when the
iteration ends is called off; a request that was sent already ends by itself. The program need not
wait for that before it ends.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import functools
import threading
import typing

from insightiq.quota import Priority

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from insightiq._drivers import AsyncioCaller, Calls, ThreadCaller
    from insightiq._effects import Steps
    from insightiq._walk import Fetch, Plan

__all__ = ["AsyncAhead", "ThreadsAhead"]

ItemT = typing.TypeVar("ItemT")
PageT = typing.TypeVar("PageT")
ResultT = typing.TypeVar("ResultT")


class ThreadsAhead(typing.Generic[ItemT, PageT]):
    """Fetches pages in threads of its own.

    Args:
        caller: Makes the calls.
        plan: The list.
    """

    def __init__(self, caller: ThreadCaller, plan: Plan[ItemT, PageT]) -> None:
        self._caller = caller
        self._plan = plan
        self._pages: dict[Fetch, _Fetching[PageT]] = {}

    def get(self, fetch: Fetch, ahead: Sequence[Fetch]) -> PageT:
        """Return the page of ``fetch``, and have those of ``ahead`` fetched, and no others."""
        self._call_off(self._pages.keys() - {fetch, *ahead})
        for each in ahead:
            if each not in self._pages:
                self._pages[each] = _Fetching(functools.partial(self._fetch, each))
        if fetch in self._pages:
            return self._pages.pop(fetch).page.result()
        return self._caller.call(self._plan.operation, self._plan.request(fetch))

    def close(self) -> None:
        """Call everything off."""
        self._call_off(set(self._pages))

    def _call_off(self, fetches: set[Fetch]) -> None:
        for each in fetches:
            self._pages.pop(each).over.set()

    def _fetch(self, fetch: Fetch, over: threading.Event) -> PageT:
        operation, request = self._plan.operation, self._plan.request(fetch)

        def steps(calls: Calls) -> Steps[PageT]:
            call = calls.call(operation, request, priority=Priority.PREFETCH)
            return _until(over, call)

        return self._caller.run(operation.id, steps)


class _Fetching(typing.Generic[PageT]):
    """A page that a thread of its own fetches.

    The end of the program does not wait for it, as it would for a pool's thread: the thread may
    stand in the line for the quota, or pause before it tries again, for minutes.

    Args:
        fetch: Fetches it, until the event is set.

    Attributes:
        page: What comes of it.
        over: Set when nobody wants it any more.
    """

    def __init__(self, fetch: Callable[[threading.Event], PageT]) -> None:
        self.page: concurrent.futures.Future[PageT] = concurrent.futures.Future()
        self.over = threading.Event()
        threading.Thread(
            target=_carry_out,
            args=(fetch, self.over, self.page),
            name="insightiq-prefetch",
            daemon=True,
        ).start()


def _carry_out(
    fetch: Callable[[threading.Event], PageT],
    over: threading.Event,
    page: concurrent.futures.Future[PageT],
) -> None:
    try:
        found = fetch(over)
    except BaseException as error:  # noqa: BLE001 - raised where the page is asked for
        page.set_exception(error)
        # An error that its own traceback holds would wait for the garbage collector.
        del page
    else:
        page.set_result(found)


def _until(over: threading.Event, steps: Steps[ResultT]) -> Steps[ResultT]:
    """Carry the steps out for as long as somebody wants their result."""
    try:
        effect = next(steps)
        while not over.is_set():
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


class AsyncAhead(typing.Generic[ItemT, PageT]):
    """Fetches pages in tasks of their own.

    Args:
        caller: Makes the calls.
        plan: The list.
    """

    def __init__(self, caller: AsyncioCaller, plan: Plan[ItemT, PageT]) -> None:
        self._caller = caller
        self._plan = plan
        self._pages: dict[Fetch, asyncio.Task[PageT]] = {}

    async def get(self, fetch: Fetch, ahead: Sequence[Fetch]) -> PageT:
        """Return the page of ``fetch``, and have those of ``ahead`` fetched, and no others."""
        await self._call_off(self._pages.keys() - {fetch, *ahead})
        for each in ahead:
            if each not in self._pages:
                self._pages[each] = asyncio.create_task(self._fetch(each))
        page = self._pages.get(fetch)
        if page is None:
            return await self._caller.call(self._plan.operation, self._plan.request(fetch))
        result = await page
        del self._pages[fetch]
        return result

    async def close(self) -> None:
        """Call everything off."""
        await self._call_off(set(self._pages))

    async def _call_off(self, fetches: set[Fetch]) -> None:
        tasks = [self._pages.pop(each) for each in fetches]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _fetch(self, fetch: Fetch) -> PageT:
        operation, request = self._plan.operation, self._plan.request(fetch)
        return await self._caller.call(operation, request, priority=Priority.PREFETCH)
