"""Ids with and without hyphens name the same thing."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insightiq.webhooks import canonical_id, same_id

HYPHENS = "5e1c8f07-93ab-4d26-8a15-c40be7d2f391"
PLAIN = HYPHENS.replace("-", "")


@pytest.mark.parametrize("spelling", [HYPHENS, PLAIN, HYPHENS.upper(), PLAIN.upper()])
def test_every_spelling_of_id_is_same(spelling: str) -> None:
    """Notifications and responses of the API spell one id differently."""
    assert canonical_id(spelling) == HYPHENS
    assert same_id(spelling, HYPHENS)
    assert same_id(PLAIN, spelling)


@pytest.mark.parametrize(
    "text", ["", "UCx5XG1OV2P6uZZ5FSM9Ttw", "113456789012345678901", PLAIN + "0", f" {PLAIN}"]
)
def test_what_is_no_uuid_is_left_alone(text: str) -> None:
    """Ids of platforms are text of any shape, whose case counts."""
    assert canonical_id(text) == text
    assert not same_id(text, HYPHENS)


def test_uuid_has_all_of_its_hyphens_or_none() -> None:
    """Anything between is no spelling of the vendor."""
    half = HYPHENS.replace("-", "", 1)
    assert canonical_id(half) == half


@given(first=st.uuids(), second=st.uuids())
def test_only_equal_ids_are_same(first: uuid.UUID, second: uuid.UUID) -> None:
    """The comparison agrees with the standard library's."""
    assert same_id(str(first), second.hex) == (first == second)
    assert same_id(first.hex, str(first))
