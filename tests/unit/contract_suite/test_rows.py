"""Seed data of a server, and the settings of schemathesis made from it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from contract_suite.rows import SeedData, read_seed_data, schemathesis_settings
from published_document import DOCUMENT

CONTENTS = [{"id": each, "account": {"id": "a2"}} for each in ("c1", "c2", "c3")]
ROWS: dict[str, list[dict[str, Any]]] = {
    "/v1/users": [{"id": "u1"}],
    "/v1/accounts": [{"id": "a1"}, {"id": "a2"}],
    "/v1/social/contents?account_id=a2": CONTENTS,
    "/v1/social/comments?account_id=a2&content_id=c2": [{"text": "no id"}],
    "/v1/social/comments?account_id=a2&content_id=c3": [{"text": "no id"}],
    "/v1/commerce/income/payouts?account_id=a1": [{"id": "p1"}],
}


def respond(request: httpx.Request) -> httpx.Response:
    """Respond as a server with the rows above; lists of income need a window."""
    params = request.url.params
    names = [name for name in ("account_id", "content_id") if name in params]
    ids = "&".join(f"{name}={params[name]}" for name in names)
    if "income" in request.url.path:
        days = [day for name, day in params.items() if name.endswith("_date")]
        assert days == ["2000-01-01", "2099-12-31"]
    rows = ROWS.get(f"{request.url.path}?{ids}" if ids else request.url.path, [])
    return httpx.Response(200, json={"data": rows})


@pytest.fixture(scope="module")
def settings() -> dict[str, Any]:
    """The settings made from that server."""
    with httpx.Client(transport=httpx.MockTransport(respond), base_url="http://mock") as client:
        return schemathesis_settings(DOCUMENT, read_seed_data(DOCUMENT, client))


def test_dictionaries_hold_ids_and_days(settings: dict[str, Any]) -> None:
    """Account and content are drawn one by one, so that only one pair may be there to draw from."""
    found = {name: entry["values"] for name, entry in settings["dictionaries"].items()}
    expected = {
        "accounts": ["a1", "a2"],
        "contents": ["c1", "c2", "c3"],
        "commerce_payouts": ["p1"],
        "contents-list-account_id": ["a2"],
        "comments-list-account_id": ["a2"],
        "comments-list-content_id": ["c2"],
        "offset": [0],
    }
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("operation", "name", "dictionary"),
    [
        ("contents.get", "path.id", "contents"),
        ("contents.search", "body.ids[*]", "contents"),
        ("sdk_tokens.create", "body.user_id", "users"),
        ("contents.refresh", "body.account_id", "accounts"),
        ("accounts.list", "query.user_id", "users"),
        ("contents.list", "query.account_id", "contents-list-account_id"),
        ("commerce_payouts.list", "query.offset", "offset"),
        ("commerce_payouts.list", "query.payout_from_date", "from_date"),
        ("commerce_payouts.list", "query.payout_to_date", "to_date"),
    ],
)
def test_input_draws_from_dictionary_of_its_name(
    settings: dict[str, Any], operation: str, name: str, dictionary: str
) -> None:
    bindings = {each["include-operation-id"]: each["parameters"] for each in settings["operations"]}
    assert bindings[operation][name]["dictionary"] == dictionary


def test_empty_dictionaries_are_left_out() -> None:
    """Schemathesis rejects an empty dictionary."""
    settings = schemathesis_settings(DOCUMENT, SeedData({"users": []}, {}))
    assert set(settings["dictionaries"]) == {"from_date", "to_date", "offset"}
