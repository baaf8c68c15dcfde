"""An event loop in a thread of its own, on which everything of an application happens."""

from __future__ import annotations

import asyncio
import threading
import typing

if typing.TYPE_CHECKING:
    import concurrent.futures
    from collections.abc import Callable, Coroutine

__all__ = ["PrivateLoop"]

ResultT = typing.TypeVar("ResultT")


class PrivateLoop:
    """Runs coroutines for callers of other threads.

    The thread begins with the first of them, and does not keep a process from ending.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def start(self, work: Coroutine[object, object, ResultT]) -> concurrent.futures.Future[ResultT]:
        """Begin with a coroutine; whoever cancels the future cancels it.

        Raises:
            RuntimeError: The loop is closed.
        """
        try:
            return asyncio.run_coroutine_threadsafe(work, self._running_loop())
        except RuntimeError:
            work.close()
            raise

    def run(self, work: Coroutine[object, object, ResultT]) -> ResultT:
        """Run a coroutine and wait for what it returns.

        Raises:
            RuntimeError: The loop is closed, or this is its own thread, which would wait for itself.
        """
        if threading.current_thread() is self._thread:
            work.close()
            msg = "The mock server waits for this code; do not call it from here but from a thread."
            raise RuntimeError(msg)
        future = self.start(work)
        try:
            return future.result()
        except BaseException:
            # Ctrl-C ends the waiting; the work must not go on behind the caller's back.
            future.cancel()
            raise

    def call(self, function: Callable[[], ResultT]) -> ResultT:
        """Call a function in the loop's thread and wait for what it returns."""

        async def work() -> ResultT:
            return function()

        return self.run(work())

    def soon(self, function: Callable[[], object]) -> None:
        """Have a function called in the loop's thread, if the loop still runs."""
        loop = self._loop
        if loop is not None and not self._is_closed:
            loop.call_soon_threadsafe(function)

    def close(self) -> None:
        """Cancel what is under way, and end the thread."""
        with self._lock:
            self._is_closed = True
            loop, thread = self._loop, self._thread
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._is_closed:
                msg = "The mock application is closed; make another one."
                raise RuntimeError(msg)
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=_run_until_stopped, args=(self._loop,), name=self._name, daemon=True
                )
                self._thread.start()
            return self._loop


def _run_until_stopped(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()
