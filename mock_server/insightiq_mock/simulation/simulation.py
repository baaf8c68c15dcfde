"""The simulation: developers and their worlds, clocks, jobs and events."""

from __future__ import annotations

import datetime as dt
import json
import typing
from collections.abc import Callable, Mapping

from insightiq_mock.db import DeveloperRow, Developers, Jobs, Snapshots, format_timestamp

from .clock import FIXED, NOW, ClockError, ClockMode, ClockState, start_of, wall_clock
from .developers import (
    Developer,
    DeveloperExistsError,
    UnknownDeveloperError,
    derived_secret,
    developer_of,
    random_id,
)
from .jobs import Advance, Duration, Job, JobRunner, job_of
from .random_stream import RandomStream
from .settings import Settings

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from insightiq_mock.db import Store

    from .jobs import Action, Change

__all__ = ["EventListener", "NotificationSender", "Simulation", "UnknownSnapshotError"]

EventListener: typing.TypeAlias = Callable[[str, str, Mapping[str, typing.Any]], None]
"""Called with developer, event and data, inside the transaction in which it happened."""

NotificationSender: typing.TypeAlias = Callable[[str, Mapping[str, typing.Any]], None]
"""Called with developer and payload of a notification that the developer asked for."""

WorldMaker: typing.TypeAlias = Callable[[Developer, dt.datetime], None]
"""Called with a developer and the first present of their world, to fill it."""


class UnknownSnapshotError(LookupError):
    """The developer has no snapshot of that name."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        names = ", ".join(map(repr, known)) or "none"
        super().__init__(f"There is no snapshot {name!r}; there are: {names}.")


class Simulation:
    """All developers of a store: their worlds, clocks, jobs and events.

    Methods may be called from any thread, except the asynchronous ones, which belong to one event
    loop. Several processes may share the store's file.

    Attributes:
        store: The resources of all developers.
        wall_clock: Returns the machine's time.
    """

    def __init__(self, store: Store, *, wall_clock: Callable[[], dt.datetime] = wall_clock) -> None:
        self.store = store
        self.wall_clock = wall_clock
        self._developers = Developers(store)
        self._snapshots = Snapshots(store)
        self._jobs = Jobs(store)
        self._runner = JobRunner(self, self._jobs)
        self._world_makers: list[WorldMaker] = []
        self._listeners: list[EventListener] = []
        self._senders: list[NotificationSender] = []
        # Developers are read with every request, and change seldom.
        self._known: dict[str, Developer] = {}
        self._clocks: dict[str, ClockState] = {}
        self._version = -1

    # Developers and their worlds.

    def on_new_world(self, make: WorldMaker) -> None:
        """Register a function that fills new worlds, and worlds that are reset."""
        self._world_makers.append(make)

    def create_developer(
        self,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        seed: str | int = 1,
        world: str = "small",
        settings: Settings | None = None,
        clock: str = ClockMode.RUNNING,
        start: str | None = None,
    ) -> Developer:
        """Create a developer with a world of their own.

        Args:
            client_id: Random when absent.
            client_secret: Random when absent.
            seed: The seed of the world.
            world: The size of the world.
            settings: None for the defaults.
            clock: ``running`` from the world's first present on, ``frozen`` at it, or ``real``.
            start: That present: ``now``, ``fixed``, or a moment; see `start_of`. None for ``fixed``,
                and for ``now`` where the clock is real.

        Raises:
            DeveloperExistsError: The client id is taken.
            ClockError: The start is invalid, or a real clock is to start at another moment.
        """
        developer_id = client_id or random_id()
        wall = self.wall_clock()
        is_real = clock == ClockMode.REAL
        start = start or (NOW if is_real else FIXED)
        if is_real and start != NOW:
            msg = "A real clock starts now; leave start out, or use clock running or frozen."
            raise ClockError(msg)
        present = start_of(start, wall)
        at = None if is_real else present
        state = ClockState(ClockMode.REAL, wall, wall).set(wall, mode=clock, at=at)
        row = DeveloperRow(
            developer_id,
            (client_secret or random_id(),),
            str(seed),
            world,
            start,
            (settings or Settings()).to_text(),
        )
        with self.store.transaction():
            if self.has_developer(developer_id):
                raise DeveloperExistsError(developer_id)
            self._developers.add(row, clock=state.to_json())
            self._fill(developer_of(row), present)
        return developer_of(row)

    def developer(self, developer_id: str) -> Developer:
        """Return a developer.

        Raises:
            UnknownDeveloperError: There is no such developer.
        """
        self._drop_stale_caches()
        known = self._known.get(developer_id)
        if known is None:
            row = self._developers.get(developer_id)
            if row is None:
                raise UnknownDeveloperError(developer_id)
            known = self._known[developer_id] = developer_of(row)
        return known

    def has_developer(self, developer_id: str) -> bool:
        """Return whether there is such a developer."""
        return self._developers.get(developer_id) is not None

    def developers(self) -> list[Developer]:
        """Return all developers, oldest first."""
        return [self.developer(each) for each in self._developers.ids()]

    def check_credentials(self, client_id: str, client_secret: str) -> bool:
        """Return whether the secret is a valid one of that developer."""
        row = self._developers.get(client_id)
        return row is not None and developer_of(row).accepts(client_secret)

    def rotate_secret(self, developer_id: str, new_secret: str | None = None) -> Developer:
        """Add a secret; the previous one stays valid until it is retired, older ones end."""
        with self.store.transaction():
            developer = self.developer(developer_id)
            newest = developer.secrets[0]
            secret = new_secret or derived_secret(developer_id, newest, developer.seed)
            self._developers.set_secrets(developer_id, dict.fromkeys((secret, newest)))
        return self.developer(developer_id)

    def retire_old_secret(self, developer_id: str) -> Developer:
        """End the rotation: only the newest secret stays valid."""
        with self.store.transaction():
            developer = self.developer(developer_id)
            self._developers.set_secrets(developer_id, developer.secrets[:1])
        return self.developer(developer_id)

    def update_settings(self, developer_id: str, changes: Mapping[str, object]) -> Settings:
        """Change some settings and return all.

        Raises:
            SettingsError: A name is unknown, or a value is invalid.
        """
        with self.store.transaction():
            settings = self.developer(developer_id).settings.changed(changes)
            self._developers.set_settings(developer_id, settings.to_text())
        return settings

    def delete_developer(self, developer_id: str) -> None:
        """Delete a developer and everything that they own."""
        with self.store.transaction():
            self.developer(developer_id)
            self._snapshots.erase(developer_id)

    def reset(self, developer_id: str) -> None:
        """Seed a developer's world again, at its first present."""
        with self.store.transaction():
            developer = self.developer(developer_id)
            clock = self.clock(developer_id)
            wall = self.wall_clock()
            present = start_of(developer.start, wall)
            if clock.mode is not ClockMode.REAL:
                clock = clock.moved_to(present, wall)
            elif developer.start != NOW:
                # It was set to real time after the world began.
                present = wall
            self._snapshots.clear(developer_id)
            self._developers.begin(developer_id, clock=clock.to_json())
            self._fill(developer, present)

    def snapshot(self, developer_id: str, name: str) -> None:
        """Keep a copy of the developer's world under a name, in place of an older one."""
        with self.store.transaction():
            self.developer(developer_id)
            clock = self.clock(developer_id)
            # A restored copy shows the time at which it was taken, however long ago that was.
            wall = self.wall_clock()
            self._snapshots.take(developer_id, name, taken_at=format_timestamp(clock.now(wall)))

    def restore(self, developer_id: str, name: str) -> None:
        """Replace the present world by a copy; credentials and settings stay.

        Raises:
            UnknownSnapshotError: There is no copy of that name.
        """
        with self.store.transaction():
            self.developer(developer_id)
            taken_at = self._snapshots.restore(developer_id, name)
            if taken_at is None:
                raise UnknownSnapshotError(name, self.snapshots(developer_id))
            clock = self.clock(developer_id)
            if clock.mode is not ClockMode.REAL:
                moment = dt.datetime.fromisoformat(taken_at).replace(tzinfo=dt.UTC)
                clock = clock.moved_to(moment, self.wall_clock())
                self._developers.set_clock(developer_id, clock.to_json())
        self._runner.reschedule(developer_id)

    def snapshots(self, developer_id: str) -> list[str]:
        """Return the names of a developer's copies, oldest first."""
        self.developer(developer_id)
        return self._snapshots.names(developer_id)

    def delete_snapshot(self, developer_id: str, name: str) -> None:
        """Delete a copy.

        Raises:
            UnknownSnapshotError: There is no copy of that name.
        """
        with self.store.transaction():
            known = self.snapshots(developer_id)
            if not self._snapshots.remove(developer_id, name):
                raise UnknownSnapshotError(name, known)

    # Clocks.

    def clock(self, developer_id: str) -> ClockState:
        """Return the state of a developer's clock."""
        self._drop_stale_caches()
        known = self._clocks.get(developer_id)
        if known is None:
            text = self._developers.clock(developer_id)
            if text is None:
                raise UnknownDeveloperError(developer_id)
            known = self._clocks[developer_id] = ClockState.from_json(text)
        return known

    def now(self, developer_id: str) -> dt.datetime:
        """Return a developer's present moment, aware and in UTC."""
        return self.clock(developer_id).now(self.wall_clock())

    def set_clock(
        self,
        developer_id: str,
        *,
        mode: str,
        at: dt.datetime | None = None,
        factor: float | None = None,
    ) -> ClockState:
        """Set a developer's clock; see `ClockState.set`.

        Raises:
            ClockError: The values are invalid, or the clock would go back, which would show contents
                of the future.
        """
        with self.store.transaction():
            wall = self.wall_clock()
            before = self.clock(developer_id)
            clock = before.set(wall, mode=mode, at=at, factor=factor)
            now = before.now(wall)
            if clock.now(wall) < now:
                msg = (
                    f"The clock shows {now.isoformat()} and cannot be turned back to"
                    f" {clock.now(wall).isoformat()}; restore a snapshot, reset the developer, or"
                    " make one that starts earlier."
                )
                raise ClockError(msg)
            self._developers.set_clock(developer_id, clock.to_json())
        self._runner.reschedule(developer_id)
        return clock

    def move_clock(self, developer_id: str, moment: dt.datetime) -> None:
        """Set a clock to a moment without running jobs."""
        with self.store.transaction():
            clock = self.clock(developer_id).moved_to(moment, self.wall_clock())
            self._developers.set_clock(developer_id, clock.to_json())
        self._runner.reschedule(developer_id)

    # Jobs.

    async def advance(
        self, developer_id: str, by: Duration, *, most_jobs: int | None = None
    ) -> Advance:
        """Advance a clock; jobs that come due run in order before this returns; see `JobRunner`."""
        return await self._runner.advance(developer_id, by, most_jobs=most_jobs)

    def schedule(
        self,
        developer_id: str,
        *,
        due_at: dt.datetime,
        kind: str,
        payload: Mapping[str, typing.Any],
    ) -> int:
        """Schedule a job at a moment of the developer's world; return its number."""
        number = self._jobs.add(
            developer_id,
            due_at=format_timestamp(due_at),
            kind=kind,
            subject=payload.get("account_id"),
            payload=json.dumps(payload),
        )
        self._runner.reschedule(developer_id)
        return number

    def run_now(self, developer_id: str, kind: str, payload: Mapping[str, typing.Any]) -> None:
        """Run a job that only touches the store at once, without scheduling it."""
        with self.store.transaction():
            self._runner.run_change(Job(0, developer_id, self.now(developer_id), kind, payload))

    def cancel(self, developer_id: str, account_id: str, kinds: tuple[str, ...]) -> None:
        """Cancel the jobs of some kinds that concern an account."""
        self._jobs.cancel(developer_id, subject=account_id, kinds=kinds)
        self._runner.reschedule(developer_id)

    def has_job(self, developer_id: str, account_id: str, kind: str) -> bool:
        """Return whether a job of that kind is scheduled for an account."""
        return self._jobs.exists(developer_id, subject=account_id, kind=kind)

    def pending(self, developer_id: str, limit: int = 1000) -> list[Job]:
        """Return the scheduled jobs, in order."""
        return [job_of(developer_id, row) for row in self._jobs.pending(developer_id, limit)]

    def on(self, kind: str, run: Action) -> None:
        """Register the function of a kind of job that waits for something outside."""
        self._runner.on(kind, run)

    def on_change(self, kind: str, run: Change) -> None:
        """Register the function of a kind of job that only touches the store: it runs exactly once."""
        self._runner.on_change(kind, run)

    async def run_due(self, developer_id: str) -> int:
        """Run the jobs that are due now; return their number."""
        return await self._runner.run_due(developer_id)

    async def run_forever(self) -> None:
        """Run the jobs of all developers as they come due, until cancelled."""
        await self._runner.run_forever()

    # Random values.

    def stream(self, developer_id: str) -> RandomStream:
        """Return a new random stream: another one with each call, the same in every run of a script."""
        seed = self.developer(developer_id).seed
        serial = self._developers.next_serial(developer_id)
        return RandomStream("insightiq-mock later", seed, str(serial))

    def new_id(self, developer_id: str) -> str:
        """Return an id for a new resource, version 4 as on the wire."""
        return self.stream(developer_id).uuid()

    # Events.

    def emit(self, developer_id: str, event: str, data: Mapping[str, typing.Any]) -> None:
        """Call the listeners of an event (evidence.md#webhook-events, #webhook-payload)."""
        for listener in self._listeners:
            listener(developer_id, event, data)

    def subscribe(self, listener: EventListener) -> None:
        """Register a listener of all events."""
        self._listeners.append(listener)

    def send_notification(self, developer_id: str, payload: Mapping[str, typing.Any]) -> None:
        """Deliver a notification with the caller's own payload, as ``webhooks.send`` does."""
        for sender in self._senders:
            sender(developer_id, payload)

    def on_notification(self, sender: NotificationSender) -> None:
        """Register the sender of such notifications."""
        self._senders.append(sender)

    def _drop_stale_caches(self) -> None:
        version = self.store.version()
        if version != self._version:
            self._version = version
            self._known.clear()
            self._clocks.clear()

    def _fill(self, developer: Developer, present: dt.datetime) -> None:
        for make in self._world_makers:
            make(developer, present)
