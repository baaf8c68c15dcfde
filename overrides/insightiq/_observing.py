"""Telling the hook and the log what happens."""

from __future__ import annotations

import logging
import os
import sys
import typing

from insightiq._events import (
    AttemptFailed,
    AttemptStarted,
    QuotaWaited,
    ResponseReceived,
    RetryScheduled,
)
from insightiq._messages import printable
from insightiq._secret import mask
from insightiq._wire import Answer, WireRequest
from insightiq.errors import ConfigurationError

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from insightiq._effects import Emit
    from insightiq._events import Event, EventHook
    from insightiq._secret import Secret

__all__ = ["LOG_VARIABLE", "Observer", "check_callback", "log_as_environment_says"]

LOG_VARIABLE = "INSIGHTIQ_LOG"
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO}
_LONGEST = 300
_FORMAT = "%(asctime)s %(name)s %(levelname)s %(message)s"

_log = logging.getLogger("insightiq")


def log_as_environment_says(variables: Mapping[str, str] | None = None) -> None:
    """Turn the log on, to standard error, where ``INSIGHTIQ_LOG`` is ``debug`` or ``info``.

    A program that has set up logging gets the records through its own handlers instead.

    Raises:
        ConfigurationError: The variable says something else.
    """
    wanted = (os.environ if variables is None else variables).get(LOG_VARIABLE, "").strip().lower()
    if not wanted:
        return
    if wanted not in _LEVELS:
        msg = f"{LOG_VARIABLE}={wanted!r} is no level: set it to debug or info, or remove it."
        raise ConfigurationError(msg)
    _log.setLevel(_LEVELS[wanted])
    if not _log.hasHandlers():
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter(_FORMAT))
        _log.addHandler(handler)


def check_callback(callback: object, name: str, takes: str) -> None:
    """Refuse a callback that cannot be called, or whose coroutine nobody would await.

    Raises:
        ConfigurationError: It is not an ordinary function; ``name`` is the argument's.
    """
    import inspect  # noqa: PLC0415 - slow to import, and few programs have a callback

    if not callable(callback) or inspect.iscoroutinefunction(callback):
        kind = "a coroutine function" if callable(callback) else type(callback).__name__
        msg = f"{name} must be an ordinary function that {takes}, not {kind}."
        raise ConfigurationError(msg)


class Observer:
    """Tells a client's hook and the log.

    Args:
        hook: Called with each event, or None.
        secrets: Texts that no line may contain, even where the server repeats them.
    """

    def __init__(self, hook: EventHook | None, secrets: Sequence[Secret] = ()) -> None:
        self._hook = hook
        self._secrets = secrets

    @property
    def active(self) -> bool:
        """Whether anybody listens."""
        return self._hook is not None or _log.isEnabledFor(logging.INFO)

    def tell(self, effect: Emit) -> None:
        """Tell of an event; an observer that fails must not undo a call that succeeded."""
        _write(effect, self._secrets)
        if self._hook is None:
            return
        try:
            self._hook(effect.event)
        except Exception:  # noqa: BLE001 - whatever it is, it is the observer's
            _log.exception("on_event failed for %s", effect.event.operation)


def _write(effect: Emit, secrets: Sequence[Secret]) -> None:
    event = effect.event
    if _log.isEnabledFor(logging.INFO):
        line = _line(event)
        if line is not None:
            # A request id is the server's own text.
            _log.info("%s: %s", event.operation, printable(mask(line[:_LONGEST], secrets)))
    if _log.isEnabledFor(logging.DEBUG):
        details = _details(effect)
        if details is not None:
            _log.debug("%s: %s", event.operation, mask(details, secrets))


def _line(event: Event) -> str | None:
    if isinstance(event, ResponseReceived):
        return (
            f"{event.status_code} in {event.seconds:.3f} s, attempt {event.attempt}, "
            f"request-id {event.request_id or 'none'}"
        )
    if isinstance(event, AttemptFailed):
        what = "no answer in time" if event.timed_out else "no answer"
        fate = "perhaps received" if event.sent else "not sent"
        return f"{what} after {event.seconds:.3f} s, {fate}, attempt {event.attempt}"
    if isinstance(event, RetryScheduled):
        return f"next attempt in {event.wait:.2f} s after {event.reason}"
    if isinstance(event, QuotaWaited):
        return f"waited {event.seconds:.2f} s for the quota"
    return None


def _details(effect: Emit) -> str | None:
    from insightiq import _redact  # noqa: PLC0415 - seldom does somebody look that closely

    event, subject = effect.event, effect.subject
    if isinstance(event, AttemptStarted) and isinstance(subject, WireRequest):
        url = _redact.shown_url(subject.url, event.template)
        headers = _redact.shown_headers(subject.headers)
        return f"{subject.method} {url} [{headers}] {_redact.shown_body(subject.content)}"
    if isinstance(subject, Answer):
        headers = _redact.shown_headers(subject.headers)
        return f"{subject.status} [{headers}] {_redact.shown_body(subject.content)}"
    return None
