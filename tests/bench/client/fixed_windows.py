"""A server that counts requests per whole second of its own clock, as a model."""

from __future__ import annotations

import collections
import dataclasses
import math

__all__ = ["FixedWindows"]


@dataclasses.dataclass
class FixedWindows:
    """One account of the server."""

    limit: int
    concurrency: int
    served: collections.Counter[int] = dataclasses.field(default_factory=collections.Counter)
    rejected: collections.Counter[int] = dataclasses.field(default_factory=collections.Counter)
    under_way: int = 0
    first_at: float | None = None

    def arrive(self, now: float) -> bool:
        """Count a request at ``now`` on the server's clock; True if it is served."""
        self.first_at = now if self.first_at is None else self.first_at
        window = math.floor(now)
        if self.served[window] >= self.limit or self.under_way >= self.concurrency:
            self.rejected[window] += 1
            return False
        self.served[window] += 1
        self.under_way += 1
        return True

    def leave(self) -> None:
        """End a request that was served."""
        self.under_way -= 1

    def report(self, seconds: int) -> dict[str, float]:
        """Tell what was made of the ``seconds`` whole seconds after the first request."""
        first = math.floor(self.first_at or 0.0) + 1
        used = sum(self.served[window] for window in range(first, first + seconds))
        return {
            "served": used,
            "allowance": seconds * self.limit,
            "rejected": sum(self.rejected.values()),
            "most": max(self.served.values(), default=0),
        }
