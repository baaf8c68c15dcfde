"""Seconds that stand still until somebody waits for one."""

from __future__ import annotations

__all__ = ["StandingSeconds"]


class StandingSeconds:
    """A clock for limits: however slow the machine is, requests fall into the second meant for them.

    Args:
        start: Where it stands, in seconds since 1970; the fraction is left out.
    """

    def __init__(self, start: float) -> None:
        self._now = float(int(start))

    def current(self) -> float:
        """Return where it stands."""
        return self._now

    def wait(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self._now += seconds
