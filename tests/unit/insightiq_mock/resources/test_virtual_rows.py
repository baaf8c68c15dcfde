"""Resources that are stored when they are first read."""

from __future__ import annotations

import concurrent.futures
import json
import pathlib
import typing
import uuid

import pytest

from insightiq_mock.db import Column, Selection, Store
from insightiq_mock.resources.bindings import RESOURCES
from insightiq_mock.resources.contents import CONTENTS
from insightiq_mock.resources.seed import make_world, seed_world
from insightiq_mock.simulation import RandomStream

from .conftest import (
    ANN,
    BOB,
    EVERYTHING,
    every,
    kept,
    make_virtual,
    of_account,
    owners,
    seeded_store,
)

PARTS = (
    "audience",
    "content",
    "content_group",
    "comment",
    "social_transaction",
    "social_payout",
    "commerce_transaction",
    "commerce_payout",
    "commerce_balance",
)


def bodies(store: Store, kind: str) -> list[bytes]:
    """All of Ann's resources of a kind, as they are sent."""
    return store.page(ANN, kind, EVERYTHING)


def account_of(store: Store, platform: str) -> str:
    """The account of a platform that has most history."""
    accounts = [
        account
        for account in every(store, "account")
        if account["work_platform"]["name"] == platform
    ]
    found: str = min(accounts, key=lambda account: account["created_at"])["id"]
    return found


def test_new_world_stores_users_accounts_and_profiles(store: Store) -> None:
    assert len(kept(store, "user")) == 8
    assert len(kept(store, "account")) == 17
    assert len(kept(store, "profile")) == 16
    for kind in PARTS:
        assert kept(store, kind) == [], kind


@pytest.mark.parametrize("order", range(3))
def test_order_of_first_reads_changes_no_byte(order: int) -> None:
    expected: dict[str, set[bytes]] = {}
    for record in make_world(RESOURCES.values(), seed=3):
        expected.setdefault(record.kind, set()).add(record.body)
    with seeded_store() as store:
        accounts = [account["id"] for account in every(store, "account")]
        RandomStream("order", str(order)).shuffle(accounts)
        for account_id in accounts:
            store.page(ANN, RandomStream(account_id).choice(PARTS), of_account(account_id))
        assert {kind: set(bodies(store, kind)) for kind in expected} == expected


def test_first_read_makes_one_account_whole(store: Store) -> None:
    account_id = account_of(store, "YouTube")
    assert store.page(ANN, "content", of_account(account_id))
    for kind in ("content", "content_group", "comment", "social_transaction"):
        assert owners(kept(store, kind)) == {account_id}, kind


@pytest.mark.parametrize("kind", PARTS)
def test_resource_is_found_by_id_at_first_read(kind: str) -> None:
    with seeded_store() as elsewhere:
        resource = every(elsewhere, kind)[-1]
    with seeded_store() as store:
        body = store.get(ANN, kind, resource["id"])
        assert body is not None
        assert json.loads(body) == resource
        for other in PARTS:
            assert owners(kept(store, other)) <= {resource["account"]["id"]}, other


def test_search_finds_resources_at_first_read(store: Store) -> None:
    with seeded_store() as elsewhere:
        some = RandomStream("some").sample(every(elsewhere, "content"), 12)
    ids = [resource["id"] for resource in some]
    asked = [ids[0], str(uuid.uuid4()), *ids[1:], "no id"]
    found = [json.loads(body) for body in store.get_many(ANN, "content", asked)]
    assert found == some


def test_unknown_ids_make_nothing(store: Store) -> None:
    seed_world(store, developer_id=BOB, seed=4)
    with seeded_store() as elsewhere:
        comment = every(elsewhere, "comment")[0]
    assert store.get(ANN, "content", str(uuid.UUID(int=5))) is None
    assert store.get(ANN, "content", comment["id"]) is None
    assert store.get(BOB, "comment", comment["id"]) is None
    assert store.page(ANN, "content", of_account("no account")) == []
    for developer_id in (ANN, BOB):
        assert all(kept(store, kind, developer_id) == [] for kind in PARTS)


def test_other_look_ups_make_account(store: Store) -> None:
    with seeded_store() as elsewhere:
        comment = every(elsewhere, "comment")[0]
    account_id, content_id = comment["account"]["id"], comment["content"]["id"]
    assert store.belongs_to_account(ANN, "content", content_id, account_id)
    with seeded_store() as fresh:
        of_content = Selection(limit=10, equal={Column.CONTENT_ID: content_id})
        assert fresh.page(ANN, "comment", of_content)
    with seeded_store() as fresh:
        assert fresh.find(ANN, "audience", account_id) is not None
        assert not fresh.belongs_to_account(ANN, "content", content_id, "another")


def test_account_is_made_once(store: Store) -> None:
    account_id = account_of(store, "TikTok")
    assert store.virtual_rows.make_account(ANN, account_id)
    first = kept(store, "content")
    assert not store.virtual_rows.make_account(ANN, account_id)
    assert kept(store, "content") == first


def test_first_write_makes_account(store: Store) -> None:
    account_id = account_of(store, "TikTok")
    with seeded_store() as elsewhere:
        item = json.loads(elsewhere.page(ANN, "content", of_account(account_id))[0])
    new = {**item, "id": str(uuid.uuid4()), "published_at": "2026-12-01T00:00:00.000000"}
    store.add(ANN, [CONTENTS.record(new)])
    page = [json.loads(body) for body in store.page(ANN, "content", of_account(account_id))]
    assert page[:2] == [new, item]


def test_account_is_made_after_restart(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "mock.db"
    with seeded_store(path=path) as store:
        account_id = account_of(store, "YouTube")
    with Store.open(path) as reopened:
        make_virtual(reopened)
        assert reopened.page(ANN, "content", of_account(account_id))


def test_several_processes_make_account_once(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "mock.db"
    with seeded_store(path=path) as first, Store.open(path) as second, Store.open(path) as third:
        account_id = account_of(first, "YouTube")
        stores = [first, second, third] * 2
        for store in (second, third):
            make_virtual(store)

        def ask(store: Store) -> list[bytes]:
            return store.page(ANN, "content", of_account(account_id))

        with concurrent.futures.ThreadPoolExecutor(len(stores)) as pool:
            pages = list(pool.map(ask, stores))
        assert len(pages[0]) == 18
        assert pages == [pages[0]] * len(stores)


def test_rows_of_another_process_are_seen(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "mock.db"
    with seeded_store(path=path) as mine, Store.open(path) as other:
        rows_of_other = make_virtual(other)
        account_id = account_of(mine, "YouTube")
        rows = mine.rows

        def overtaken(*arguments: typing.Any) -> typing.Any:
            found = rows(*arguments)
            if not found:
                rows_of_other.make_account(ANN, account_id)
            return found

        mine.rows = overtaken  # type: ignore[method-assign] # the seam between the two looks
        assert len(mine.page(ANN, "content", of_account(account_id))) == 18


def test_unknown_size_is_rejected_with_choices() -> None:
    arguments: dict[str, typing.Any] = {"developer_id": ANN, "size": "huge"}
    with Store.open(None) as store:
        with pytest.raises(
            ValueError, match="size 'huge'; choose one of empty, small, medium, large"
        ):
            seed_world(store, **arguments)
        assert store.is_empty(ANN)
