"""What a developer is, beside the resources they own: secrets, settings, clock, serial number.

Credentials and settings are kept apart from the state of the world: bringing a snapshot back must
neither lock anybody out nor undo how the developer wants the mock to behave.
"""

from __future__ import annotations

import dataclasses
import json
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from .store import Store

__all__ = ["TABLES", "DeveloperRow", "Developers"]

TABLES: typing.Final = """
CREATE TABLE developer_identities (
    developer INTEGER PRIMARY KEY REFERENCES developers (key),
    secrets TEXT NOT NULL,
    seed TEXT NOT NULL,
    world TEXT NOT NULL,
    start TEXT NOT NULL,
    settings TEXT NOT NULL
) STRICT;
CREATE TABLE developer_states (
    developer INTEGER PRIMARY KEY REFERENCES developers (key),
    clock TEXT NOT NULL,
    serial INTEGER NOT NULL
) STRICT;
"""


@dataclasses.dataclass(frozen=True, slots=True)
class DeveloperRow:
    """A developer as stored; settings are JSON text that only `simulation` reads."""

    id: str
    secrets: tuple[str, ...] = dataclasses.field(repr=False)
    seed: str
    world: str
    start: str
    settings: str


class Developers:
    """The developers of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, row: DeveloperRow, *, clock: str) -> None:
        """Keep a new developer, whose world has not begun yet."""
        with self._store.transaction():
            key = self._store.make_key(row.id)
            self._store.change(
                "INSERT INTO developer_identities (developer, secrets, seed, world, start, settings)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (key, json.dumps(row.secrets), row.seed, row.world, row.start, row.settings),
            )
            self.begin(row.id, clock=clock)

    def begin(self, developer_id: str, *, clock: str) -> None:
        """Begin the world of a developer, who has none."""
        with self._store.transaction():
            self._store.change(
                "INSERT INTO developer_states (developer, clock, serial) VALUES (?, ?, 0)",
                (self._store.key_of(developer_id), clock),
            )
            self._store.note_change()

    def get(self, developer_id: str) -> DeveloperRow | None:
        """Return a developer, or None."""
        rows = self._store.rows(
            "SELECT secrets, seed, world, start, settings FROM developer_identities WHERE developer = ?",
            (self._store.key_of(developer_id),),
        )
        for secrets, *others in rows:
            return DeveloperRow(developer_id, tuple(json.loads(secrets)), *others)
        return None

    def ids(self) -> list[str]:
        """Return the ids of all, in the order in which they came."""
        rows = self._store.rows(
            "SELECT id FROM developers JOIN developer_identities ON developer = key ORDER BY key"
        )
        return [row[0] for row in rows]

    def set_secrets(self, developer_id: str, secrets: Iterable[str]) -> None:
        """Replace the live secrets."""
        self._set(developer_id, "secrets", json.dumps(list(secrets)))

    def set_settings(self, developer_id: str, settings: str) -> None:
        """Replace the settings."""
        self._set(developer_id, "settings", settings)

    def clock(self, developer_id: str) -> str | None:
        """Return the state of the developer's clock, or None for nobody."""
        rows = self._store.rows(
            "SELECT clock FROM developer_states WHERE developer = ?",
            (self._store.key_of(developer_id),),
        )
        return rows[0][0] if rows else None

    def set_clock(self, developer_id: str, clock: str) -> None:
        """Replace the state of the clock."""
        with self._store.transaction():
            self._store.change(
                "UPDATE developer_states SET clock = ? WHERE developer = ?",
                (clock, self._store.key_of(developer_id)),
            )
            self._store.note_change()

    def next_serial(self, developer_id: str) -> int:
        """Count: each call gives the next number, 1 first, in whichever process."""
        with self._store.transaction():
            rows = self._store.rows(
                "UPDATE developer_states SET serial = serial + 1 WHERE developer = ?"
                " RETURNING serial",
                (self._store.key_of(developer_id),),
            )
            return rows[0][0] if rows else 0

    def _set(self, developer_id: str, column: str, value: str) -> None:
        with self._store.transaction():
            self._store.change(
                f"UPDATE developer_identities SET {column} = ? WHERE developer = ?",  # noqa: S608 - names of our own columns
                (value, self._store.key_of(developer_id)),
            )
            self._store.note_change()
