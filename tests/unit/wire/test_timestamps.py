"""Timestamps that the document accepts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Errors = Callable[[str, Any], list[str]]


def test_recorded_form_is_accepted(errors_against: Errors) -> None:
    """Six fraction digits and no zone, as every recorded response has it."""
    assert errors_against("Timestamp", "2026-04-26T09:31:07.482915") == []
    assert errors_against("NullableTimestamp", None) == []


@pytest.mark.parametrize(
    "text",
    [
        "2026-13-40T09:31:07.482915",
        "2026-02-30T09:31:07.482915",
        "2026-04-26T25:31:07.482915",
        "2026-04-26T09:31:07.482915Z",
        "2026-04-26T09:31:07.482915+00:00",
        "2026-04-26 09:31:07.482915",
        "2026-04-26T09:31:07",
        "2026-04-26",
        "",
    ],
)
def test_everything_else_is_rejected(text: str, errors_against: Errors) -> None:
    """No such day, a zone, a blank, a missing fraction: not what the API responds with."""
    assert errors_against("Timestamp", text) != []
    assert errors_against("NullableTimestamp", text) != []


def test_null_is_no_timestamp(errors_against: Errors) -> None:
    """Null is allowed only where the document says so."""
    assert errors_against("Timestamp", None) != []
