"""Durations as people write them: ``36h``, ``90d``, ``1h30m``, ``3 months``."""

from __future__ import annotations

import re
import typing

from insightiq_mock.spelling import closest

__all__ = ["DurationError", "parse_duration"]

_PART: typing.Final = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]+)")
_BETWEEN: typing.Final = re.compile(r"[\s,+]*(?:and\b)?\s*")

# Name of the part in the control API, and how many of it the unit is.
_UNITS: typing.Final = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), ("seconds", 1)),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), ("minutes", 1)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), ("hours", 1)),
    **dict.fromkeys(("d", "day", "days"), ("days", 1)),
    **dict.fromkeys(("w", "week", "weeks"), ("days", 7)),
    **dict.fromkeys(("mo", "month", "months"), ("months", 1)),
    **dict.fromkeys(("y", "year", "years"), ("months", 12)),
}

_HOW: typing.Final = "write it like 90s, 5m, 36h, 90d, 2w, 3mo, 1y or 1h30m"


class DurationError(ValueError):
    """The text is no duration; the message says how to write one."""


def parse_duration(text: str) -> dict[str, float]:
    """Return the parts of a duration, as `MockControl.advance` takes them.

    Months and years are those of the calendar; ``m`` means minutes.

    Raises:
        DurationError: It is none.
    """
    parts: dict[str, float] = {}
    position = 0
    stripped = text.strip()
    while position < len(stripped):
        found = _PART.match(stripped, position)
        if found is None:
            msg = f"{text!r} is no duration; {_HOW}."
            raise DurationError(msg)
        name, amount = _part(found[1], found[2])
        parts[name] = parts.get(name, 0) + amount
        between = _BETWEEN.match(stripped, found.end())
        position = found.end() if between is None else between.end()
    if not parts:
        msg = f"The duration is missing; {_HOW}."
        raise DurationError(msg)
    return parts


def _part(number: str, unit: str) -> tuple[str, float]:
    if unit.lower() not in _UNITS:
        close = closest(unit, _UNITS)
        hint = f"did you mean {close}?" if close else f"{_HOW}."
        msg = f"{unit!r} is no unit of time; {hint}"
        raise DurationError(msg)
    name, times = _UNITS[unit.lower()]
    amount = float(number) * times
    if name == "months":
        if not amount.is_integer():
            msg = f"{number} {unit} are no whole months; give days instead."
            raise DurationError(msg)
        return name, int(amount)
    return name, amount
