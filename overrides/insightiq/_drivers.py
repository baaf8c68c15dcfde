"""Two thin drivers that carry out what the engine decides: one for threads, one for asyncio."""

from __future__ import annotations

import dataclasses
import typing

from insightiq._effects import Acquire, Emit, Send, Sleep
from insightiq._pagination import AsyncOffsetPager, OffsetPager
from insightiq.errors import ConfigurationError
from insightiq.quota import Priority

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from insightiq._clock import Clock
    from insightiq._effects import Effect, Outcome, Steps
    from insightiq._engine import Engine
    from insightiq._http import AsyncSender, Sender
    from insightiq._observing import Observer
    from insightiq._opened import Opened
    from insightiq._options import CallOptions
    from insightiq._raw import Response
    from insightiq.quota import QuotaPolicy
    from insightiq_generated.client import (
        BulkOperation,
        BulkResult,
        Operation,
        PagedOperation,
        Request,
    )

__all__ = ["NO_COPY", "AsyncioCaller", "Calls", "Shared", "ThreadCaller"]

NO_COPY: typing.Final = (
    "A client holds connections and cannot be copied: "
    "use with_options() to call differently, or make a new client."
)

ResultT = typing.TypeVar("ResultT")
ItemT = typing.TypeVar("ItemT")
PageT = typing.TypeVar("PageT")
SenderT = typing.TypeVar("SenderT")


@dataclasses.dataclass(frozen=True, slots=True)
class Shared(typing.Generic[SenderT]):
    """What all clients that ``with_options`` makes of one have in common.

    Attributes:
        engine: Decides.
        opened: The sender, made when first needed.
        quota: Says when a request may be sent; None for no limit.
        clock: Measures the time and waits.
        observer: Told of each event.
    """

    engine: Engine
    opened: Opened[SenderT]
    quota: QuotaPolicy | None
    clock: Clock
    observer: Observer


@dataclasses.dataclass(frozen=True, slots=True)
class Calls:
    """What a hand-written method composes its steps of, without input or output.

    Attributes:
        engine: Decides what a call does.
        options: The options of the client.
        clock: Tells the time; to let it pass, yield ``Sleep``.
    """

    engine: Engine
    options: CallOptions
    clock: Clock

    def call(
        self,
        operation: Operation[ResultT],
        request: Request,
        *,
        priority: Priority = Priority.INTERACTIVE,
    ) -> Steps[ResultT]:
        """Return the steps of one call: ``user = yield from calls.call(…)``."""
        return self.engine.call(operation, request, options=self.options, priority=priority)


class _Course(typing.Generic[ResultT]):
    """Steps on their way to a result: each effect is carried out by somebody else.

    Args:
        steps: Decide.

    Attributes:
        outcome: What the latest effect came to.
        failure: What it raised instead.
        result: What the steps came to, once there is no next effect.
    """

    __slots__ = ("_steps", "failure", "outcome", "result")

    result: ResultT

    def __init__(self, steps: Steps[ResultT]) -> None:
        self._steps = steps
        self.outcome: Outcome = None
        self.failure: BaseException | None = None

    def next(self) -> Effect | None:
        """Return the next effect to carry out; None when there is a result."""
        try:
            if self.failure is not None:
                return self._steps.throw(self.failure)
            return self._steps.send(self.outcome)
        except StopIteration as end:
            self.result = end.value
            return None
        finally:
            # An error that its own traceback holds would wait for the garbage collector.
            self.outcome = self.failure = None


class _Driver(typing.Generic[SenderT]):
    """What is the same for threads and for asyncio.

    Args:
        shared: What it works with.
        options: How it calls.
    """

    def __init__(self, shared: Shared[SenderT], options: CallOptions) -> None:
        self._shared = shared
        self.options = options

    def with_options(self, options: CallOptions) -> typing.Self:
        """Return a driver that shares everything with this one but calls differently."""
        return type(self)(self._shared, options)

    def __deepcopy__(self, memo: dict[int, object]) -> typing.NoReturn:
        # Here, because not only clients refer to it: resources and lists do, too.
        raise TypeError(NO_COPY)

    def emit(self, effect: Emit) -> None:
        """Tell the hook and the log."""
        self._shared.observer.tell(effect)

    def _exchange(
        self, operation: Operation[ResultT], request: Request, priority: Priority
    ) -> Steps[Response[ResultT]]:
        engine = self._shared.engine
        return engine.exchange(operation, request, options=self.options, priority=priority)

    def _calls(self) -> Calls:
        return Calls(self._shared.engine, self.options, self._shared.clock)


class ThreadCaller(_Driver["Sender"]):
    """Calls operations in the calling thread."""

    def call(
        self,
        operation: Operation[ResultT],
        request: Request,
        *,
        priority: Priority = Priority.INTERACTIVE,
    ) -> ResultT:
        """Carry out one call."""
        return self.exchange(operation, request, priority=priority).parsed

    def exchange(
        self,
        operation: Operation[ResultT],
        request: Request,
        *,
        priority: Priority = Priority.INTERACTIVE,
    ) -> Response[ResultT]:
        """Carry out one call, and return the answer with its result."""
        return self._run(operation.id, self._exchange(operation, request, priority))

    def run(self, name: str, plan: Callable[[Calls], Steps[ResultT]]) -> ResultT:
        """Carry out the steps that ``plan`` makes; ``name`` is the method's, for errors."""
        return self._run(name, plan(self._calls()))

    def paginate(
        self, operation: PagedOperation[ItemT, PageT], request: Request
    ) -> OffsetPager[ItemT, PageT]:
        """Return the lazy pages of a list operation."""
        return OffsetPager(self, operation, request)

    def bulk(self, operation: BulkOperation[ItemT, ResultT], request: Request) -> BulkResult[ItemT]:
        """Look up all ids of a request, however many there are."""
        from insightiq._bulk import look_up  # noqa: PLC0415 - loaded when first used

        return self.run(operation.id, lambda calls: look_up(calls, operation, request))

    def close(self) -> None:
        """Refuse further calls and close the connections."""
        sender = self._shared.opened.close()
        if sender is not None:
            sender.close()

    def _run(self, name: str, steps: Steps[ResultT]) -> ResultT:
        sender = self._shared.opened.get(name)
        course = _Course(steps)
        while (effect := course.next()) is not None:
            try:
                course.outcome = self._carry_out(effect, sender)
            except BaseException as error:  # noqa: BLE001 - the steps decide, and raise it again
                course.failure = error
        return course.result

    def _carry_out(self, effect: Effect, sender: Sender) -> Outcome:
        shared = self._shared
        if isinstance(effect, Send):
            return sender.send(effect)
        if isinstance(effect, Acquire):
            assert shared.quota is not None
            return shared.quota.acquire(effect.priority, timeout=effect.timeout)
        if isinstance(effect, Sleep):
            shared.clock.sleep(effect.seconds)
        else:
            shared.observer.tell(effect)
        return None


class AsyncioCaller(_Driver["AsyncSender"]):
    """Calls operations in the running event loop."""

    async def call(
        self,
        operation: Operation[ResultT],
        request: Request,
        *,
        priority: Priority = Priority.INTERACTIVE,
    ) -> ResultT:
        """Carry out one call."""
        return (await self.exchange(operation, request, priority=priority)).parsed

    async def exchange(
        self,
        operation: Operation[ResultT],
        request: Request,
        *,
        priority: Priority = Priority.INTERACTIVE,
    ) -> Response[ResultT]:
        """Carry out one call, and return the answer with its result."""
        return await self._run(operation.id, self._exchange(operation, request, priority))

    async def run(self, name: str, plan: Callable[[Calls], Steps[ResultT]]) -> ResultT:
        """Carry out the steps that ``plan`` makes; ``name`` is the method's, for errors."""
        return await self._run(name, plan(self._calls()))

    def paginate(
        self, operation: PagedOperation[ItemT, PageT], request: Request
    ) -> AsyncOffsetPager[ItemT, PageT]:
        """Return the lazy pages of a list operation."""
        return AsyncOffsetPager(self, operation, request)

    async def bulk(
        self, operation: BulkOperation[ItemT, ResultT], request: Request
    ) -> BulkResult[ItemT]:
        """Look up all ids of a request, however many there are."""
        from insightiq._bulk import look_up  # noqa: PLC0415 - loaded when first used

        return await self.run(operation.id, lambda calls: look_up(calls, operation, request))

    async def close(self) -> None:
        """Refuse further calls and close the connections."""
        sender = self._shared.opened.close()
        if sender is not None:
            await sender.close()

    async def _run(self, name: str, steps: Steps[ResultT]) -> ResultT:
        _check_event_loop(name)
        sender = self._shared.opened.get(name)
        course = _Course(steps)
        while (effect := course.next()) is not None:
            try:
                course.outcome = await self._carry_out(effect, sender)
            except BaseException as error:  # noqa: BLE001 - the steps decide, and raise it again
                course.failure = error
        return course.result

    async def _carry_out(self, effect: Effect, sender: AsyncSender) -> Outcome:
        shared = self._shared
        if isinstance(effect, Send):
            return await sender.send(effect)
        if isinstance(effect, Acquire):
            assert shared.quota is not None
            return await shared.quota.acquire_async(effect.priority, timeout=effect.timeout)
        if isinstance(effect, Sleep):
            await shared.clock.sleep_async(effect.seconds)
        else:
            shared.observer.tell(effect)
        return None


def _check_event_loop(operation: str) -> None:
    """Refuse what would work until the first wait: httpx knows trio, quotas and clocks do not."""
    import asyncio  # noqa: PLC0415 - a program without an event loop does not pay for it

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        msg = (
            f"{operation}: AsyncInsightIQ works in an asyncio event loop only; "
            "under trio, call InsightIQ in a thread: trio.to_thread.run_sync(…)."
        )
        error = ConfigurationError(msg, operation=operation)
    else:
        return
    raise error
