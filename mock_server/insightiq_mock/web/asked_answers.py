"""Answers that a caller asked for by status or by the name of an example."""

from __future__ import annotations

import functools
import http
from typing import TYPE_CHECKING, Any

import orjson

from insightiq_mock.context import ApiError
from insightiq_mock.web.errors import CHALLENGE, error_response, invalid_request
from insightiq_mock.web.examples import example_names, response_example
from insightiq_mock.web.json_values import is_object
from insightiq_mock.web.responses import documented_response, success_response
from insightiq_mock.web.violations import Violation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insightiq_mock.context import RequestContext, Response
    from insightiq_mock.web.document import Document

__all__ = ["AskedAnswers", "ImpossibleAnswerError"]

_FROM_EXAMPLE = ("mock-source", "example")
_LOWEST_ERROR = 400
_LOWEST_SERVER_ERROR = 500
_MOST_NAMED = 5

# Headers without which a client could not make sense of the status.
_HEADERS = {
    401: {"WWW-Authenticate": CHALLENGE},
    429: {"Retry-After": "1"},
    503: {"Retry-After": "1"},
}


class ImpossibleAnswerError(ValueError):
    """The document has no such answer; the message names those that it has."""


class AskedAnswers:
    """Makes answers from one document's responses."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._operations = {operation.id: operation for operation in document.operations}
        self._shown = functools.lru_cache(maxsize=256)(self._from_document)

    def response(self, context: RequestContext, code: int | None, example: str | None) -> Response:
        """Response with the document's example for a status, and of a name.

        An error status that the operation does not document gets the usual envelope.

        Args:
            context: The request, whose operation is known.
            code: The status; None for that of the operation's success.
            example: The name of the example; None for the first.

        Raises:
            ApiError: 400, the document has no such answer; the message names those that it has.
        """
        assert context.operation_id is not None, "only routed requests are answered"
        try:
            shown = self._shown(context.operation_id, code, example)
        except ImpossibleAnswerError as error:
            # What cannot be had is not applied, and nothing else of it either.
            context.preferences = None
            raise invalid_request([Violation("header Prefer", str(error))]) from None
        if shown is None:
            assert code is not None, "every operation documents a success"
            return error_response(_undocumented(code), context)
        return shown._replace(body=_with_request_id(shown.body, context.request_id))

    def check(self, operation_id: str | None, code: int | None, example: str | None) -> None:
        """See to it that calls can be answered so; without an operation, those of each one.

        Raises:
            ImpossibleAnswerError: They cannot; the message says what would be possible.
        """
        wanted = list(self._operations) if operation_id is None else [operation_id]
        reasons: dict[str, str] = {}
        for each in wanted:
            try:
                self._shown(each, code, example)
            except ImpossibleAnswerError as error:
                reasons[each] = str(error)
        if not reasons:
            return
        reason = next(iter(reasons.values()))
        if operation_id is None:
            able = [each for each in wanted if each not in reasons]
            shown = ", ".join(able[:_MOST_NAMED]) + (" and others" if able[_MOST_NAMED:] else "")
            reason += (
                f"; name an operation that has it: {shown}" if able else "; no operation has it"
            )
        raise ImpossibleAnswerError(reason)

    def _from_document(
        self, operation_id: str, code: int | None, example: str | None
    ) -> Response | None:
        operation = self._operations[operation_id]
        if code is None:
            code, response = success_response(self._document, operation)
        else:
            found = documented_response(self._document, operation, code)
            if found is None:
                if code < _LOWEST_ERROR or example is not None:
                    known = ", ".join(sorted(operation.data["responses"]))
                    msg = f"{operation_id} documents no {code}; it documents {known}"
                    if example is None:
                        msg += f", and every status from {_LOWEST_ERROR} on can be had"
                    raise ImpossibleAnswerError(msg)
                return None
            response = found
        if example is not None and example not in example_names(response):
            raise ImpossibleAnswerError(_no_example(operation_id, code, response, example))
        answer = response_example(self._document, code, response, example)
        given = {name for name, _ in answer.headers}
        more = [
            (name.lower(), value)
            for name, value in _HEADERS.get(code, {}).items()
            if name.lower() not in given
        ]
        return answer.with_headers(_FROM_EXAMPLE, *more)


def _no_example(operation_id: str, code: int, response: Mapping[str, Any], name: str) -> str:
    known = ", ".join(example_names(response)) or "none"
    return f"the {code} answer of {operation_id} has no example {name!r}; it has: {known}"


def _undocumented(code: int) -> ApiError:
    try:
        name = http.HTTPStatus(code).name
    except ValueError:
        name = f"STATUS_{code}"
    kind, short = name, name.lower()
    if code >= _LOWEST_SERVER_ERROR:
        # All errors of the server are of one type. Source: evidence.md#error-envelope.
        kind = "INTERNAL_SERVER_ERROR"
    return ApiError(code, kind, short, "Answered as asked for.", _HEADERS.get(code))


def _with_request_id(body: bytes, request_id: str) -> bytes:
    """Put the call's own id into an error envelope; other bodies stay as they are."""
    if b'"request_id"' not in body:
        return body
    value: Any = orjson.loads(body)
    if is_object(value) and is_object(error := value.get("error")) and "request_id" in error:
        error["request_id"] = request_id
        return orjson.dumps(value)
    return body
