"""Ids that look random and yet tell, to whoever knows the world, what they belong to.

So a look-up by id finds the account whose data has still to be made, and the place of an item that
is computed rather than kept. An id is a version 4 UUID whose 122 free bits are::

    48 bits  kind, account, serial; masked with a hash of the other bits
    74 bits  a hash of kind, account and serial under the world's seed

A client cannot tell it from a random one. An id that was made elsewhere unmasks to an account that
does not exist, or to a place whose id is another one.

Ids depend on the seed alone, not on the developer: every table keys them by developer.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import typing

from insightiq_mock.db import Kind

if typing.TYPE_CHECKING:
    from .stream import Stream

__all__ = ["PART_KINDS", "Address", "IdMaker", "SealedIds", "StreamIds", "named_id", "open_id"]

PART_KINDS: typing.Final = (
    Kind.AUDIENCE,
    Kind.CONTENT,
    Kind.CONTENT_GROUP,
    Kind.COMMENT,
    Kind.SOCIAL_TRANSACTION,
    Kind.SOCIAL_PAYOUT,
    Kind.COMMERCE_TRANSACTION,
    Kind.COMMERCE_PAYOUT,
    Kind.COMMERCE_BALANCE,
)
"""What is made account by account; the places are in the ids, so a new kind comes last."""
_KIND_NUMBERS: typing.Final = {kind: number for number, kind in enumerate(PART_KINDS)}

_SERIAL_BITS: typing.Final = 24
_ACCOUNT_BITS: typing.Final = 20
_HEAD_BYTES: typing.Final = 6
_TAIL_BYTES: typing.Final = 10
_SPARE_BITS: typing.Final = 6

_TIME_HIGH_BITS: typing.Final = 12
_VARIANT: typing.Final = 0b10 << 62
_LOW_BITS: typing.Final = (1 << 62) - 1
_UUID_TEXT_LENGTH: typing.Final = 36


class IdMaker(typing.Protocol):
    """Gives the resources of one account their ids."""

    def of(self, kind: Kind, serial: int) -> str:
        """Return the id of the account's resource of a kind with a number: always the same."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class Address:
    """What an id belongs to, if it is one of ours: unmasked, not yet proven."""

    kind: Kind
    account_number: int
    serial: int


class StreamIds:
    """Ids of an account that is not part of a seeded world: they tell nothing."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def of(self, kind: Kind, serial: int) -> str:
        """Return the id of the account's resource of a kind with a number: always the same."""
        return self._stream.child(f"{kind.value} {serial}").uuid()


class SealedIds:
    """Ids of an account of a seeded world."""

    def __init__(self, seed: str, account_number: int) -> None:
        self._seal_key = _key("seal", seed)
        self._account_number = account_number

    def of(self, kind: Kind, serial: int) -> str:
        """Return the id of the account's resource of a kind with a number: always the same."""
        head = _KIND_NUMBERS[kind] << _ACCOUNT_BITS | self._account_number
        head = head << _SERIAL_BITS | serial
        plain = head.to_bytes(_HEAD_BYTES, "big")
        tail = hashlib.blake2b(plain, key=self._seal_key, digest_size=_TAIL_BYTES).digest()
        # Six of the eighty bits have no room beside version and variant.
        low = int.from_bytes(tail, "big") >> _SPARE_BITS
        masked = head ^ _mask(low)
        return _uuid_text(f"{masked:012x}", low)


def named_id(seed: str, kind: Kind, name: str) -> str:
    """Return the id of a resource that was made by a call and bears a name that is the only one.

    The name alone decides, so that nothing has to be counted to make the id. It tells nothing; nor
    does it unmask to anything, but by a chance that no look-up trusts.
    """
    # Half of a surrogate pair is refused elsewhere, with a sentence.
    plain = f"{kind.value} {name}".encode("utf-8", "surrogatepass")
    key = _named_key(seed)
    digest = hashlib.blake2b(plain, key=key, digest_size=_HEAD_BYTES + _TAIL_BYTES).digest()
    low = int.from_bytes(digest[_HEAD_BYTES:], "big") >> _SPARE_BITS
    return _uuid_text(digest[:_HEAD_BYTES].hex(), low)


def open_id(text: str) -> Address | None:
    """Return what an id in canonical spelling belongs to, or None where it is surely none of ours."""
    if len(text) != _UUID_TEXT_LENGTH or text[14] != "4":
        return None
    try:
        number = int(text.replace("-", ""), 16)
    except ValueError:
        return None
    high = number >> 64
    low = (high & (1 << _TIME_HIGH_BITS) - 1) << 62 | number & _LOW_BITS
    head = high >> 16 ^ _mask(low)
    serial = head & (1 << _SERIAL_BITS) - 1
    head >>= _SERIAL_BITS
    account_number = head & (1 << _ACCOUNT_BITS) - 1
    kind_number = head >> _ACCOUNT_BITS
    if kind_number >= len(PART_KINDS):
        return None
    return Address(PART_KINDS[kind_number], account_number, serial)


def _mask(low: int) -> int:
    plain = low.to_bytes(_TAIL_BYTES, "big")
    digest = hashlib.blake2b(plain, key=_MASK_KEY, digest_size=_HEAD_BYTES).digest()
    return int.from_bytes(digest, "big")


def _uuid_text(first: str, low: int) -> str:
    """Write a version 4 UUID: its first twelve digits, and 74 free bits behind them."""
    text = f"{first}4{low >> 62:03x}{low & _LOW_BITS | _VARIANT:016x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@functools.lru_cache(maxsize=256)
def _named_key(seed: str) -> bytes:
    return _key("named", seed)


def _key(*words: str) -> bytes:
    return hashlib.blake2b("/".join(words).encode(), digest_size=32).digest()


_MASK_KEY: typing.Final = _key("mask")
