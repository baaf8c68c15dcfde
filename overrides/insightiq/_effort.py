"""What one call has cost so far, and how much time it has left."""

from __future__ import annotations

import typing

from insightiq import _messages, errors
from insightiq._retry import Kind, is_ambiguous

if typing.TYPE_CHECKING:
    from insightiq._clock import Clock

__all__ = ["Effort"]

# A timeout of what is left may end this many seconds before it.
_ROUNDING = 0.001

ErrorT = typing.TypeVar("ErrorT", bound=errors.InsightIQError)


class Effort:
    """The account of one call.

    Args:
        clock: Measures the time.
        deadline: Seconds that the call may take, or None.
        method: HTTP method.
        retry_safe: Whether the document marks the operation as safe to repeat.

    Attributes:
        attempts: How often the request was sent, or tried to be sent.
        waited: Seconds of waiting, between the attempts and for the quota.
        maybe_applied: Whether one of the attempts may have changed something.
        deadline: As given.
    """

    __slots__ = (
        "_clock",
        "_ends",
        "_method",
        "_retry_safe",
        "attempts",
        "deadline",
        "maybe_applied",
        "waited",
    )

    def __init__(
        self, clock: Clock, deadline: float | None, method: str, *, retry_safe: bool
    ) -> None:
        self._clock = clock
        self._ends = None if deadline is None else clock.monotonic() + deadline
        self._method = method
        self._retry_safe = retry_safe
        self.deadline = deadline
        self.attempts = 0
        self.waited = 0.0
        self.maybe_applied = False

    def left(self) -> float | None:
        """Return the seconds until the deadline, None without one; never below zero."""
        return None if self._ends is None else max(self._ends - self._clock.monotonic(), 0.0)

    @property
    def is_over(self) -> bool:
        """Whether the deadline has come."""
        left = self.left()
        return left is not None and left < _ROUNDING

    def allows(self, wait: float) -> bool:
        """Tell whether there is time for another attempt after ``wait`` seconds."""
        left = self.left()
        return left is None or wait < left

    def note(self, kind: Kind) -> None:
        """Take into account what an attempt that failed may have done."""
        if is_ambiguous(kind, method=self._method, retry_safe=self._retry_safe):
            self.maybe_applied = True

    def story(self, *, fate_known: bool = False, budget_empty: bool = False) -> str:
        """Return what an error says of the attempts."""
        return _messages.story_of(
            attempts=self.attempts,
            waited=self.waited,
            maybe_applied=self.maybe_applied,
            fate_known=fate_known,
            budget_empty=budget_empty,
        )

    def story_of_success(self) -> str:
        """Return what an error says of a call that was carried out, but not readably answered."""
        self.note(Kind.SUCCESS)
        return self.story()

    def sign(self, error: ErrorT) -> ErrorT:
        """Return ``error`` with the account in it."""
        error.attempts = self.attempts
        error.waited = self.waited
        error.maybe_applied = self.maybe_applied
        return error
