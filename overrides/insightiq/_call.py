"""Calls: retry state and steps of one call, and the sync and async drivers that carry them out.

``Call.exchange`` is a generator without I/O: it yields effects (``Acquire``, ``Send``, ``Sleep``,
``Emit``), a driver carries each one out and sends its outcome back, and the generator returns the
response or raises the error. Both drivers run the same generator, so every decision exists once.
"""

from __future__ import annotations

import dataclasses
import functools
import logging
import os
import threading
import typing
import weakref
from collections.abc import Generator

from insightiq import _api_errors, _retry, errors
from insightiq._events import (
    AttemptFailed,
    AttemptStarted,
    Emit,
    QuotaWaited,
    RateLimited,
    ResponseReceived,
    RetryScheduled,
)
from insightiq._pagination import AsyncOffsetPager, OffsetPager, look_up
from insightiq._raw import RawOperation
from insightiq._response import (
    BROKEN_DATA,
    Failure,
    Problem,
    Reader,
    Response,
    StrictReadingError,
    json_body,
    json_object,
    keep_response,
    text_of,
)
from insightiq._retry import Kind
from insightiq.errors import ClientClosedError, ConfigurationError
from insightiq.quota import Priority
from insightiq_generated.client import BulkOperation

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from insightiq._clock import Clock
    from insightiq._config import CallOptions
    from insightiq._events import Emitter
    from insightiq._secret import Secret
    from insightiq._transport import AsyncSender, Sender
    from insightiq.quota import QuotaPolicy, Slot
    from insightiq_generated.client import BulkResult, Operation, PagedOperation, Request, Success

__all__ = [
    "NO_COPY",
    "Acquire",
    "AsyncDriver",
    "Call",
    "Calls",
    "Lazy",
    "Send",
    "Shared",
    "Sleep",
    "Steps",
    "SyncDriver",
]

NO_COPY: typing.Final = (
    "A client holds connections and cannot be copied: "
    "use with_options() to call differently, or make a new client."
)
# Asking the quota takes time, too; a shorter wait was not for a slot.
_SHORTEST_WAIT = 0.01
# A timeout may end this many seconds before the deadline that it was derived from.
_ROUNDING = 0.001
_NO_CONTENT = 204
_TOO_MANY_REQUESTS = 429

ResultT = typing.TypeVar("ResultT")
ItemT = typing.TypeVar("ItemT")
PageT = typing.TypeVar("PageT")
SenderT = typing.TypeVar("SenderT", bound="Sender | AsyncSender")
ValueT = typing.TypeVar("ValueT")
ErrorT = typing.TypeVar("ErrorT", bound=errors.InsightIQError)

_log = logging.getLogger("insightiq")


# Effects


@dataclasses.dataclass(frozen=True, slots=True)
class Acquire:
    """Effect: wait for a slot of the quota; the outcome is the ``Slot``.

    ``TimeoutError`` is thrown when there is none after ``timeout`` seconds.
    """

    priority: Priority
    timeout: float | None


@dataclasses.dataclass(frozen=True, slots=True)
class Send:
    """Effect: send the request; the outcome is a ``Response`` or a ``Failure``.

    ``within`` is the time left for all of it, whatever its timeouts, ``max_bytes`` the longest body.
    """

    request: httpx.Request
    within: float | None
    max_bytes: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Sleep:
    """Effect: wait."""

    seconds: float


Effect: typing.TypeAlias = Acquire | Send | Sleep | Emit
Outcome: typing.TypeAlias = "Response[None] | Failure | Slot | None"
Steps: typing.TypeAlias = Generator[Effect, Outcome, ResultT]
"""Steps of one piece of work, which a driver carries out for its result."""


# Shared state


class Lazy(typing.Generic[ValueT]):
    """A value that is made on the first ``get``, once for all threads, until it is closed.

    A forked process makes a value of its own: two processes that read from one connection would
    take each other's responses.
    """

    def __init__(self, make: Callable[[], ValueT]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._value: ValueT | None = None
        self._closed = False
        _living.add(self)

    def get(self, operation: str) -> ValueT:
        """Return the value for a call of ``operation``."""
        value = self._value
        if value is not None:
            return value
        with self._lock:
            if self._closed:
                msg = (
                    f"{operation}: this client is closed. Make a new one, "
                    "or keep its with block open for as long as you use it."
                )
                raise ClientClosedError(msg, operation=operation)
            if self._value is None:
                self._value = self._make()
            return self._value

    def close(self) -> ValueT | None:
        """Reject further calls; return the value to close, if it was ever made."""
        with self._lock:
            self._closed = True
            value, self._value = self._value, None
            return value

    def forget(self) -> None:
        """Drop the value in a forked process; the next ``get`` makes another."""
        # Another thread may have held the lock at that moment, and does not exist here.
        self._lock = threading.Lock()
        if self._value is not None:
            # Kept alive: closing it could wait for a lock of a thread that does not exist here.
            _inherited.append(self._value)
            self._value = None


_living: weakref.WeakSet[Lazy[typing.Any]] = weakref.WeakSet()
_inherited: list[object] = []


def _forget_all() -> None:
    for lazy in list(_living):
        lazy.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)


@dataclasses.dataclass(frozen=True, slots=True)
class Shared(typing.Generic[SenderT]):
    """State that all clients made by ``with_options`` share.

    Attributes:
        base_url: Address of the API.
        secrets: Texts that no error may contain, even where the server repeats them.
        clock: Measures the time and waits.
        quota: Decides when a request may be sent; None for no limit.
        budget: Limits the retries of all calls together.
        emitter: Passes events to the hook and the log.
        sender: Sends requests; made with the first call.
        reader: Parses the results.
    """

    base_url: str
    secrets: tuple[Secret, ...]
    clock: Clock
    quota: QuotaPolicy | None
    budget: _retry.RetryBudget
    emitter: Emitter
    sender: Lazy[SenderT]
    reader: Reader = dataclasses.field(default_factory=Reader)


# One call


class Call(typing.Generic[ResultT]):
    """One call: its retry state and its steps.

    Attributes:
        attempts: Number of attempts to send the request.
        waited: Seconds of waiting, between the attempts and for the quota.
        maybe_applied: Whether one of the attempts may have changed something.
    """

    __slots__ = (
        "_ends",
        "_operation",
        "_options",
        "_priority",
        "_request",
        "_sender",
        "_shared",
        "attempts",
        "maybe_applied",
        "waited",
    )

    def __init__(
        self,
        calls: Calls,
        operation: Operation[ResultT],
        request: Request,
        priority: Priority,
    ) -> None:
        self._shared = shared = calls.shared
        self._sender = calls.sender
        self._options = options = calls.options
        self._operation = operation
        self._request = request
        self._priority = priority
        deadline = options.deadline
        self._ends = None if deadline is None else shared.clock.monotonic() + deadline
        self.attempts = 0
        self.waited = 0.0
        self.maybe_applied = False

    def exchange(self) -> Steps[Response[ResultT]]:
        """Yield the steps of the call and return its response."""
        response = yield from self._success()
        try:
            parsed = self._parse(response)
        except errors.InsightIQError as error:
            raise self._signed(error) from error.__cause__
        result = Response(
            parsed,
            response.status_code,
            response.headers,
            response.raw,
            response.request_id,
            self.attempts,
            self.waited,
        )
        keep_response(result)
        return result

    def _success(self) -> Steps[Response[None]]:
        """Retry the request until there is a success, or no further attempt is allowed."""
        outcome: Response[None] | Failure | None = None
        while True:
            outcome = yield from self._attempt(outcome)
            if not isinstance(outcome, Failure) and self._is_success(outcome):
                return outcome
            wait = self._wait_or_raise(outcome)
            if _listening(self._shared):
                reason = _reason(outcome)
                yield Emit(RetryScheduled(self._operation.id, self.attempts, wait, reason))
            yield Sleep(wait)
            self.waited += wait

    def _is_success(self, response: Response[None]) -> bool:
        """Whether the status is one of success, or a documented redirect."""
        return response.is_success or _documented(self._operation, response.status_code) is not None

    def _wait_or_raise(self, outcome: Response[None] | Failure) -> float:
        """Return the seconds before the next attempt, or raise the error of the call."""
        kind = _retry.kind_of(outcome)
        self._note(kind)
        retryable = _retry.is_retryable(
            kind, method=self._request.method, retry_safe=self._operation.retry_safe
        )
        if not retryable or self.attempts >= self._options.max_attempts:
            last = self._error(outcome)
            if isinstance(outcome, Failure) and outcome.timed_out and self._is_over:
                # The deadline ended the attempt, and no timeout of its parts.
                raise self._too_late(last) from last
            raise last
        wait = _retry.wait_before(
            outcome, attempt=self.attempts, now=self._shared.clock.wall(), chance=_chance()
        )
        left = self._left()
        if left is not None and wait >= left:
            last = self._error(outcome)
            raise self._too_late(last) from last
        if not self._shared.budget.take():
            raise self._error(outcome, budget_empty=True)
        return wait

    def _attempt(self, before: Response[None] | Failure | None) -> Steps[Response[None] | Failure]:
        """Send the request once, when the quota allows; ``before`` is the previous outcome."""
        shared, name = self._shared, self._operation.id
        slot, waited = None, 0.0
        if shared.quota is not None:
            slot, waited = yield from self._slot(before)
        outcome: Response[None] | Failure
        ended: Response[None] | Failure | None = None
        listening = _listening(shared)
        try:
            self.attempts += 1
            left = self._left()
            built = self._sender.build_request(self._request, self._options, left)
            if listening:
                if waited > 0:
                    yield Emit(QuotaWaited(name, waited))
                yield self._started(built)
            began = shared.clock.monotonic()
            if isinstance(built, Failure):
                outcome = ended = built
            else:
                send = Send(built, left, self._options.max_response_bytes)
                outcome = ended = typing.cast("Response[None] | Failure", (yield send))
        finally:
            # Reached by a cancellation, too: a slot that is never released is lost for good.
            if slot is not None:
                self._release(slot, ended)
        if listening:
            yield from self._ended(outcome, shared.clock.monotonic() - began)
        return outcome

    def _slot(self, before: Response[None] | Failure | None) -> Steps[tuple[Slot, float]]:
        # Nothing may be yielded after the slot: a cancellation there would lose it.
        clock = self._shared.clock
        began = clock.monotonic()
        try:
            slot = yield Acquire(self._priority, self._left())
        except TimeoutError:
            self.waited += clock.monotonic() - began
            last = None if before is None else self._error(before)
            raise self._too_late(last) from last
        waited = clock.monotonic() - began
        if waited < _SHORTEST_WAIT:
            return slot, 0.0
        self.waited += waited
        return slot, waited

    def _release(self, slot: Slot, outcome: Response[None] | Failure | None) -> None:
        assert self._shared.quota is not None
        date = status = None
        try:
            if isinstance(outcome, Response):
                status = outcome.status_code
                header = outcome.headers.get("date")
                date = None if header is None else _retry.parse_http_date(header)
        finally:
            # Whatever reading the response raises: a slot that is never released is lost for good.
            self._shared.quota.release(slot, server_date=date, status=status)

    def _parse(self, response: Response[None]) -> ResultT:
        operation = self._operation
        if isinstance(operation, RawOperation):
            return typing.cast("ResultT", self._parse_raw(response))
        if operation.successes:
            return self._parse_documented(response)
        body = None
        if response.status_code != _NO_CONTENT:
            body = self._checked(json_object(response), response)
            self._reject_error(response, body)
        rows = _key_of_rows(operation)
        if rows is not None and not isinstance((body or {}).get(rows), list):
            # The models accept any value; without a list there is nothing to iterate over.
            raise self._unreadable(response, f"it has no list under {rows!r}")
        return self._read(response, body, operation.parse_response)

    def _parse_documented(self, response: Response[None]) -> ResultT:
        """Return the result of an operation with successes other than one JSON object."""
        success = _documented(self._operation, response.status_code)
        if success is None:
            known = ", ".join(self._operation.successes)
            raise self._unreadable(response, f"its status is none of those documented ({known})")
        body: object = None
        if success.form == "json":
            body = self._checked(json_body(response), response)
            self._reject_error(response, body)
        elif success.form != "none":
            if response.body_problem:
                raise self._unreadable(response, response.body_problem)
            body = response.raw if success.form == "bytes" else text_of(response)
        return self._read(response, body, success.parse)

    def _reject_error(self, response: Response[None], body: object) -> None:
        """Raise the error that a response holds although its status is one of success."""
        if isinstance(body, dict) and "error" in body:
            found = typing.cast("dict[str, typing.Any]", body)
            error = _api_errors.error_in_success(
                self._operation.id, response, found, self._shared.secrets, self._text_of_success
            )
            if error is not None:
                raise error

    def _read(
        self, response: Response[None], body: object, parse: Callable[[typing.Any], ResultT]
    ) -> ResultT:
        reader, name = self._shared.reader, self._operation.id
        try:
            return reader.read(name, parse, body, strict=self._options.strict)
        except StrictReadingError as error:
            raise self._unreadable(response, f"read strictly, {error}") from None
        except BROKEN_DATA as error:
            problem = f"it has not the promised shape ({type(error).__name__}: {error})"
            raise self._unreadable(response, problem) from error

    def _parse_raw(self, response: Response[None]) -> object:
        """Return the JSON of a response of unknown shape; None for one without a body."""
        empty = not response.raw and not response.body_problem
        if response.status_code == _NO_CONTENT or empty:
            return None
        return self._checked(json_body(response), response)

    def _checked(self, body: ValueT | Problem, response: Response[None]) -> ValueT:
        if isinstance(body, Problem):
            raise self._unreadable(response, body)
        return body

    def _unreadable(self, response: Response[None], problem: str) -> errors.InsightIQError:
        return _api_errors.unreadable(self._operation.id, response, problem, self._text_of_success)

    # Retry state

    def _left(self) -> float | None:
        """Return the seconds until the deadline, None without one; never below zero."""
        return None if self._ends is None else max(self._ends - self._shared.clock.monotonic(), 0.0)

    @property
    def _is_over(self) -> bool:
        left = self._left()
        return left is not None and left < _ROUNDING

    def _note(self, kind: Kind) -> None:
        """Remember whether a failed attempt may have changed something."""
        method, safe = self._request.method, self._operation.retry_safe
        if _retry.is_ambiguous(kind, method=method, retry_safe=safe):
            self.maybe_applied = True

    def _text(self, *, received_known: bool = False, budget_empty: bool = False) -> str:
        return _api_errors.attempts_text(
            attempts=self.attempts,
            waited=self.waited,
            maybe_applied=self.maybe_applied,
            received_known=received_known,
            budget_empty=budget_empty,
        )

    def _text_of_success(self) -> str:
        """Return the text about the attempts of a success that cannot be read."""
        self._note(Kind.SUCCESS)
        return self._text()

    def _signed(self, error: ErrorT) -> ErrorT:
        """Return ``error`` with the retry state in it."""
        error.attempts = self.attempts
        error.waited = self.waited
        error.maybe_applied = self.maybe_applied
        return error

    def _error(
        self, outcome: Response[None] | Failure, *, budget_empty: bool = False
    ) -> errors.InsightIQError:
        name, shared = self._operation.id, self._shared
        if isinstance(outcome, Response):
            text = functools.partial(self._text, budget_empty=budget_empty)
            return self._signed(_api_errors.error_from(name, outcome, shared.secrets, text))
        error = _api_errors.connection_error(
            name,
            shared.base_url,
            outcome,
            secrets=shared.secrets,
            overdue=outcome.timed_out and self._is_over,
            attempts=self._text(received_known=outcome.sent, budget_empty=budget_empty),
        )
        return self._signed(error)

    def _too_late(self, last: errors.InsightIQError | None) -> errors.DeadlineExceededError:
        deadline, name = self._options.deadline, self._operation.id
        assert deadline is not None
        text = None if last is None else str(last)
        line = _api_errors.deadline_text(
            name, deadline, attempts=self.attempts, waited=self.waited, last=text
        )
        request_id = None if last is None else last.request_id
        error = errors.DeadlineExceededError(line, operation=name, request_id=request_id)
        error.last_failure = text
        return self._signed(error)

    # Events

    def _started(self, built: httpx.Request | Failure) -> Emit:
        started = AttemptStarted(
            operation=self._operation.id,
            method=self._request.method,
            path=self._request.path,
            template=self._operation.path,
            attempt=self.attempts,
        )
        return Emit(started, None if isinstance(built, Failure) else built)

    def _ended(self, outcome: Response[None] | Failure, seconds: float) -> Steps[None]:
        name, request = self._operation.id, self._request
        if isinstance(outcome, Failure):
            failed = AttemptFailed(
                operation=name,
                method=request.method,
                path=request.path,
                timed_out=outcome.timed_out,
                sent=outcome.sent,
                attempt=self.attempts,
                seconds=seconds,
            )
            yield Emit(failed, outcome)
            return
        received = ResponseReceived(
            operation=name,
            method=request.method,
            path=request.path,
            status_code=outcome.status_code,
            request_id=outcome.request_id,
            attempt=self.attempts,
            seconds=seconds,
        )
        yield Emit(received, outcome)
        if outcome.status_code == _TOO_MANY_REQUESTS:
            headers = outcome.headers
            wait = _retry.retry_after_seconds(headers.get("retry-after"), headers.get("date"))
            yield Emit(RateLimited(name, wait, outcome.request_id))


@dataclasses.dataclass(frozen=True, slots=True)
class Calls:
    """The calls that a hand-written method is composed of, without I/O.

    Attributes:
        shared: State of the client.
        sender: Builds the requests.
        options: Options of the client.
    """

    shared: Shared[typing.Any]
    sender: Sender | AsyncSender
    options: CallOptions

    @property
    def clock(self) -> Clock:
        """Clock of the client; to wait, yield ``sleep``."""
        return self.shared.clock

    def exchange(
        self, operation: Operation[ResultT], request: Request, priority: Priority
    ) -> Steps[Response[ResultT]]:
        """Return the steps of one call, whose result is the response."""
        return Call(self, operation, request, priority).exchange()

    def call(
        self,
        operation: Operation[ResultT],
        request: Request,
        *,
        priority: Priority = Priority.INTERACTIVE,
    ) -> Steps[ResultT]:
        """Yield the steps of one call: ``user = yield from calls.call(…)``."""
        response = yield from self.exchange(operation, request, priority)
        return response.parsed

    def sleep(self, seconds: float) -> Sleep:
        """Return the effect of a wait: ``yield calls.sleep(…)``."""
        return Sleep(seconds)


def _documented(operation: Operation[ResultT], status: int) -> Success[ResultT] | None:
    """Return the documented success of a status, None where there is none."""
    successes = operation.successes
    return successes.get(str(status)) or successes.get(f"{status // 100}XX")


def _listening(shared: Shared[typing.Any]) -> bool:
    """Return whether events have a listener: a hook, or the log."""
    return shared.emitter.hook is not None or _log.isEnabledFor(logging.INFO)


def _key_of_rows(operation: Operation[typing.Any]) -> str | None:
    if isinstance(operation, BulkOperation):
        return operation.bulk.items
    return None if operation.pagination is None else operation.pagination.items


def _reason(outcome: Response[None] | Failure) -> str:
    if isinstance(outcome, Response):
        return f"status {outcome.status_code}"
    if outcome.timed_out:
        return "no response in time"
    return "a broken connection" if outcome.sent else "no connection"


def _chance() -> float:
    import random

    return random.random()


# Drivers


class _Driver(typing.Generic[SenderT]):
    """Base class of the sync and async drivers."""

    def __init__(self, shared: Shared[SenderT], options: CallOptions) -> None:
        self._shared = shared
        self.options = options

    def with_options(self, options: CallOptions) -> typing.Self:
        """Return a driver that shares everything but the options."""
        return type(self)(self._shared, options)

    def __deepcopy__(self, memo: dict[int, object]) -> typing.NoReturn:
        # Here, because resources and lists refer to the driver, too.
        raise TypeError(NO_COPY)

    @property
    def listening(self) -> bool:
        """Whether events have a listener."""
        return _listening(self._shared)

    def emit(self, effect: Emit) -> None:
        """Emit an event."""
        self._shared.emitter.emit(effect)


class SyncDriver(_Driver["Sender"]):
    """Carries calls out in the calling thread."""

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
        """Carry out one call, and return its response."""
        return self.run(operation.id, lambda calls: calls.exchange(operation, request, priority))

    def run(self, name: str, plan: Callable[[Calls], Steps[ResultT]]) -> ResultT:
        """Carry out the steps that ``plan`` returns; ``name`` is the method's, for errors."""
        sender = self._shared.sender.get(name)
        steps = plan(Calls(self._shared, sender, self.options))
        outcome: Outcome = None
        failure: BaseException | None = None
        while True:
            try:
                effect = steps.send(outcome) if failure is None else steps.throw(failure)
            except StopIteration as end:
                return typing.cast("ResultT", end.value)
            finally:
                # An error that its own traceback holds would wait for the garbage collector.
                outcome = failure = None
            try:
                outcome = self._carry_out(effect, sender)
            except BaseException as error:  # noqa: BLE001 - the steps decide, and raise it again
                failure = error

    def paginate(
        self, operation: PagedOperation[ItemT, PageT], request: Request
    ) -> OffsetPager[ItemT, PageT]:
        """Return the lazy pages of a list operation."""
        return OffsetPager(self, operation, request)

    def bulk(self, operation: BulkOperation[ItemT, ResultT], request: Request) -> BulkResult[ItemT]:
        """Look up all ids of a request, however many there are."""
        return self.run(operation.id, lambda calls: look_up(calls, operation, request))

    def close(self) -> None:
        """Reject further calls and close the connections."""
        sender = self._shared.sender.close()
        if sender is not None:
            sender.close()

    def _carry_out(self, effect: Effect, sender: Sender) -> Outcome:
        shared = self._shared
        if isinstance(effect, Send):
            return sender.send(effect.request, effect.within, effect.max_bytes)
        if isinstance(effect, Acquire):
            assert shared.quota is not None
            return shared.quota.acquire(effect.priority, timeout=effect.timeout)
        if isinstance(effect, Sleep):
            shared.clock.sleep(effect.seconds)
        else:
            shared.emitter.emit(effect)
        return None


class AsyncDriver(_Driver["AsyncSender"]):
    """Carries calls out in the running event loop."""

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
        """Carry out one call, and return its response."""
        return await self.run(
            operation.id, lambda calls: calls.exchange(operation, request, priority)
        )

    async def run(self, name: str, plan: Callable[[Calls], Steps[ResultT]]) -> ResultT:
        """Carry out the steps that ``plan`` returns; ``name`` is the method's, for errors."""
        _check_event_loop(name)
        sender = self._shared.sender.get(name)
        steps = plan(Calls(self._shared, sender, self.options))
        outcome: Outcome = None
        failure: BaseException | None = None
        while True:
            try:
                effect = steps.send(outcome) if failure is None else steps.throw(failure)
            except StopIteration as end:
                return typing.cast("ResultT", end.value)
            finally:
                # An error that its own traceback holds would wait for the garbage collector.
                outcome = failure = None
            try:
                outcome = await self._carry_out(effect, sender)
            except BaseException as error:  # noqa: BLE001 - the steps decide, and raise it again
                failure = error

    def paginate(
        self, operation: PagedOperation[ItemT, PageT], request: Request
    ) -> AsyncOffsetPager[ItemT, PageT]:
        """Return the lazy pages of a list operation."""
        return AsyncOffsetPager(self, operation, request)

    async def bulk(
        self, operation: BulkOperation[ItemT, ResultT], request: Request
    ) -> BulkResult[ItemT]:
        """Look up all ids of a request, however many there are."""
        return await self.run(operation.id, lambda calls: look_up(calls, operation, request))

    async def close(self) -> None:
        """Reject further calls and close the connections."""
        sender = self._shared.sender.close()
        if sender is not None:
            await sender.close()

    async def _carry_out(self, effect: Effect, sender: AsyncSender) -> Outcome:
        shared = self._shared
        if isinstance(effect, Send):
            return await sender.send(effect.request, effect.within, effect.max_bytes)
        if isinstance(effect, Acquire):
            assert shared.quota is not None
            return await shared.quota.acquire_async(effect.priority, timeout=effect.timeout)
        if isinstance(effect, Sleep):
            await shared.clock.sleep_async(effect.seconds)
        else:
            shared.emitter.emit(effect)
        return None


def _check_event_loop(operation: str) -> None:
    """Reject other event loops: httpx supports trio, quotas and clocks do not."""
    import asyncio

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
