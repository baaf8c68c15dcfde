"""The policy of a call, without input or output.

``Engine.call`` is a generator: it yields what has to be done (``Send``, ``Emit``), a driver does it
and sends the outcome back, and the generator returns the result or raises the error. The thread
driver and the asyncio driver run the same generator, so nothing is decided twice.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import sys
import typing
import urllib.parse

from insightiq import _answers, _messages, errors
from insightiq._events import ResponseReceived
from insightiq._secret import Secret, mask
from insightiq._version import version
from insightiq._wire import Answer, Failure, WireRequest

if typing.TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from insightiq_generated.client import Operation, Request

__all__ = ["Effect", "Emit", "Engine", "Outcome", "Send"]

ResultT = typing.TypeVar("ResultT")


@dataclasses.dataclass(frozen=True, slots=True)
class Send:
    """Send the request; the outcome is an ``Answer`` or a ``Failure``."""

    request: WireRequest


@dataclasses.dataclass(frozen=True, slots=True)
class Emit:
    """Tell the caller's hook; there is no outcome."""

    event: ResponseReceived


Effect: typing.TypeAlias = Send | Emit
Outcome: typing.TypeAlias = Answer | Failure | None


class Engine:
    """Decides what a call does.

    Args:
        base_url: What every path is appended to.
        secrets: Texts that no error may contain, even where the server repeats them.
    """

    def __init__(self, base_url: str, secrets: tuple[Secret, ...]) -> None:
        self._base_url = base_url
        self._secrets = secrets

    def call(
        self, operation: Operation[ResultT], request: Request
    ) -> Generator[Effect, Outcome, ResultT]:
        """Yield the steps of one call and return its parsed result.

        Raises:
            InsightIQError: No answer, an error, or an answer that cannot be read.
        """
        outcome = yield Send(self._wire_request(request))
        if isinstance(outcome, Failure):
            raise self._no_answer(operation.id, outcome)
        assert isinstance(outcome, Answer)
        yield Emit(
            ResponseReceived(
                operation=operation.id,
                method=request.method,
                path=request.path,
                status=outcome.status,
                request_id=_answers.request_id_of(outcome),
            )
        )
        return self._result(operation, outcome)

    def _wire_request(self, request: Request) -> WireRequest:
        query = urllib.parse.urlencode(request.query, quote_via=urllib.parse.quote)
        headers, content = self._headers, None
        if request.json is not None:
            headers = self._headers_with_body
            content = _encoded(request.json)
        return WireRequest(
            method=request.method,
            url=f"{self._base_url}{request.path}" + (f"?{query}" if query else ""),
            headers=headers,
            content=content,
        )

    @functools.cached_property
    def _headers(self) -> Mapping[str, str]:
        python = ".".join(str(part) for part in sys.version_info[:3])
        agent = f"insightiq-toolkit/{version()} python/{python}"
        return {"accept": "application/json", "user-agent": agent}

    @functools.cached_property
    def _headers_with_body(self) -> Mapping[str, str]:
        return {**self._headers, "content-type": "application/json"}

    def _result(self, operation: Operation[ResultT], answer: Answer) -> ResultT:
        body = _answers.read_object(operation.id, answer, self._secrets)
        pagination = operation.pagination
        if pagination is not None and not isinstance((body or {}).get(pagination.items), list):
            # The models take whatever comes; without a list there is nothing to iterate over.
            problem = f"it has no list under {pagination.items!r}"
            raise _answers.unreadable(operation.id, answer, problem)
        try:
            return operation.parse_response(body)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            # What broken data can raise in the generated parsers; anything else is a fault of ours.
            problem = f"it has not the promised shape ({type(error).__name__}: {error})"
            raise _answers.unreadable(operation.id, answer, problem) from error

    def _no_answer(self, operation: str, failure: Failure) -> errors.NoAnswerError:
        kind = errors.RequestTimeoutError if failure.timed_out else errors.ConnectionFailedError
        line = _messages.failure_line(
            operation,
            self._base_url,
            timed_out=failure.timed_out,
            sent=failure.sent,
            detail=mask(failure.detail, self._secrets),
        )
        return kind(line, operation=operation)


def _encoded(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
