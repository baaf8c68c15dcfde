"""Times: without a zone on the wire, in UTC everywhere (evidence.md#values)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from contract_suite.rows import Rows

from insightiq import InsightIQ
from insightiq_mock.control import MockControl

NAIVE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}")
KEYS = re.compile(r".*_at|refresh_since|data_available_from")
ROWS = 20

pytestmark = pytest.mark.scenarios


def moments(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and KEYS.fullmatch(key):
                yield f"{path}/{key}", inner
            else:
                yield from moments(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for item in value:
            yield from moments(item, path)


def test_times_have_six_digits_and_no_zone(rows: Rows) -> None:
    for listing in rows.kept():
        for path, text in moments(listing.rows[:ROWS]):
            assert NAIVE.fullmatch(text), f"{listing.name}: {path} is {text!r}"


@pytest.mark.needs_control
@pytest.mark.usefixtures("far_from_utc")
def test_times_are_utc_in_any_zone(iq: InsightIQ, control: MockControl) -> None:
    """Server and client run in another zone; the clock stands still."""
    now = control.clock().now
    user = iq.users.create(name="now", external_id="now")
    assert user.created_at == now, "users.create: another time than the server's clock"
    assert user.created_at.utcoffset() == dt.timedelta(0), "the client gives times without UTC"
    wanted = now.replace(tzinfo=None).isoformat(timespec="microseconds")
    text = iq.request("GET", f"/v1/users/{user.id}").parsed["created_at"]
    assert text == wanted, "users.get: the server writes another time"
    assert user.to_dict()["created_at"] == wanted, "to_dict() writes another time than was read"


@pytest.mark.usefixtures("far_from_utc")
def test_days_of_window_are_utc(rows: Rows) -> None:
    """The window of a day holds its latest and its earliest row."""
    if rows.server.control is None:
        pytest.skip("only the mock is known to count days in UTC")
    listing = rows.of("contents.list")
    by_time = sorted(listing.rows, key=lambda row: row["published_at"][11:])
    for row in (by_time[0], by_time[-1]):
        day = dt.date.fromisoformat(row["published_at"][:10])
        found = rows.iq.contents.list(
            account_id=listing.query["account_id"], from_date=day, to_date=day
        )
        assert row["id"] in [each.id for each in found], f"{row['published_at']} is not on {day}"
