"""The policy of a call, without input or output.

``Engine.exchange`` is a generator: it yields what has to be done (``insightiq._effects``), a driver
does it and sends the outcome back, and the generator returns the result or raises the error. The
thread driver and the asyncio driver run the same generator, so nothing is decided twice.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import sys
import typing
import urllib.parse

from insightiq import _answers, _messages, _retry, errors
from insightiq._effects import Acquire, Effect, Emit, Outcome, Send, Sleep, Steps
from insightiq._effort import Effort
from insightiq._events import (
    AttemptFailed,
    AttemptStarted,
    QuotaWaited,
    RateLimited,
    ResponseReceived,
    RetryScheduled,
)
from insightiq._http_date import epoch_seconds
from insightiq._raw import RawOperation, Response, keep
from insightiq._reading import BROKEN_DATA, Reader, StrictReadingError
from insightiq._retry import Action, Kind
from insightiq._retry_after import seconds_to_wait
from insightiq._secret import Secret, mask
from insightiq._version import version
from insightiq._wire import Answer, Failure, WireRequest
from insightiq.quota import Priority
from insightiq_generated.client import BulkOperation

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from insightiq._budget import RetryBudget
    from insightiq._clock import Clock
    from insightiq._observing import Observer
    from insightiq._options import CallOptions
    from insightiq.quota import QuotaPolicy, Slot
    from insightiq_generated.client import Operation, Request

__all__ = ["Effect", "Emit", "Engine", "Outcome", "Send", "Sleep", "Steps", "user_agent"]

ResultT = typing.TypeVar("ResultT")

# Asking the quota takes time, too; what is shorter was not waited for a slot.
_SHORTEST_WAIT = 0.01


@dataclasses.dataclass(frozen=True, slots=True)
class _Call:
    """What there is to know of one call while it is made."""

    name: str
    template: str
    request: Request
    options: CallOptions
    priority: Priority
    effort: Effort
    retry_safe: bool


class Engine:
    """Decides what a call does.

    Args:
        base_url: What every path is appended to.
        secrets: Texts that no error may contain, even where the server repeats them.
        clock: Measures deadlines and waits.
        budget: Limits the repetitions of all calls together.
        observer: Whom events are for.
        quota: Says when a request may be sent; None for no limit.
    """

    def __init__(  # noqa: PLR0913 - keyword-only collaborators, one for each concern
        self,
        base_url: str,
        *,
        secrets: tuple[Secret, ...],
        clock: Clock,
        budget: RetryBudget,
        observer: Observer,
        quota: QuotaPolicy | None,
    ) -> None:
        self._base_url = base_url
        self._secrets = secrets
        self._clock = clock
        self._budget = budget
        self._observer = observer
        self._quota = quota
        self._reader = Reader()

    def call(
        self,
        operation: Operation[ResultT],
        request: Request,
        *,
        options: CallOptions,
        priority: Priority = Priority.INTERACTIVE,
    ) -> Steps[ResultT]:
        """Yield the steps of one call and return its parsed result.

        Raises:
            InsightIQError: No answer, an error, or an answer that cannot be read.
        """
        response = yield from self.exchange(operation, request, options=options, priority=priority)
        return response.parsed

    def exchange(
        self,
        operation: Operation[ResultT],
        request: Request,
        *,
        options: CallOptions,
        priority: Priority = Priority.INTERACTIVE,
    ) -> Steps[Response[ResultT]]:
        """Do as ``call`` does, and return the answer with the result."""
        safe = operation.retry_safe
        effort = Effort(self._clock, options.deadline, request.method, retry_safe=safe)
        call = _Call(operation.id, operation.path, request, options, priority, effort, safe)
        answer = yield from self._answer(call)
        try:
            parsed = self._result(operation, answer, effort, strict=options.strict)
        except errors.InsightIQError as error:
            raise effort.sign(error) from error.__cause__
        response = Response(
            parsed=parsed,
            status_code=answer.status,
            headers=answer.headers,
            raw=answer.content or b"",
            request_id=_answers.request_id_of(answer),
            attempts=effort.attempts,
            waited=effort.waited,
        )
        keep(response)
        return response

    def _answer(self, call: _Call) -> Steps[Answer]:
        """Repeat the request until there is a success, or nothing left to try."""
        wire = self._wire_request(call.request, call.options)
        effort = call.effort
        outcome: Answer | Failure | None = None
        while True:
            outcome = yield from self._attempt(call, wire, before=outcome)
            kind = _retry.kind_of(outcome)
            if kind is Kind.SUCCESS:
                assert isinstance(outcome, Answer)
                return outcome
            effort.note(kind)
            action = _retry.decide(
                kind,
                method=call.request.method,
                retry_safe=call.retry_safe,
                attempt=effort.attempts,
                max_attempts=call.options.max_attempts,
            )
            if action is not Action.REPEAT:
                last = self._error(call.name, outcome, effort)
                if isinstance(outcome, Failure) and outcome.timed_out and effort.is_over:
                    # The deadline ended the attempt, and no timeout of its parts.
                    raise self._too_late(call.name, effort, last) from last
                raise last
            wait = _retry.wait_before(
                outcome, attempt=effort.attempts, now=self._clock.wall(), chance=_chance()
            )
            if not effort.allows(wait):
                last = self._error(call.name, outcome, effort)
                raise self._too_late(call.name, effort, last) from last
            if not self._budget.take():
                raise self._error(call.name, outcome, effort, budget_empty=True)
            if self._observer.active:
                reason = _reason(outcome)
                yield Emit(RetryScheduled(call.name, effort.attempts, wait, reason))
            yield Sleep(wait)
            effort.waited += wait

    def _attempt(
        self, call: _Call, wire: WireRequest, *, before: Answer | Failure | None
    ) -> Steps[Answer | Failure]:
        """Send the request once, when the quota allows; ``before`` ended the attempt before."""
        slot, waited = None, 0.0
        if self._quota is not None:
            slot, waited = yield from self._slot(call, before)
        outcome: Answer | Failure | None = None
        effort = call.effort
        try:
            effort.attempts += 1
            watched = self._observer.active
            if watched:
                if waited > 0:
                    yield Emit(QuotaWaited(call.name, waited))
                yield _started(call, wire)
            began = self._clock.monotonic()
            options = call.options
            send = Send(wire, options.timeouts, effort.left(), options.max_response_bytes)
            ended = outcome = typing.cast("Answer | Failure", (yield send))
        finally:
            # Reached by a cancellation, too: a slot that is never given back is lost for good.
            if slot is not None:
                self._release(slot, outcome)
        if watched:
            yield from _told(call, ended, self._clock.monotonic() - began)
        return ended

    def _slot(self, call: _Call, before: Answer | Failure | None) -> Steps[tuple[Slot, float]]:
        # Nothing may be yielded behind the slot: who calls the steps off there would lose it.
        effort, began = call.effort, self._clock.monotonic()
        try:
            slot = yield Acquire(call.priority, effort.left())
        except TimeoutError:
            effort.waited += self._clock.monotonic() - began
            last = None if before is None else self._error(call.name, before, effort)
            raise self._too_late(call.name, effort, last) from last
        waited = self._clock.monotonic() - began
        if waited < _SHORTEST_WAIT:
            return slot, 0.0
        effort.waited += waited
        return slot, waited

    def _release(self, slot: Slot, outcome: Answer | Failure | None) -> None:
        assert self._quota is not None
        date = status = None
        try:
            if isinstance(outcome, Answer):
                status = outcome.status
                header = outcome.headers.get("date")
                date = None if header is None else epoch_seconds(header)
        finally:
            # Whatever reading the response raises: a slot that is not given back is lost for good.
            self._quota.release(slot, server_date=date, status=status)

    def _wire_request(self, request: Request, options: CallOptions) -> WireRequest:
        parameters, body, extra = request.query, request.json, options.headers
        # What the call itself says comes first: a list would lose its place otherwise.
        if options.extra_query:
            parameters = {**options.extra_query, **parameters}
        if options.extra_body and isinstance(body, dict):
            body = {**options.extra_body, **typing.cast("dict[str, object]", body)}
        query = urllib.parse.urlencode(parameters, quote_via=urllib.parse.quote)
        headers, content = self._headers, None
        if body is not None:
            headers = self._headers_with_body
            content = _encoded(body)
        return WireRequest(
            method=request.method,
            url=f"{self._base_url}{request.path}" + (f"?{query}" if query else ""),
            headers={**headers, **extra} if extra else headers,
            content=content,
        )

    @functools.cached_property
    def _headers(self) -> Mapping[str, str]:
        return {"accept": "application/json", "user-agent": user_agent()}

    @functools.cached_property
    def _headers_with_body(self) -> Mapping[str, str]:
        return {**self._headers, "content-type": "application/json"}

    def _result(
        self, operation: Operation[ResultT], answer: Answer, effort: Effort, *, strict: bool
    ) -> ResultT:
        story = effort.story_of_success
        if isinstance(operation, RawOperation):
            return typing.cast("ResultT", _answers.read_anything(operation.id, answer, story))
        body = _answers.read_object(operation.id, answer, self._secrets, story)
        rows = _key_of_rows(operation)
        if rows is not None and not isinstance((body or {}).get(rows), list):
            # The models take whatever comes; without a list there is nothing to iterate over.
            problem = f"it has no list under {rows!r}"
            raise _answers.unreadable(operation.id, answer, problem, story)
        try:
            return self._reader.read(operation, body, strict=strict)
        except StrictReadingError as error:
            problem = f"read strictly, {error}"
            raise _answers.unreadable(operation.id, answer, problem, story) from None
        except BROKEN_DATA as error:
            problem = f"it has not the promised shape ({type(error).__name__}: {error})"
            raise _answers.unreadable(operation.id, answer, problem, story) from error

    def _error(
        self,
        operation: str,
        outcome: Answer | Failure,
        effort: Effort,
        *,
        budget_empty: bool = False,
    ) -> errors.InsightIQError:
        if isinstance(outcome, Answer):
            story = functools.partial(effort.story, budget_empty=budget_empty)
            return effort.sign(_answers.error_from(operation, outcome, self._secrets, story))
        kind = errors.APITimeoutError if outcome.timed_out else errors.APIConnectionError
        line = _messages.failure_line(
            operation,
            self._base_url,
            timed_out=outcome.timed_out,
            sent=outcome.sent,
            untrusted=outcome.untrusted,
            overdue=outcome.timed_out and effort.is_over,
            detail=mask(outcome.detail, self._secrets),
            story=effort.story(fate_known=outcome.sent, budget_empty=budget_empty),
        )
        return effort.sign(kind(line, operation=operation))

    def _too_late(
        self, operation: str, effort: Effort, last: errors.InsightIQError | None
    ) -> errors.DeadlineExceededError:
        assert effort.deadline is not None
        words = None if last is None else str(last)
        line = _messages.deadline_line(
            operation, effort.deadline, attempts=effort.attempts, waited=effort.waited, last=words
        )
        request_id = None if last is None else last.request_id
        error = errors.DeadlineExceededError(line, operation=operation, request_id=request_id)
        error.last_failure = words
        return effort.sign(error)


def user_agent() -> str:
    """Return the name under which requests are sent."""
    python = ".".join(str(part) for part in sys.version_info[:3])
    return f"insightiq-toolkit/{version()} python/{python}"


def _key_of_rows(operation: Operation[typing.Any]) -> str | None:
    if isinstance(operation, BulkOperation):
        return operation.bulk.items
    return None if operation.pagination is None else operation.pagination.items


def _started(call: _Call, wire: WireRequest) -> Emit:
    started = AttemptStarted(
        operation=call.name,
        method=call.request.method,
        path=call.request.path,
        template=call.template,
        attempt=call.effort.attempts,
    )
    return Emit(started, wire)


def _told(call: _Call, outcome: Answer | Failure, seconds: float) -> Iterator[Emit]:
    """Yield what is to be told of an attempt."""
    request, attempt = call.request, call.effort.attempts
    if isinstance(outcome, Failure):
        failed = AttemptFailed(
            operation=call.name,
            method=request.method,
            path=request.path,
            timed_out=outcome.timed_out,
            sent=outcome.sent,
            attempt=attempt,
            seconds=seconds,
        )
        yield Emit(failed, outcome)
        return
    request_id = _answers.request_id_of(outcome)
    received = ResponseReceived(
        operation=call.name,
        method=request.method,
        path=request.path,
        status_code=outcome.status,
        request_id=request_id,
        attempt=attempt,
        seconds=seconds,
    )
    yield Emit(received, outcome)
    if outcome.status == 429:  # noqa: PLR2004 - the status that means it
        headers = outcome.headers
        wait = seconds_to_wait(headers.get("retry-after"), headers.get("date"))
        yield Emit(RateLimited(call.name, wait, request_id))


def _reason(outcome: Answer | Failure) -> str:
    if isinstance(outcome, Answer):
        return f"status {outcome.status}"
    if outcome.timed_out:
        return "no answer in time"
    return "a broken connection" if outcome.sent else "no connection"


def _chance() -> float:
    import random  # noqa: PLC0415 - slow to import, and needed after a failure only

    return random.random()  # noqa: S311 - spreads calls over time, and guards no secret


def _encoded(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
