"""How counts grow: with the age of an item, as `world.metrics` makes them, and with a channel."""

from __future__ import annotations

import math
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from insightiq_mock.world.stream import Stream

__all__ = ["grown_count", "grown_engagement"]

_GROWTH_DAYS: typing.Final = 6.0
"""The pace at which `world.metrics` lets an item gather its counts."""


def grown_engagement(
    engagement: Mapping[str, typing.Any], age_before: float, age_now: float, chance: float
) -> dict[str, typing.Any] | None:
    """Return an item's counts after some days more, or None where none has changed.

    Every count grows by the same ratio and is rounded with the same chance: so none overtakes
    another, and none ever shrinks.

    Args:
        engagement: The counts when the item was ``age_before`` days old.
        age_before: Its age at the last change.
        age_now: Its age now.
        chance: A number from 0 to below 1.
    """
    ratio = _gathered(age_now) / _gathered(age_before)
    grown = _grown(engagement, max(ratio, 1.0) - 1.0, chance)
    if grown == engagement:
        return None
    return grown


def grown_count(stream: Stream, count: int, daily_share: float, days: float) -> int:
    """Return a channel's count after some days, at a share of it per day."""
    return count + int(count * daily_share * days + stream.random())


def _gathered(age_days: float) -> float:
    return 1.0 - math.exp(-(max(age_days, 0.0) + 0.1) / _GROWTH_DAYS)


def _grown(
    counts: Mapping[str, typing.Any], increase: float, chance: float
) -> dict[str, typing.Any]:
    grown: dict[str, typing.Any] = {}
    for key, value in counts.items():
        if isinstance(value, int):
            # Half a count more: what nobody has liked yet may be liked one day.
            grown[key] = value + int((value + 0.5) * increase + chance)
        elif isinstance(value, dict):
            inner = typing.cast("dict[str, typing.Any]", value)
            grown[key] = _grown(inner, increase, chance)
        elif isinstance(value, float) and key == "watch_time_in_hours":
            grown[key] = round(value * (1.0 + increase), 2)
        else:
            grown[key] = value
    return grown
