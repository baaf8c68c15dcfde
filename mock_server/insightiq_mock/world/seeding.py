"""Putting a world into a store."""

from __future__ import annotations

import datetime as dt
import typing

from insightiq_mock.store import Kind, Record, Store, record_of

from .accounts import make_account
from .audience import make_audience
from .cast import CAST
from .channels import make_channel, make_creator
from .comments import make_comments
from .commerce import make_balances, make_commerce_payouts, make_commerce_transactions
from .contents import make_contents
from .groups import make_groups
from .income import make_social_payouts, make_social_transactions
from .platforms import PLATFORMS
from .profiles import make_profile
from .stream import Stream

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from .channels import Channel

__all__ = ["WORLD_EPOCH", "make_world", "seed_world"]

WORLD_EPOCH: typing.Final = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
"""The present of a new world.

Fixed, because two starts with the same seed have to give the same answers byte for byte; whoever
wants a world of today passes another moment.
"""

_USER_DAYS: typing.Final = dt.timedelta(days=420)
"""Users are older than every account of theirs."""


def seed_world(
    store: Store, *, developer_id: str, seed: int | str = 1, now: dt.datetime = WORLD_EPOCH
) -> bool:
    """Give a developer a world, unless they own something already.

    The same seed, developer and moment give the same world, byte for byte, in every process.

    Args:
        store: Where to put it.
        developer_id: Whose world it is; another developer's has other ids.
        seed: Which of the many worlds.
        now: The world's present, an aware moment: nothing in it happened later.

    Returns:
        Whether the world was made: False where the developer owned one from an earlier start.
    """
    with store.transaction():
        if not store.is_empty(developer_id):
            return False
        store.add(developer_id, make_world(developer_id=developer_id, seed=seed, now=now))
        return True


def make_world(
    *, developer_id: str, seed: int | str, now: dt.datetime = WORLD_EPOCH
) -> Iterator[Record]:
    """Make all records of a world."""
    for rank, platform in enumerate(PLATFORMS.values()):
        # The catalogue has an order of its own: the first row needs the greatest key.
        yield record_of(
            Kind.WORK_PLATFORM, platform.as_json(), sort_key=f"{len(PLATFORMS) - rank:02}"
        )
    root = Stream("insightiq-mock world", developer_id, str(seed))
    for role in CAST:
        stream = root.child(role.name)
        user_created_at = now - _USER_DAYS * stream.between(1.0, 1.2)
        creator = make_creator(stream, role, user_created_at)
        yield record_of(Kind.USER, creator.user)
        for account_role in role.accounts:
            channel_stream = stream.child(account_role.platform)
            yield from _records(make_channel(channel_stream, creator, account_role, now))


def _records(channel: Channel) -> Iterator[Record]:
    """Make everything of one account."""
    contents = list(make_contents(channel))
    yield record_of(Kind.ACCOUNT, make_account(channel))
    single = {Kind.PROFILE: make_profile(channel), Kind.AUDIENCE: make_audience(channel)}
    for kind, resource in single.items():
        if resource is not None:
            yield record_of(kind, resource)
    several = {
        Kind.CONTENT: contents,
        Kind.CONTENT_GROUP: make_groups(channel, contents),
        Kind.COMMENT: make_comments(channel, contents),
        Kind.SOCIAL_TRANSACTION: make_social_transactions(channel),
        Kind.SOCIAL_PAYOUT: make_social_payouts(channel),
        Kind.COMMERCE_TRANSACTION: make_commerce_transactions(channel),
        Kind.COMMERCE_PAYOUT: make_commerce_payouts(channel),
        Kind.COMMERCE_BALANCE: make_balances(channel),
    }
    for kind, resources in several.items():
        for resource in resources:
            yield record_of(kind, resource)
