"""A quota that the processes of a host share, in a file."""

from __future__ import annotations

import os
import pathlib
import typing

from insightiq._clock import SystemClock
from insightiq.errors import ConfigurationError
from insightiq.quota._scheduler import QueuedQuota
from insightiq.quota._shared_books import SharedBooks
from insightiq.quota.ledger import Ledger

if typing.TYPE_CHECKING:
    from insightiq._clock import Clock

__all__ = ["SharedQuota"]


class SharedQuota(QueuedQuota):
    """Keeps the processes of one host together within the API's limits.

    ::

        quota = SharedQuota("/run/my-app/insightiq.quota")
        iq = InsightIQ(quota=quota)

    Every process names the same file, one for each set of credentials. Each may use threads and
    event loops; a process that is killed, even while it has requests under way, stops nobody. The
    line is first come, first served within a process; processes that have calls waiting take turns,
    interactive before prefetch as within one: a single call beside a process with a line without
    end has one of the next slots, within a second where the rate is what is short. A slot may lie
    idle for up to 30 ms until the process whose turn it is looks, and for 150 ms if that one was
    killed or stopped: what the rate allows is used all the same, but with ``concurrency=1`` and
    requests of a tenth of a second, several processes reach a tenth less than one.

    The processes must share a kernel and its clock: one host, or containers on it with a common
    folder. A network file system is not enough. Linux and macOS only.

    Args:
        path: The file; made, for the owner alone, if it is not there.
        requests_per_second: What the API allows in each second of its clock, to all that use the
            same credentials.
        concurrency: How many requests may be under way at once, of all processes.
        uplink_limit: Seconds after which a request has certainly reached the server, or None for
            no such certainty. Worth setting where answers take longer than a second.
        clock: Another clock, for tests.

    Raises:
        ConfigurationError: The file cannot be used, or others use it with other limits.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        requests_per_second: int = 10,
        concurrency: int = 10,
        uplink_limit: float | None = None,
        clock: Clock | None = None,
    ) -> None:
        ledger = Ledger(
            requests_per_second=requests_per_second,
            concurrency=concurrency,
            uplink_limit=uplink_limit,
        )
        clock = SystemClock() if clock is None else clock
        self._path = _checked(path)
        self._shared = SharedBooks(self._path, ledger, clock)
        super().__init__(self._shared, clock)

    def _begin(self) -> None:
        super()._begin()
        self._shared.line = self._line

    def close(self) -> None:
        """Leave the file; requests under way count as over, later ones raise ``ClientClosedError``."""
        with self._lock:
            self._read_inbox()
            self._shared.close(self._clock.monotonic())
            self._serve()

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def begin_in_child(self) -> None:
        """Begin anew after a fork: what is under way belongs to the parent."""
        super().begin_in_child()
        self._shared.become_another()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self._path)!r}, waiting={self.waiting})"


def _checked(path: str | os.PathLike[str]) -> pathlib.Path:
    try:
        found = pathlib.Path(path)
        if b"\0" in os.fsencode(found) or not found.name:
            raise ValueError
    except (TypeError, ValueError):
        kind = type(path).__name__
        msg = f"path must be the name of a file, as text or pathlib.Path; this {kind} is none."
        raise ConfigurationError(msg) from None
    return found
