"""What a receiver decides, whatever protocol it speaks: which answer, and who handles the event.

An event is remembered as seen before it is handled, and forgotten if that fails, so that the
vendor's repetition is handled again::

    request ── not signed ──────────────► 401
            ── signed, unreadable ──────► 400
            ── seen before ─────────────► 204
            ── being handled elsewhere ─► 503   the vendor tries again later
            ── new ── handled ──────────► 204
                   ── handler failed ───► 500   forgotten; the vendor tries again later
"""

from __future__ import annotations

import dataclasses
import logging
import threading
import typing

from insightiq.errors import WebhookPayloadError, WebhookVerificationError
from insightiq.webhooks._deduplication import Deduplicator, event_key
from insightiq.webhooks._events import parse
from insightiq.webhooks._signatures import check_signature, signing_keys

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

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
    "Answer",
    "Reception",
]

# A notification holds at most a hundred ids, which is about five kilobytes.
LARGEST_BODY = 1024 * 1024

_log = logging.getLogger("insightiq.webhooks")


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What the vendor gets back; its text is the same for all that fail alike."""

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


ACCEPTED = Answer(204, "No Content")
NOT_POST = Answer(405, "Method Not Allowed", "Notifications are posted.\n", (("Allow", "POST"),))
TOO_LARGE = Answer(413, "Content Too Large", "The body is too large for a notification.\n")
BAD_LENGTH = Answer(400, "Bad Request", "The Content-Length header is no number.\n")
FAILED = Answer(500, "Internal Server Error", "The notification could not be handled.\n")
_UNSIGNED = Answer(401, "Unauthorized", "The notification carries no valid signature.\n")
_UNREADABLE = Answer(400, "Bad Request", "The body is not a notification.\n")
_BUSY = Answer(
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
    """Decides about notifications. Thread-safe.

    Args:
        secret: The client secret of the environment, or several.
        seen: Remembers which notifications came.
    """

    def __init__(self, secret: str | Sequence[str], seen: SeenStore | None) -> None:
        self._keys = signing_keys(secret)
        self._seen: SeenStore = Deduplicator() if seen is None else seen
        self._lock = threading.Lock()
        self._in_progress: set[str] = set()

    def admit(self, body: bytes, headers: Headers) -> Admitted | Answer:
        """Return the event to handle, or what to answer where there is none."""
        try:
            check_signature(body, headers, self._keys)
            event = parse(body)
        except WebhookVerificationError as error:
            _log.warning("A notification was refused with 401. %s", error)
            return _UNSIGNED
        except WebhookPayloadError as error:
            _log.warning("A notification was refused with 400. %s", error)
            return _UNREADABLE
        key = event_key(event)
        with self._lock:
            if key in self._in_progress:
                return _BUSY
            self._in_progress.add(key)
        try:
            new = self._seen.claim(key)
        except BaseException:
            self._leave(key)
            raise
        if new:
            return Admitted(event, key)
        self._leave(key)
        _log.debug("%s came before.", key)
        return ACCEPTED

    def done(self, admitted: Admitted) -> None:
        """Note that the event was handled."""
        self._leave(admitted.key)

    def failed(self, admitted: Admitted, error: BaseException, *, repeated: bool) -> None:
        """Note that the handler raised ``error``, so that a repetition is handled again."""
        try:
            self._seen.release(admitted.key)
        finally:
            self._leave(admitted.key)
        outcome = (
            "the vendor was told and will send it again"
            if repeated
            else "it was answered already, so it will not be sent again"
        )
        _log.error("Handling %s failed; %s.", admitted.key, outcome, exc_info=error)

    def _leave(self, key: str) -> None:
        with self._lock:
            self._in_progress.discard(key)
