"""Durations as people write them."""

from __future__ import annotations

import pytest

from insightiq_mock.cli.durations import DurationError, parse_duration


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("36h", {"hours": 36}),
        ("90d", {"days": 90}),
        ("3 months", {"months": 3}),
        ("1 month", {"months": 1}),
        ("1h30m", {"hours": 1, "minutes": 30}),
        ("1.5 hours", {"hours": 1.5}),
        ("2w", {"days": 14}),
        ("1y 1mo", {"months": 13}),
        ("1 day, 2 hours and 3 seconds", {"days": 1, "hours": 2, "seconds": 3}),
        ("  90S ", {"seconds": 90}),
    ],
)
def test_durations_are_read(text: str, parts: dict[str, float]) -> None:
    assert parse_duration(text) == parts


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is missing"),
        ("soon", "is no duration"),
        ("90", "is no duration"),
        ("-3d", "is no duration"),
        ("3 mnths", "did you mean months"),
        ("3 parsecs", "is no unit of time"),
        ("1.5 months", "no whole months"),
        ("1h x", "is no duration"),
    ],
)
def test_non_duration_is_rejected(text: str, message: str) -> None:
    with pytest.raises(DurationError, match=message):
        parse_duration(text)
