"""Hypothesis strategies for JSON that is legal and rare: what servers and callers really send."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

__all__ = ["json_values", "numbers", "texts", "timestamps"]

_ZONES = [
    "",
    "Z",
    "z",
    "+00:00",
    "-00:00",
    "+14:00",
    "-12:00",
    "+23:59",
    "-23:59",
    "+0530",
    "+24:00",
]
_EDGES = ["0000", "0001", "1582", "1970", "2026", "9999", "10000", "-0001", "+2026"]


def texts(max_size: int | None = None) -> st.SearchStrategy[str]:
    """Any text: also halves of surrogate pairs, NUL, line breaks, and ends of the planes."""
    rare = st.characters(categories=["Cs", "Cc", "Co", "Lu"])
    return st.text(max_size=max_size) | st.text(rare, max_size=max_size)


def numbers() -> st.SearchStrategy[float]:
    """Any number, also those beyond 64 bits, NaN and the infinities."""
    return st.integers() | st.integers(min_value=10**18, max_value=10**40) | st.floats()


@st.composite
def timestamps(draw: st.DrawFn) -> str:
    """Text of the form of a timestamp, valid or not, in any spelling, at the edges most of all."""
    year = draw(st.sampled_from(_EDGES) | st.integers(1, 9999).map("{:04}".format))
    month, day, hour = draw(st.integers(0, 13)), draw(st.integers(0, 32)), draw(st.integers(0, 25))
    if draw(st.booleans()):  # Where the zone decides whether there is such a moment.
        month, day, hour = draw(st.sampled_from([(1, 1, 0), (12, 31, 23), (12, 31, 24)]))
    minute, second = draw(st.integers(0, 60)), draw(st.integers(0, 60))
    fraction = draw(st.sampled_from(["", ".0", ".999999", ".1234567", ",5", "."]))
    between, zone = draw(st.sampled_from("Tt ")), draw(st.sampled_from(_ZONES))
    return f"{year}-{month:02}-{day:02}{between}{hour:02}:{minute:02}:{second:02}{fraction}{zone}"


def json_values() -> st.SearchStrategy[Any]:
    """Any JSON value."""
    return st.recursive(
        st.none() | st.booleans() | numbers() | texts() | timestamps(),
        lambda inner: st.lists(inner) | st.dictionaries(texts(), inner),
        max_leaves=20,
    )
