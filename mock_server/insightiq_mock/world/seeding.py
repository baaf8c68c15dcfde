"""Putting a world into a store."""

from __future__ import annotations

import datetime as dt
import typing

from insightiq_mock.db import Kind

from .blueprint import Blueprint, belongings, founding, noted_channel
from .casting import Size
from .supply import WorldSupply

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from insightiq_mock.db import Record, Store

__all__ = ["WORLD_EPOCH", "make_world", "seed_world", "supply_store"]

WORLD_EPOCH: typing.Final = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
"""The present of a new world.

Fixed, because two starts with the same seed have to give the same answers byte for byte; whoever
wants a world of today passes another moment.
"""


def seed_world(
    store: Store,
    *,
    developer_id: str,
    seed: int | str = 1,
    size: str = Size.SMALL,
    now: dt.datetime = WORLD_EPOCH,
) -> bool:
    """Give a developer a world, unless they own something already.

    The same seed, size and moment give the same world, byte for byte, whoever the developer is.
    What lies below accounts and profiles is made when it is first asked for.

    Args:
        store: Where to put it.
        developer_id: Whose world it is.
        seed: Which of the many worlds.
        size: ``small``, ``medium`` or ``large``.
        now: The world's present, an aware moment: nothing in it happened later.

    Returns:
        Whether the world was made: False where the developer owned one from an earlier start.
    """
    supply_store(store)
    with store.transaction():
        if not store.is_empty(developer_id):
            return False
        store.add(developer_id, founding(Blueprint(str(seed), Size(size), now)))
        return True


def supply_store(store: Store) -> None:
    """Let a store make the rest of its worlds when it is asked for; a second time changes nothing."""
    if store.virtual_rows is None:
        store.virtual_rows = WorldSupply(store)


def make_world(
    *,
    seed: int | str,
    size: str = Size.SMALL,
    now: dt.datetime = WORLD_EPOCH,
) -> Iterator[Record]:
    """Make all resources of a world at once; those of an archive, which are computed, are not among them."""
    for record in founding(Blueprint(str(seed), Size(size), now)):
        if record.kind is Kind.UNMADE_ACCOUNT:
            yield from belongings(noted_channel(record.body))
        elif record.kind is not Kind.ARCHIVE:
            yield record
