"""The write-ahead log of a database file: kept short by a thread, beside the writes."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import typing

import pytest
import sqlalchemy as sa

from insightiq_mock.db import Record, Store
from insightiq_mock.db import sqlite as module
from insightiq_mock.db.database import bind
from insightiq_mock.db.tables import request_log

if typing.TYPE_CHECKING:
    import pathlib


def user(number: int) -> Record:
    """Make a record."""
    return Record("user", f"u{number}", f"{number:06}", b"x" * 500, {})


def threads() -> list[str]:
    """Return the names of the threads that keep logs short."""
    return [each.name for each in threading.enumerate() if each.name == "checkpoints"]


def test_long_log_begins_anew(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_COMMITS_BETWEEN_CHECKPOINTS", 10)
    monkeypatch.setattr(module, "_LONGEST_LOG_PAGES", 20)
    done = threading.Event()
    checkpoint = module._checkpoint

    def noted(connection: sqlite3.Connection) -> None:
        checkpoint(connection)
        done.set()

    monkeypatch.setattr(module, "_checkpoint", noted)
    path = tmp_path / "mock.db"
    with Store.open(path) as store:
        for number in range(300):
            store.add("ann", [user(number)])
            if number % 10 == 9:
                assert done.wait(10)
                done.clear()
        assert threads()
        # Three pages a write and more would make a log of four megabytes.
        assert (tmp_path / "mock.db-wal").stat().st_size < 500_000
    assert not threads()
    with Store.open(path) as store:
        assert all(store.get("ann", "user", f"u{number}") for number in range(300))


def test_only_long_log_makes_writers_wait(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mock.db"
    with Store.open(path) as store:
        store.add("ann", [user(number) for number in range(50)])
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            statements: list[str] = []
            connection.set_trace_callback(statements.append)
            for longest in (10_000, 1):
                monkeypatch.setattr(module, "_LONGEST_LOG_PAGES", longest)
                statements.append(str(longest))
                module._checkpoint(connection)
    ended = statements.index("PRAGMA wal_checkpoint(RESTART)")
    assert ended > statements.index("1")


def test_few_writes_need_no_thread(tmp_path: pathlib.Path) -> None:
    with Store.open(tmp_path / "mock.db") as file, Store.open(None) as memory:
        for store in (file, memory):
            store.add("ann", [user(1)])
        assert not threads()


def test_checkpoint_that_fails_is_tried_again(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_COMMITS_BETWEEN_CHECKPOINTS", 1)
    tries: list[int] = []
    again = threading.Event()

    def failing(_connection: sqlite3.Connection) -> None:
        tries.append(1)
        again.set()
        message = "disk I/O error"
        raise sqlite3.OperationalError(message)

    monkeypatch.setattr(module, "_checkpoint", failing)
    with Store.open(tmp_path / "mock.db") as store:
        for number in range(2):
            store.add("ann", [user(number)])
            assert again.wait(10)
            again.clear()
    assert len(tries) == 2


def test_commit_that_fails_leaves_no_transaction_open(tmp_path: pathlib.Path) -> None:
    with Store.open(tmp_path / "mock.db") as store:
        store.add("ann", [user(0)])
        with pytest.raises(sqlite3.IntegrityError), store.transaction():  # noqa: PT012 - both parts belong
            store.connection.execute("PRAGMA defer_foreign_keys = ON")
            store.connection.execute(
                "INSERT INTO resources (developer, kind, id, sort_key, body)"
                " VALUES (99, 'user', 'x', '1', x'00')"
            )
        store.add("ann", [user(1)])
        assert store.rows(sa.text("SELECT count(*) FROM resources")) == [(2,)]


def test_parameters_are_named() -> None:
    """CPython 3.12.0 to 3.12.3 warn about numbered ones, and other drivers take no question marks."""
    statement = sa.select(request_log.c.entry).where(request_log.c.status == bind("status"))
    sql, constants = module.Connection.compile(statement.limit(7))
    assert "= :status" in sql
    assert "?" not in sql
    assert 7 in constants.values()
    assert "status" not in constants
