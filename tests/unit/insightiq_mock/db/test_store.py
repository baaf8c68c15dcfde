"""The store: what is kept, for whom, in which order, and how a database file is opened."""

from __future__ import annotations

import sqlite3
import threading
import typing

import pytest

from insightiq_mock.db import (
    Column,
    DuplicateKeyError,
    Record,
    Selection,
    Store,
    StoreError,
)

if typing.TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

ANN, BOB = "developer-ann", "developer-bob"


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store in memory."""
    with Store.open(None) as opened:
        yield opened


def item(
    resource_id: str,
    sort_key: str = "2026-01-01T00:00:00.000000",
    **columns: str,
) -> Record:
    """Make a content record."""
    return Record(
        "content",
        resource_id,
        sort_key,
        b'{"id":"%s"}' % resource_id.encode(),
        {Column(name): value for name, value in columns.items()},
    )


def ids(bodies: list[bytes]) -> str:
    """Read the one-letter ids off a page."""
    return "".join(body.decode()[7] for body in bodies)


def test_returns_bytes_that_were_kept(store: Store) -> None:
    body = '{"id":"a","name":"é🧭","n":1.50}'.encode()
    store.add(ANN, [Record("user", "a", "1", body, {Column.NATURAL_KEY: "ext"})])
    assert store.get(ANN, "user", "a") == body
    assert store.find(ANN, "user", "ext") == body
    assert store.get(ANN, "content", "a") is None
    assert store.find(ANN, "user", "EXT") is None


def test_developers_do_not_see_each_other(store: Store) -> None:
    store.add(ANN, [item("a", natural_key="k")])
    store.add(BOB, [item("b", natural_key="k")])
    assert store.get(BOB, "content", "a") is None
    assert store.get_many(BOB, "content", ["a", "b"]) == [b'{"id":"b"}']
    assert ids(store.page(BOB, "content", Selection(limit=10))) == "b"
    assert store.find(BOB, "content", "k") == b'{"id":"b"}'
    assert not store.remove(BOB, "content", "a")
    store.replace(BOB, Record("content", "a", "9", b"{}", {}))
    assert store.get(ANN, "content", "a") == b'{"id":"a"}'
    assert store.is_empty("developer-eve")
    assert not store.is_empty(ANN)


def test_pages_come_newest_first_with_tie_break(store: Store) -> None:
    same = "2026-01-02T00:00:00.000000"
    store.add(ANN, [item("a", same), item("c", same), item("b", same), item("d")])
    pages = [store.page(ANN, "content", Selection(limit=1, offset=n)) for n in range(5)]
    assert [ids(page) for page in pages] == ["c", "b", "a", "d", ""]


def test_date_windows_include_both_days(store: Store) -> None:
    moments = {
        "a": "2026-02-28T23:59:59.999999",
        "b": "2026-03-01T00:00:00.000000",
        "c": "2026-03-02T23:59:59.999999",
        "d": "2026-03-03T00:00:00.000000",
    }
    store.add(ANN, [item(name, moment) for name, moment in moments.items()])

    def inside(from_date: str | None, to_date: str | None) -> str:
        selection = Selection(limit=10, from_date=from_date, to_date=to_date)
        return ids(store.page(ANN, "content", selection))

    assert inside("2026-03-01", "2026-03-02") == "cb"
    assert inside("2026-03-01", None) == "dcb"
    assert inside(None, "2026-03-02") == "cba"
    assert inside("2026-03-03", "9999-12-31") == "d"


def test_columns_narrow_page(store: Store) -> None:
    store.add(
        ANN,
        [
            item("a", account_id="x", type="AD"),
            item("b", account_id="x", type="SALE"),
            item("c", account_id="y", type="AD"),
        ],
    )
    equal = {Column.ACCOUNT_ID: "x", Column.TYPE: "AD"}
    assert ids(store.page(ANN, "content", Selection(limit=10, equal=equal))) == "a"
    assert store.belongs_to_account(ANN, "content", "a", "x")
    assert not store.belongs_to_account(ANN, "content", "c", "x")


def test_get_many_keeps_order_asked(store: Store) -> None:
    store.add(ANN, [item("a"), item("b"), item("c")])
    found = store.get_many(ANN, "content", ["c", "?", "a", "c"])
    assert ids(found) == "ca"


def test_offset_beyond_every_integer_gives_empty_page(store: Store) -> None:
    store.add(ANN, [item("a")])
    assert store.page(ANN, "content", Selection(limit=1, offset=10**30)) == []


def test_taken_keys_are_rejected_as_whole(store: Store) -> None:
    store.add(ANN, [item("a", natural_key="k")])
    with pytest.raises(DuplicateKeyError):
        store.add(ANN, [item("b"), item("c", natural_key="k")])
    with pytest.raises(DuplicateKeyError):
        store.add(ANN, [item("d"), item("a")])
    assert ids(store.page(ANN, "content", Selection(limit=10))) == "a"


def test_replacing_moves_resource_in_its_list(store: Store) -> None:
    store.add(ANN, [item("a", "1", account_id="x"), item("b", "2", account_id="x")])
    store.replace(ANN, Record("content", "a", "3", b'{"id":"A"}', {}))
    selection = Selection(limit=10, equal={Column.ACCOUNT_ID: "x"})
    assert ids(store.page(ANN, "content", selection)) == "Ab"


def test_failed_transaction_leaves_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction():  # noqa: PT012 - both parts belong
        store.add(ANN, [item("a")])
        _ = 1 // 0
    assert store.is_empty(ANN)
    store.add(BOB, [item("b")])
    assert store.get(ANN, "content", "b") is None
    assert store.get(BOB, "content", "b") is not None


def test_threads_do_not_lose_each_others_changes(store: Store) -> None:
    store.add(ANN, [Record("content", "n", "1", b"0", {})])

    def count() -> None:
        for _ in range(50):
            with store.transaction():
                seen = store.get(ANN, "content", "n")
                assert seen is not None
                store.replace(ANN, Record("content", "n", "1", b"%d" % (int(seen) + 1), {}))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.get(ANN, "content", "n") == b"200"


@pytest.mark.parametrize(
    ("equal", "index"),
    [
        ((), "resources_in_order"),
        ((Column.ACCOUNT_ID,), "resources_of_account"),
        ((Column.ACCOUNT_ID, Column.TYPE), "resources_of_account"),
        ((Column.USER_ID,), "resources_of_user"),
        ((Column.USER_ID, Column.WORK_PLATFORM_ID), "resources_of_user"),
        ((Column.CONTENT_ID,), "resources_of_content"),
    ],
)
def test_lists_read_index_in_order(store: Store, equal: tuple[Column, ...], index: str) -> None:
    statements: list[str] = []
    store.connection.driver.set_trace_callback(statements.append)
    selection = Selection(limit=10, equal=dict.fromkeys(equal, "x"), from_date="2026-01-01")
    store.page(ANN, "content", selection)
    store.connection.driver.set_trace_callback(None)
    plan = store.connection.driver.execute(f"EXPLAIN QUERY PLAN {statements[-1]}").fetchall()
    steps = [row[3] for row in plan]
    assert len(steps) == 1
    assert f"USING INDEX {index} " in steps[0]


def test_file_survives_being_closed(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "mock.db"
    with Store.open(path) as store:
        store.add(ANN, [item("a")])
    with Store.open(str(path)) as store:
        assert store.get(ANN, "content", "a") == b'{"id":"a"}'


def test_two_stores_share_file(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "mock.db"
    with Store.open(path) as first, Store.open(path) as second:
        first.add(ANN, [item("a")])
        second.add(ANN, [item("b")])
        assert ids(first.page(ANN, "content", Selection(limit=10))) == "ba"
        assert ids(second.page(ANN, "content", Selection(limit=10))) == "ba"


def test_unusable_files_are_named_with_reason(tmp_path: pathlib.Path) -> None:
    newer, foreign = tmp_path / "newer.db", tmp_path / "foreign.db"
    older = tmp_path / "older.db"
    for path, version in ((newer, 99), (older, 1)):
        with sqlite3.connect(path) as connection:
            connection.execute(f"PRAGMA user_version = {version}")
        connection.close()
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    text = tmp_path / "notes.txt"
    text.write_text("this is no database, but long enough to look like one\n" * 100)
    reasons = {
        newer: "format 99",
        older: "format 1, which this mock server no longer reads",
        foreign: "another program",
        text: "not a database",
        tmp_path / "missing" / "mock.db": "unable to open",
    }
    for path, reason in reasons.items():
        with pytest.raises(StoreError, match=reason) as caught:
            Store.open(path)
        assert str(path) in str(caught.value)
        assert str(caught.value).endswith("name another file or move it away.")
