"""Stretches of time in the parts that people name."""

from __future__ import annotations

import calendar
import datetime as dt
import typing

from insightiq_mock.simulation import ClockError

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["stretch"]


def stretch(now: dt.datetime, parts: Mapping[str, float]) -> dt.timedelta:
    """Add up seconds, minutes, hours, days and months; months are those of the calendar from now on.

    Raises:
        ClockError: It ends at a moment that no clock shows.
    """
    try:
        end = _months_later(now, int(parts.get("months", 0))) + dt.timedelta(
            days=parts.get("days", 0),
            hours=parts.get("hours", 0),
            minutes=parts.get("minutes", 0),
            seconds=parts.get("seconds", 0),
        )
    except (ValueError, OverflowError) as error:
        message = "The clock would show a moment after the year 9999; advance it by less."
        raise ClockError(message) from error
    return end - now


def _months_later(moment: dt.datetime, months: int) -> dt.datetime:
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    last_day = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last_day))
