"""A quota that the processes of a host share, in a file."""

from __future__ import annotations

import contextlib
import dataclasses
import math
import os
import pathlib
import random
import typing

from insightiq._clock import SystemClock
from insightiq.errors import ClientClosedError, ConfigurationError
from insightiq.quota._queue import (
    Place,
    Waiter,
    Waiting,
    WaitingQueue,
    overtakes_after,
    place_of,
    places_ahead,
)
from insightiq.quota._scheduler import QueuedQuota
from insightiq.quota._shared_file import Identity, LedgerFile, is_gone, new_identity, retire
from insightiq.quota.ledger import Ledger, LedgerState, Ticket

if typing.TYPE_CHECKING:
    from insightiq._clock import Clock

__all__ = ["SharedQuota", "SharedState"]

# Another process sends no event when it makes room, so we look.
_LOOK_AGAIN = 0.02
# Spreads the processes over the first moments of a second, so that none is always the first.
_SPREAD = 0.004
_HOUSEKEEPING = 1.0
# Where it cannot be known whether a process lives, its requests are held to be over after this.
_LEASE = 300.0
# Two clocks of one machine may be read so far apart; a restart moves them further.
_SAME_BOOT = 2.0


_Place: typing.TypeAlias = tuple[int, tuple[int, float, int], float]


class _Saved(typing.TypedDict):
    """The content of the file."""

    limits: list[float | None]
    boot: float
    # Identity, tickets, place: its turn, priority, first came when, how many, and when written.
    owners: list[tuple[tuple[int, str, str, str], list[int], _Place | None]]
    overtakes: int
    bounds: list[float]
    rate: list[float]
    open_limit: list[float]
    state: list[typing.Any]
    under_way: list[tuple[int, float, int]]


@dataclasses.dataclass(slots=True)
class _Owner:
    """An opened ledger, the requests that it has under way, and its place in the line."""

    identity: Identity
    tickets: set[int] = dataclasses.field(default_factory=set[int])
    place: Place | None = None


class _Queue(typing.Protocol):
    """Interface of a queue of waiters."""

    def foremost(self) -> Waiting | None:
        """Return who waits with the highest priority."""
        ...


class SharedState:
    """A ledger that is read from a file before each use, and written to it after each change.

    Args:
        path: The file.
        ledger: Has the limits; what else it holds is replaced by the file's content.
        clock: One that all processes read alike.

    Attributes:
        line: Those who wait in this process.

    Raises:
        ConfigurationError: The file cannot be used, or others use it with other limits.
    """

    def __init__(self, path: pathlib.Path, ledger: Ledger, clock: Clock) -> None:
        self._path = path
        self._ledger = ledger
        self._clock = clock
        self.line: _Queue = WaitingQueue[Waiter]()
        self._owners: dict[str, _Owner] = {}
        self._overtakes = 0
        self._checked_at = -math.inf
        self._closed = False
        self._identity = new_identity()
        self._file = LedgerFile(path)
        try:
            self._enter()
        except BaseException:
            self._file.close()
            raise

    # The ledger's own methods, in the file

    def try_start(self, now: float) -> Ticket | float:
        """Start a request, or return when to ask again.

        Raises:
            ClientClosedError: ``close`` came first.
            ConfigurationError: The file can no longer be used.
        """
        if self._closed:
            msg = f"{self._path}: this SharedQuota is closed. Make a new one."
            raise ClientClosedError(msg)
        if now - self._checked_at >= _HOUSEKEEPING:
            self._keep_house(now)
        self._file.lock()
        try:
            self._refresh()
            outcome = self._try_in_turn(now)
            if isinstance(outcome, Ticket):
                return outcome
        finally:
            self._file.unlock()
        spread = random.random()
        return min(outcome + spread * _SPREAD, now + (0.5 + spread) * _LOOK_AGAIN)

    def finish(
        self, ticket: Ticket, now: float, *, server_date: float | None, status: int | None
    ) -> None:
        """Take in the end of a request."""
        if self._closed:
            return
        self._file.lock()
        try:
            self._refresh()
            if self._release_owner(ticket):
                self._ledger.finish(ticket, now, server_date=server_date, status=status)
                self._save()
        finally:
            self._file.unlock()

    def cancel(self, ticket: Ticket) -> None:
        """Forget a request that was never sent."""
        if self._closed:
            return
        self._file.lock()
        try:
            self._refresh()
            if self._release_owner(ticket):
                self._ledger.cancel(ticket)
                self._save()
        finally:
            self._file.unlock()

    def close(self, now: float) -> None:
        """Leave the file; what is under way counts as over."""
        if self._closed:
            return
        self._closed = True
        # Whoever leaves a file that cannot be used any more leaves it all the same.
        with contextlib.suppress(ConfigurationError):
            self._file.lock()
            self._refresh()
            self._reap(self._identity.token, now)
            self._save()
        self._file.close()
        retire(self._identity)

    def become_another(self) -> None:
        """Begin anew in a child process, which must not share a lock with its parent."""
        if not self._closed:
            self._identity = new_identity()
            self._file.reopen()
            self._enter()

    def _try_in_turn(self, now: float) -> Ticket | float:
        """Start a request unless those before it need the room; with the file's lock."""
        owner = self._owners[self._identity.token]
        others = self._other_places(now)
        before = owner.place
        owner.place = place_of(self.line.foremost(), before, others, now)
        ahead = places_ahead(owner.place, others, self._overtakes)
        ask_at = self._ledger.may_start_after(ahead, now) if ahead else None
        # Whether there is room for those ahead too is about manners; only this is about the limits.
        outcome = self._ledger.try_start(now) if ask_at is None else ask_at
        if isinstance(outcome, Ticket):
            owner.tickets.add(outcome.id)
            self._overtakes = overtakes_after(owner.place, others, self._overtakes)
            owner.place = None if owner.place is None else owner.place.served()
            self._save()
        elif owner.place is not before:
            self._save()
        return outcome

    def _other_places(self, now: float) -> list[Place]:
        return [
            owner.place
            for token, owner in self._owners.items()
            if token != self._identity.token and owner.place is not None and owner.place.holds(now)
        ]

    # Reading and writing; all but _enter and _keep_house with the file's lock

    def _enter(self) -> None:
        """Take part in what stands in the file."""
        self._file.lock()
        try:
            if not self._file.is_new:
                self._refresh(entering=True)
            self._owners[self._identity.token] = _Owner(self._identity)
            self._save()
        finally:
            self._file.unlock()

    def _keep_house(self, now: float) -> None:
        """Give back what dead processes held, and notice that the file was deleted."""
        self._checked_at = now
        if self._file.is_lost:
            # What was under way stood in that file alone: no one could ever end it here.
            self._file.reopen()
            self._owners.clear()
            self._ledger.under_way.clear()
            self._enter()
        self._file.lock()
        try:
            self._refresh()
            gone = [
                token
                for token, owner in self._owners.items()
                if token != self._identity.token and is_gone(owner.identity)
            ]
            for token in gone:
                self._reap(token, now)
            expired = [
                ticket
                for ticket in self._ledger.under_way.values()
                if now - ticket.started_at > _LEASE
            ]
            for ticket in expired:
                self._ledger.finish(ticket, now, server_date=None, status=None)
            if gone or expired:
                self._save()
        finally:
            self._file.unlock()

    def _reap(self, token: str, now: float) -> None:
        owner = self._owners.pop(token, None)
        for number in () if owner is None else owner.tickets:
            ticket = self._ledger.under_way.get(number)
            if ticket is not None:
                self._ledger.finish(ticket, now, server_date=None, status=None)

    def _release_owner(self, ticket: Ticket) -> bool:
        """Take ``ticket`` off our list; False if it was held to be over already."""
        self._owners[self._identity.token].tickets.discard(ticket.id)
        # Numbers begin anew with a new file, so the number alone says little.
        return self._ledger.under_way.get(ticket.id) == ticket

    def _refresh(self, *, entering: bool = False) -> None:
        content = self._file.read_changes()
        if content is None:
            return
        saved = typing.cast("_Saved", content)
        owners = [
            _Owner(Identity(*identity), set(tickets), _place(place))
            for identity, tickets, place in saved["owners"]
        ]
        if entering and not self._fits(saved, owners):
            return
        self._owners = {owner.identity.token: owner for owner in owners}
        self._overtakes = saved["overtakes"]
        ledger = self._ledger
        ledger.bounds.load(saved["bounds"])
        ledger.rate.load(saved["rate"])
        ledger.open_limit.load(saved["open_limit"])
        ledger.state = LedgerState.load(saved["state"])
        ledger.under_way = {
            number: Ticket(number, started_at, open_requests)
            for number, started_at, open_requests in saved["under_way"]
        }
        if self._identity.token not in self._owners and not entering:
            self._owners[self._identity.token] = _Owner(self._identity)

    def _fits(self, saved: _Saved, owners: list[_Owner]) -> bool:
        """Return whether the content is of this boot and of these limits."""
        if abs(saved["boot"] - self._boot()) > _SAME_BOOT:
            return False
        if saved["limits"] == self._limits():
            return True
        if all(is_gone(owner.identity) for owner in owners):
            return False
        rate, concurrency, uplink = saved["limits"]
        msg = (
            f"{self._path}: other processes use this file with requests_per_second={rate:g}, "
            f"concurrency={concurrency:g}, uplink_limit={uplink}: use the same, or another file."
        )
        raise ConfigurationError(msg)

    def _save(self) -> None:
        ledger = self._ledger
        saved: _Saved = {
            "limits": self._limits(),
            "boot": self._boot(),
            "owners": [
                (owner.identity, list(owner.tickets), owner.place)
                for owner in self._owners.values()
            ],
            "overtakes": self._overtakes,
            "bounds": ledger.bounds.dump(),
            "rate": ledger.rate.dump(),
            "open_limit": ledger.open_limit.dump(),
            "state": ledger.state.dump(),
            "under_way": [
                (ticket.id, ticket.started_at, ticket.open_requests)
                for ticket in ledger.under_way.values()
            ],
        }
        self._file.write(saved)

    def _limits(self) -> list[float | None]:
        ledger = self._ledger
        return [ledger.requests_per_second, ledger.concurrency, ledger.uplink_limit]

    def _boot(self) -> float:
        """Return the wall time at which the shared clock began; another one after a restart."""
        return self._clock.wall() - self._clock.monotonic()


def _place(saved: _Place | None) -> Place | None:
    if saved is None:
        return None
    turn, waiting, seen_at = saved
    return Place(turn, Waiting(*waiting), seen_at)


class SharedQuota(QueuedQuota):
    """Keeps the processes of one host together within the API's limits.

    ::

        quota = SharedQuota("/run/my-app/insightiq.quota")
        iq = InsightIQ(quota=quota)

    Every process names the same file, one for each set of credentials. Each may use threads and
    event loops; a process that is killed, even while it has requests under way, stops no one. The
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
            no such certainty. Worth setting where responses take longer than a second.
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
        self._shared = SharedState(self._path, ledger, clock)
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
