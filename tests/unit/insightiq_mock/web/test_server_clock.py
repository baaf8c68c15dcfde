"""The one clock of the server: Date headers and windows."""

from __future__ import annotations

from typing import Any

import pytest


def test_every_answer_is_dated_by_the_server_s_clock(surrounded: Any) -> None:
    """Errors, documents and preflights too."""
    surrounded.seconds = 1_780_000_000.999
    for method, path, options in (
        ("GET", "/v1/things", {}),
        ("GET", "/v1/things", {"auth": None}),
        ("GET", "/v1/nothing", {}),
        ("GET", "/openapi.json", {}),
        ("GET", "/_mock/health", {}),
    ):
        response = surrounded.call(method, path, **options)
        assert response.headers["date"] == "Thu, 28 May 2026 20:26:40 GMT"
    surrounded.seconds = 1_780_000_001.0
    assert surrounded.call("GET", "/v1/things").headers["date"] == "Thu, 28 May 2026 20:26:41 GMT"


@pytest.mark.parametrize(
    ("shift", "date"),
    [
        (3600.0, "Thu, 28 May 2026 21:26:40 GMT"),
        (-1.0, "Thu, 28 May 2026 20:26:39 GMT"),
        (0.8, "Thu, 28 May 2026 20:26:41 GMT"),
    ],
)
def test_a_developer_can_be_shown_a_clock_that_is_off(
    surrounded: Any, shift: float, date: str
) -> None:
    """So that a client can be tried against one; strangers see the real one."""
    surrounded.set(date_shift_seconds=shift)
    assert surrounded.call("GET", "/v1/things").headers["date"] == date
    assert surrounded.call("GET", "/v1/things?limit=0").headers["date"] == date
    stranger = surrounded.call("GET", "/v1/things", auth=None)
    assert stranger.headers["date"] == "Thu, 28 May 2026 20:26:40 GMT"
