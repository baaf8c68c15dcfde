"""Short words for what nearly every test of a quota does."""

from __future__ import annotations

from insightiq.quota import Priority, QuotaPolicy, Slot

__all__ = ["free", "take"]


def take(quota: QuotaPolicy) -> Slot:
    """Acquire what must be free."""
    return quota.acquire(Priority.INTERACTIVE, timeout=0)


def free(quota: QuotaPolicy, slot: Slot) -> None:
    """Release without an observation."""
    quota.release(slot, server_date=None, status=200)
