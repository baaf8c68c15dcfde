"""Filters and windows of days give all rows that fit, and no others."""

from __future__ import annotations

import datetime as dt

import pytest
from contract_suite.rows import (
    UNKNOWN_ID,
    WIDEST,
    Listing,
    Rows,
    day_of,
    optional_filters,
    value_at,
)
from document_views import ListShape

VALUES = 6

pytestmark = pytest.mark.scenarios


def shown(listing: Listing, ids: list[str]) -> str:
    moment = listing.shape.moment or ""
    found = [f"{row['id']} of {row[moment]}" for row in listing.rows if row["id"] in ids]
    return ", ".join(found[:2]) or str(len(ids))


def test_filter_gives_rows_that_fit_and_no_others(rows: Rows, filtered: ListShape) -> None:
    listing = rows.of(filtered.operation.id)
    for name, path in filtered.filters.items():
        is_parent = name in filtered.parents
        values = (
            [query[name] for query in rows.queries(filtered)]
            if is_parent
            else [
                str(value_at(row, path)) for row in listing.rows if value_at(row, path) is not None
            ]
        )
        for value in list(dict.fromkeys(values))[:VALUES]:
            found = rows.all(filtered, {**listing.query, name: value})
            wrong = [value_at(row, path) for row in found if str(value_at(row, path)) != value]
            assert not wrong, (
                f"{listing.name}: {name}={value} gives {len(wrong)} of {len(found)} rows whose "
                f"{'.'.join(path)} is another, the first {wrong[0]}"
            )
            if not is_parent:
                wanted = [row["id"] for row in listing.rows if str(value_at(row, path)) == value]
                ids = [row["id"] for row in found]
                assert ids == wanted, (
                    f"{listing.name}: {name}={value} gives {len(ids)} rows; {len(wanted)} of the "
                    "whole list fit"
                )


def test_two_filters_apply_together(rows: Rows, doubly_filtered: ListShape) -> None:
    listing = rows.of(doubly_filtered.operation.id)
    if len(listing.rows) < 2:
        pytest.skip(f"{listing.name} has less than two rows")
    names, paths = zip(*list(optional_filters(doubly_filtered).items())[:2], strict=True)
    for last in (listing.rows[0], listing.rows[-1]):
        values = [str(value_at(listing.rows[0], paths[0])), str(value_at(last, paths[1]))]
        query = {**listing.query, **dict(zip(names, values, strict=True))}
        found = [row["id"] for row in rows.all(doubly_filtered, query)]
        wanted = [
            row["id"]
            for row in listing.rows
            if [str(value_at(row, path)) for path in paths] == values
        ]
        assert found == wanted, (
            f"{listing.name}: {query} gives {len(found)} rows; {len(wanted)} of the list fit"
        )


def test_window_includes_its_first_and_last_day(rows: Rows, windowed: ListShape) -> None:
    """Windows around the oldest, the newest and a day between, open at either end."""
    listing = rows.of(windowed.operation.id)
    assert windowed.window is not None
    assert windowed.moment is not None
    days = [day_of(row, windowed.moment) for row in listing.rows]
    if not days:
        pytest.skip(f"{listing.name} has no rows")
    oldest, middle, newest = min(days), sorted(set(days))[len(set(days)) // 2], max(days)
    for window in (
        (middle, middle),
        (oldest, oldest),
        (newest, newest),
        (oldest, middle),
        (middle, None),
        (None, middle),
        (newest, None),
        (None, oldest),
    ):
        query = {key: value for key, value in listing.query.items() if key not in windowed.window}
        for key, day, far in zip(windowed.window, window, WIDEST, strict=True):
            if day is not None or windowed.window_required:
                query[key] = day or far
        found = [row["id"] for row in rows.all(windowed, query)]
        first, last = window[0] or WIDEST[0], window[1] or WIDEST[1]
        fits = zip(listing.ids, days, strict=True)
        wanted = [each for each, day in fits if first <= day <= last]
        lost = [each for each in wanted if each not in found]
        more = [each for each in found if each not in wanted]
        assert found == wanted, (
            f"{listing.name}: the window {window} gives {len(found)} rows where {len(wanted)} have "
            f"a {windowed.moment} in it; missing: {shown(listing, lost)}, too many: "
            f"{shown(listing, more)}"
        )
        metadata = rows.page(windowed, query)["metadata"]
        echo = [metadata.get(key) for key in ("from_date", "to_date")]
        sent = [query.get(key) for key in windowed.window]
        assert echo == sent, f"{listing.name}: requested {sent}, the metadata say {echo}"


def test_reversed_window_holds_nothing(rows: Rows, windowed: ListShape) -> None:
    """The mock rejects it (evidence.md#open-question-4); another server may accept it."""
    listing = rows.of(windowed.operation.id)
    assert windowed.window is not None
    query = {**listing.query, **dict(zip(windowed.window, WIDEST[::-1], strict=True))}
    with rows.server.http() as http:
        response = http.get(windowed.operation.path, params=query)
    found = response.json().get(windowed.items, []) if response.is_success else []
    assert not found, f"{listing.name}: a reversed window gives {len(found)} rows"
    if rows.server.control is not None:
        assert response.status_code == 400, f"{listing.name}: a reversed window"


def test_client_sends_filters_and_windows(rows: Rows, filtered: ListShape) -> None:
    listing = rows.of(filtered.operation.id)
    changes: dict[str, str] = {}
    if listing.rows:
        if filtered.window is not None and filtered.moment is not None:
            day = day_of(listing.rows[len(listing.rows) // 2], filtered.moment)
            changes = dict.fromkeys(filtered.window, day)
        first, optional = listing.rows[0], optional_filters(filtered)
        changes |= {name: str(value_at(first, path)) for name, path in optional.items()}
    wanted = [row["id"] for row in rows.all(filtered, {**listing.query, **changes})]
    method = getattr(rows.iq, filtered.operation.resource).list
    found = [row.id for row in method(**listing.arguments(**changes))]
    assert found == wanted, f"{listing.name}: with {changes} the client gives other rows"


def test_filter_that_fits_nothing_gives_no_rows(rows: Rows, filtered: ListShape) -> None:
    """The mock does not find an unknown parent (evidence.md#open-question-5)."""
    listing = rows.of(filtered.operation.id)
    with rows.server.http() as http:
        for name in [each for each in filtered.filters if each.endswith("_id")]:
            query = {**listing.query, name: UNKNOWN_ID}
            response = http.get(filtered.operation.path, params=query)
            found = response.json().get(filtered.items, []) if response.is_success else []
            assert not found, f"{listing.name}: an unknown {name} gives {len(found)} rows"
            if rows.server.control is not None and name in filtered.parents:
                assert response.status_code == 404, f"{listing.name}: an unknown {name}"


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
