"""Identifiers: those of seeded resources, those of created ones, and canonical spelling.

The id of a seeded resource looks random and encodes what it belongs to, so that a look-up by id finds
the account whose data has still to be made, and the rank of a virtual row. It is a version 4 UUID whose
122 free bits are::

    48 bits  kind, account, serial number; masked with a hash of the other bits
    74 bits  a hash of kind, account and serial number under the world's seed

To a client it looks like a random one. A foreign id decodes to an account that does not exist, or to
a resource whose id is another one. Ids depend on the seed alone, not on the developer.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import re
import typing
import uuid

if typing.TYPE_CHECKING:
    from insightiq_mock.simulation import RandomStream

__all__ = [
    "AccountIds",
    "Address",
    "RandomIds",
    "SeedIds",
    "canonical_id",
    "decode_id",
    "named_id",
]

_ID: typing.Final = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}", re.ASCII | re.IGNORECASE
)
_CANONICAL_LENGTH: typing.Final = 36

_SERIAL_BITS: typing.Final = 24
_ACCOUNT_BITS: typing.Final = 20
_KIND_BITS: typing.Final = 4
_HEAD_BYTES: typing.Final = 6
_TAIL_BYTES: typing.Final = 10
_SPARE_BITS: typing.Final = 6

_TIME_HIGH_BITS: typing.Final = 12
_VARIANT: typing.Final = 0b10 << 62
_LOW_BITS: typing.Final = (1 << 62) - 1
_UUID_TEXT_LENGTH: typing.Final = 36


def canonical_id(text: str) -> str:
    """Return an id with hyphens and in lower case, as on the wire (evidence.md#values).

    Other text is returned as it is: a filter may also ask for a name.
    """
    if not _ID.fullmatch(text):
        return text
    return text.lower() if len(text) == _CANONICAL_LENGTH else str(uuid.UUID(text))


class SeededKind(typing.Protocol):
    """A kind of resource with seed data."""

    @property
    def kind(self) -> str:
        """Its name."""
        ...

    @property
    def seed_number(self) -> int:
        """Its number in ids of seed data."""
        ...


class AccountIds(typing.Protocol):
    """Generates the ids of one account's resources."""

    def of(self, kind: SeededKind, serial: int, /) -> str:
        """Return the id of the account's resource of a kind and serial number: always the same."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class Address:
    """The resource that a seeded id belongs to: decoded, not yet verified."""

    seed_number: int
    account_number: int
    serial: int


class RandomIds:
    """Ids of an account that is not seeded: random."""

    def __init__(self, stream: RandomStream) -> None:
        self._stream = stream

    def of(self, kind: SeededKind, serial: int) -> str:
        """Return the id of a kind and serial number."""
        return self._stream.child(f"{kind.kind} {serial}").uuid()


class SeedIds:
    """Ids of an account of a seeded world: they encode kind, account and serial number."""

    def __init__(self, seed: str, account_number: int) -> None:
        self._seal_key = _key("seal", seed)
        self._account_number = account_number

    def of(self, kind: SeededKind, serial: int) -> str:
        """Return the id of a kind and serial number."""
        head = kind.seed_number << _ACCOUNT_BITS | self._account_number
        head = head << _SERIAL_BITS | serial
        plain = head.to_bytes(_HEAD_BYTES, "big")
        tail = hashlib.blake2b(plain, key=self._seal_key, digest_size=_TAIL_BYTES).digest()
        # Six of the eighty bits have no room beside version and variant.
        low = int.from_bytes(tail, "big") >> _SPARE_BITS
        masked = head ^ _mask(low)
        return _uuid_text(f"{masked:012x}", low)


def named_id(seed: str, kind: str, name: str) -> str:
    """Return the id of a created resource whose name is unique: the same for the same name."""
    # Half of a surrogate pair is rejected elsewhere, with a message.
    plain = f"{kind} {name}".encode("utf-8", "surrogatepass")
    key = _named_key(seed)
    digest = hashlib.blake2b(plain, key=key, digest_size=_HEAD_BYTES + _TAIL_BYTES).digest()
    low = int.from_bytes(digest[_HEAD_BYTES:], "big") >> _SPARE_BITS
    return _uuid_text(digest[:_HEAD_BYTES].hex(), low)


def decode_id(text: str) -> Address | None:
    """Decode an id in canonical spelling; None where it is surely not a seeded one."""
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
    seed_number = head >> _ACCOUNT_BITS
    if seed_number >> _KIND_BITS:
        return None
    return Address(seed_number, account_number, serial)


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
