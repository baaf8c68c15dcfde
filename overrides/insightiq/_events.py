"""Events of a client: hooks, logging, and the redaction of logged requests and responses.

Each attempt emits ``AttemptStarted`` and then ``ResponseReceived`` or ``AttemptFailed``;
``QuotaWaited`` comes before an attempt that had to wait, ``RetryScheduled`` between two attempts.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import re
import sys
import typing
import urllib.parse
from collections.abc import Callable

from insightiq._response import Response
from insightiq._secret import HIDDEN, mask, printable
from insightiq.errors import ConfigurationError

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import httpx

    from insightiq._response import Failure
    from insightiq._secret import Secret

__all__ = [
    "LOG_VARIABLE",
    "AttemptFailed",
    "AttemptStarted",
    "Emit",
    "Emitter",
    "Event",
    "EventHook",
    "PageReceived",
    "QuotaWaited",
    "RateLimited",
    "ResponseReceived",
    "RetryScheduled",
    "check_callback",
    "configure_logging",
    "shown_body",
    "shown_headers",
    "shown_url",
]


@dataclasses.dataclass(frozen=True, slots=True)
class AttemptStarted:
    """A request is about to be sent.

    Attributes:
        operation: ``<resource>.<method>`` of the call.
        method: HTTP method.
        path: Path without the query.
        template: The path with ``{…}`` in the place of ids, as a name for metrics.
        attempt: 1 for the first.
    """

    operation: str
    method: str
    path: str
    template: str
    attempt: int


@dataclasses.dataclass(frozen=True, slots=True)
class ResponseReceived:
    """A response was received, with any status.

    Attributes:
        operation: ``<resource>.<method>`` of the call.
        method: HTTP method.
        path: Path without the query.
        status_code: HTTP status.
        request_id: The id that the vendor's support asks for, or None where there is none.
        attempt: 1 for the first.
        seconds: Duration of the attempt.
    """

    operation: str
    method: str
    path: str
    status_code: int
    request_id: str | None
    attempt: int
    seconds: float


@dataclasses.dataclass(frozen=True, slots=True)
class AttemptFailed:
    """There was no response.

    Attributes:
        operation: ``<resource>.<method>`` of the call.
        method: HTTP method.
        path: Path without the query.
        timed_out: A timeout ended the wait.
        sent: The server may have received the request.
        attempt: 1 for the first.
        seconds: Duration of the attempt.
    """

    operation: str
    method: str
    path: str
    timed_out: bool
    sent: bool
    attempt: int
    seconds: float


@dataclasses.dataclass(frozen=True, slots=True)
class RetryScheduled:
    """The request will be retried.

    Attributes:
        operation: ``<resource>.<method>`` of the call.
        attempt: Number of the failed attempt.
        wait: Seconds until the next.
        reason: Reason for the retry: ``status 503``, ``no connection``, …
    """

    operation: str
    attempt: int
    wait: float
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class QuotaWaited:
    """The call waited for a slot of the quota.

    Attributes:
        operation: ``<resource>.<method>`` of the call.
        seconds: Duration of the wait.
    """

    operation: str
    seconds: float


@dataclasses.dataclass(frozen=True, slots=True)
class RateLimited:
    """The API responded with 429.

    Attributes:
        operation: ``<resource>.<method>`` of the call.
        retry_after: Seconds to wait, where the response says so.
        request_id: The id that the vendor's support asks for, or None where there is none.
    """

    operation: str
    retry_after: float | None
    request_id: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class PageReceived:
    """A page of a list was received.

    Attributes:
        operation: ``<resource>.<method>`` of the list.
        offset: Place of the page's first item.
        items: Number of items of the page.
    """

    operation: str
    offset: int
    items: int


Event: typing.TypeAlias = (
    AttemptStarted
    | ResponseReceived
    | AttemptFailed
    | RetryScheduled
    | QuotaWaited
    | RateLimited
    | PageReceived
)
EventHook: typing.TypeAlias = Callable[[Event], None]
"""Called with each event, in the thread of the call; exceptions of it are logged, not raised."""


@dataclasses.dataclass(frozen=True, slots=True)
class Emit:
    """Effect of a call: emit an event; ``subject`` is logged in detail."""

    event: Event
    subject: httpx.Request | Response[None] | Failure | None = None


# Logging and hooks

LOG_VARIABLE = "INSIGHTIQ_LOG"
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO}
_LONGEST_LINE = 300
_FORMAT = "%(asctime)s %(name)s %(levelname)s %(message)s"

_log = logging.getLogger("insightiq")


def configure_logging(variables: Mapping[str, str] | None = None) -> None:
    """Log to standard error if ``INSIGHTIQ_LOG`` is ``debug`` or ``info``.

    A program that has set up logging gets the records through its own handlers instead.
    """
    wanted = (os.environ if variables is None else variables).get(LOG_VARIABLE, "").strip().lower()
    if not wanted:
        return
    if wanted not in _LEVELS:
        msg = f"{LOG_VARIABLE}={wanted!r} is not a level: set it to debug or info, or remove it."
        raise ConfigurationError(msg)
    _log.setLevel(_LEVELS[wanted])
    if not _log.hasHandlers():
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter(_FORMAT))
        _log.addHandler(handler)


def check_callback(callback: object, name: str, takes: str) -> None:
    """Reject a callback that cannot be called, or whose coroutine would not be awaited."""
    import inspect

    if not callable(callback) or inspect.iscoroutinefunction(callback):
        kind = "a coroutine function" if callable(callback) else type(callback).__name__
        msg = f"{name} must be an ordinary function that {takes}, not {kind}."
        raise ConfigurationError(msg)


class Emitter:
    """Passes events to the client's hook and to the log."""

    def __init__(self, hook: EventHook | None, secrets: Sequence[Secret] = ()) -> None:
        self.hook = hook
        self._secrets = secrets

    def emit(self, effect: Emit) -> None:
        """Emit an event; a failing hook does not fail the call."""
        event = effect.event
        if _log.isEnabledFor(logging.INFO):
            line = _line(event)
            if line is not None:
                # A request id is the server's own text.
                shown = printable(mask(line[:_LONGEST_LINE], self._secrets))
                _log.info("%s: %s", event.operation, shown)
        if _log.isEnabledFor(logging.DEBUG):
            details = _details(effect)
            if details is not None:
                _log.debug("%s: %s", event.operation, mask(details, self._secrets))
        if self.hook is None:
            return
        try:
            self.hook(event)
        except Exception:  # noqa: BLE001 - an error of the hook, which must not undo the call
            _log.exception("on_event failed for %s", event.operation)


def _line(event: Event) -> str | None:
    if isinstance(event, ResponseReceived):
        return (
            f"{event.status_code} in {event.seconds:.3f} s, attempt {event.attempt}, "
            f"request-id {event.request_id or 'none'}"
        )
    if isinstance(event, AttemptFailed):
        what = "no response in time" if event.timed_out else "no response"
        received = "perhaps received" if event.sent else "not sent"
        return f"{what} after {event.seconds:.3f} s, {received}, attempt {event.attempt}"
    if isinstance(event, RetryScheduled):
        return f"next attempt in {event.wait:.2f} s after {event.reason}"
    if isinstance(event, QuotaWaited):
        return f"waited {event.seconds:.2f} s for the quota"
    return None


def _details(effect: Emit) -> str | None:
    event, subject = effect.event, effect.subject
    if isinstance(event, AttemptStarted) and subject is not None:
        request = typing.cast("httpx.Request", subject)
        url = shown_url(str(request.url), event.template)
        return f"{request.method} {url} [{shown_headers(request.headers)}] {shown_body(request.content)}"
    if isinstance(subject, Response):
        body = None if subject.body_problem else subject.raw
        return f"{subject.status_code} [{shown_headers(subject.headers)}] {shown_body(body)}"
    return None


# Redaction
#
# A list of secrets is never complete, so these are lists of what is harmless: text is logged only
# under such a key. Numbers, true, false and null are logged, everything else is hidden.

_LONGEST_BODY = 2000

# Ids of the API, states, kinds, times, paging. external_id is the user's own choice and often an
# address; platform_profile_id, commenter_id and the like name a person on a platform.
_HARMLESS = re.compile(
    r"""
    id | (?:account|user|work_platform|content|content_group|profile|request)_id | ids
    | status | status_code | http_status_code | code | error_code | type | format | visibility
    | monitoring_type | monitor_type | event | events | product | products | gender | currency
    | [a-z_]+_at | from_date | to_date | refresh_since | data_available_from | last_updated_time
    | limit | offset | payout_interval | disconnection_source
    """,
    re.VERBOSE,
)
# Values of the API under those keys: ids, codes, times.
_PLAIN = re.compile(r"[A-Za-z0-9_.:+-]{1,64}")
_NUMBERS_HIDDEN = re.compile(r".*(?:phone|routing|digits|birth|otp|pin|secret|token|password).*")
_HARMLESS_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "host",
        "request-id",
        "retry-after",
        "server",
        "user-agent",
    }
)


def shown_url(url: str, path_template: str | None = None) -> str:
    """Return ``url`` with all but harmless values of its query hidden."""
    parts = urllib.parse.urlsplit(url)
    query = "&".join(
        f"{key}={value if _is_harmless(key, value) else HIDDEN}"
        for key, value in urllib.parse.parse_qsl(parts.query, keep_blank_values=True)
    )
    path = _shown_path(parts.path, path_template)
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def shown_headers(headers: Mapping[str, str]) -> str:
    """Return the headers as one text, with the values of all but harmless ones hidden."""
    return ", ".join(
        f"{name}: {value if name.lower() in _HARMLESS_HEADERS else HIDDEN}"
        for name, value in headers.items()
    )


def shown_body(content: bytes | None) -> str:
    """Return a JSON body with its text hidden, but for harmless values; of others the size."""
    if not content:
        return "no body"
    try:
        body = _redacted(json.loads(content), "")
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        # JSON that can be read may still be nested too deeply for the redaction.
        return f"{len(content)} bytes, not JSON"
    return text if len(text) <= _LONGEST_BODY else f"{text[:_LONGEST_BODY]}… ({len(content)} bytes)"


def _redacted(value: object, key: str) -> object:
    if isinstance(value, dict):
        items = typing.cast("dict[str, object]", value)
        return {name: _redacted(inner, name) for name, inner in items.items()}
    if isinstance(value, list):
        return [_redacted(inner, key) for inner in typing.cast("list[object]", value)]
    if isinstance(value, str):
        return value if _is_harmless(key, value) else HIDDEN
    if value is None or isinstance(value, bool) or not _NUMBERS_HIDDEN.fullmatch(key):
        return value
    return HIDDEN


def _is_harmless(key: str, value: str) -> bool:
    return _HARMLESS.fullmatch(key) is not None and _PLAIN.fullmatch(value) is not None


def _shown_path(path: str, template: str | None) -> str:
    """Hide path parameters that are not ids, such as ``{external_id}``."""
    if template is None:
        return path
    names = template.split("/")
    segments = path.split("/")
    # A base address may have a path of its own in front.
    offset = len(segments) - len(names)
    for place, name in enumerate(names):
        if name.startswith("{") and not _HARMLESS.fullmatch(name.strip("{}")):
            segments[offset + place] = HIDDEN
    return "/".join(segments)
