"""Ids of a world: they look random, and tell where they belong to whoever knows the world."""

from __future__ import annotations

import uuid

from insightiq_mock.db import Kind
from insightiq_mock.world.identifiers import Address, SealedIds, StreamIds, open_id
from insightiq_mock.world.stream import Stream


def test_an_id_opens_to_what_it_was_sealed_for() -> None:
    """Kind, account and serial come back, up to the last account and item there can be."""
    for kind in (Kind.AUDIENCE, Kind.CONTENT, Kind.COMMERCE_BALANCE):
        for account in (0, 17, 2**20 - 1):
            for serial in (0, 999_999, 2**24 - 1):
                text = SealedIds("1", account).of(kind, serial)
                assert open_id(text) == Address(kind, account, serial)


def test_ids_have_the_shape_of_the_wire() -> None:
    """Version 4, the usual variant, lower case with hyphens."""
    for serial in range(50):
        text = SealedIds("1", 3).of(Kind.CONTENT, serial)
        assert str(uuid.UUID(text)) == text
        assert uuid.UUID(text).version == 4
        assert uuid.UUID(text).variant == uuid.RFC_4122


def test_neighbours_have_nothing_in_common() -> None:
    """No run of digits is shared by the ids of an account, so nobody takes them for a pattern."""
    ids = [SealedIds("1", 3).of(Kind.CONTENT, serial) for serial in range(200)]
    for start, stop in ((0, 8), (9, 13), (24, 36)):
        assert len({each[start:stop] for each in ids}) > 190


def test_seed_changes_every_id() -> None:
    """Two seeds share no id."""
    ids = {
        SealedIds(seed, 3).of(Kind.CONTENT, serial)
        for seed in ("1", "2", "text")
        for serial in range(20)
    }
    assert len(ids) == 60


def test_what_is_no_id_of_ours_opens_to_nothing() -> None:
    """Another version, another length, other letters."""
    for text in (
        "",
        "x" * 36,
        "a" * 36,
        str(uuid.UUID(int=1, version=5)),
        "٣" * 14 + "4" + "٣" * 21,
    ):
        assert open_id(text) is None


def test_ids_of_other_accounts_are_stable() -> None:
    """An account that was connected later gives the same id for the same part."""
    ids = StreamIds(Stream("an account"))
    assert ids.of(Kind.CONTENT, 1) == StreamIds(Stream("an account")).of(Kind.CONTENT, 1)
    assert ids.of(Kind.CONTENT, 1) != ids.of(Kind.COMMENT, 1)
