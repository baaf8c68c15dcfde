"""Seed data: worlds of users and accounts, deterministic from seed, size and present.

Users, accounts and profiles are stored at once, with a marker of each account whose other resources are
generated when they are first read, see `virtual_rows`.
"""

from __future__ import annotations

import datetime as dt
import typing

import orjson

from insightiq_mock.db import Column, Record, encode
from insightiq_mock.simulation import WORLD_EPOCH

from .accounts import ACCOUNTS, make_account
from .identifiers import SeedIds
from .profiles import PROFILES, make_profile
from .seed_accounts import Seed
from .seed_users import Size
from .users import USERS
from .work_platforms import work_platform_records

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from insightiq_mock.db import Store

    from .identifiers import Address
    from .resource import Json, Resource
    from .seed_accounts import SeedAccount

__all__ = [
    "UNSEEDED_ACCOUNT",
    "VIRTUAL_CONTENTS",
    "account_of_marker",
    "account_records",
    "is_of_world",
    "make_world",
    "seed_world",
]

UNSEEDED_ACCOUNT: typing.Final = "unseeded_account"
"""Kind of the markers of accounts whose resources are not stored yet."""

VIRTUAL_CONTENTS: typing.Final = "virtual_contents"
"""Kind of the markers of accounts whose contents are computed."""


def seed_world(
    store: Store,
    *,
    developer_id: str,
    seed: int | str = 1,
    size: str = Size.SMALL,
    now: dt.datetime = WORLD_EPOCH,
) -> bool:
    """Seed a developer's world, unless they own something already.

    The same seed, size and moment give the same world, byte for byte, for every developer.

    Args:
        store: Where to put it.
        developer_id: The owner of the world.
        seed: The seed.
        size: ``empty``, ``small``, ``medium`` or ``large``.
        now: The world's present, an aware moment: nothing in it happened later.

    Returns:
        Whether the world was made: False where the developer owned one from an earlier start.
    """
    with store.transaction():
        if not store.is_empty(developer_id):
            return False
        store.add(developer_id, _first_records(Seed(str(seed), Size(size), now)))
        return True


def make_world(
    resources: Iterable[Resource],
    *,
    seed: int | str,
    size: str = Size.SMALL,
    now: dt.datetime = WORLD_EPOCH,
) -> Iterator[Record]:
    """Make all resources of a world at once, but for contents that are computed."""
    resources = tuple(resources)
    for record in _first_records(Seed(str(seed), Size(size), now)):
        if record.kind == UNSEEDED_ACCOUNT:
            yield from account_records(resources, account_of_marker(record.body))
        elif record.kind != VIRTUAL_CONTENTS:
            yield record


def account_records(resources: Iterable[Resource], account: SeedAccount) -> Iterator[Record]:
    """Make the resources of an account that lie below its profile."""
    made: dict[str, list[Json]] = {}
    for resource in resources:
        if resource.seed is not None:
            made[resource.kind] = list(resource.seed(account, made))
            yield from map(resource.record, made[resource.kind])


def account_of_marker(marker: bytes) -> SeedAccount:
    """Make the account of a marker."""
    value = orjson.loads(marker)
    now = dt.datetime.fromisoformat(value["now"])
    return Seed(value["seed"], Size(value["size"]), now).account(value["number"])


def is_of_world(marker: bytes, address: Address, resource: Resource, resource_id: str) -> bool:
    """Return whether an id that decodes to an address is one of the world of a marker."""
    ids = SeedIds(orjson.loads(marker)["seed"], address.account_number)
    return ids.of(resource, address.serial) == resource_id


def _first_records(seed: Seed) -> Iterator[Record]:
    """Make the resources that lists across accounts show, and markers of the accounts."""
    yield from work_platform_records()
    for creator, accounts in seed.users():
        yield USERS.record(creator.user)
        for number, account in accounts:
            yield ACCOUNTS.record(make_account(account))
            profile = make_profile(account)
            if profile is None:
                continue
            yield PROFILES.record(profile)
            yield _marker(UNSEEDED_ACCOUNT, seed, account, number)
            if account.spec.virtual_contents:
                yield _marker(VIRTUAL_CONTENTS, seed, account, number)


def _marker(kind: str, seed: Seed, account: SeedAccount, number: int) -> Record:
    value = {"seed": seed.seed, "size": seed.size, "now": seed.now.isoformat(), "number": number}
    # It is found by the account's id, and by the number that ids of the account's resources encode.
    columns = {Column.NATURAL_KEY: str(number), Column.ACCOUNT_ID: account.id}
    return Record(kind, account.id, f"{number:07}", encode(value), columns)
