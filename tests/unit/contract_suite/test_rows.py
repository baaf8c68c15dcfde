"""Seed data of a server, and the settings of schemathesis made from it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from contract_suite.rows import SeedData, read_seed_data, schemathesis_settings
from published_document import DOCUMENT

ACCOUNTS = [{"id": "a1"}, {"id": "a2"}]
CONTENTS = [
    {"id": "c1", "account": {"id": "a2"}},
    {"id": "c2", "account": {"id": "a2"}},
    {"id": "c3", "account": {"id": "a2"}},
]
ROWS: dict[str, list[dict[str, Any]]] = {
    "/v1/users": [{"id": "u1"}],
    "/v1/accounts": ACCOUNTS,
    "/v1/social/contents?account_id=a2": CONTENTS,
    "/v1/social/comments?account_id=a2&content_id=c2": [{"text": "no id"}],
    "/v1/social/comments?account_id=a2&content_id=c3": [{"text": "no id"}],
    "/v1/commerce/income/payouts?account_id=a1": [{"id": "p1"}],
}


def respond(request: httpx.Request) -> httpx.Response:
    """Be a server with the rows above; lists of income want a window."""
    names = ("account_id", "content_id")
    ids = "&".join(
        f"{name}={request.url.params[name]}" for name in names if name in request.url.params
    )
    if "income" in request.url.path:
        days = [day for name, day in request.url.params.items() if name.endswith("_date")]
        assert days == ["2000-01-01", "2099-12-31"]
    rows = ROWS.get(f"{request.url.path}?{ids}" if ids else request.url.path, [])
    return httpx.Response(200, json={"data": rows})


@pytest.fixture
def known() -> SeedData:
    """Seed data of that server."""
    with httpx.Client(transport=httpx.MockTransport(respond), base_url="http://mock") as client:
        return read_seed_data(DOCUMENT, client)


def bindings(known: SeedData) -> dict[str, dict[str, str]]:
    """Dictionary by input by operation, as schemathesis would read them."""
    settings = schemathesis_settings(DOCUMENT, known)
    return {
        operation["include-operation-id"]: {
            name: binding["dictionary"] for name, binding in operation["parameters"].items()
        }
        for operation in settings["operations"]
    }


def dictionaries(known: SeedData) -> dict[str, list[object]]:
    """Values by dictionary, as schemathesis would read them."""
    settings = schemathesis_settings(DOCUMENT, known)
    return {name: entry["values"] for name, entry in settings["dictionaries"].items()}


def test_lists_get_the_ids_that_they_require(known: SeedData) -> None:
    """Lists that need an account are asked for each, those that need two ids for pairs."""
    found = dictionaries(known)
    assert found["accounts"] == ["a1", "a2"]
    assert found["contents"] == ["c1", "c2", "c3"]
    assert found["commerce_payouts"] == ["p1"]


def test_ids_with_rows_are_drawn_from(known: SeedData) -> None:
    """An account without contents gives no contents."""
    found = dictionaries(known)
    assert found["contents-list-account_id"] == ["a2"]
    assert bindings(known)["contents.list"]["query.account_id"] == "contents-list-account_id"
    # Account and content are drawn one by one, so only one pair may be there to draw from.
    assert found["comments-list-account_id"] == ["a2"]
    assert found["comments-list-content_id"] == ["c2"]


def test_ids_are_bound_by_name(known: SeedData) -> None:
    """Paths, queries and bodies draw from the resource that their name means."""
    bound = bindings(known)
    assert bound["contents.get"] == {"path.id": "contents"}
    assert bound["contents.search"] == {"body.ids[*]": "contents"}
    assert bound["sdk_tokens.create"] == {"body.user_id": "users"}
    assert bound["contents.refresh"] == {"body.account_id": "accounts"}
    assert bound["accounts.list"]["query.user_id"] == "users"


def test_lists_get_first_page_and_wide_window(
    known: SeedData,
) -> None:
    """A random offset or window is nearly always beyond the rows."""
    bound = bindings(known)["commerce_payouts.list"]
    assert bound["query.offset"] == "offset"
    assert bound["query.payout_from_date"] == "from_date"
    assert bound["query.payout_to_date"] == "to_date"
    assert dictionaries(known)["offset"] == [0]


def test_empty_dictionaries_are_left_out() -> None:
    """Schemathesis rejects an empty dictionary."""
    settings = schemathesis_settings(DOCUMENT, SeedData({"users": []}, {}))
    assert set(settings["dictionaries"]) == {"from_date", "to_date", "offset"}
