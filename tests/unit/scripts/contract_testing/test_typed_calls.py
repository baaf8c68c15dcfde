"""The calls of the contract run pass values of the types that the client's signatures name."""

from __future__ import annotations

import base64
import datetime as dt
import types
from typing import Any

import pytest
from contract_testing.case_calls import Intended, differences
from contract_testing.example_calls import typed_text

SERVER: Any = types.SimpleNamespace(client_id="id", client_secret="secret")


@pytest.mark.parametrize(
    ("format_", "text", "expected"),
    [
        ("date", "2026-04-26", dt.date(2026, 4, 26)),
        ("date-time", "2026-04-26T12:00:00+02:00", dt.datetime(2026, 4, 26, 10, tzinfo=dt.UTC)),
        ("date-time-local", "2026-04-26T10:00:00", dt.datetime(2026, 4, 26, 10, tzinfo=dt.UTC)),
        ("uuid", "x", "x"),
    ],
)
def test_text_becomes_what_the_client_takes(format_: str, text: str, expected: object) -> None:
    """A signature that wants a datetime would break on the text that the document shows."""
    assert typed_text({"type": "string", "format": format_}, text) == expected


def told(wanted: str, sent: str) -> list[str]:
    """Return the differences between two spellings of one query."""
    exchange: Any = types.SimpleNamespace(
        method="GET",
        url=f"https://api.test/v1/items?since={sent}",
        request_body=b"",
        request_headers=[("Authorization", "Basic " + base64.b64encode(b"id:secret").decode())],
    )
    intended = Intended("GET", ("", "v1", "items"), (("since", wanted),), None)
    return list(differences(intended, exchange, SERVER))


def test_spelling_of_an_instant_is_free() -> None:
    """Fractions and zones of the same instant differ between the tools that write them."""
    assert told("2026-04-26T12:00:00+02:00", "2026-04-26T10:00:00.000000Z") == []


@pytest.mark.parametrize("sent", ["2026-04-26T10:00:00.000000", "2026-04-26T11:00:00Z", "later"])
def test_lost_zone_and_another_instant_are_told(sent: str) -> None:
    """A zone that the document asks for must be sent, and the instant must be the same."""
    (difference,) = told("2026-04-26T10:00:00Z", sent)
    assert "since" in difference
