"""What a world is made from, and making its parts: all at once, or one account at a time."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import typing

import orjson

from insightiq_mock.db import Column, Kind, Record, encode, record_of

from .accounts import make_account
from .audience import make_audience
from .casting import ACCOUNTS_PER_USER, Size, number_of_user, user_count, user_role
from .channels import make_channel, make_creator
from .comments import make_comments
from .commerce import make_balances, make_commerce_payouts, make_commerce_transactions
from .contents import make_contents
from .groups import make_groups
from .identifiers import SealedIds
from .income import make_social_payouts, make_social_transactions
from .platforms import PLATFORMS
from .profiles import make_profile
from .stream import Stream

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .cast import UserRole
    from .channels import Channel, Creator
    from .identifiers import Address

__all__ = ["Blueprint", "belongings", "founding", "is_of_world", "noted_channel"]

_USER_DAYS: typing.Final = dt.timedelta(days=420)
"""Users are older than every account of theirs."""


@dataclasses.dataclass(frozen=True, slots=True)
class Blueprint:
    """The same blueprint gives the same world, byte for byte, in every process.

    Attributes:
        seed: Which of the many worlds.
        size: How much there is in it.
        now: The world's present, an aware moment: nothing in it happened later.
    """

    seed: str
    size: Size
    now: dt.datetime

    def channel(self, account_number: int) -> Channel:
        """Make the account of a number, as far as its parts have to know it."""
        user_number, place = divmod(account_number, ACCOUNTS_PER_USER)
        creator, role, stream = self._user(user_number)
        return self._channel(creator, role, stream, user_number, place)

    def users(self) -> Iterator[tuple[Creator, list[tuple[int, Channel]]]]:
        """Make all users, each with their accounts and the accounts' numbers."""
        for user_number in range(user_count(self.size)):
            creator, role, stream = self._user(user_number)
            yield (
                creator,
                [
                    (
                        user_number * ACCOUNTS_PER_USER + place,
                        self._channel(creator, role, stream, user_number, place),
                    )
                    for place in range(len(role.accounts))
                ],
            )

    def creator_of(self, user: Mapping[str, typing.Any]) -> Creator | None:
        """Return the creator behind a user of this world; None for a user made by a call."""
        number = number_of_user(self.size, user["external_id"].rpartition("-")[0])
        if number is None:
            return None
        creator, _, _ = self._user(number)
        return creator if creator.user["id"] == user["id"] else None

    def _user(self, number: int) -> tuple[Creator, UserRole, Stream]:
        root = Stream("insightiq-mock world", self.seed)
        role = user_role(self.size, root, number)
        stream = root.child(role.name)
        created_at = self.now - _USER_DAYS * stream.between(1.0, 1.2)
        return make_creator(stream, role, created_at), role, stream

    def _channel(
        self, creator: Creator, role: UserRole, stream: Stream, user_number: int, place: int
    ) -> Channel:
        account_role = role.accounts[place]
        return make_channel(
            stream.child(account_role.platform),
            creator,
            account_role,
            self.now,
            SealedIds(self.seed, user_number * ACCOUNTS_PER_USER + place),
        )


def founding(blueprint: Blueprint) -> Iterator[Record]:
    """Make what lists across accounts show, and a note of what each account lacks yet."""
    yield from _catalogue()
    for creator, channels in blueprint.users():
        yield record_of(Kind.USER, creator.user)
        for number, channel in channels:
            yield record_of(Kind.ACCOUNT, make_account(channel))
            profile = make_profile(channel)
            if profile is None:
                continue
            yield record_of(Kind.PROFILE, profile)
            yield _note(Kind.UNMADE_ACCOUNT, blueprint, channel, number)
            if channel.role.archived:
                yield _note(Kind.ARCHIVE, blueprint, channel, number)


def belongings(channel: Channel) -> Iterator[Record]:
    """Make everything else of an account."""
    audience = make_audience(channel)
    if audience is not None:
        yield record_of(Kind.AUDIENCE, audience)
    contents = list(make_contents(channel))
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


@functools.cache
def _catalogue() -> tuple[Record, ...]:
    # The catalogue has an order of its own: the first row needs the greatest key.
    return tuple(
        record_of(Kind.WORK_PLATFORM, platform.as_json(), sort_key=f"{len(PLATFORMS) - rank:02}")
        for rank, platform in enumerate(PLATFORMS.values())
    )


def noted_channel(note: bytes) -> Channel:
    """Make the account that a note of `founding` is about, as far as its parts have to know it."""
    value = orjson.loads(note)
    now = dt.datetime.fromisoformat(value["now"])
    blueprint = Blueprint(value["seed"], Size(value["size"]), now)
    return blueprint.channel(value["number"])


def is_of_world(note: bytes, address: Address, text: str) -> bool:
    """Tell whether an id that opened to an address was sealed in the world of a note of `founding`."""
    seed: str = orjson.loads(note)["seed"]
    return SealedIds(seed, address.account_number).of(address.kind, address.serial) == text


def _note(kind: Kind, blueprint: Blueprint, channel: Channel, number: int) -> Record:
    text = encode(
        {
            "seed": blueprint.seed,
            "size": blueprint.size,
            "now": blueprint.now.isoformat(),
            "number": number,
        }
    )
    # It is looked for by the account's id, and by the number that ids of its parts hold.
    columns = {Column.NATURAL_KEY: str(number), Column.ACCOUNT_ID: channel.id}
    return Record(kind, channel.id, f"{number:07}", text, columns)
