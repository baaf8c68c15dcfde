"""Identifiers of seeded, created and connected resources."""

from __future__ import annotations

import uuid

from insightiq_mock.resources.audience import AUDIENCE
from insightiq_mock.resources.comments import COMMENTS
from insightiq_mock.resources.commerce import COMMERCE_BALANCES
from insightiq_mock.resources.contents import CONTENTS
from insightiq_mock.resources.identifiers import Address, RandomIds, SeedIds, decode_id
from insightiq_mock.simulation import RandomStream


def test_seed_id_decodes_to_its_address() -> None:
    for kind in (AUDIENCE, CONTENTS, COMMERCE_BALANCES):
        for account in (0, 17, 2**20 - 1):
            for serial in (0, 999_999, 2**24 - 1):
                text = SeedIds("1", account).of(kind, serial)
                assert decode_id(text) == Address(kind.seed_number, account, serial)


def test_seed_ids_are_version_4_uuids() -> None:
    for serial in range(50):
        text = SeedIds("1", 3).of(CONTENTS, serial)
        assert str(uuid.UUID(text)) == text
        assert uuid.UUID(text).version == 4
        assert uuid.UUID(text).variant == uuid.RFC_4122


def test_neighbouring_ids_share_no_digits() -> None:
    ids = [SeedIds("1", 3).of(CONTENTS, serial) for serial in range(200)]
    for start, stop in ((0, 8), (9, 13), (24, 36)):
        assert len({each[start:stop] for each in ids}) > 190


def test_seed_changes_every_id() -> None:
    ids = {
        SeedIds(seed, 3).of(CONTENTS, serial) for seed in ("1", "2", "text") for serial in range(20)
    }
    assert len(ids) == 60


def test_foreign_ids_decode_to_none() -> None:
    for text in (
        "",
        "x" * 36,
        "a" * 36,
        str(uuid.UUID(int=1, version=5)),
        "٣" * 14 + "4" + "٣" * 21,
    ):
        assert decode_id(text) is None


def test_random_ids_are_reproducible() -> None:
    ids = RandomIds(RandomStream("an account"))
    assert ids.of(CONTENTS, 1) == RandomIds(RandomStream("an account")).of(CONTENTS, 1)
    assert ids.of(CONTENTS, 1) != ids.of(COMMENTS, 1)
