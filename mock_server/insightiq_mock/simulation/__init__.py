"""Developers with their clocks, scheduled jobs and events; resources build on it."""

from __future__ import annotations

from .clock import FIXED, NOW, WORLD_EPOCH, ClockError, ClockMode, ClockState, start_of, wall_clock
from .developers import Developer, DeveloperExistsError, UnknownDeveloperError
from .jobs import Job
from .random_stream import RandomStream
from .settings import Settings, SettingsError
from .simulation import Simulation, UnknownSnapshotError

__all__ = [
    "FIXED",
    "NOW",
    "WORLD_EPOCH",
    "ClockError",
    "ClockMode",
    "ClockState",
    "Developer",
    "DeveloperExistsError",
    "Job",
    "RandomStream",
    "Settings",
    "SettingsError",
    "Simulation",
    "UnknownDeveloperError",
    "UnknownSnapshotError",
    "start_of",
    "wall_clock",
]
