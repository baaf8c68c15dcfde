"""An account with a million contents, computed from their rank."""

from __future__ import annotations

import datetime as dt
import json
import pathlib
import typing
import uuid

import pytest

from insightiq_mock.db import Store
from insightiq_mock.resources import virtual_rows
from insightiq_mock.resources.contents import CONTENTS
from insightiq_mock.resources.identifiers import SeedIds, decode_id

from .conftest import ANN, every, kept, make_virtual, of_account, seeded_store

MILLION = 1_000_000

# Where items are added, and by which fraction of a second they are younger than the one there: an
# item of the same moment comes before the computed one.
PLACES = (
    *((0, "500000"), (1, "400000"), (1, "500000"), (2, "000000"), (40, "500000")),
    *((41, "500000"), (45, "000000"), (300, "500000"), (-1, "000000"), (-1, "500000")),
)


def account_of(store: Store) -> typing.Any:
    """The account that holds a million items."""
    (found,) = [
        account
        for account in every(store, "account")
        if account["data"].get("engagement", {}).get("monitor_type") == "ON_DEMAND"
    ]
    return found


def page(store: Store, **selection: typing.Any) -> list[typing.Any]:
    """A page of its items."""
    account_id = account_of(store)["id"]
    selected = of_account(account_id, **{"limit": 100, **selection})
    return [json.loads(body) for body in store.page(ANN, "content", selected)]


def published(items: list[typing.Any]) -> list[str]:
    return [item["published_at"] for item in items]


def variant(item: typing.Any, **changes: typing.Any) -> typing.Any:
    """Another item like this one."""
    return {**item, "id": str(uuid.uuid4()), **changes}


def test_list_has_million_items_newest_first(large: Store) -> None:
    engagement = account_of(large)["data"]["engagement"]
    first, last = page(large), page(large, offset=MILLION - 100)
    assert len(first) == len(last) == 100
    assert page(large, offset=MILLION - 1)[0] == last[-1]
    assert page(large, offset=MILLION) == page(large, offset=10**30) == []
    moments = published([*first, *last])
    assert moments == sorted(set(moments), reverse=True)
    assert first[0]["published_at"] <= engagement["last_sync_at"]
    assert engagement["data_available_from"] <= last[-1]["published_at"]
    reach = [
        dt.date.fromisoformat(text[:10])
        for text in (moments[-1], engagement["data_available_from"])
    ]
    assert reach[0] - reach[1] < dt.timedelta(days=20)


def test_pages_fit_together(large: Store) -> None:
    whole = page(large, offset=700_000, limit=60)
    parts = [
        item for start in range(0, 60, 7) for item in page(large, offset=700_000 + start, limit=7)
    ]
    assert parts[:60] == whole


def test_items_are_found_by_their_ids(large: Store) -> None:
    items = page(large, offset=900_000, limit=5)
    ids = [item["id"] for item in items]
    account_id = account_of(large)["id"]
    assert [json.loads(large.get(ANN, "content", each) or b"") for each in ids] == items
    found = large.get_many(ANN, "content", [ids[3], str(uuid.uuid4()), ids[1], ids[3]])
    assert [json.loads(body) for body in found] == [items[3], items[1]]
    assert large.belongs_to_account(ANN, "content", ids[0], account_id)
    assert not large.belongs_to_account(ANN, "content", ids[0], "another")
    assert not large.belongs_to_account(ANN, "content", str(uuid.uuid4()), account_id)
    assert large.get(ANN, "comment", ids[0]) is None
    address = decode_id(ids[0])
    assert address is not None
    foreign = SeedIds("another seed", address.account_number).of(CONTENTS, 5)
    assert large.get(ANN, "content", foreign) is None
    assert large.get("developer-bob", "content", ids[0]) is None


def test_date_windows_include_both_days(large: Store) -> None:
    day = dt.date(2021, 3, 14)
    window = page(large, from_date=str(day), to_date=str(day), limit=1_000)
    assert {moment[:10] for moment in published(window)} == {str(day)}
    before = page(large, to_date=str(day - dt.timedelta(days=1)), limit=1)
    wider = page(large, to_date=str(day), limit=len(window) + 1)
    assert wider == [*window, *before]
    assert (
        page(large, from_date="2021-03-14", to_date="2021-03-14", offset=3, limit=2) == window[3:5]
    )
    assert page(large, from_date="2030-01-01", to_date="9999-12-31") == []
    assert page(large, to_date="1999-12-31") == []
    assert page(large, from_date="0001-01-01", limit=2) == page(large, limit=2)


def test_deep_page_computes_no_more_than_it_shows(
    large: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[int] = []
    original = virtual_rows._ComputedItems.body

    def counted(items: typing.Any, rank: int) -> bytes:
        computed.append(rank)
        return original(items, rank)

    monkeypatch.setattr(virtual_rows._ComputedItems, "body", counted)
    page(large, offset=900_000, limit=20)
    assert computed == list(range(900_000, 900_020))


def test_reading_stores_nothing(own_large: Store) -> None:
    item = page(own_large, offset=5)[0]
    own_large.get(ANN, "content", item["id"])
    assert kept(own_large, "content") == kept(own_large, "changed_content") == []


def test_changed_items_stay_changed_in_place(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "mock.db"
    with seeded_store("large", path) as store:
        items = page(store, offset=800_000, limit=3)
        for title in ("once", "twice"):
            items[1] = {**items[1], "title": title}
            store.replace(ANN, CONTENTS.record(items[1]))
            assert page(store, offset=800_000, limit=3) == items
    with Store.open(path) as store:
        make_virtual(store)
        assert page(store, offset=800_000, limit=3) == items
        assert json.loads(store.get(ANN, "content", items[1]["id"]) or b"") == items[1]


def test_new_item_comes_first(own_large: Store) -> None:
    newest = page(own_large, limit=1)[0]
    new = variant(newest, published_at="2026-11-20T00:00:00.000000")
    own_large.add(ANN, [CONTENTS.record(new)])
    assert page(own_large, limit=2) == [new, newest]
    new["title"] = "changed"
    own_large.replace(ANN, CONTENTS.record(new))
    assert page(own_large, limit=2) == [new, newest]
    assert json.loads(own_large.get(ANN, "content", new["id"]) or b"") == new
    assert own_large.belongs_to_account(ANN, "content", new["id"], new["account"]["id"])


def test_added_items_lie_among_computed_ones(own_large: Store) -> None:
    window = {"from_date": "2022-05-01", "to_date": "2022-05-02"}
    items = page(own_large, **window, limit=1_000)
    added = [
        variant(
            items[place], title="added", published_at=f"{items[place]['published_at'][:20]}{digits}"
        )
        for place, digits in PLACES
    ]
    outside = variant(items[0], published_at="2022-05-03T00:00:00.000000")
    own_large.add(ANN, [CONTENTS.record(item) for item in [*added, outside]])
    merged = sorted([*added, *items], key=lambda item: item["published_at"], reverse=True)
    end = len(merged)
    for limit in (1, 3, 50):
        for offset in (*range(10), 44, 45, 46, 250, end - 3, end - 2, end - 1, end, end + 9):
            shown = page(own_large, **window, limit=limit, offset=offset)
            assert shown == merged[offset : offset + limit], (limit, offset)


def test_other_accounts_of_large_world_have_rows(large: Store) -> None:
    account_id = next(
        account["id"]
        for account in every(large, "account")
        if account["work_platform"]["name"] == "YouTube"
    )
    items = large.page(ANN, "content", of_account(account_id))
    assert items
    assert len(kept(large, "content")) == len(items)
