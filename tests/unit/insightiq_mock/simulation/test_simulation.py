"""Developers: credentials, worlds of their own, resets and snapshots."""

from __future__ import annotations

import datetime as dt
import json
import pathlib
import typing

import pytest
import sqlalchemy as sa

from insightiq_mock.db import Selection, Store
from insightiq_mock.resources import make_simulation
from insightiq_mock.resources.bindings import RESOURCES
from insightiq_mock.simulation import (
    DeveloperExistsError,
    Simulation,
    UnknownDeveloperError,
    UnknownSnapshotError,
)

if typing.TYPE_CHECKING:
    from simulated_world import Wall, World

EVERY = Selection(limit=1_000_000)


def whole_world(simulation: Simulation, developer_id: str) -> dict[str, list[bytes]]:
    """Everything that a developer can read."""
    kinds = {each.kind for each in RESOURCES.values()}
    return {kind: simulation.store.page(developer_id, kind, EVERY) for kind in kinds}


def test_credentials_are_random_when_absent(simulation: Simulation) -> None:
    one, two = simulation.create_developer(), simulation.create_developer()
    assert len({one.id, two.id, *one.secrets, *two.secrets}) == 4
    assert len(one.id) == len(one.secrets[0]) == 36
    assert one.secrets[0] not in repr(one)
    assert simulation.developers() == [one, two]


def test_valid_secrets_are_accepted(simulation: Simulation) -> None:
    simulation.create_developer(client_id="ann", client_secret="first")
    assert simulation.check_credentials("ann", "first")
    assert not simulation.check_credentials("ann", "First")
    assert not simulation.check_credentials("ann", "")
    assert not simulation.check_credentials("bob", "first")
    simulation.rotate_secret("ann", "second")
    assert simulation.developer("ann").secrets == ("second", "first")
    assert simulation.check_credentials("ann", "first")
    assert simulation.check_credentials("ann", "second")
    simulation.retire_old_secret("ann")
    assert not simulation.check_credentials("ann", "first")
    assert simulation.check_credentials("ann", "second")


def test_second_rotation_ends_oldest_secret(simulation: Simulation) -> None:
    simulation.create_developer(client_id="ann", client_secret="first")
    made = simulation.rotate_secret("ann").secrets[0]
    simulation.rotate_secret("ann", "third")
    assert simulation.developer("ann").secrets == ("third", made)
    with Store.open(None) as store:
        other = make_simulation(store)
        other.create_developer(client_id="ann", client_secret="first")
        assert other.rotate_secret("ann").secrets == (made, "first")


def test_taken_client_id_is_rejected(simulation: Simulation) -> None:
    simulation.create_developer(client_id="ann", client_secret="first")
    with pytest.raises(DeveloperExistsError, match="'ann' exists already"):
        simulation.create_developer(client_id="ann", client_secret="second")
    assert simulation.check_credentials("ann", "first")


def test_unknown_developer_is_rejected(simulation: Simulation) -> None:
    for ask in (simulation.developer, simulation.now, simulation.reset, simulation.snapshots):
        with pytest.raises(UnknownDeveloperError, match="no developer 'no one'"):
            ask("no one")


def test_one_seed_makes_equal_worlds(simulation: Simulation) -> None:
    for developer_id in ("ann", "bob"):
        simulation.create_developer(client_id=developer_id, clock="frozen", seed=4)
    ann, bob = (simulation.store.page(each, "user", EVERY) for each in ("ann", "bob"))
    assert len(ann) > 5
    assert ann == bob
    user_id = json.loads(ann[0])["id"]
    assert simulation.store.remove("ann", "user", user_id)
    assert simulation.store.page("bob", "user", EVERY) == bob


def test_reset_brings_first_moment_back(seeded: World, epoch: dt.datetime) -> None:
    simulation, developer_id = seeded.simulation, seeded.developer_id
    first = whole_world(simulation, developer_id)
    pending = [(job.due_at, job.kind) for job in simulation.pending(developer_id)]
    new_id = simulation.new_id(developer_id)
    simulation.update_settings(developer_id, {"requests_per_second": 3})
    simulation.rotate_secret(developer_id, "second")
    seeded.connect("TikTok")
    seeded.advance(days=3)
    assert whole_world(simulation, developer_id) != first
    simulation.reset(developer_id)
    assert whole_world(simulation, developer_id) == first
    assert seeded.now == epoch
    assert [(job.due_at, job.kind) for job in simulation.pending(developer_id)] == pending
    assert simulation.new_id(developer_id) == new_id
    # Who they are and how they want the mock to be is not part of the world.
    assert simulation.developer(developer_id).settings.requests_per_second == 3
    assert simulation.developer(developer_id).secrets[0] == "second"


def test_snapshot_comes_back_whole(seeded: World) -> None:
    simulation, developer_id = seeded.simulation, seeded.developer_id
    account_id = seeded.connect("Instagram")["id"]
    seeded.advance(seconds=5)
    simulation.snapshot(developer_id, "connecting")
    at = seeded.now
    before = whole_world(simulation, developer_id)
    later: list[dict[str, list[bytes]]] = []
    for _ in range(2):
        seeded.advance(days=2)
        later.append(whole_world(simulation, developer_id))
        simulation.restore(developer_id, "connecting")
        assert seeded.now == at
        assert whole_world(simulation, developer_id) == before
        assert seeded.account(account_id)["data"]["engagement"]["status"] != "SYNCED"
    assert later[0] == later[1] != before


def test_snapshots_have_names(seeded: World) -> None:
    simulation, developer_id = seeded.simulation, seeded.developer_id
    for name in ("b", "a", "ü ☃"):
        simulation.snapshot(developer_id, name)
    assert simulation.snapshots(developer_id) == ["b", "a", "ü ☃"]
    seeded.advance(hours=1)
    at = seeded.now
    simulation.snapshot(developer_id, "b")
    seeded.advance(hours=1)
    simulation.restore(developer_id, "b")
    assert seeded.now == at
    with pytest.raises(UnknownSnapshotError, match="no snapshot 'c'; there are: 'a', 'ü ☃', 'b'"):
        simulation.restore(developer_id, "c")


def test_snapshots_belong_to_one_developer(simulation: Simulation) -> None:
    for developer_id in ("ann", "bob"):
        simulation.create_developer(client_id=developer_id, clock="frozen")
    simulation.snapshot("ann", "mine")
    assert simulation.snapshots("bob") == []
    with pytest.raises(UnknownSnapshotError, match="there are: none"):
        simulation.restore("bob", "mine")
    assert [developer.id for developer in simulation.developers()] == ["ann", "bob"]


def test_deleted_developer_leaves_nothing_behind(simulation: Simulation) -> None:
    simulation.create_developer(client_id="bob", clock="frozen")
    bob = whole_world(simulation, "bob")
    rows = count_rows(simulation.store)
    simulation.create_developer(client_id="ann", clock="frozen")
    simulation.snapshot("ann", "mine")
    simulation.delete_developer("ann")
    assert count_rows(simulation.store) == rows
    assert not simulation.has_developer("ann")
    assert whole_world(simulation, "bob") == bob
    simulation.create_developer(client_id="ann", clock="frozen")
    assert simulation.snapshots("ann") == []


def count_rows(store: Store) -> dict[str, int]:
    """Count the rows of every table that holds something of developers."""
    tables = [
        row[0] for row in store.rows(sa.text("SELECT name FROM sqlite_schema WHERE type = 'table'"))
    ]
    return {
        table: store.rows(sa.text(f"SELECT count(*) FROM {table}"))[0][0]  # noqa: S608 - names of our own tables
        for table in tables
        if table != "sqlite_sequence"
    }


def test_everything_survives_restart(wall: Wall, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "mock.sqlite"
    with Store.open(path) as store:
        first = make_simulation(store, wall_clock=wall)
        first.create_developer(client_id="ann", client_secret="s", seed="x", world="empty")
        first.update_settings("ann", {"requests_per_second": 3})
        first.snapshot("ann", "one")
        first.schedule("ann", due_at=first.now("ann"), kind="x", payload={"n": 1})
        developer, now, pending = first.developer("ann"), first.now("ann"), first.pending("ann")
    wall.now += dt.timedelta(hours=1)
    with Store.open(path) as store:
        second = make_simulation(store, wall_clock=wall)
        assert second.developer("ann") == developer
        assert second.now("ann") == now + dt.timedelta(hours=1)
        assert second.pending("ann") == pending
        assert second.snapshots("ann") == ["one"]


def test_world_of_today_follows_wall(simulation: Simulation, wall: Wall) -> None:
    simulation.create_developer(client_id="ann", clock="real")
    assert simulation.now("ann") == wall.now
    newest = simulation.store.page("ann", "account", Selection(limit=1))[0]
    assert b'"updated_at":"2026-11-23T08:59' in newest


def test_clock_runs_from_fixed_present_by_default(
    simulation: Simulation, wall: Wall, epoch: dt.datetime
) -> None:
    simulation.create_developer(client_id="ann")
    assert simulation.now("ann") == epoch
    wall.now += dt.timedelta(minutes=7)
    assert simulation.now("ann") == epoch + dt.timedelta(minutes=7)


def test_restored_clock_runs_from_snapshot(simulation: Simulation, wall: Wall) -> None:
    simulation.create_developer(client_id="ann", world="empty")
    at = simulation.now("ann")
    simulation.snapshot("ann", "one")
    wall.now += dt.timedelta(days=2)
    simulation.restore("ann", "one")
    assert simulation.now("ann") == at
    wall.now += dt.timedelta(minutes=1)
    assert simulation.now("ann") == at + dt.timedelta(minutes=1)
