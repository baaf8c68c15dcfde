"""The world in motion: tenants, clocks, jobs, events and the life of accounts.

`Simulation` is the one thing that the rest of the mock server works with.
"""

from __future__ import annotations

from .clock import FIXED, NOW, ClockError, ClockMode, ClockState, start_of, wall_clock
from .developers import Developer, DeveloperExistsError, UnknownDeveloperError
from .jobs import Job
from .lifecycle import (
    AccountStateError,
    LifecycleError,
    ProductsUnsupportedError,
    UnknownResourceError,
)
from .sdk_tokens import SdkToken, SdkTokenError
from .settings import Settings, SettingsError
from .simulation import Simulation
from .worlds import UnknownSnapshotError

__all__ = [
    "FIXED",
    "NOW",
    "AccountStateError",
    "ClockError",
    "ClockMode",
    "ClockState",
    "Developer",
    "DeveloperExistsError",
    "Job",
    "LifecycleError",
    "ProductsUnsupportedError",
    "SdkToken",
    "SdkTokenError",
    "Settings",
    "SettingsError",
    "Simulation",
    "UnknownDeveloperError",
    "UnknownResourceError",
    "UnknownSnapshotError",
    "start_of",
    "wall_clock",
]
