"""Interface of a quota, whatever stores its state: memory, a file, or a class of the user's."""

from __future__ import annotations

import enum
import typing

__all__ = ["Priority", "QuotaPolicy", "Slot"]


class Priority(enum.IntEnum):
    """Order of waiting calls: the lower number goes first."""

    INTERACTIVE = 0
    PREFETCH = 1


class Slot(typing.Protocol):
    """The right to send one request; made by a ``QuotaPolicy`` and understood by it alone."""


class QuotaPolicy(typing.Protocol):
    """Decides when a request may be sent."""

    def acquire(self, priority: Priority, *, timeout: float | None) -> Slot:
        """Wait in this thread for a slot.

        Raises:
            TimeoutError: There was none within ``timeout`` seconds.
        """
        ...

    async def acquire_async(
        self,
        priority: Priority,
        *,
        timeout: float | None,
    ) -> Slot:
        """Wait for a slot without blocking the event loop.

        Raises:
            TimeoutError: There was none within ``timeout`` seconds.
        """
        ...

    def release(self, slot: Slot, *, server_date: float | None, status: int | None) -> None:
        """Give ``slot`` back.

        Args:
            slot: What ``acquire`` returned.
            server_date: The response's ``Date``, in seconds since 1970-01-01 UTC; None without one.
            status: Status of the response, None when none came.
        """
        ...
