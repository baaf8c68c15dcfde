"""Developers: secrets, settings, clock, serial number.

Credentials and settings are kept apart from the state of the world: restoring a snapshot must neither
lock a developer out nor undo how the mock is to behave.
"""

from __future__ import annotations

import dataclasses
import json
import typing

import sqlalchemy as sa

from .database import bind
from .tables import developers, identities, states

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from .database import Database

__all__ = ["DeveloperRow", "Developers"]


@dataclasses.dataclass(frozen=True, slots=True)
class DeveloperRow:
    """A developer as stored; settings are JSON text that only `simulation` reads."""

    id: str
    secrets: tuple[str, ...] = dataclasses.field(repr=False)
    seed: str
    world: str
    start: str
    settings: str


_identity = identities.c.developer == bind("developer")
_state = states.c.developer == bind("developer")
_ADD: typing.Final = sa.insert(identities).values({c: bind(c.name) for c in identities.columns})
_BEGIN: typing.Final = sa.insert(states).values(
    developer=bind("developer"), clock=bind("clock"), serial=0
)
_GET: typing.Final = sa.select(*[c for c in identities.columns if c.name != "developer"]).where(
    _identity
)
_IDS: typing.Final = (
    sa.select(developers.c.id)
    .join(identities, identities.c.developer == developers.c.key)
    .order_by(developers.c.key)
)
_SET_SECRETS: typing.Final = sa.update(identities).where(_identity).values(secrets=bind("value"))
_SET_SETTINGS: typing.Final = sa.update(identities).where(_identity).values(settings=bind("value"))
_CLOCK: typing.Final = sa.select(states.c.clock).where(_state)
_SET_CLOCK: typing.Final = sa.update(states).where(_state).values(clock=bind("value"))
_COUNT: typing.Final = (
    sa.update(states).where(_state).values(serial=states.c.serial + 1).returning(states.c.serial)
)


class Developers:
    """The developers of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, row: DeveloperRow, *, clock: str) -> None:
        """Insert a new developer."""
        with self._database.transaction():
            values = {
                "developer": self._database.make_key(row.id),
                "secrets": json.dumps(row.secrets),
                "seed": row.seed,
                "world": row.world,
                "start": row.start,
                "settings": row.settings,
            }
            self._database.change(_ADD, values)
            self.begin(row.id, clock=clock)

    def begin(self, developer_id: str, *, clock: str) -> None:
        """Begin the world of a developer who has none."""
        self._change(_BEGIN, developer_id, clock=clock)

    def get(self, developer_id: str) -> DeveloperRow | None:
        """Return a developer, or None."""
        rows = self._database.rows(_GET, {"developer": self._database.key_of(developer_id)})
        for secrets, *others in rows:
            return DeveloperRow(developer_id, tuple(json.loads(secrets)), *others)
        return None

    def ids(self) -> list[str]:
        """Return the ids of all, oldest first."""
        return [row[0] for row in self._database.rows(_IDS)]

    def set_secrets(self, developer_id: str, secrets: Iterable[str]) -> None:
        """Replace the live secrets."""
        self._change(_SET_SECRETS, developer_id, value=json.dumps(list(secrets)))

    def set_settings(self, developer_id: str, settings: str) -> None:
        """Replace the settings."""
        self._change(_SET_SETTINGS, developer_id, value=settings)

    def clock(self, developer_id: str) -> str | None:
        """Return the state of the developer's clock, or None for an unknown developer."""
        rows = self._database.rows(_CLOCK, {"developer": self._database.key_of(developer_id)})
        return rows[0][0] if rows else None

    def set_clock(self, developer_id: str, clock: str) -> None:
        """Replace the state of the clock."""
        self._change(_SET_CLOCK, developer_id, value=clock)

    def next_serial(self, developer_id: str) -> int:
        """Return the next number of the developer's counter, 1 first, in whichever process."""
        with self._database.transaction():
            rows = self._database.rows(_COUNT, {"developer": self._database.key_of(developer_id)})
            return rows[0][0] if rows else 0

    def _change(self, statement: sa.Executable, developer_id: str, **values: str) -> None:
        with self._database.transaction():
            key = self._database.key_of(developer_id)
            self._database.change(statement, {"developer": key, **values})
            self._database.note_change()
