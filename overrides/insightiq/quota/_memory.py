"""A quota in the memory of one process."""

from __future__ import annotations

import typing

from insightiq.quota._scheduler import QueuedQuota
from insightiq.quota.ledger import Ledger

if typing.TYPE_CHECKING:
    from insightiq._clock import Clock

__all__ = ["Quota"]


class Quota(QueuedQuota):
    """Keeps the calls of one process within the API's limits.

    Threads and event loops may share one, as may several clients with the same credentials. Each
    client makes its own unless it is given one. Processes need ``SharedQuota``; hosts need a part
    of the limit each: ``Quota(requests_per_second=5)`` on two of them.

    Args:
        requests_per_second: What the API allows in each second of its clock, to all that use the
            same credentials.
        concurrency: How many requests may be under way at once.
        uplink_limit: Seconds after which a request has certainly reached the server, or None for
            no such certainty. Worth setting where answers take longer than a second.
        clock: Another clock, for tests.

    Raises:
        ConfigurationError: A limit is not a positive number.
    """

    def __init__(
        self,
        *,
        requests_per_second: int = 10,
        concurrency: int = 10,
        uplink_limit: float | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._ledger = Ledger(
            requests_per_second=requests_per_second,
            concurrency=concurrency,
            uplink_limit=uplink_limit,
        )
        super().__init__(self._ledger, clock)

    def begin_in_child(self) -> None:
        """Begin anew after a fork: what is under way belongs to the parent."""
        super().begin_in_child()
        self._ledger.under_way.clear()

    def __repr__(self) -> str:
        ledger = self._ledger
        return (
            f"{type(self).__name__}(requests_per_second={ledger.requests_per_second}, "
            f"concurrency={ledger.concurrency}, under_way={len(ledger.under_way)}, "
            f"waiting={self.waiting})"
        )
