"""From an answer to its body, or to the error that it stands for."""

from __future__ import annotations

import dataclasses
import typing

from insightiq import _messages, errors
from insightiq._content import encodings_of, is_undoable
from insightiq._decoding import decoded
from insightiq._retry_after import seconds_to_wait
from insightiq._secret import Secret, mask

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from insightiq._wire import Answer

__all__ = ["error_from", "read_anything", "read_object", "request_id_of", "unreadable"]

Story: typing.TypeAlias = "Callable[[], str]"

_NO_CONTENT = 204
_REDIRECTION = 300
_CLIENT_ERROR = 400
_SERVER_ERROR = 500
_BEYOND_ERRORS = 600
_CLASS_BY_STATUS: dict[int, type[errors.APIStatusError]] = {
    400: errors.BadRequestError,
    401: errors.AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    429: errors.RateLimitError,
    503: errors.ServiceUnavailableError,
}


def _no_story() -> str:
    return ""


class _Problem(str):
    """Why a body is no JSON object."""

    __slots__ = ()


@dataclasses.dataclass(frozen=True, slots=True)
class _Envelope:
    """What an error body says; nothing in it can be relied on."""

    type: str | None = None
    code: str | None = None
    message: str | None = None
    request_id: str | None = None
    status: int | None = None


def read_object(
    operation: str, answer: Answer, secrets: Sequence[Secret], story: Story = _no_story
) -> dict[str, typing.Any] | None:
    """Return the JSON object of a success, or None for an answer without content.

    Args:
        operation: Id of the operation.
        answer: What came, with a status of success.
        secrets: Texts to hide in an error, should the server repeat them.
        story: Gives what an error says of the attempts; called when there is an error only.

    Raises:
        APIError: The body is an error, or cannot be read.
    """
    if answer.status == _NO_CONTENT:
        return None
    body = _json_object(answer)
    if isinstance(body, _Problem):
        raise unreadable(operation, answer, body, story)
    if "error" in body and _envelope(body, secrets).status is not None:
        raise error_from(operation, answer, secrets, story)
    return body


def read_anything(operation: str, answer: Answer, story: Story = _no_story) -> typing.Any:  # noqa: ANN401 - JSON
    """Return the JSON of a success of which nothing is known; None for one without a body.

    Raises:
        APIResponseValidationError: The body is no JSON.
    """
    if answer.status == _NO_CONTENT or answer.content == b"":
        return None
    body = _json(answer)
    if isinstance(body, _Problem):
        raise unreadable(operation, answer, body, story)
    return body


def error_from(
    operation: str, answer: Answer, secrets: Sequence[Secret], story: Story = _no_story
) -> errors.APIStatusError | errors.APIResponseValidationError:
    """Return the error that ``answer`` stands for, whatever its body looks like."""
    body = _json_object(answer)
    if isinstance(body, _Problem):
        if answer.status >= _SERVER_ERROR and answer.status not in _CLASS_BY_STATUS:
            return unreadable(operation, answer, body, story)
        body = {}
    envelope = _envelope(body, secrets)
    # A success status around an error body: the body knows better.
    status = answer.status
    if status < _REDIRECTION and envelope.status is not None:
        status = envelope.status
    kind = _class_of(status)
    request_id = request_id_of(answer) or envelope.request_id
    retry_after = seconds_to_wait(answer.headers.get("retry-after"), answer.headers.get("date"))
    line = _messages.status_line(
        kind,
        operation=operation,
        status=status,
        type_=envelope.type,
        code=envelope.code,
        message=envelope.message,
        request_id=request_id,
        retry_after=retry_after,
        story=story(),
    )
    return kind(
        line,
        operation=operation,
        request_id=request_id,
        status_code=status,
        type=envelope.type,
        code=envelope.code,
        message=envelope.message,
        retry_after=retry_after,
    )


def unreadable(
    operation: str, answer: Answer, problem: str, story: Story = _no_story
) -> errors.APIStatusError | errors.APIResponseValidationError:
    """Return the error for an answer that is not of the API's form."""
    request_id = request_id_of(answer)
    server = answer.status >= _SERVER_ERROR
    kind = errors.InternalServerError if server else errors.APIResponseValidationError
    line = _messages.unreadable_line(operation, answer.status, problem, request_id, story())
    return kind(line, operation=operation, request_id=request_id, status_code=answer.status)


def request_id_of(answer: Answer) -> str | None:
    """Return the id in the answer's header, if there is one."""
    return answer.headers.get("request-id") or None


def _class_of(status: int) -> type[errors.APIStatusError]:
    if status in _CLASS_BY_STATUS:
        return _CLASS_BY_STATUS[status]
    return errors.InternalServerError if status >= _SERVER_ERROR else errors.APIStatusError


def _json_object(answer: Answer) -> dict[str, typing.Any] | _Problem:
    body = _json(answer)
    if isinstance(body, dict | _Problem):
        return typing.cast("dict[str, typing.Any]", body) if isinstance(body, dict) else body
    return _Problem(f"it is JSON, but not an object ({_size(answer)})")


def _json(answer: Answer) -> typing.Any:  # noqa: ANN401 - JSON
    """Return the body as JSON data, or the ``_Problem`` with it."""
    if answer.content is None:
        return _Problem(answer.problem)
    try:
        return decoded(answer.content)
    except (ValueError, RecursionError):
        # Nothing is raised from here: the parser's error keeps the whole body, tokens included,
        # and would stay attached to ours as its context.
        return _Problem(_why_no_json(answer))


def _why_no_json(answer: Answer) -> str:
    encodings = encodings_of(answer.headers.get("content-encoding", ""))
    if is_undoable(encodings):
        return f"it is not valid JSON ({_size(answer)})"
    return f"its content encoding ({', '.join(encodings)}) cannot be undone"


def _size(answer: Answer) -> str:
    kind = answer.headers.get("content-type", "no content type").partition(";")[0]
    return f"{kind}, {len(answer.content or b'')} bytes"


def _envelope(body: Mapping[str, typing.Any], secrets: Sequence[Secret]) -> _Envelope:
    """Read an error body: the vendor's seven keys, its documented five, or something like them."""
    inner = body.get("error")
    error: Mapping[str, typing.Any] = body
    if isinstance(inner, dict):
        error = typing.cast("dict[str, typing.Any]", inner)
    elif isinstance(inner, str):
        error = {"message": inner}

    def text(*keys: str) -> str | None:
        values = (error.get(key) for key in keys)
        found = next((value for value in values if isinstance(value, str) and value), None)
        return None if found is None else mask(found, secrets)

    return _Envelope(
        type=text("type"),
        code=text("code", "error_code"),
        message=text("message", "detail", "title"),
        request_id=text("request_id"),
        status=_status(error, "status_code", "http_status_code"),
    )


def _status(error: Mapping[str, typing.Any], *keys: str) -> int | None:
    """Return the first value that is an error status; the vendor types one of the keys as number."""
    for key in keys:
        value = error.get(key)
        if isinstance(value, int | float) and _CLIENT_ERROR <= value < _BEYOND_ERRORS:
            return int(value)
    return None
