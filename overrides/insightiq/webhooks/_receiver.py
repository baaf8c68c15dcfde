"""Receiving of notifications, whatever the web framework: checks, deduplication, response."""

from __future__ import annotations

import dataclasses
import logging
import typing

from insightiq.errors import ConfigurationError, WebhookPayloadError, WebhookVerificationError
from insightiq.webhooks._deduplication import Deduplicator, event_key
from insightiq.webhooks._events import parse
from insightiq.webhooks._signatures import check_signature, signing_keys

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from insightiq.webhooks._deduplication import SeenStore
    from insightiq.webhooks._events import Event
    from insightiq.webhooks._signatures import Headers

__all__ = [
    "ACCEPTED",
    "BAD_LENGTH",
    "FAILED",
    "LARGEST_BODY",
    "NOT_POST",
    "TOO_LARGE",
    "Admitted",
    "Receiver",
    "Reception",
    "Response",
]

# A notification holds at most a hundred ids, which is about five kilobytes.
LARGEST_BODY = 1024 * 1024

_log = logging.getLogger("insightiq.webhooks")
_STORE = ("begin", "done", "release")


@dataclasses.dataclass(frozen=True, slots=True)
class Response:
    """The response to the vendor; its text is the same for all that fail alike."""

    status: int
    reason: str
    text: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def body(self) -> bytes:
        """The text as bytes."""
        return self.text.encode()

    @property
    def all_headers(self) -> list[tuple[str, str]]:
        """The headers, with those that describe the body."""
        if not self.text:
            return list(self.headers)
        described = ("Content-Type", "text/plain; charset=utf-8")
        return [*self.headers, described, ("Content-Length", str(len(self.body)))]


ACCEPTED = Response(204, "No Content")
NOT_POST = Response(405, "Method Not Allowed", "Notifications are posted.\n", (("Allow", "POST"),))
TOO_LARGE = Response(413, "Content Too Large", "The body is too large for a notification.\n")
BAD_LENGTH = Response(400, "Bad Request", "The Content-Length header is no number.\n")
FAILED = Response(500, "Internal Server Error", "The notification could not be handled.\n")
_UNSIGNED = Response(401, "Unauthorized", "The notification carries no valid signature.\n")
_UNREADABLE = Response(400, "Bad Request", "The body is not a notification.\n")
_BUSY = Response(
    503,
    "Service Unavailable",
    "The notification is being handled already.\n",
    (("Retry-After", "60"),),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Admitted:
    """A new event; ``done`` or ``failed`` must follow."""

    event: Event
    key: str


class Reception:
    """Decides about notifications. Thread-safe, and blocking: a store may wait for a network.

    Args:
        secret: The client secret of the environment, or several.
        seen: Remembers which notifications came.

    Raises:
        ConfigurationError: The secret or the store cannot be used.
    """

    def __init__(self, secret: str | Sequence[str], seen: SeenStore | None) -> None:
        self._keys = signing_keys(secret)
        self._seen: SeenStore = Deduplicator() if seen is None else seen
        missing = [name for name in _STORE if not callable(getattr(self._seen, name, None))]
        if missing or isinstance(seen, type):
            lacks = f"lacks {', '.join(missing)}" if missing else "is a class"
            msg = (
                f"seen {lacks}: pass an object with the methods {', '.join(_STORE)} of "
                "insightiq.webhooks.SeenStore."
            )
            raise ConfigurationError(msg)

    def admit(self, body: bytes, headers: Headers) -> Admitted | Response:
        """Return the event to handle, or the response where there is none."""
        try:
            check_signature(body, headers, self._keys)
            event = parse(body)
            key = event_key(event)
        except WebhookVerificationError as error:
            _log.warning("A notification was rejected with 401. %s", error)
            return _UNSIGNED
        except WebhookPayloadError as error:
            _log.warning("A notification was rejected with 400. %s", error)
            return _UNREADABLE
        state = self._seen.begin(key)
        if state == "new":
            return Admitted(event, key)
        if state == "done":
            _log.debug("%s came before.", key)
            return ACCEPTED
        _log.info("%s is being handled already; the vendor will send it again.", key)
        return _BUSY

    def done(self, admitted: Admitted) -> None:
        """Note that the event was handled."""
        try:
            self._seen.done(admitted.key)
        except Exception:  # noqa: BLE001 - of a store of the user's, and logged
            # Not passed on: an error would make the vendor send again what was handled.
            _log.exception(
                "%s was handled, but the store could not note it; if it is delivered again, it may "
                "be handled again.",
                admitted.key,
            )

    def failed(self, admitted: Admitted, error: BaseException, *, repeated: bool) -> None:
        """Note that the handler raised ``error``, so that a retry is handled again."""
        outcome = (
            "the response was an error, so the vendor will send it again"
            if repeated
            else "the response was sent already, so it will not be sent again"
        )
        _log.error("Handling %s failed; %s.", admitted.key, outcome, exc_info=error)
        try:
            self._seen.release(admitted.key)
        except Exception:  # noqa: BLE001 - as above
            _log.exception(
                "The store could not release %s; its lease has to run out first.", admitted.key
            )


HandlerT = typing.TypeVar("HandlerT", bound="Callable[..., object]")


class Receiver(typing.Generic[HandlerT]):
    """A handler of events, and who decides which ones it is given.

    Args:
        handler: Called with each new event.
        secret: The client secret of the environment, or several.
        seen: Remembers which notifications came; in memory unless given.
        background: Respond first and call the handler afterwards.
    """

    def __init__(
        self,
        handler: HandlerT,
        *,
        secret: str | Sequence[str],
        seen: SeenStore | None = None,
        background: bool = False,
    ) -> None:
        if not callable(typing.cast("object", handler)):
            kind = type(handler).__name__
            msg = f"handler must be a function that takes an event, not {kind}."
            raise ConfigurationError(msg)
        self._handler = handler
        self._reception = Reception(secret, seen)
        self._background = background

    def _admit(self, body: bytes, headers: Headers) -> Admitted | Response:
        """Return the event to handle, or the response where there is none."""
        return TOO_LARGE if len(body) > LARGEST_BODY else self._reception.admit(body, headers)

    def _failed(self, admitted: Admitted, error: BaseException) -> None:
        self._reception.failed(admitted, error, repeated=not self._background)

    def __repr__(self) -> str:
        # The handler's own repr may show arguments, and secrets among them.
        name = getattr(self._handler, "__qualname__", None)
        shown = name if isinstance(name, str) else type(self._handler).__qualname__
        return f"{type(self).__name__}({shown}, background={self._background})"
