"""Developers and their worlds as a whole: making, resetting, copying them; their clocks."""

from __future__ import annotations

import abc
import datetime as dt
import typing

from insightiq_mock.db import DeveloperRow, Developers, Snapshots, format_timestamp
from insightiq_mock.world import seed_world, supply_store

from .clock import FIXED, NOW, ClockError, ClockMode, ClockState, start_of
from .developers import (
    Developer,
    DeveloperExistsError,
    UnknownDeveloperError,
    derived_secret,
    developer_of,
    random_id,
)
from .settings import Settings

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from insightiq_mock.db import Store

__all__ = ["UnknownSnapshotError", "Worlds"]


class UnknownSnapshotError(LookupError):
    """The developer has no snapshot of that name."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        names = ", ".join(map(repr, known)) or "none"
        super().__init__(f"There is no snapshot {name!r}; there are: {names}.")


class Worlds(abc.ABC):
    """The developers of a store, and the worlds that they own.

    Attributes:
        store: Where everything lies.
        wall_clock: Tells the machine's time.
    """

    def __init__(self, store: Store, wall_clock: Callable[[], dt.datetime]) -> None:
        self.store = store
        # A file of an earlier start holds worlds that are not made to the end.
        supply_store(store)
        self.wall_clock = wall_clock
        self._developers = Developers(store)
        self._snapshots = Snapshots(store)
        # Developers are read with every call, and change with few.
        self._known: dict[str, Developer] = {}
        self._clocks: dict[str, ClockState] = {}
        self._version = -1

    @abc.abstractmethod
    def _begun(self, developer_id: str) -> None:
        """A world has just been seeded: schedule what will happen in it."""

    @abc.abstractmethod
    def _clock_changed(self, developer_id: str) -> None:
        """A clock goes otherwise than before, or jobs have appeared or gone."""

    def create_developer(  # noqa: PLR0913 - all by keyword, each with a default
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
        """Make a developer with a world of their own.

        Args:
            client_id: Made up when absent.
            client_secret: Made up when absent.
            seed: What the world is made from.
            world: Its size.
            settings: How the mock behaves; None for the defaults.
            clock: ``running`` from the world's first present on, ``frozen`` at it, or ``real``.
            start: That present: ``now``, ``fixed``, or a moment; see `start_of`. None for ``fixed``,
                and for ``now`` where the clock is real.

        Raises:
            DeveloperExistsError: The client id is taken.
            ClockError: There is no such start, or a real clock is to start at another moment.
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
            self._begin(developer_of(row), present)
        return developer_of(row)

    def developer(self, developer_id: str) -> Developer:
        """Return a developer.

        Raises:
            UnknownDeveloperError: There is no such one.
        """
        self._notice_changes()
        known = self._known.get(developer_id)
        if known is None:
            row = self._developers.get(developer_id)
            if row is None:
                raise UnknownDeveloperError(developer_id)
            known = self._known[developer_id] = developer_of(row)
        return known

    def has_developer(self, developer_id: str) -> bool:
        """Tell whether there is such a developer."""
        return self._developers.get(developer_id) is not None

    def developers(self) -> list[Developer]:
        """Return all developers, in the order in which they came."""
        return [self.developer(each) for each in self._developers.ids()]

    def check_credentials(self, client_id: str, client_secret: str) -> bool:
        """Tell whether the secret is a live one of that developer."""
        row = self._developers.get(client_id)
        return row is not None and developer_of(row).accepts(client_secret)

    def rotate_secret(self, developer_id: str, new_secret: str | None = None) -> Developer:
        """Add a secret; the one before stays live until it is retired, older ones end."""
        with self.store.transaction():
            developer = self.developer(developer_id)
            newest = developer.secrets[0]
            secret = new_secret or derived_secret(developer_id, newest, developer.seed)
            self._developers.set_secrets(developer_id, dict.fromkeys((secret, newest)))
        return self.developer(developer_id)

    def retire_old_secret(self, developer_id: str) -> Developer:
        """End the rotation: only the newest secret stays live."""
        with self.store.transaction():
            developer = self.developer(developer_id)
            self._developers.set_secrets(developer_id, developer.secrets[:1])
        return self.developer(developer_id)

    def update_settings(self, developer_id: str, changes: Mapping[str, object]) -> Settings:
        """Change some settings and return all.

        Raises:
            SettingsError: A name is unknown, or a value impossible.
        """
        with self.store.transaction():
            settings = self.developer(developer_id).settings.changed(changes)
            self._developers.set_settings(developer_id, settings.to_text())
        return settings

    def delete_developer(self, developer_id: str) -> None:
        """Forget a developer and all that they own."""
        with self.store.transaction():
            self.developer(developer_id)
            self._snapshots.erase(developer_id)

    def reset(self, developer_id: str) -> None:
        """Start a developer's world again: the seeded one, at its first moment."""
        with self.store.transaction():
            developer = self.developer(developer_id)
            clock = self.clock(developer_id)
            wall = self.wall_clock()
            present = start_of(developer.start, wall)
            if clock.mode is not ClockMode.REAL:
                clock = clock.moved_to(present, wall)
            elif developer.start != NOW:
                # It was set to real time later than the world began.
                present = wall
            self._snapshots.clear(developer_id)
            self._developers.begin(developer_id, clock=clock.to_json())
            self._begin(developer, present)

    def snapshot(self, developer_id: str, name: str) -> None:
        """Keep a copy of the developer's world under a name; an older copy of it is replaced."""
        with self.store.transaction():
            self.developer(developer_id)
            clock = self.clock(developer_id)
            # The copy shows the time at which it was taken, however long it lies.
            wall = self.wall_clock()
            self._snapshots.take(developer_id, name, taken_at=format_timestamp(clock.now(wall)))

    def restore(self, developer_id: str, name: str) -> None:
        """Bring a copy back in place of the present world; credentials and settings stay.

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
        self._clock_changed(developer_id)

    def snapshots(self, developer_id: str) -> list[str]:
        """Return the names of a developer's copies, oldest first."""
        self.developer(developer_id)
        return self._snapshots.names(developer_id)

    def delete_snapshot(self, developer_id: str, name: str) -> None:
        """Forget a copy.

        Raises:
            UnknownSnapshotError: There is no copy of that name.
        """
        with self.store.transaction():
            known = self.snapshots(developer_id)
            if not self._snapshots.remove(developer_id, name):
                raise UnknownSnapshotError(name, known)

    def clock(self, developer_id: str) -> ClockState:
        """Return how a developer's clock goes."""
        self._notice_changes()
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
            ClockError: It cannot be set like that, or it would go back: contents of the future would
                show.
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
        self._clock_changed(developer_id)
        return clock

    def move_clock(self, developer_id: str, moment: dt.datetime) -> None:
        """Put a clock to a moment without anything happening in between."""
        with self.store.transaction():
            clock = self.clock(developer_id).moved_to(moment, self.wall_clock())
            self._developers.set_clock(developer_id, clock.to_json())
        self._clock_changed(developer_id)

    def _notice_changes(self) -> None:
        version = self.store.version()
        if version != self._version:
            self._version = version
            self._known.clear()
            self._clocks.clear()

    def _begin(self, developer: Developer, present: dt.datetime) -> None:
        seed_world(
            self.store,
            developer_id=developer.id,
            seed=developer.seed,
            size=developer.world,
            now=present,
        )
        self._begun(developer.id)
