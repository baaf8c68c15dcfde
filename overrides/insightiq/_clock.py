"""Clock: the time and the waits of the client, replaceable in tests."""

from __future__ import annotations

import time
import typing

__all__ = ["Clock", "SystemClock"]


class Clock(typing.Protocol):
    """Tells the time and waits. ``insightiq.testing.FakeClock`` is one for tests."""

    def monotonic(self) -> float:
        """Return seconds since some moment; never goes back."""
        ...

    def wall(self) -> float:
        """Return seconds since 1970-01-01 UTC, as this machine believes."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait in this thread."""
        ...

    async def sleep_async(self, seconds: float) -> None:
        """Wait without blocking the event loop."""
        ...


class SystemClock:
    """The clock of the machine."""

    monotonic = staticmethod(time.monotonic)
    wall = staticmethod(time.time)

    def sleep(self, seconds: float) -> None:
        """Wait in this thread."""
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Wait without blocking the event loop."""
        import asyncio

        await asyncio.sleep(seconds)
