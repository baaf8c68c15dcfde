"""Whether a notification came before: each is delivered at least once."""

from __future__ import annotations

import collections
import hashlib
import json
import threading
import typing

from insightiq._clock import SystemClock
from insightiq._ids import canonical_id
from insightiq.webhooks._events import UnknownEvent

if typing.TYPE_CHECKING:
    from insightiq._clock import Clock
    from insightiq.webhooks._events import Event

__all__ = ["Deduplicator", "SeenStore", "event_key"]

# The vendor's last repetition comes a little more than six hours after the first delivery.
_ONE_DAY = 24 * 60 * 60.0


class SeenStore(typing.Protocol):
    """Remembers which notifications came; ``Deduplicator`` does it in memory.

    For several processes, write one on what they share. In Redis, ``claim`` is
    ``SET key 1 NX EX 86400`` and ``release`` is ``DEL key``. Called from several threads.
    """

    def claim(self, key: str) -> bool:
        """Remember ``key``; return False if it was remembered already. One step, not two."""
        ...

    def release(self, key: str) -> None:
        """Forget ``key``, because handling its notification failed."""
        ...


class Deduplicator:
    """Remembers in memory which notifications came.

        seen = Deduplicator()
        if seen.claim(event_key(event)):
            ...  # the first time

    It is safe among threads, and knows nothing of other processes.

    Args:
        max_size: How many are remembered; beyond that the oldest is forgotten.
        ttl: Seconds for which one is remembered. The vendor repeats for a little over six hours.
        clock: Where time comes from; ``insightiq.testing.FakeClock`` for tests.
    """

    def __init__(
        self, *, max_size: int = 100_000, ttl: float = _ONE_DAY, clock: Clock | None = None
    ) -> None:
        if max_size < 1 or not ttl > 0:
            msg = f"max_size={max_size} and ttl={ttl} must both be above 0."
            raise ValueError(msg)
        self._max_size = max_size
        self._ttl = ttl
        self._clock: Clock = SystemClock() if clock is None else clock
        self._lock = threading.Lock()
        # In the order of their ends, since all are kept equally long.
        self._ends: collections.OrderedDict[str, float] = collections.OrderedDict()

    def claim(self, key: str) -> bool:
        """Remember ``key``; return False if it was remembered already."""
        with self._lock:
            now = self._clock.monotonic()
            self._forget_ended(now)
            if key in self._ends:
                return False
            self._ends[key] = now + self._ttl
            if len(self._ends) > self._max_size:
                self._ends.popitem(last=False)
            return True

    def release(self, key: str) -> None:
        """Forget ``key``, because handling its notification failed."""
        with self._lock:
            self._ends.pop(key, None)

    def _forget_ended(self, now: float) -> None:
        while self._ends and next(iter(self._ends.values())) <= now:
            self._ends.popitem(last=False)

    def __len__(self) -> int:
        return len(self._ends)

    def __repr__(self) -> str:
        return f"Deduplicator(max_size={self._max_size}, ttl={self._ttl:g}, held={len(self)})"


def event_key(event: Event) -> str:
    """Return a text that is the same for each delivery of one notification, and for no other.

    It is made of the event's name and the notification's id. Very old notifications have no id:
    for them it is a digest of all that they say, which a repetition says again.
    """
    if isinstance(event.id, str) and event.id:
        return f"{event.event.value}:{canonical_id(event.id)}"
    payload = event.payload if isinstance(event, UnknownEvent) else event.to_dict()
    text = json.dumps(payload, sort_keys=True)
    return f"{event.event.value}:sha256-{hashlib.sha256(text.encode()).hexdigest()}"
