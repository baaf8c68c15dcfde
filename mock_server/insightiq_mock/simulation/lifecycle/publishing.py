"""When creators publish: a process of its own, whether anybody looks or not.

Each day of an account has its chance, so that what appeared on it is the same whenever a sync comes
by: a day later, after a month under ON_DEMAND, or years later through fetch-historic.
"""

from __future__ import annotations

import datetime as dt
import math
import typing

from insightiq_mock.world.platforms import PlatformName
from insightiq_mock.world.stream import Stream

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["published_between"]

_DAY: typing.Final = dt.timedelta(days=1)

# Items per day of an average creator; ASSUMPTION, no source counts them.
_HABITS: typing.Final = {
    PlatformName.INSTAGRAM: 1.0,
    PlatformName.INSTAGRAM_DIRECT: 0.8,
    PlatformName.INSTAGRAM_LITE: 0.6,
    PlatformName.TIKTOK: 0.8,
    PlatformName.X: 1.2,
    PlatformName.YOUTUBE: 0.25,
    PlatformName.TWITCH: 0.4,
    PlatformName.FACEBOOK: 0.5,
    PlatformName.SUBSTACK: 0.2,
    PlatformName.BEEHIIV: 0.2,
}

_MOST_DAYS: typing.Final = 3_660
"""Nobody's history reaches back further than ten years, however early a day is asked for."""


def published_between(
    path: tuple[str, ...], platform: PlatformName, since: dt.datetime, until: dt.datetime
) -> list[dt.datetime]:
    """Return when an account published after ``since`` and up to ``until``, newest first.

    Args:
        path: Names the account's chance.
        platform: Where it is.
        since: An aware moment.
        until: A later one.
    """
    per_day = _HABITS.get(platform, 0.0) * Stream(*path, "habit").between(0.5, 1.6)
    since = max(since, until - _DAY * _MOST_DAYS)
    moments = [
        moment
        for day in _days(since.date(), until.date())
        for moment in _of_day(Stream(*path, day.isoformat()), day, per_day)
        if since < moment <= until
    ]
    return sorted(moments, reverse=True)


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for number in range((last - first).days + 1):
        yield first + dt.timedelta(days=number)


def _of_day(stream: Stream, day: dt.date, per_day: float) -> list[dt.datetime]:
    midnight = dt.datetime.combine(day, dt.time(), dt.UTC)
    return [
        midnight + dt.timedelta(seconds=stream.randrange(86_400))
        for _ in range(_poisson(stream, per_day))
    ]


def _poisson(stream: Stream, mean: float) -> int:
    """Draw how many of many rare things happen (Knuth's way, good for small means)."""
    limit, product, number = math.exp(-mean), stream.random(), 0
    while product > limit:
        product *= stream.random()
        number += 1
    return number
