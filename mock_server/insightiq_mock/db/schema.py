"""The tables, and opening a database that may be missing, foreign or from a newer version."""

from __future__ import annotations

import sqlite3
import typing

from . import deliveries, developers, fault_rules, inbox, jobs, request_log, snapshots

__all__ = ["SchemaError", "connect"]

_VERSION: typing.Final = 3

# Waiting for another process's write is normal with several workers; five seconds of it is not.
_BUSY_SECONDS: typing.Final = 5.0

# Every distinct selection is a statement of its own; preparing one costs more than running it.
_PREPARED_STATEMENTS: typing.Final = 256

# `Checkpoints` keeps the log much shorter; this is for the case that it cannot.
_PAGES_IN_LOG: typing.Final = 32_000

# Bodies stand last: filters are read without touching the pages that hold a long body.
_RESOURCES: typing.Final = """
CREATE TABLE developers (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE resources (
    developer INTEGER NOT NULL REFERENCES developers (key),
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    natural_key TEXT,
    account_id TEXT,
    user_id TEXT,
    work_platform_id TEXT,
    content_id TEXT,
    type TEXT,
    body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX resources_by_id ON resources (developer, kind, id);
CREATE UNIQUE INDEX resources_by_natural_key ON resources (developer, kind, natural_key)
    WHERE natural_key IS NOT NULL;
CREATE INDEX resources_in_order ON resources (developer, kind, sort_key, id);
CREATE INDEX resources_of_account ON resources (developer, kind, account_id, sort_key, id)
    WHERE account_id IS NOT NULL;
CREATE INDEX resources_of_user ON resources (developer, kind, user_id, sort_key, id)
    WHERE user_id IS NOT NULL;
CREATE INDEX resources_of_content ON resources (developer, kind, content_id, sort_key, id)
    WHERE content_id IS NOT NULL;
"""

# One line per module that has tables of its own.
_TABLES: typing.Final = (
    _RESOURCES,
    developers.TABLES,
    jobs.TABLES,
    deliveries.TABLES,
    fault_rules.TABLES,
    inbox.TABLES,
    request_log.TABLES,
    snapshots.TABLES,
)


class SchemaError(Exception):
    """The database cannot be used; the message says why."""


def connect(database: str) -> sqlite3.Connection:
    """Open ``database`` (a path, or ``:memory:``) with the tables in place.

    The connection commits each statement unless a transaction is begun, and may be used from any
    thread as long as only one uses it at a time.

    Raises:
        SchemaError: The file is not one of ours, or a newer version of the mock wrote it.
        sqlite3.Error: The file cannot be opened.
    """
    connection = sqlite3.connect(
        database,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_PREPARED_STATEMENTS,
    )
    try:
        # First of all: a file that is not ours must not be changed in the least.
        _create_or_check(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        # In WAL mode this survives a killed process; only a power cut could lose the last writes.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_PAGES_IN_LOG}")
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _create_or_check(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            _create(connection)
        else:
            _check(version)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _check(version: int) -> None:
    if version < _VERSION:
        msg = f"it has format {version}, which this mock server no longer reads"
        raise SchemaError(msg)
    if version != _VERSION:
        msg = f"it has format {version}, and this mock server reads format {_VERSION}"
        raise SchemaError(msg)


def _create(connection: sqlite3.Connection) -> None:
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        msg = "it belongs to another program"
        raise SchemaError(msg)
    for statement in filter(str.strip, "".join(_TABLES).split(";")):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {_VERSION}")
