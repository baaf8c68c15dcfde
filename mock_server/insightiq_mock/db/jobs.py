"""Jobs: what is to happen in a developer's world, and when.

``due_at`` is a moment of the developer's own world. ``wake_at`` of a developer is the wall time at
which the first of the jobs comes due, kept up to date by whoever knows the clocks; it is null while
a clock stands still or there is nothing to do. One index over it finds the next of all developers.

A row of ``advances`` says who moves a developer's clock on: until it ends, nobody else may, in
whichever process, nor take that developer's jobs. Resets and restores delete it.
"""

from __future__ import annotations

import dataclasses
import typing

if typing.TYPE_CHECKING:
    from .store import Row, Store

__all__ = ["TABLES", "JobRow", "Jobs"]

TABLES: typing.Final = """
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    developer INTEGER NOT NULL REFERENCES developers (key),
    due_at TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT,
    payload TEXT NOT NULL,
    leased_until REAL
) STRICT;
CREATE INDEX jobs_in_order ON jobs (developer, due_at, id);
CREATE INDEX jobs_of_subject ON jobs (developer, subject) WHERE subject IS NOT NULL;
CREATE TABLE wake_ups (
    developer INTEGER PRIMARY KEY REFERENCES developers (key),
    wake_at REAL NOT NULL
) STRICT;
CREATE INDEX wake_ups_in_order ON wake_ups (wake_at);
CREATE TABLE advances (
    developer INTEGER PRIMARY KEY REFERENCES developers (key),
    holder TEXT NOT NULL,
    held_until REAL NOT NULL
) STRICT;
"""


@dataclasses.dataclass(frozen=True, slots=True)
class JobRow:
    """A job as stored: the moment as the wire writes it, the payload as JSON text."""

    id: int
    due_at: str
    kind: str
    payload: str


class Jobs:
    """The jobs of all developers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(
        self, developer_id: str, *, due_at: str, kind: str, subject: str | None, payload: str
    ) -> int:
        """Keep a new job and return its number."""
        with self._store.transaction():
            rows = self._store.rows(
                "INSERT INTO jobs (developer, due_at, kind, subject, payload)"
                " VALUES (?, ?, ?, ?, ?) RETURNING id",
                (self._store.make_key(developer_id), due_at, kind, subject, payload),
            )
            number: int = rows[0][0]
            return number

    def claim(
        self,
        developer_id: str,
        *,
        due_by: str,
        wall: float,
        lease_seconds: float,
        holder: str | None = None,
    ) -> JobRow | None:
        """Take the first job that is due and that nobody else is busy with; None if there is none.

        Whoever takes it has to `finish` it before the lease ends; otherwise, as after a crash,
        somebody takes it again. While the developer's clock is moved on, only its ``holder`` gets one.
        """
        key = self._store.key_of(developer_id)
        with self._store.transaction():
            rows = self._store.rows(
                "UPDATE jobs SET leased_until = ? WHERE id = ("
                "SELECT id FROM jobs WHERE developer = ? AND due_at <= ?"
                " AND (leased_until IS NULL OR leased_until <= ?)"
                " AND NOT EXISTS (SELECT 1 FROM advances WHERE developer = ?"
                " AND held_until > ? AND holder IS NOT ?)"
                " ORDER BY due_at, id LIMIT 1) RETURNING id, due_at, kind, payload",
                (wall + lease_seconds, key, due_by, wall, key, wall, holder),
            )
        return _job(rows)

    def is_any_leased(self, developer_id: str, *, due_by: str, wall: float) -> bool:
        """Tell whether somebody is busy with a job that was due."""
        rows = self._store.rows(
            "SELECT 1 FROM jobs WHERE developer = ? AND due_at <= ? AND leased_until > ? LIMIT 1",
            (self._store.key_of(developer_id), due_by, wall),
        )
        return bool(rows)

    def begin_advance(self, developer_id: str, *, holder: str, wall: float, until: float) -> bool:
        """Note who moves a clock on; False where somebody else does."""
        with self._store.transaction():
            return bool(
                self._store.change(
                    "INSERT INTO advances (developer, holder, held_until) VALUES (?, ?, ?)"
                    " ON CONFLICT (developer) DO UPDATE"
                    " SET holder = excluded.holder, held_until = excluded.held_until"
                    " WHERE held_until <= ?",
                    (self._store.key_of(developer_id), holder, until, wall),
                )
            )

    def keep_advance(self, developer_id: str, *, holder: str, until: float) -> bool:
        """Hold the clock longer; False where it is no longer held."""
        return bool(
            self._store.change(
                "UPDATE advances SET held_until = ? WHERE developer = ? AND holder = ?",
                (until, self._store.key_of(developer_id), holder),
            )
        )

    def end_advance(self, developer_id: str, *, holder: str) -> None:
        """Let go of the clock."""
        with self._store.transaction():
            self._store.change(
                "DELETE FROM advances WHERE developer = ? AND holder = ?",
                (self._store.key_of(developer_id), holder),
            )

    def held_until(self, developer_id: str, *, wall: float) -> float | None:
        """Return until when a clock is held by whoever moves it on; None if nobody does."""
        rows = self._store.rows(
            "SELECT held_until FROM advances WHERE developer = ? AND held_until > ?",
            (self._store.key_of(developer_id), wall),
        )
        return rows[0][0] if rows else None

    def finish(self, job_id: int) -> bool:
        """Forget a job that is done; tell whether it was still there."""
        with self._store.transaction():
            return self._store.change("DELETE FROM jobs WHERE id = ?", (job_id,)) > 0

    def cancel(self, developer_id: str, *, subject: str, kinds: tuple[str, ...]) -> None:
        """Forget the jobs of those kinds that concern a subject."""
        marks = ", ".join("?" * len(kinds))
        with self._store.transaction():
            self._store.change(
                f"DELETE FROM jobs WHERE developer = ? AND subject = ? AND kind IN ({marks})",  # noqa: S608 - question marks
                (self._store.key_of(developer_id), subject, *kinds),
            )

    def exists(self, developer_id: str, *, subject: str, kind: str) -> bool:
        """Tell whether there is a job of that kind that concerns a subject."""
        rows = self._store.rows(
            "SELECT 1 FROM jobs WHERE developer = ? AND subject = ? AND kind = ? LIMIT 1",
            (self._store.key_of(developer_id), subject, kind),
        )
        return bool(rows)

    def pending(self, developer_id: str, limit: int = 1000) -> list[JobRow]:
        """Return what is to be done, in the order in which it comes."""
        rows = self._store.rows(
            "SELECT id, due_at, kind, payload FROM jobs WHERE developer = ?"
            " ORDER BY due_at, id LIMIT ?",
            (self._store.key_of(developer_id), limit),
        )
        return [JobRow(*row) for row in rows]

    def next_times(self, developer_id: str, *, wall: float) -> tuple[str | None, float | None]:
        """Return when the first job comes due that is free, and when the first leased one is."""
        rows = self._store.rows(
            "SELECT min(CASE WHEN leased_until > ? THEN NULL ELSE due_at END),"
            " min(CASE WHEN leased_until > ? THEN leased_until END)"
            " FROM jobs WHERE developer = ?",
            (wall, wall, self._store.key_of(developer_id)),
        )
        return rows[0][0], rows[0][1]

    def release(self, job_id: int) -> None:
        """Give a taken job back, not done."""
        with self._store.transaction():
            self._store.change("UPDATE jobs SET leased_until = NULL WHERE id = ?", (job_id,))

    def set_wake_up(self, developer_id: str, wall: float | None) -> None:
        """Note the wall time at which a developer's first job comes due; None: never."""
        key = self._store.key_of(developer_id)
        with self._store.transaction():
            if wall is None:
                self._store.change("DELETE FROM wake_ups WHERE developer = ?", (key,))
            else:
                self._store.change(
                    "INSERT INTO wake_ups (developer, wake_at) VALUES (?, ?)"
                    " ON CONFLICT (developer) DO UPDATE SET wake_at = excluded.wake_at",
                    (key, wall),
                )

    def next_wake_up(self) -> tuple[str, float] | None:
        """Return the developer whose job comes first of all, and the wall time of it."""
        rows = self._store.rows(
            "SELECT id, wake_at FROM wake_ups JOIN developers ON key = developer"
            " ORDER BY wake_at LIMIT 1"
        )
        return (rows[0][0], rows[0][1]) if rows else None


def _job(rows: list[Row]) -> JobRow | None:
    return JobRow(*rows[0]) if rows else None
