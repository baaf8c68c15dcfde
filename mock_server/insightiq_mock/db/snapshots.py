"""Named copies of everything that a developer owns, and resets.

A copy lies in the same tables under a developer of its own that no client id can name: so it covers
every table that has a ``developer`` column, and takes one statement per table inside the database.
"""

from __future__ import annotations

import functools
import typing

import sqlalchemy as sa

from .database import bind
from .tables import DERIVED, LASTING, METADATA, developers, snapshots

if typing.TYPE_CHECKING:
    from .database import Database

__all__ = ["Snapshots"]

_named = (snapshots.c.developer == bind("developer"), snapshots.c.name == bind("name"))
_ADD: typing.Final = sa.insert(snapshots).values({c: bind(c.name) for c in snapshots.columns})
_FIND: typing.Final = sa.select(snapshots.c.copy, snapshots.c.taken_at).where(*_named)
_NAMES: typing.Final = (
    sa.select(snapshots.c.name)
    .where(snapshots.c.developer == bind("developer"))
    .order_by(snapshots.c.copy)
)
_REMOVE: typing.Final = sa.delete(snapshots).where(*_named)
_REMOVE_DEVELOPER: typing.Final = sa.delete(developers).where(developers.c.key == bind("key"))


class Snapshots:
    """Copies of developers' worlds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, developer_id: str, name: str, *, taken_at: str) -> None:
        """Copy everything that a developer owns; an older copy of that name is replaced."""
        with self._database.transaction():
            self.remove(developer_id, name)
            key = self._database.key_of(developer_id)
            # Blanks and line breaks stand in no client id.
            copy = self._database.make_key(f"\n{key} {name}")
            self._copy(key, copy)
            self._database.change(
                _ADD, {"developer": key, "name": name, "copy": copy, "taken_at": taken_at}
            )

    def restore(self, developer_id: str, name: str) -> str | None:
        """Put a copy in place of the present state.

        Returns:
            The moment at which it was taken; None if there is no copy of that name.
        """
        with self._database.transaction():
            key = self._database.key_of(developer_id)
            for copy, taken_at in self._database.rows(_FIND, {"developer": key, "name": name}):
                self._empty(key)
                self._copy(copy, key)
                moment: str = taken_at
                return moment
            return None

    def names(self, developer_id: str) -> list[str]:
        """Return the names of a developer's copies, oldest first."""
        own = {"developer": self._database.key_of(developer_id)}
        return [row[0] for row in self._database.rows(_NAMES, own)]

    def remove(self, developer_id: str, name: str) -> bool:
        """Delete a copy; return whether there was one."""
        with self._database.transaction():
            own = {"developer": self._database.key_of(developer_id), "name": name}
            rows = self._database.rows(_FIND, own)
            for copy, _ in rows:
                self._database.change(_REMOVE, own)
                self._empty(copy)
                self._database.change(_REMOVE_DEVELOPER, {"key": copy})
                self._database.forget_keys()
            return bool(rows)

    def clear(self, developer_id: str) -> None:
        """Empty a developer's world; identity and copies stay."""
        with self._database.transaction():
            self._empty(self._database.key_of(developer_id))

    def erase(self, developer_id: str) -> None:
        """Delete a developer altogether."""
        with self._database.transaction():
            for name in self.names(developer_id):
                self.remove(developer_id, name)
            key = self._database.key_of(developer_id)
            self._empty(key)
            for table in LASTING:
                self._database.change(_deletion(table), {"developer": key})
            self._database.change(_REMOVE_DEVELOPER, {"key": key})
            self._database.forget_keys()

    def _copy(self, source: int, target: int) -> None:
        for table in _tables():
            if table not in DERIVED:
                self._database.change(_copying(table), {"source": source, "target": target})

    def _empty(self, key: int) -> None:
        # Rules that the web layer remembers may be among it.
        self._database.note_change()
        for table in _tables():
            self._database.change(_deletion(table), {"developer": key})


@functools.cache
def _tables() -> list[sa.Table]:
    """Return the tables of a developer's world."""
    every = METADATA.sorted_tables
    return [table for table in every if "developer" in table.c and table not in LASTING]


@functools.cache
def _deletion(table: sa.Table) -> sa.Executable:
    return sa.delete(table).where(table.c.developer == bind("developer"))


@functools.cache
def _copying(table: sa.Table) -> sa.Executable:
    counted = bool(table.dialect_options["sqlite"]["autoincrement"])
    columns = [
        column
        for column in table.columns
        if column.name != "developer" and not (counted and column.primary_key)
    ]
    rows = (
        sa.select(bind("target"), *columns)
        .where(table.c.developer == bind("source"))
        .order_by(*table.primary_key.columns)
    )
    return sa.insert(table).from_select(["developer", *(column.name for column in columns)], rows)
