"""Clocks: real, frozen, running; and what cannot be set."""

from __future__ import annotations

import datetime as dt

import pytest

from insightiq_mock.simulation import ClockError, ClockMode, ClockState

WALL = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
THEN = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
REAL = ClockState(ClockMode.REAL, WALL, WALL)


def test_real_clock_shows_wall_time() -> None:
    assert REAL.now(WALL + HOUR) == WALL + HOUR
    assert REAL.wall_at(THEN) == THEN


def test_frozen_clock_stands_still() -> None:
    clock = REAL.set(WALL, mode="frozen", at=THEN)
    assert clock.now(WALL + HOUR) == THEN
    assert clock.wall_at(THEN + HOUR) is None
    assert clock.wall_at(THEN - HOUR) == WALL


def test_running_clock_runs_at_factor() -> None:
    fast = REAL.set(WALL, mode="running", at=THEN, factor=24)
    assert fast.now(WALL + HOUR) == THEN + 24 * HOUR
    assert fast.wall_at(THEN + 24 * HOUR) == WALL + HOUR
    assert REAL.set(WALL, mode="running", at=THEN).now(WALL + HOUR) == THEN + HOUR


def test_clock_keeps_moment_when_mode_changes() -> None:
    running = REAL.set(WALL, mode="running", at=THEN)
    frozen = running.set(WALL + HOUR, mode="frozen")
    assert frozen.now(WALL + 5 * HOUR) == THEN + HOUR
    again = frozen.set(WALL + 5 * HOUR, mode="running")
    assert again.now(WALL + 6 * HOUR) == THEN + 2 * HOUR


def test_moving_real_clock_makes_it_run_beside_wall() -> None:
    moved = REAL.moved_to(WALL + HOUR, WALL)
    assert (moved.mode, moved.now(WALL + HOUR)) == (ClockMode.RUNNING, WALL + 2 * HOUR)
    frozen = REAL.set(WALL, mode="frozen").moved_to(THEN, WALL)
    assert (frozen.mode, frozen.now(WALL + HOUR)) == (ClockMode.FROZEN, THEN)


def test_running_clock_stops_before_calendar_ends() -> None:
    clock = REAL.set(WALL, mode="running", factor=1e6)
    assert clock.now(WALL + dt.timedelta(days=36_500)).year == 9000


def test_clock_state_survives_json() -> None:
    clock = REAL.set(WALL, mode="running", at=THEN.replace(microsecond=123456), factor=2.5)
    assert ClockState.from_json(clock.to_json()) == clock


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ({"mode": "stopped"}, "'stopped' is no mode"),
        ({"mode": "real", "at": THEN}, "real clock cannot be set"),
        ({"mode": "frozen", "factor": 2.0}, "factor goes with mode running"),
        ({"mode": "running", "factor": 0.0}, "factor goes with mode running"),
        ({"mode": "running", "factor": float("nan")}, "factor goes with mode running"),
        ({"mode": "frozen", "at": THEN.replace(tzinfo=None)}, "has no time zone"),
        ({"mode": "frozen", "at": THEN.replace(year=9999)}, "before the year 9000"),
    ],
)
def test_impossible_clock_is_rejected(arguments: dict[str, object], part: str) -> None:
    with pytest.raises(ClockError, match=part):
        REAL.set(WALL, **arguments)  # type: ignore[arg-type] # what the test is about
