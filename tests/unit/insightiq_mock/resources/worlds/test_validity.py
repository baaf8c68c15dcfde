"""The world: valid against the document, deterministic, each developer's own."""

from __future__ import annotations

import collections
import datetime as dt
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import typing

import pytest
from mock_gaps import warn_of_gap

import insightiq_mock
from insightiq_mock.db import Column, Selection, Store
from insightiq_mock.resources import make_simulation
from insightiq_mock.resources.bindings import RESOURCES
from insightiq_mock.resources.seed import make_world, seed_world
from insightiq_mock.simulation import WORLD_EPOCH

if typing.TYPE_CHECKING:
    from .conftest import Api, Contract

COMPONENTS = {
    "work_platform": "WorkPlatform",
    "user": "User",
    "account": "Account",
    "profile": "Profile",
    "audience": "Audience",
    "content": "Content",
    "content_group": "ContentGroup",
    "comment": "Comment",
    "social_transaction": "SocialTransaction",
    "social_payout": "Payout",
    "commerce_transaction": "CommerceTransaction",
    "commerce_payout": "Payout",
    "commerce_balance": "Balance",
}

EVERYTHING = Selection(limit=1_000)

PRINT_DIGEST = """
import hashlib
from insightiq_mock.resources.bindings import RESOURCES
from insightiq_mock.resources.seed import make_world
digest = hashlib.sha256()
for record in make_world(RESOURCES.values(), seed="s"):
    digest.update(record.kind.encode() + record.sort_key.encode() + record.body)
print(digest.hexdigest())
"""


def every_body(seed: int | str, **now: dt.datetime) -> list[bytes]:
    """Make a world and return its resources as they are sent."""
    return [record.body for record in make_world(RESOURCES.values(), seed=seed, **now)]


@pytest.mark.parametrize("seed", [1, 7, 2026, "text"])
def test_every_resource_is_valid(contract: Contract, seed: int | str) -> None:
    """Against the document's schemas, formats included, whatever the seed; every kind occurs."""
    seen: set[str] = set()
    for record in make_world(RESOURCES.values(), seed=seed):
        contract.check_component(COMPONENTS[record.kind], json.loads(record.body))
        seen.add(record.kind)
    assert seen == set(COMPONENTS)


def test_medium_world_is_as_valid_as_small_one(contract: Contract) -> None:
    """A few hundred users and accounts in every state; a tenth of it is looked at closely."""
    counts: collections.Counter[str] = collections.Counter()
    states: collections.Counter[str] = collections.Counter()
    for number, record in enumerate(make_world(RESOURCES.values(), seed=1, size="medium")):
        counts[record.kind] += 1
        if record.kind == "account" or number % 10 == 0:
            resource = json.loads(record.body)
            contract.check_component(COMPONENTS[record.kind], resource)
            if record.kind == "account":
                states[resource["status"]] += 1
    assert counts["user"] == 300
    assert 300 < counts["account"] < 600
    assert min(states[each] for each in ("CONNECTED", "NOT_CONNECTED", "SESSION_EXPIRED")) > 5


def test_items_of_large_archive_are_valid(contract: Contract) -> None:
    """The newest, the oldest, and some between."""
    with Store.open(None) as store:
        make_simulation(store).create_developer(client_id="ann", world="large")
        archive = next(
            account["id"]
            for account in map(json.loads, store.page("ann", "account", EVERYTHING))
            if account["data"].get("engagement", {}).get("monitor_type") == "ON_DEMAND"
        )
        equal = {Column.ACCOUNT_ID: archive}
        for offset in (0, 1_000, 500_000, 999_990):
            selection = Selection(limit=10, offset=offset, equal=equal)
            for body in store.page("ann", "content", selection):
                item = json.loads(body)
                contract.check_component("Content", item)
                assert item["published_at"] <= item["created_at"] <= item["updated_at"]


@pytest.mark.filterwarnings("default::mock_gaps.MockGapWarning")
def test_keys_that_document_lists_are_present(world: Api, contract: Contract) -> None:
    """Absent data is an explicit null: each row has the same keys, all of them documented.

    An optional key that the mock knows nothing of, in no row, is named in a warning.
    """
    schemas = contract._document["components"]["schemas"]
    found = {COMPONENTS[kind]: world.every(kind) for kind in COMPONENTS}
    found |= {
        "ContentEngagement": [each["engagement"] for each in world.every("content")],
        "ContentGroupEngagement": [each["engagement"] for each in world.every("content_group")],
        "ProfileReputation": [each["reputation"] for each in world.every("profile")],
    }
    lacking: set[str] = set()
    for name, resources in found.items():
        keys = resources[0].keys()
        assert all(resource.keys() == keys for resource in resources), name
        assert keys <= schemas[name]["properties"].keys(), name
        lacking |= {f"{name}.{key}" for key in schemas[name]["properties"].keys() - keys}
    # A sandbox key of its own.
    warn_of_gap("in no row of the mock", lacking - {"ContentEngagement.engaged_view_count"})


def test_same_seed_gives_same_bytes_in_every_process() -> None:
    """Neither hash randomisation nor the time of day nor the process changes a byte."""
    root = str(pathlib.Path(insightiq_mock.__file__).parent.parent)
    digests = {
        subprocess.run(
            [sys.executable, "-c", PRINT_DIGEST],
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": root, "TZ": zone},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for hash_seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    digest = hashlib.sha256()
    for record in make_world(RESOURCES.values(), seed="s"):
        digest.update(record.kind.encode() + record.sort_key.encode() + record.body)
    assert digests == {digest.hexdigest()}


def test_another_seed_gives_another_world() -> None:
    """Same cast, but no id in common except those of the work platforms."""
    worlds = [[json.loads(body) for body in every_body(seed)] for seed in (1, 2)]
    ids = [{resource["id"] for resource in world[16:]} for world in worlds]
    assert ids[0].isdisjoint(ids[1])
    platforms = [[resource["id"] for resource in world[:16]] for world in worlds]
    assert platforms[0] == platforms[1]


def test_ids_do_not_depend_on_present() -> None:
    """A world of another day has the same users and accounts at other moments."""
    fixed, later = (
        [
            (record.kind, record.id)
            for record in make_world(RESOURCES.values(), seed=1, now=now)
            if record.kind in {"user", "account", "profile", "audience"}
        ]
        for now in (WORLD_EPOCH, WORLD_EPOCH + dt.timedelta(days=400))
    )
    assert fixed == later


def test_ids_are_unique(world: Api) -> None:
    """No two resources of a developer share an id."""
    ids = [resource["id"] for kind in COMPONENTS for resource in world.every(kind)]
    assert len(ids) == len(set(ids))


def test_seeding_twice_keeps_first_world() -> None:
    """A restart on the same file neither doubles nor replaces what a developer owns."""
    with Store.open(None) as store:
        assert seed_world(store, developer_id="ann", seed=1)
        users = store.page("ann", "user", EVERYTHING)
        assert not seed_world(store, developer_id="ann", seed=2)
        assert store.page("ann", "user", EVERYTHING) == users
        assert seed_world(store, developer_id="bob", seed=1)
        assert store.page("ann", "user", EVERYTHING) == users


def test_nothing_happened_after_worlds_present() -> None:
    """Every moment lies before it, but for payouts that are still to come."""
    now = dt.datetime(2031, 3, 1, 0, 0, 1, tzinfo=dt.UTC)
    limit = now.replace(tzinfo=None).isoformat(timespec="microseconds")
    for body in every_body(3, now=now):
        resource = json.loads(body)
        if resource.get("status") == "SCHEDULED":
            assert resource.pop("payout_at") > limit
        assert max(moments_in(resource)) <= limit


@pytest.mark.parametrize("seed", range(6))
def test_things_happen_in_order(seed: int) -> None:
    """Published, then seen, then changed; and nothing is seen before the account exists."""
    connected = ""
    for record in make_world(RESOURCES.values(), seed=seed):
        resource = json.loads(record.body)
        assert resource["created_at"] <= resource["updated_at"]
        if record.kind == "account":
            connected = resource["created_at"]
        elif record.kind not in {"user", "work_platform"}:
            assert resource["created_at"] >= connected, record.kind
        if record.kind in {"content", "content_group", "comment"}:
            assert resource["published_at"] <= resource["created_at"]
            assert resource["published_at"].endswith(".000000")


def test_epoch_is_default_present() -> None:
    """Two starts on different days give the same world."""
    assert every_body(1) == every_body(1, now=WORLD_EPOCH)
    later = every_body(1, now=WORLD_EPOCH + dt.timedelta(days=1))
    assert later != every_body(1)


def moments_in(value: typing.Any) -> list[str]:
    """Collect all timestamps of a resource."""
    if isinstance(value, dict):
        return [moment for each in value.values() for moment in moments_in(each)]
    if isinstance(value, list):
        return [moment for each in value for moment in moments_in(each)]
    if isinstance(value, str) and len(value) == 26 and value[10] == "T" and value[19] == ".":
        return [value]
    return []
