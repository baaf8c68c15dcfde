"""A seeded store, and looks into it that make nothing."""

from __future__ import annotations

import contextlib
import json
import typing

import pytest
from simulated_world import contract, epoch, seeded, simulation, wall, world

from insightiq_mock.db import Column, Selection, Store
from insightiq_mock.resources.bindings import RESOURCES
from insightiq_mock.resources.seed import seed_world
from insightiq_mock.resources.virtual_rows import VirtualRows

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["contract", "epoch", "seeded", "simulation", "wall", "world"]

ANN, BOB = "developer-ann", "developer-bob"
EVERYTHING = Selection(limit=1_000_000)


def every(store: Store, kind: str, developer_id: str = ANN) -> list[typing.Any]:
    """All of a developer's resources of a kind."""
    return [json.loads(body) for body in store.page(developer_id, kind, EVERYTHING)]


def kept(store: Store, kind: str, developer_id: str = ANN) -> list[typing.Any]:
    """Those of them that lie in the store already."""
    rows, store.virtual_rows = store.virtual_rows, None
    try:
        return every(store, kind, developer_id)
    finally:
        store.virtual_rows = rows


def owners(resources: list[typing.Any]) -> set[str]:
    """Ids of the accounts that the resources belong to."""
    return {resource["account"]["id"] for resource in resources}


def of_account(account_id: str, **selection: typing.Any) -> Selection:
    """Select the resources of an account."""
    return Selection(**{"limit": 1_000, "equal": {Column.ACCOUNT_ID: account_id}, **selection})


def make_virtual(store: Store) -> VirtualRows:
    """Give a store its virtual rows."""
    store.virtual_rows = rows = VirtualRows(store, RESOURCES.values())
    return rows


@contextlib.contextmanager
def seeded_store(size: str = "small", path: typing.Any = None) -> Iterator[Store]:
    """A store with a world of Ann's."""
    with Store.open(path) as store:
        make_virtual(store)
        seed_world(store, developer_id=ANN, seed=3, size=size)
        yield store


@pytest.fixture
def store() -> Iterator[Store]:
    """A store with a small world that no one has asked for anything."""
    with seeded_store() as made:
        yield made


@pytest.fixture(scope="session")
def large() -> Iterator[Store]:
    """A large world that tests only read."""
    with seeded_store("large") as made:
        yield made


@pytest.fixture
def own_large() -> Iterator[Store]:
    """A large world of the test's own."""
    with seeded_store("large") as made:
        yield made
