"""Deduplication of notifications: each is delivered at least once."""

from __future__ import annotations

import collections
import hashlib
import json
import threading
import typing

from insightiq._clock import SystemClock
from insightiq._ids import canonical_id
from insightiq.errors import ConfigurationError
from insightiq.webhooks._events import UnknownEvent, unreadable

if typing.TYPE_CHECKING:
    from insightiq._clock import Clock
    from insightiq.webhooks._events import Event

__all__ = ["Deduplicator", "SeenState", "SeenStore", "event_key"]

# The vendor retries 60 s, 5 min and 6 h after a failed delivery. A lease that outlived the second
# retry would leave only the last one to a worker that takes over; one that ended before the first
# retry would let slow handlers run twice.
_LEASE = 4 * 60.0
# The vendor's last retry comes a little more than six hours after the first delivery.
_ONE_DAY = 24 * 60 * 60.0
_LONGEST_KEY = 200

SeenState: typing.TypeAlias = typing.Literal["new", "begun", "done"]
"""State of a notification: ``new`` to handle, ``begun`` by another worker, ``done`` before."""


class SeenStore(typing.Protocol):
    """Remembers which notifications came; ``Deduplicator`` does it in memory.

    For several processes, write one on what they share. In Redis, ``begin`` is
    ``SET key begun NX EX 240``, ``done`` is ``SET key done EX 86400`` and ``release`` is
    ``DEL key``. Called from several threads.

    The lease of ``begin`` must end by itself: a worker that dies never calls ``done`` or
    ``release``, and the vendor's next retry has to be handled. Between one and five minutes fit
    the vendor's retries.
    """

    def begin(self, key: str) -> SeenState:
        """Take a lease of some minutes on ``key`` and return ``new``; one step, not two.

        Return ``begun`` where another lease is held, ``done`` where ``done`` was called before.
        """
        ...

    def done(self, key: str) -> None:
        """Remember ``key`` for a day: its notification was handled."""
        ...

    def release(self, key: str) -> None:
        """Forget ``key``: handling its notification failed."""
        ...


class Deduplicator:
    """Remembers in memory which notifications came.

        seen = Deduplicator()
        key = event_key(event)
        if seen.begin(key) == "new":
            ...  # handle the event
            seen.done(key)

    It is safe among threads, and knows nothing of other processes.

    Args:
        max_size: How many are remembered; beyond that the oldest is forgotten.
        ttl: Seconds for which a handled one is remembered. The vendor retries for a little over
            six hours.
        lease: Seconds after which one that was begun, and neither handled nor released, is new
            again. A handler that takes longer may be called twice.
        clock: Where time comes from; ``insightiq.testing.FakeClock`` for tests.

    Raises:
        ConfigurationError: A limit would remember nothing.
    """

    def __init__(
        self,
        *,
        max_size: int = 100_000,
        ttl: float = _ONE_DAY,
        lease: float = _LEASE,
        clock: Clock | None = None,
    ) -> None:
        if max_size < 1 or not ttl > 0 or not lease > 0:
            msg = f"max_size={max_size}, ttl={ttl} and lease={lease} must all be above 0."
            raise ConfigurationError(msg)
        self._max_size = max_size
        self._ttl = ttl
        self._lease = lease
        self._clock: Clock = SystemClock() if clock is None else clock
        self._lock = threading.Lock()
        # Each in the order of its ends, since all in it are kept equally long.
        self._begun: collections.OrderedDict[str, float] = collections.OrderedDict()
        self._done: collections.OrderedDict[str, float] = collections.OrderedDict()

    def begin(self, key: str) -> SeenState:
        """Take a lease on ``key`` and return ``new``, or ``begun`` or ``done``."""
        with self._lock:
            now = self._clock.monotonic()
            _forget_ended(self._begun, now)
            _forget_ended(self._done, now)
            if key in self._done:
                return "done"
            if key in self._begun:
                return "begun"
            self._begun[key] = now + self._lease
            self._shrink()
            return "new"

    def done(self, key: str) -> None:
        """Remember ``key``: its notification was handled."""
        with self._lock:
            self._begun.pop(key, None)
            # Taken out first, so that it goes to the end of the order.
            self._done.pop(key, None)
            self._done[key] = self._clock.monotonic() + self._ttl
            self._shrink()

    def release(self, key: str) -> None:
        """Forget ``key``: handling its notification failed."""
        with self._lock:
            self._begun.pop(key, None)
            self._done.pop(key, None)

    def _shrink(self) -> None:
        while len(self) > self._max_size:
            (self._done or self._begun).popitem(last=False)

    def __len__(self) -> int:
        return len(self._begun) + len(self._done)

    def __repr__(self) -> str:
        return (
            f"Deduplicator(max_size={self._max_size}, ttl={self._ttl:g}, lease={self._lease:g}, "
            f"held={len(self)})"
        )


def _forget_ended(ends: collections.OrderedDict[str, float], now: float) -> None:
    while ends and next(iter(ends.values())) <= now:
        ends.popitem(last=False)


def event_key(event: Event) -> str:
    """Return a text that is the same for each delivery of one notification, and for no other.

    It is made of the event's name and the notification's id. Very old notifications have no id:
    for them it is a digest of all that they say, which a retry says again. It is printable ASCII,
    whatever the notification holds, so that every store and log can take it.

    Raises:
        WebhookPayloadError: There is no id, and the notification is nested too deeply to be read.
    """
    name = event.event.value
    if isinstance(event.id, str) and event.id:
        key = f"{name}:{canonical_id(event.id)}"
        return key if _is_plain(key) else f"sha256-{_digest([name, canonical_id(event.id)])}"
    try:
        payload = event.payload if isinstance(event, UnknownEvent) else event.to_dict()
        digest = _digest(payload)
    except RecursionError:
        problem = "it is nested too deeply"
        raise unreadable(problem) from None
    return f"{name}:sha256-{digest}" if _is_plain(name) else f"sha256-{_digest([name, digest])}"


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and len(text) <= _LONGEST_KEY
