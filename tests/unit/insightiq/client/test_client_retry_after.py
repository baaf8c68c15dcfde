"""The header that says how long to wait."""

from __future__ import annotations

import pytest

from insightiq._retry import retry_after_seconds

DATE = "Mon, 23 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("1", 1.0),
        (" 2 ", 2.0),
        ("0", 0.0),
        ("0.25", 0.25),
        ("-5", 0.0),
        ("86400000", 86_400_000.0),
        ("inf", None),
        ("nan", None),
        ("soon", None),
        ("Mon, 23 Nov 2026 10:00:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 09:59:30 GMT", 0.0),
        ("Mon, 23 Nov 2026 10:00:30 -0000", None),
        ("Mon, 99 Nov 2026 10:00:30 GMT", None),
    ],
)
def test_every_form_of_the_header_is_read(value: str | None, seconds: float | None) -> None:
    """Seconds and dates give seconds, never below zero; nonsense gives nothing."""
    assert retry_after_seconds(value, DATE) == seconds


def test_a_date_is_measured_against_the_server_s_clock() -> None:
    """The difference to the answer's own date does not depend on the clock of this machine."""
    assert (
        retry_after_seconds("Sun, 01 Jan 2090 00:00:10 GMT", "Sun, 01 Jan 2090 00:00:00 GMT") == 10
    )


def test_a_date_without_a_server_clock_is_measured_against_ours() -> None:
    """An answer without a Date header still says something."""
    assert retry_after_seconds("Thu, 01 Jan 1970 00:00:10 GMT", None) == 0.0
    assert retry_after_seconds("Thu, 01 Jan 1970 00:00:10 GMT", "yesterday") is None
