"""Offset of the server's clock, as an interval that certainly holds the true value.

An answer whose ``Date`` says ``D``, to a request sent at ``sent`` and answered at ``received`` on
our clock, was dated somewhere between these two moments. As a ``Date`` is a whole second::

    D - received  <=  offset  <  D + 1 - sent

Each answer gives such an interval, and the truth lies in all of them, so they are intersected. The
interval widens a little as time passes, because no two clocks run at the same speed.

::

                 a date                      two dates agree
    unknown ──────────────▶ known ──────────────────────────────────┐
       ▲                      │ a date contradicts the interval     │
       │                      ▼                                     │
       │                  contradicted: nothing is believed ────────┘
       └── the interval has become too wide to be of use

One that is contradicted, by a clock that was set or by servers whose clocks differ, is given up at
once; the next one is believed as soon as two answers agree on it.
"""

from __future__ import annotations

import math

__all__ = ["DRIFT", "ROUNDING", "ClockBounds"]

# Two undisciplined quartz clocks part by less than this many seconds in a second.
DRIFT = 100e-6
# A wider interval names so many windows that it says nothing.
_USELESS = 3.0
# Seconds since 1970 have steps of up to 0.5 microseconds as floats.
ROUNDING = 4e-6

_MOST_SLACK = 0.5


class ClockBounds:
    """Bounds of ``server clock - our clock``.

    Attributes:
        slack: Seconds by which the clock that dates the answers may differ from the one that
            counts the requests; grows when the server rejects what should have been allowed.
    """

    __slots__ = ("_at", "_contradicted", "_high", "_low", "slack")

    def __init__(self) -> None:
        self._low = -math.inf
        self._high = math.inf
        self._at = 0.0
        self._contradicted = False
        self.slack = 0.0

    def known(self, now: float) -> bool:
        """Tell whether the bounds can be worked with."""
        return not self._contradicted and self.width(now) <= _USELESS

    def width(self, now: float) -> float:
        """Return how far the bounds are apart."""
        return self._high - self._low + 2 * self._drift(now)

    def low(self, moment: float) -> float:
        """Return the least that the server's clock may be ahead at ``moment``."""
        return self._low - self._drift(moment) - ROUNDING

    def high(self, moment: float) -> float:
        """Return the most that the server's clock may be ahead at ``moment``."""
        return self._high + self._drift(moment) + ROUNDING

    def learn(self, sent: float, received: float, date: float) -> bool:
        """Take in the ``Date`` of an answer.

        Returns:
            False when it contradicts what was believed.
        """
        second = math.floor(date)
        drift = DRIFT * (received - sent)
        low = second - received - self.slack - drift
        high = second + 1 - sent + self.slack + drift
        trusted = self.known(received)
        common_low = max(low, self.low(received))
        common_high = min(high, self.high(received))
        if common_low <= common_high:
            self._set(common_low, common_high, received)
            self._contradicted = False
            return True
        self._set(low, high, received)
        self._contradicted = self._contradicted or trusted
        return not trusted

    def moment_of(self, second: int, now: float) -> float:
        """Return a moment after ``now`` when the server's clock has certainly reached ``second``."""
        pause = max(0.0, second - self.low(now) - now)
        return now + pause * (1 + 2 * DRIFT) + 2 * ROUNDING

    def last_second(self, date: float) -> int:
        """Return the latest window that a request whose answer has this ``Date`` can count in."""
        return math.floor(math.floor(date) + 1 + self.slack - ROUNDING)

    def loosen(self, seconds: float) -> None:
        """Widen the bounds for good: these answers are dated by another clock than they count by."""
        wider = min(self.slack + seconds, _MOST_SLACK) - self.slack
        self.slack += wider
        self._low -= wider
        self._high += wider

    def tighten(self, factor: float) -> None:
        """Forget part of the slack; the next answers narrow the bounds accordingly."""
        self.slack *= factor
        if self.slack < ROUNDING:
            self.slack = 0.0

    def _drift(self, moment: float) -> float:
        return DRIFT * abs(moment - self._at)

    def _set(self, low: float, high: float, moment: float) -> None:
        self._low, self._high, self._at = low, high, moment

    def dump(self) -> list[float]:
        """Return the state as numbers, for a file."""
        return [self._low, self._high, self._at, float(self._contradicted), self.slack]

    def load(self, state: list[float]) -> None:
        """Take over a state that ``dump`` returned."""
        self._low, self._high, self._at, contradicted, self.slack = state
        self._contradicted = bool(contradicted)
