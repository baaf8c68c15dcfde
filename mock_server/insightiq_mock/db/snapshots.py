"""Named copies of everything that a developer owns, and starting over.

A copy lies in the same tables under a developer of its own whom nobody can name: so it covers every
table that has a ``developer`` column, whichever module it belongs to, and copying is a matter of one
statement per table inside SQLite. Two rules follow for a module with tables:

* A column that is a whole ``INTEGER PRIMARY KEY`` is not copied but given out anew: nothing may
  refer to it. Ids that others refer to are text, unique within a developer.
* Tables that must survive a reset or a restore are named in `_LASTING`.
"""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    from .store import Store

__all__ = ["TABLES", "Snapshots"]

TABLES: typing.Final = """
CREATE TABLE snapshots (
    developer INTEGER NOT NULL REFERENCES developers (key),
    name TEXT NOT NULL,
    copy INTEGER NOT NULL REFERENCES developers (key),
    taken_at TEXT NOT NULL,
    PRIMARY KEY (developer, name)
) STRICT;
"""

# Who the developer is and what they kept on purpose, rather than what happened in their world.
_LASTING: typing.Final = frozenset({"developer_identities", "snapshots"})

# Derived from the clock and the jobs by whoever restores them; and who moves the clock just now.
_DERIVED: typing.Final = frozenset({"wake_ups", "advances"})


class Snapshots:
    """Copies of developers' worlds."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def take(self, developer_id: str, name: str, *, taken_at: str) -> None:
        """Copy all that a developer owns under ``name``; an older copy of that name is replaced."""
        with self._store.transaction():
            self.remove(developer_id, name)
            key = self._store.key_of(developer_id)
            # Blanks and line breaks stand in no client id.
            copy = self._store.make_key(f"\n{key} {name}")
            self._copy(key, copy)
            self._store.change(
                "INSERT INTO snapshots (developer, name, copy, taken_at) VALUES (?, ?, ?, ?)",
                (key, name, copy, taken_at),
            )

    def restore(self, developer_id: str, name: str) -> str | None:
        """Bring a copy back in place of the present state.

        Returns:
            When it was taken; None where there is no copy of that name, and nothing happens.
        """
        with self._store.transaction():
            copy = self._copy_of(developer_id, name)
            if copy is None:
                return None
            key = self._store.key_of(developer_id)
            self._empty(key)
            self._copy(copy, key)
            rows = self._store.rows("SELECT taken_at FROM snapshots WHERE copy = ?", (copy,))
            taken_at: str = rows[0][0]
            return taken_at

    def names(self, developer_id: str) -> list[str]:
        """Return the names of a developer's copies, in the order in which they were taken."""
        rows = self._store.rows(
            "SELECT name FROM snapshots WHERE developer = ? ORDER BY copy",
            (self._store.key_of(developer_id),),
        )
        return [row[0] for row in rows]

    def remove(self, developer_id: str, name: str) -> bool:
        """Forget a copy; tell whether there was one."""
        with self._store.transaction():
            copy = self._copy_of(developer_id, name)
            if copy is None:
                return False
            self._store.change("DELETE FROM snapshots WHERE copy = ?", (copy,))
            self._empty(copy)
            self._store.change("DELETE FROM developers WHERE key = ?", (copy,))
            self._store.forget_keys()
            return True

    def clear(self, developer_id: str) -> None:
        """Forget what happened in a developer's world; identity and copies stay."""
        with self._store.transaction():
            self._empty(self._store.key_of(developer_id))

    def erase(self, developer_id: str) -> None:
        """Forget a developer altogether."""
        with self._store.transaction():
            for name in self.names(developer_id):
                self.remove(developer_id, name)
            key = self._store.key_of(developer_id)
            for table in self._tables():
                self._delete(table, key)
            self._store.change("DELETE FROM developers WHERE key = ?", (key,))
            self._store.forget_keys()

    def _copy_of(self, developer_id: str, name: str) -> int | None:
        rows = self._store.rows(
            "SELECT copy FROM snapshots WHERE developer = ? AND name = ?",
            (self._store.key_of(developer_id), name),
        )
        return rows[0][0] if rows else None

    def _copy(self, source: int, target: int) -> None:
        for table, columns in self._tables().items():
            if table in _LASTING or table in _DERIVED:
                continue
            names = ", ".join(columns)
            self._store.change(
                f"INSERT INTO {table} (developer, {names})"  # noqa: S608 - names of our own tables
                f" SELECT ?, {names} FROM {table} WHERE developer = ?",
                (target, source),
            )

    def _empty(self, key: int) -> None:
        # Rules that the web layer remembers may be among it.
        self._store.note_change()
        for table in self._tables():
            if table not in _LASTING:
                self._delete(table, key)

    def _delete(self, table: str, key: int) -> None:
        self._store.change(f"DELETE FROM {table} WHERE developer = ?", (key,))  # noqa: S608 - names of our own tables

    def _tables(self) -> dict[str, list[str]]:
        """The tables with a ``developer`` column, and the columns to copy beside it."""
        rows = self._store.rows(
            "SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c"
            " WHERE t.type = 'table' AND EXISTS ("
            "SELECT 1 FROM pragma_table_info(t.name) WHERE name = 'developer')"
            " AND c.name <> 'developer' AND NOT (c.pk = 1 AND c.type = 'INTEGER'"
            " AND (SELECT count(*) FROM pragma_table_info(t.name) WHERE pk > 0) = 1)"
            " ORDER BY t.rowid, c.cid"
        )
        tables: dict[str, list[str]] = {}
        for table, column in rows:
            tables.setdefault(table, []).append(column)
        return tables
