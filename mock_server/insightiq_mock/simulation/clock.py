"""A developer's clock: real time, a moment that stands still, or time that runs at some speed.

Pure values: the wall time is always passed in. The clock of a new developer goes on from the present
of the seeded world.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import functools
import json
import typing

from insightiq_mock.db import format_timestamp

__all__ = [
    "FIXED",
    "NOW",
    "WORLD_EPOCH",
    "ClockError",
    "ClockMode",
    "ClockState",
    "start_of",
    "wall_clock",
]

WORLD_EPOCH: typing.Final = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
"""The present of a new world: fixed, so that two starts with the same seed agree byte for byte."""

NOW: typing.Final = "now"
"""A world that begins at the machine's present."""

FIXED: typing.Final = "fixed"
"""A world that begins at `WORLD_EPOCH`, so that it is the same in every run."""

_EARLIEST: typing.Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_LATEST: typing.Final = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)
# A week and a half of the world in each second.
_MOST_SECONDS_A_SECOND: typing.Final = 1e6


class ClockError(ValueError):
    """A clock cannot be set like that; the message says why."""


class ClockMode(enum.StrEnum):
    """Mode of a clock."""

    REAL = "real"
    FROZEN = "frozen"
    RUNNING = "running"


def wall_clock() -> dt.datetime:
    """Return the machine's time."""
    return dt.datetime.now(dt.UTC)


def start_of(start: str, wall: dt.datetime) -> dt.datetime:
    """Return the first present of a world.

    Args:
        start: ``now``, ``fixed``, or a day or moment as ISO 8601 writes it; without a zone in UTC.
        wall: The machine's time. Fractions of a second are left out: so the moment can be written
            down, to make the same world again.

    Raises:
        ClockError: It is none of these.
    """
    if start == NOW:
        return wall.replace(microsecond=0)
    if start == FIXED:
        return WORLD_EPOCH
    try:
        moment = dt.datetime.fromisoformat(start)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        moment = moment.astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        msg = f"{start!r} is no start of a world; use now, fixed, or a day such as 2026-06-01."
        raise ClockError(msg) from error
    _check(moment)
    if moment < _EARLIEST:
        msg = f"A world cannot start at {start}; use a moment from {_EARLIEST.year} on."
        raise ClockError(msg)
    return moment


@dataclasses.dataclass(frozen=True, slots=True)
class ClockState:
    """State of a clock: its mode, and a moment that it showed.

    Attributes:
        mode: Whether it follows the wall, stands, or runs.
        world: The moment that it showed at ``wall``.
        wall: The wall time at which it was set.
        factor: Seconds of the world per second of the wall, where it runs.
    """

    mode: ClockMode
    world: dt.datetime
    wall: dt.datetime
    factor: float = 1.0

    def now(self, wall: dt.datetime) -> dt.datetime:
        """Return what the clock shows at a wall time."""
        match self.mode:
            case ClockMode.REAL:
                return wall
            case ClockMode.FROZEN:
                return self.world
            case ClockMode.RUNNING:
                try:
                    return min(self.world + (wall - self.wall) * self.factor, _LATEST)
                except OverflowError:
                    return _LATEST

    def wall_at(self, world: dt.datetime) -> dt.datetime | None:
        """Return the wall time at which the clock will show a moment; None if it never does."""
        match self.mode:
            case ClockMode.REAL:
                return world
            case ClockMode.FROZEN:
                return self.wall if world <= self.world else None
            case ClockMode.RUNNING:
                try:
                    return self.wall + (world - self.world) / self.factor
                except OverflowError:
                    return None

    def moved_to(self, world: dt.datetime, wall: dt.datetime) -> ClockState:
        """Return the clock put to another moment; real time becomes time that runs beside it."""
        _check(world)
        mode = ClockMode.RUNNING if self.mode is ClockMode.REAL else self.mode
        return ClockState(mode, world, wall, self.factor)

    def set(
        self,
        wall: dt.datetime,
        *,
        mode: str,
        at: dt.datetime | None = None,
        factor: float | None = None,
    ) -> ClockState:
        """Return the clock set anew.

        Args:
            wall: The present wall time.
            mode: ``real``, ``frozen`` or ``running``.
            at: What it is to show; None: what it shows now.
            factor: Its speed, where it runs; None: real speed.

        Raises:
            ClockError: The mode is unknown, or the other values do not go with it.
        """
        if mode not in tuple(ClockMode):
            msg = f"{mode!r} is no mode of a clock; use one of {', '.join(ClockMode)}."
            raise ClockError(msg)
        if factor is not None and (
            mode != ClockMode.RUNNING or not 0 < factor <= _MOST_SECONDS_A_SECOND
        ):
            msg = "factor goes with mode running, and lies above 0 and at most at 1000000."
            raise ClockError(msg)
        if mode == ClockMode.REAL and at is not None:
            msg = "A real clock cannot be set to a moment; use mode running or frozen."
            raise ClockError(msg)
        moment = wall if mode == ClockMode.REAL else at or self.now(wall)
        _check(moment)
        return ClockState(ClockMode(mode), moment.astimezone(dt.UTC), wall, factor or 1.0)

    def to_json(self) -> str:
        """Return the state as it is stored."""
        return json.dumps(
            {
                "mode": self.mode.value,
                "world": format_timestamp(self.world),
                "wall": format_timestamp(self.wall),
                "factor": self.factor,
            }
        )

    @classmethod
    @functools.lru_cache(maxsize=1024)
    def from_json(cls, text: str) -> ClockState:
        """Read a stored state; the same text comes with every call."""
        value = json.loads(text)
        return cls(
            ClockMode(value["mode"]),
            _aware(value["world"]),
            _aware(value["wall"]),
            value["factor"],
        )


def _check(moment: dt.datetime) -> None:
    if moment.tzinfo is None:
        msg = f"{moment.isoformat()} has no time zone; give an aware moment."
        raise ClockError(msg)
    if moment > _LATEST:
        msg = f"A clock cannot show {moment.isoformat()}; stay before the year {_LATEST.year}."
        raise ClockError(msg)


def _aware(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
