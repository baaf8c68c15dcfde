"""A limit on repetitions, so that a client does not help a struggling server to fall."""

from __future__ import annotations

import threading
import typing

if typing.TYPE_CHECKING:
    from insightiq._clock import Clock

__all__ = ["RetryBudget"]


class RetryBudget:
    """A bucket of tokens, one for each repetition; it fills with time.

    A short outage finds it full, and every call is repeated as often as it may be. In a long one it
    runs empty: what fails then fails at once, but for a trickle that notices the end.

    Args:
        clock: What the filling is measured with.
        capacity: Tokens of a full bucket.
        per_second: Tokens that come back each second.
    """

    def __init__(self, clock: Clock, *, capacity: float = 50.0, per_second: float = 1.0) -> None:
        self._clock = clock
        self._capacity = capacity
        self._per_second = per_second
        self._lock = threading.Lock()
        self._tokens = capacity
        self._seen = clock.monotonic()

    def take(self) -> bool:
        """Take a token for a repetition; False when there is none."""
        with self._lock:
            now = self._clock.monotonic()
            gained = (now - self._seen) * self._per_second
            self._tokens = min(self._capacity, self._tokens + gained)
            self._seen = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True
