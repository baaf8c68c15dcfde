"""Prefer handling (RFC 7240), with the names that users of Prism know.

``Prefer: code=503, delay=2.5`` or ``Prefer: fault=slow-body; seconds=20``. Unknown preferences are
ignored, as the RFC asks; an invalid value is a 400.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import http
import re
from typing import TYPE_CHECKING, Any

import orjson

from insightiq_mock.context import ApiError
from insightiq_mock.errors import CHALLENGE, error_response, invalid_request
from insightiq_mock.openapi.responses import (
    documented_response,
    example_names,
    response_example,
    success_response,
)
from insightiq_mock.openapi.schemas import Violation
from insightiq_mock.openapi.tree import is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from insightiq_mock.context import RequestContext, Response
    from insightiq_mock.openapi.document import Document

__all__ = [
    "LONGEST_DELAY",
    "Fault",
    "ForcedResponses",
    "PreferenceValueError",
    "Preferences",
    "UndocumentedResponseError",
    "read_preferences",
]

LONGEST_DELAY = 300.0
_LOWEST_CODE = 200
_HIGHEST_CODE = 599
_SLOW_BODY_SECONDS = 10.0

_FROM_EXAMPLE = ("mock-source", "example")
_LOWEST_ERROR = 400
_LOWEST_SERVER_ERROR = 500
_MOST_NAMED = 5

# Headers that belong to a status.
_STATUS_HEADERS = {
    401: {"WWW-Authenticate": CHALLENGE},
    429: {"Retry-After": "1"},
    503: {"Retry-After": "1"},
}

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_VALUE = r'"(?:[^"\\]|\\.)*"|[^\s,;="]*'
_PART = re.compile(rf"\s*(?:({_NAME})\s*(?:=\s*({_VALUE}))?)?\s*(,|;|$)")
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,6})?", re.ASCII)
_QUOTED = re.compile(r"\\(.)")


class Fault(enum.StrEnum):
    """Faults of a response on its way."""

    RESET = "reset"
    TRUNCATE = "truncate"
    MALFORMED = "malformed"
    HTML = "html"
    SLOW_BODY = "slow-body"


class PreferenceValueError(ValueError):
    """A value is invalid; the message names valid ones."""


@dataclasses.dataclass(frozen=True, slots=True)
class Preferences:
    """The preferences of one request.

    Attributes:
        code: The status of the response.
        delay: Seconds to wait before the request is handled.
        example: The name of the document's example to respond with.
        fault: The fault of the response on its way.
        seconds: The duration of a slow body.
    """

    code: int | None = None
    delay: float = 0.0
    example: str | None = None
    fault: Fault | None = None
    seconds: float = _SLOW_BODY_SECONDS

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> Preferences:
        """Read preferences from texts by name; unknown names are ignored.

        Raises:
            PreferenceValueError: A value is invalid.
        """
        read = {name: _READERS[name](text) for name, text in values.items() if name in _READERS}
        return cls(**read)  # type: ignore[arg-type] # each reader gives what its field takes

    def __str__(self) -> str:
        applied = [
            f"code={self.code}" if self.code is not None else "",
            f"delay={self.delay:g}" if self.delay else "",
            f"example={self.example}" if self.example is not None else "",
            f"fault={self.fault}" if self.fault is not None else "",
        ]
        if self.fault is Fault.SLOW_BODY:
            applied[-1] += f"; seconds={self.seconds:g}"
        return ", ".join(filter(None, applied))


def read_preferences(header: str) -> Preferences | None:
    """Read the value of a ``Prefer`` header; None where it has no known preference.

    Raises:
        ApiError: 400, with what is allowed.
    """
    try:
        return _read(header)
    except PreferenceValueError as error:
        raise invalid_request([Violation("header Prefer", str(error))]) from None


# Tests send the same few headers many times.
@functools.lru_cache(maxsize=256)
def _read(header: str) -> Preferences | None:
    values: dict[str, str] = {}
    for name, text in _parts(header):
        # RFC 7240: the first of several counts.
        values.setdefault(name, text)
    preferences = Preferences.from_values(values)
    return preferences if str(preferences) else None


def _parts(header: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(header):
        found = _PART.match(header, position)
        if found is None:
            msg = "cannot be read; write it like 'code=503, delay=2.5'"
            raise PreferenceValueError(msg)
        name, text = found[1], found[2] or ""
        if name is not None:
            if text.startswith('"'):
                text = _QUOTED.sub(r"\1", text[1:-1])
            yield name.lower(), text
        position = found.end()


def _code(text: str) -> int:
    if text.isascii() and text.isdecimal() and _LOWEST_CODE <= int(text) <= _HIGHEST_CODE:
        return int(text)
    msg = f"code is {text!r}; give a status from {_LOWEST_CODE} to {_HIGHEST_CODE}"
    raise PreferenceValueError(msg)


def _seconds(name: str) -> Callable[[str], float]:
    def read(text: str) -> float:
        if _NUMBER.fullmatch(text) and float(text) <= LONGEST_DELAY:
            return float(text)
        msg = f"{name} is {text!r}; give seconds from 0 to {LONGEST_DELAY:g}, such as 2.5"
        raise PreferenceValueError(msg)

    return read


def _example(text: str) -> str:
    # It comes back in a header.
    if text.isascii() and text.isprintable() and text:
        return text
    msg = "example is empty or not ASCII; give the name of an example of the document"
    raise PreferenceValueError(msg)


def _fault(text: str) -> Fault:
    for fault in Fault:
        if text == fault:
            return fault
    msg = f"fault is {text!r}; give one of {', '.join(Fault)}"
    raise PreferenceValueError(msg)


_READERS: Mapping[str, Callable[[str], object]] = {
    "code": _code,
    "delay": _seconds("delay"),
    "example": _example,
    "fault": _fault,
    "seconds": _seconds("seconds"),
}


class UndocumentedResponseError(ValueError):
    """The document has no such response; the message names those that it has."""


class ForcedResponses:
    """Makes the responses of one document that requests ask for by status or example name."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._operations = {operation.id: operation for operation in document.operations}
        self._forced = functools.lru_cache(maxsize=256)(self._from_document)

    def respond(self, context: RequestContext, code: int | None, example: str | None) -> Response:
        """Return the documented example of a status, of the success without one, and of a name.

        An error status that the operation does not document gets the usual envelope.

        Args:
            context: The request.
            code: The status; None for that of the operation's success.
            example: The name of the example; None for the first.

        Raises:
            ApiError: 400, the document has no such response; the message names those that it has.
        """
        assert context.operation_id is not None, "only routed requests arrive here"
        try:
            shown = self._forced(context.operation_id, code, example)
        except UndocumentedResponseError as error:
            # Nothing was applied, so no header may say so.
            context.preferences = None
            raise invalid_request([Violation("header Prefer", str(error))]) from None
        if shown is None:
            assert code is not None, "every operation documents a success"
            return error_response(_undocumented(code), context)
        return shown._replace(body=_with_request_id(shown.body, context.request_id))

    def check(self, operation_id: str | None, code: int | None, example: str | None) -> None:
        """Check that an operation has such a response; without one, that every operation has it.

        Raises:
            UndocumentedResponseError: It does not; the message names possible ones.
        """
        wanted = list(self._operations) if operation_id is None else [operation_id]
        reasons: dict[str, str] = {}
        for each in wanted:
            try:
                self._forced(each, code, example)
            except UndocumentedResponseError as error:
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
        raise UndocumentedResponseError(reason)

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
                        msg += f", and every status from {_LOWEST_ERROR} on is possible"
                    raise UndocumentedResponseError(msg)
                return None
            response = found
        if example is not None and example not in example_names(response):
            raise UndocumentedResponseError(_no_example(operation_id, code, response, example))
        example_response = response_example(self._document, code, response, example)
        given = {name for name, _ in example_response.headers}
        more = [
            (name.lower(), value)
            for name, value in _STATUS_HEADERS.get(code, {}).items()
            if name.lower() not in given
        ]
        return example_response.with_headers(_FROM_EXAMPLE, *more)


def _no_example(operation_id: str, code: int, response: Mapping[str, Any], name: str) -> str:
    known = ", ".join(example_names(response)) or "none"
    return f"the {code} response of {operation_id} has no example {name!r}; it has: {known}"


def _undocumented(code: int) -> ApiError:
    try:
        name = http.HTTPStatus(code).name
    except ValueError:
        name = f"STATUS_{code}"
    kind, short = name, name.lower()
    if code >= _LOWEST_SERVER_ERROR:
        # All errors of the server are of one type. Source: evidence.md#error-envelope.
        kind = "INTERNAL_SERVER_ERROR"
    return ApiError(code, kind, short, "Sent as requested.", _STATUS_HEADERS.get(code))


def _with_request_id(body: bytes, request_id: str) -> bytes:
    """Put the call's own id into an error envelope; other bodies stay as they are."""
    if b'"request_id"' not in body:
        return body
    value: Any = orjson.loads(body)
    error: Any = value.get("error") if is_object(value) else None
    if isinstance(error, dict) and "request_id" in error:
        error["request_id"] = request_id
        return orjson.dumps(value)
    return body
