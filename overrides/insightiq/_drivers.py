"""Two thin drivers that carry out what the engine decides: one for threads, one for asyncio."""

from __future__ import annotations

import logging
import typing

from insightiq._engine import Engine, Outcome, Send
from insightiq._pagination import AsyncOffsetPager, OffsetPager

if typing.TYPE_CHECKING:
    from insightiq._engine import Emit
    from insightiq._events import EventHook
    from insightiq._http import AsyncSender, Sender
    from insightiq._opened import Opened
    from insightiq_generated.client import Operation, PagedOperation, Request

__all__ = ["AsyncioCaller", "ThreadCaller"]

ResultT = typing.TypeVar("ResultT")
ItemT = typing.TypeVar("ItemT")
PageT = typing.TypeVar("PageT")

_log = logging.getLogger("insightiq")


class ThreadCaller:
    """Calls operations in the calling thread.

    Args:
        engine: Decides.
        opened: The sender, made when first needed.
        on_event: Told of each event, or None.
    """

    def __init__(self, engine: Engine, opened: Opened[Sender], on_event: EventHook | None) -> None:
        self._engine = engine
        self._opened = opened
        self._on_event = on_event

    def call(self, operation: Operation[ResultT], request: Request) -> ResultT:
        """Carry out one call."""
        sender = self._opened.get(operation.id)
        steps = self._engine.call(operation, request)
        outcome: Outcome = None
        while True:
            try:
                effect = steps.send(outcome)
            except StopIteration as end:
                return typing.cast("ResultT", end.value)
            if isinstance(effect, Send):
                outcome = sender.send(effect.request)
            else:
                outcome = None
                _emit(effect, self._on_event)

    def paginate(
        self, operation: PagedOperation[ItemT, PageT], request: Request
    ) -> OffsetPager[ItemT, PageT]:
        """Return the lazy pages of a list operation."""
        return OffsetPager(self, operation, request)

    def close(self) -> None:
        """Refuse further calls and close the connections."""
        sender = self._opened.close()
        if sender is not None:
            sender.close()


class AsyncioCaller:
    """Calls operations in the running event loop; the arguments are those of ``ThreadCaller``."""

    def __init__(
        self, engine: Engine, opened: Opened[AsyncSender], on_event: EventHook | None
    ) -> None:
        self._engine = engine
        self._opened = opened
        self._on_event = on_event

    async def call(self, operation: Operation[ResultT], request: Request) -> ResultT:
        """Carry out one call."""
        sender = self._opened.get(operation.id)
        steps = self._engine.call(operation, request)
        outcome: Outcome = None
        while True:
            try:
                effect = steps.send(outcome)
            except StopIteration as end:
                return typing.cast("ResultT", end.value)
            if isinstance(effect, Send):
                outcome = await sender.send(effect.request)
            else:
                outcome = None
                _emit(effect, self._on_event)

    def paginate(
        self, operation: PagedOperation[ItemT, PageT], request: Request
    ) -> AsyncOffsetPager[ItemT, PageT]:
        """Return the lazy pages of a list operation."""
        return AsyncOffsetPager(self, operation, request)

    async def close(self) -> None:
        """Refuse further calls and close the connections."""
        sender = self._opened.close()
        if sender is not None:
            await sender.close()


def _emit(effect: Emit, on_event: EventHook | None) -> None:
    """Tell the hook; an observer that fails must not undo a call that succeeded."""
    if on_event is None:
        return
    try:
        on_event(effect.event)
    except Exception:  # noqa: BLE001 - whatever it is, it is the observer's
        _log.exception("on_event failed for %s", effect.event.operation)
