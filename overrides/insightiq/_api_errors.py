"""Errors of calls: their class, their fields, and their one line of text."""

from __future__ import annotations

import dataclasses
import typing

from insightiq import errors
from insightiq._response import Problem, json_object
from insightiq._retry import retry_after_seconds
from insightiq._secret import Secret, mask, printable

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from insightiq._response import Failure, Response

__all__ = [
    "advice_for",
    "attempts_text",
    "connection_error",
    "deadline_text",
    "error_from",
    "error_in_success",
    "unreadable",
]

AttemptsText: typing.TypeAlias = "Callable[[], str]"

_REDIRECTION = 300
_CLIENT_ERROR = 400
_SERVER_ERROR = 500
_BEYOND_ERRORS = 600
_LONGEST = 300

_CLASS_BY_STATUS: dict[int, type[errors.APIStatusError]] = {
    400: errors.BadRequestError,
    401: errors.AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    429: errors.RateLimitError,
    503: errors.ServiceUnavailableError,
}
_ADVICE: dict[type[errors.APIStatusError], str] = {
    errors.BadRequestError: "Correct the arguments; the same call will fail again.",
    errors.AuthenticationError: (
        "Check client id and secret, and that they belong to this environment."
    ),
    errors.PermissionDeniedError: (
        "Check what these credentials may do and whether the account is still connected."
    ),
    errors.NotFoundError: "Check the id, and that it was made in this environment.",
    errors.ConflictError: "Read the present state before writing again.",
    errors.RateLimitError: (
        "Make fewer calls: 10 per second, all processes with these credentials together."
    ),
    errors.ServiceUnavailableError: (
        "Try again in some minutes; maintenance is on Fridays 09:30-09:45 UTC."
    ),
    errors.InternalServerError: "Try again later; give the request id to the vendor's support if it stays.",
    errors.APIStatusError: "Check base_url and the arguments; redirects are not followed.",
}
# See evidence.md#error-envelope. Only codes that were met in practice.
_ADVICE_BY_CODE = {
    "user_exists_with_external_id": "Find the user with users.get_by_external_id.",
    "account_disconnected": "The creator has to connect the account again.",
}


@dataclasses.dataclass(frozen=True, slots=True)
class _Envelope:
    """The fields of an error body, each of which may be missing."""

    type: str | None = None
    code: str | None = None
    message: str | None = None
    request_id: str | None = None
    status: int | None = None


def error_in_success(
    operation: str,
    response: Response[None],
    body: Mapping[str, typing.Any],
    secrets: Sequence[Secret],
    attempts: AttemptsText,
) -> errors.APIError | None:
    """Return the error in the ``body`` of a success status, None where there is none."""
    if _envelope(body, secrets).status is None:
        return None
    return error_from(operation, response, secrets, attempts)


def error_from(
    operation: str,
    response: Response[None],
    secrets: Sequence[Secret],
    attempts: AttemptsText,
) -> errors.APIStatusError | errors.APIResponseValidationError:
    """Return the error for a response of any status and with any body."""
    body = json_object(response)
    # A success status around an error body: the body knows better.
    status = response.status_code
    if isinstance(body, Problem):
        if status >= _SERVER_ERROR and status not in _CLASS_BY_STATUS:
            return unreadable(operation, response, body, attempts)
        body = {}
    envelope = _envelope(body, secrets)
    if status < _REDIRECTION and envelope.status is not None:
        status = envelope.status
    kind = _CLASS_BY_STATUS.get(
        status, errors.InternalServerError if status >= _SERVER_ERROR else errors.APIStatusError
    )
    request_id = response.request_id or envelope.request_id
    headers = response.headers
    retry_after = retry_after_seconds(headers.get("retry-after"), headers.get("date"))
    names = ", ".join(name for name in (envelope.type, envelope.code) if name)
    happened = f"{operation} failed with {status}" + (f" ({names})" if names else "")
    if envelope.message:
        happened += f": {_clipped(envelope.message)}"
    advice = advice_for(kind, envelope.code)
    if retry_after is not None:
        advice = f"Wait {retry_after:g} s. {advice}"
    return kind(
        _joined(happened, f"{attempts()} {advice}", request_id),
        operation=operation,
        request_id=request_id,
        status_code=status,
        type=envelope.type,
        code=envelope.code,
        message=envelope.message,
        retry_after=retry_after,
    )


def unreadable(
    operation: str,
    response: Response[None],
    problem: str,
    attempts: AttemptsText,
) -> errors.APIStatusError | errors.APIResponseValidationError:
    """Return the error for a response that is not of the API's form."""
    status = response.status_code
    server = status >= _SERVER_ERROR
    kind = errors.InternalServerError if server else errors.APIResponseValidationError
    happened = f"{operation}: the response (status {status}) cannot be read: {_clipped(problem)}"
    advice = "Check that base_url leads to the API and that no proxy responds in its place."
    if server:
        advice = "Try again later; if it stays, check base_url and the proxies before the API."
    line = _joined(happened, f"{attempts()} {advice}", response.request_id)
    return kind(line, operation=operation, request_id=response.request_id, status_code=status)


def connection_error(
    operation: str,
    base_url: str,
    failure: Failure,
    *,
    secrets: Sequence[Secret] = (),
    overdue: bool = False,
    attempts: str = "",
) -> errors.APIConnectionError:
    """Return the error for a call without a response; ``overdue`` if its deadline has passed."""
    kind = errors.APITimeoutError if failure.timed_out else errors.APIConnectionError
    if failure.timed_out:
        what = "no response in time"
    else:
        what = "the connection broke" if failure.sent else "no connection"
    received = (
        "The server may have carried the call out."
        if failure.sent
        else "Nothing reached the server."
    )
    remedy = "Check base_url, network and proxy"
    if failure.timed_out and failure.sent:
        remedy = "Raise the timeout"
    if overdue:
        remedy = "Raise the deadline"
    if failure.untrusted:
        remedy = (
            "Check base_url; for a certificate authority of your own, pass "
            "verify=ssl.create_default_context(cafile=…) or set SSL_CERT_FILE"
        )
    detail = _clipped(mask(failure.detail, secrets))
    line = _joined(
        f"{operation}: {what}, at {base_url} ({detail})",
        f"{received} {attempts} {remedy}, then try again.",
    )
    return kind(line, operation=operation)


def deadline_text(
    operation: str, deadline: float, *, attempts: int, waited: float, last: str | None
) -> str:
    """Return the line for a call that would have taken longer than its deadline."""
    if last is None:
        return _joined(
            f"{operation}: the quota did not allow the call within its deadline",
            f"Raise the deadline of {deadline:g} s, or make fewer calls at the same time.",
        )
    tries = "1 attempt" if attempts == 1 else f"{attempts} attempts"
    return _joined(
        f"{operation}: gave up after {tries} and {waited:.1f} s of waiting, "
        f"because the deadline of {deadline:g} s leaves no time for another",
        f"The last attempt: {last}",
    )


def attempts_text(
    *, attempts: int, waited: float, maybe_applied: bool, received_known: bool, budget_empty: bool
) -> str:
    """Return the sentences about the attempts of a failed call; empty for the usual one."""
    sentences: list[str] = []
    if maybe_applied and not received_known:
        sentences.append("The server may have carried the call out.")
    if maybe_applied:
        sentences.append("Check whether it did before you retry it.")
    if attempts > 1:
        sentences.append(f"Tried {attempts} times, waited {waited:.1f} s.")
    if budget_empty:
        sentences.append("Not retried, because too many calls failed lately.")
    return " ".join(sentences)


def advice_for(kind: type[errors.APIStatusError], code: str | None) -> str:
    """Return what to do about an error of class ``kind`` with the vendor's ``code``."""
    if code in _ADVICE_BY_CODE:
        return _ADVICE_BY_CODE[code]
    return next(_ADVICE[base] for base in kind.__mro__ if base in _ADVICE)


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


def _joined(happened: str, advice: str, request_id: str | None = None) -> str:
    sentence = happened if happened.endswith((".", "!", "?")) else f"{happened}."
    end = f" [request-id {_clipped(request_id)}]" if request_id else ""
    return printable(" ".join(f"{sentence} {advice}{end}".split()))


def _clipped(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
