"""Handlers that read: get, list, search and the look-ups by another key."""

from __future__ import annotations

import json
import typing

import pytest
from mock_gaps import warn_of_gap

from insightiq_mock.context import ApiError, RequestContext

if typing.TYPE_CHECKING:
    from .conftest import Api, Contract

UNKNOWN = "99999999-9999-4999-8999-999999999999"

GETS = {
    "work_platforms": "work_platform",
    "users": "user",
    "accounts": "account",
    "profiles": "profile",
    "contents": "content",
    "content_groups": "content_group",
    "social_transactions": "social_transaction",
    "social_payouts": "social_payout",
    "commerce_transactions": "commerce_transaction",
    "commerce_payouts": "commerce_payout",
    "commerce_balances": "commerce_balance",
}

# Resource -> first part of its date parameters, platform that has some, key of its date.
OF_ACCOUNT = {
    "contents": ("", "Instagram", "published_at"),
    "content_groups": ("", "YouTube", "published_at"),
    "social_transactions": ("transaction_", "YouTube", "transaction_at"),
    "social_payouts": ("payout_", "AdSense", "payout_at"),
    "commerce_transactions": ("transaction_", "Facebook", "transaction_at"),
    "commerce_payouts": ("payout_", "Facebook", "payout_at"),
    "commerce_balances": ("balance_", "Facebook", "balance_at"),
}


def whole_window(resource: str) -> dict[str, typing.Any]:
    """Date parameters that leave nothing out."""
    prefix = OF_ACCOUNT[resource][0]
    return {f"{prefix}from_date": "2000-01-01", f"{prefix}to_date": "2099-12-31"}


@pytest.mark.filterwarnings("default::mock_gaps.MockGapWarning")
def test_each_handler_serves_operation(world: Api, contract: Contract) -> None:
    """No handler without an operation; an operation without a handler is named in a warning."""
    assert world.handlers.keys() <= contract.operations.keys()
    lacking = contract.operations.keys() - world.handlers.keys()
    warn_of_gap("no handler in insightiq_mock/resources/bindings.py", lacking)


@pytest.mark.parametrize("resource", GETS)
def test_get_responds_with_resource(world: Api, resource: str) -> None:
    """By its id, however it is written."""
    wanted = world.every(GETS[resource])[-1]
    plain = wanted["id"].replace("-", "")
    for spelling in (wanted["id"], wanted["id"].upper(), plain, plain.upper()):
        assert world.response(f"{resource}.get", path={"id": spelling}) == wanted


@pytest.mark.parametrize("resource", [*GETS, "webhooks"])
def test_get_rejects_unknown_id(world: Api, resource: str) -> None:
    """404 with the code of the resource."""
    noun = resource.removesuffix("s")
    error = world.error(f"{resource}.get", path={"id": UNKNOWN})
    assert error == (404, "RECORD_NOT_FOUND", f"incorrect_{noun}_id")


@pytest.mark.parametrize("resource", sorted(set(GETS) - {"work_platforms"}))
def test_get_rejects_another_developers_id(world: Api, resource: str) -> None:
    """As if it did not exist."""
    resource_id = world.every(GETS[resource])[0]["id"]
    other = world.as_developer("22222222-2222-4222-8222-222222222222")
    assert other.error(f"{resource}.get", path={"id": resource_id})[0] == 404


def test_another_developer_lists_and_finds_nothing(world: Api) -> None:
    """Neither plain lists, nor lists of an account, nor searches show foreign rows."""
    other = world.as_developer("22222222-2222-4222-8222-222222222222")
    for operation in ("users.list", "accounts.list", "profiles.list"):
        assert other.response(operation)["data"] == []
    user = world.every("user")[0]
    path = {"external_id": user["external_id"]}
    assert other.error("users.get_by_external_id", path=path)[0] == 404
    account_id = world.account("Instagram")["id"]
    assert other.error("audience.get", account_id=account_id)[0] == 404
    for resource, (_, platform, _) in OF_ACCOUNT.items():
        kind = GETS[resource]
        account_id = world.account(platform)["id"]
        arguments = {"account_id": account_id, **whole_window(resource)}
        assert other.error(f"{resource}.list", **arguments)[0] == 404
        ids = [world.every(kind)[0]["id"]]
        assert other.response(f"{resource}.search", body={"ids": ids}) == {"data": []}


def test_lists_default_to_ten_rows_from_first(world: Api) -> None:
    """Metadata shows the defaults, and null for dates that no one gave."""
    page = world.response("accounts.list")
    assert len(page["data"]) == 10
    nothing = {"from_date": None, "to_date": None}
    assert page["metadata"] == {"offset": 0, "limit": 10, **nothing}
    page = world.response("accounts.list", limit=3, offset=15)
    assert len(page["data"]) == 2
    assert page["metadata"] == {"offset": 15, "limit": 3, **nothing}


def test_offsets_have_no_upper_bound(world: Api) -> None:
    """Behind the last row, however far, there is an empty page that echoes the offset."""
    page = world.response("accounts.list", offset=2**64)
    assert (page["data"], page["metadata"]["offset"]) == ([], 2**64)


@pytest.mark.parametrize("limit", [7, 100])
def test_paging_neither_loses_nor_repeats(world: Api, limit: int) -> None:
    """Pages put together are the whole of an account with more than 250 contents, in order."""
    account_id = world.account("Instagram")["id"]
    rows: list[typing.Any] = []
    while True:
        page = world.response("contents.list", account_id=account_id, limit=limit, offset=len(rows))
        rows += page["data"]
        if len(page["data"]) < limit:
            break
    expected = [each for each in world.every("content") if each["account"]["id"] == account_id]
    assert len(expected) > 250
    assert rows == expected


@pytest.mark.parametrize(
    ("operation", "key"),
    [
        ("users.list", "created_at"),
        ("accounts.list", "updated_at"),
        ("profiles.list", "updated_at"),
    ],
)
def test_plain_lists_come_newest_first(world: Api, operation: str, key: str) -> None:
    """Users by creation, accounts and profiles by their last change."""
    moments = [row[key] for row in world.response(operation, limit=100)["data"]]
    assert moments == sorted(moments, reverse=True)
    assert len(set(moments)) > 1


def test_work_platforms_keep_order_of_catalogue(world: Api) -> None:
    """Sixteen rows; the name filter is exact."""
    rows = world.response("work_platforms.list", limit=100)["data"]
    assert len(rows) == 16
    assert [row["name"] for row in rows][:5] == [
        "TikTok",
        "Instagram",
        "Tiktok Shop",
        "YouTube",
        "X",
    ]
    assert world.response("work_platforms.list", name="Instagram")["data"] == [rows[1]]
    for spelling in ("instagram", "INSTAGRAM"):
        assert world.response("work_platforms.list", name=spelling)["data"] == [rows[1]]
    assert world.response("work_platforms.list", name="Insta")["data"] == []


def test_accounts_are_narrowed_by_user_and_platform(world: Api) -> None:
    """Each filter alone and both together; unknown values give an empty list."""
    account = world.account("YouTube")
    user_id, platform_id = account["user"]["id"], account["work_platform"]["id"]
    of_user = world.response("accounts.list", user_id=user_id, limit=100)["data"]
    of_platform = world.response("accounts.list", work_platform_id=platform_id, limit=100)["data"]
    assert {row["user"]["id"] for row in of_user} == {user_id}
    assert {row["work_platform"]["id"] for row in of_platform} == {platform_id}
    both = world.response("accounts.list", user_id=user_id, work_platform_id=platform_id)["data"]
    assert both == [row for row in of_user if row in of_platform] == [account]
    assert world.response("accounts.list", user_id=UNKNOWN)["data"] == []
    assert world.response("accounts.list", work_platform_id=UNKNOWN)["data"] == []


def test_user_may_have_no_accounts(world: Api) -> None:
    """One of the world's users has connected nothing yet."""
    owners = {account["user"]["id"] for account in world.every("account")}
    lonely = [user for user in world.every("user") if user["id"] not in owners]
    assert len(lonely) == 1
    assert world.response("accounts.list", user_id=lonely[0]["id"])["data"] == []


def test_profiles_are_narrowed_by_account_user_and_platform(world: Api) -> None:
    """An unknown account gives an empty list here: the filter is optional."""
    profile = world.every("profile")[3]
    by_account = world.response("profiles.list", account_id=profile["account"]["id"])["data"]
    assert by_account == [profile]
    by_user = world.response("profiles.list", user_id=profile["user"]["id"])["data"]
    assert profile in by_user
    platform_id = profile["work_platform"]["id"]
    assert profile in world.response("profiles.list", work_platform_id=platform_id)["data"]
    assert world.response("profiles.list", account_id=UNKNOWN)["data"] == []


def test_users_are_not_filtered_by_external_id(world: Api) -> None:
    """The undocumented parameter has no effect."""
    everyone = world.response("users.list")["data"]
    external_id = everyone[0]["external_id"]
    assert world.response("users.list", external_id=external_id)["data"] == everyone


@pytest.mark.parametrize("resource", OF_ACCOUNT)
def test_lists_of_account_hold_its_rows_newest_first(world: Api, resource: str) -> None:
    """All rows of the account, none of another, ordered by their own date."""
    _, platform, key = OF_ACCOUNT[resource]
    account_id = world.account(platform)["id"]
    rows = world.response(
        f"{resource}.list", account_id=account_id, limit=100, **whole_window(resource)
    )["data"]
    assert rows
    assert {row["account"]["id"] for row in rows} == {account_id}
    moments = [row[key] for row in rows]
    assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize("resource", OF_ACCOUNT)
def test_date_windows_are_inclusive_and_echoed(world: Api, resource: str) -> None:
    """A window of one row's own day holds the row; the days around it do not."""
    prefix, platform, key = OF_ACCOUNT[resource]
    account_id = world.account(platform)["id"]
    every = world.response(
        f"{resource}.list", account_id=account_id, limit=100, **whole_window(resource)
    )["data"]
    day = every[len(every) // 2][key][:10]
    window: dict[str, typing.Any] = {f"{prefix}from_date": day, f"{prefix}to_date": day}
    page = world.response(f"{resource}.list", account_id=account_id, limit=100, **window)
    assert page["data"] == [row for row in every if row[key].startswith(day)]
    assert page["metadata"] == {"offset": 0, "limit": 100, "from_date": day, "to_date": day}


def test_window_may_be_open_on_one_side(world: Api) -> None:
    """Contents since a day, and contents until a day, are together all contents."""
    account_id = world.account("TikTok")["id"]
    rows = world.response("contents.list", account_id=account_id, limit=100)["data"]
    day = rows[20]["published_at"][:10]
    since = world.response("contents.list", account_id=account_id, limit=100, from_date=day)
    until = world.response("contents.list", account_id=account_id, limit=100, to_date=day)
    assert since["metadata"]["to_date"] is None
    assert until["metadata"]["from_date"] is None
    assert len(since["data"]) < len(rows)
    assert [*since["data"], *(row for row in until["data"] if row not in since["data"])] == rows


@pytest.mark.parametrize("resource", OF_ACCOUNT)
def test_reversed_dates_are_rejected(world: Api, resource: str) -> None:
    """400 where the first day lies behind the last; the same day twice is fine."""
    prefix, platform, _ = OF_ACCOUNT[resource]
    account_id = world.account(platform)["id"]
    window = {f"{prefix}from_date": "2026-03-02", f"{prefix}to_date": "2026-03-01"}
    assert world.error(f"{resource}.list", account_id=account_id, **window) == (
        400,
        "INVALID_REQUEST_PARAMETERS",
        "invalid_date_range",
    )


@pytest.mark.parametrize("resource", OF_ACCOUNT)
def test_lists_of_unknown_account_are_rejected(world: Api, resource: str) -> None:
    """404, and an account that has none of these gives an empty list instead."""
    window = whole_window(resource)
    error = world.error(f"{resource}.list", account_id=UNKNOWN, **window)
    assert error == (404, "RECORD_NOT_FOUND", "incorrect_account_id")
    barren = world.account("LinkedIn")["id"]
    assert world.response(f"{resource}.list", account_id=barren, **window)["data"] == []


@pytest.mark.parametrize(
    ("resource", "platform", "types"),
    [
        ("social_transactions", "YouTube", {"AD", "SUBSCRIPTION", "ADDITIONAL"}),
        ("commerce_transactions", "Facebook", {"SALE", "REFUND", "CANCELLED", "VOID", "OTHER"}),
    ],
)
def test_transactions_are_narrowed_by_type(
    world: Api, resource: str, platform: str, types: set[str]
) -> None:
    """Every type of the document occurs and can be asked for."""
    query = {"account_id": world.account(platform)["id"], **whole_window(resource), "limit": 100}
    for wanted in types:
        rows = world.response(f"{resource}.list", **query, type=wanted)["data"]
        assert {row["type"] for row in rows} == {wanted}


def test_filters_and_type_of_payouts_have_no_effect(world: Api) -> None:
    """Accepted as they are, for no one knows their grammar."""
    account_id = world.account("YouTube")["id"]
    plain = world.response("contents.list", account_id=account_id)
    assert world.response("contents.list", account_id=account_id, filters="type:STORY") == plain
    query = {"account_id": world.account("AdSense")["id"], **whole_window("social_payouts")}
    payouts = world.response("social_payouts.list", **query)
    assert world.response("social_payouts.list", **query, type="anything") == payouts


def test_comments_are_those_of_one_content(world: Api) -> None:
    """Newest first, windows as elsewhere; more than one page of the largest size under one item."""
    by_content: dict[str, list[typing.Any]] = {}
    for row in world.every("comment"):
        by_content.setdefault(row["content"]["id"], []).append(row)
    content_id, expected = max(by_content.items(), key=lambda pair: len(pair[1]))
    assert len(expected) > 100
    query: dict[str, typing.Any] = {
        "account_id": expected[0]["account"]["id"],
        "content_id": content_id,
    }
    first = world.response("comments.list", **query, limit=100)["data"]
    second = world.response("comments.list", **query, limit=100, offset=100)["data"]
    assert first + second == expected
    day = expected[50]["published_at"][:10]
    window = world.response("comments.list", **query, limit=100, from_date=day, to_date=day)["data"]
    assert window == [row for row in expected if row["published_at"].startswith(day)]
    query |= {"from_date": "2026-03-02", "to_date": "2026-03-01"}
    assert world.error("comments.list", **query)[0] == 400


def test_comments_need_content_of_account(world: Api) -> None:
    """404 for an unknown account, an unknown content, and a content of another account."""
    youtube, tiktok = world.account("YouTube")["id"], world.account("TikTok")["id"]
    foreign = world.response("contents.list", account_id=tiktok, limit=1)["data"][0]["id"]
    for content_id in (UNKNOWN, foreign):
        query = {"account_id": youtube, "content_id": content_id}
        assert world.error("comments.list", **query)[2] == "incorrect_content_id"
    query = {"account_id": UNKNOWN, "content_id": foreign}
    assert world.error("comments.list", **query)[2] == "incorrect_account_id"
    # A platform without comments: the content is known, and the list is empty.
    query = {"account_id": tiktok, "content_id": foreign}
    assert world.response("comments.list", **query)["data"] == []


@pytest.mark.parametrize("resource", OF_ACCOUNT)
def test_search_keeps_order_and_drops_unknown(world: Api, resource: str) -> None:
    """Each resource once, where it was first asked for, and no metadata."""
    rows = world.every(GETS[resource])[:3]
    ids = [rows[2]["id"], UNKNOWN, rows[0]["id"].upper(), rows[2]["id"]]
    found = world.response(f"{resource}.search", body={"ids": ids})
    assert found == {"data": [rows[2], rows[0]]}


def test_search_takes_hundred_ids(world: Api) -> None:
    """The largest search that the document allows."""
    rows = world.every("content")[:100]
    found = world.response("contents.search", body={"ids": [row["id"] for row in rows]})
    assert found["data"] == rows


def test_user_is_found_by_external_id(world: Api) -> None:
    """Letter by letter; 404 otherwise."""
    user = world.every("user")[0]
    path = {"external_id": user["external_id"]}
    assert world.response("users.get_by_external_id", path=path) == user
    for other in (user["external_id"].upper(), "no such one", "naïve/🧭"):
        error = world.error("users.get_by_external_id", path={"external_id": other})
        assert error == (404, "RECORD_NOT_FOUND", "incorrect_external_id")


def test_audience_is_bare_object(world: Api) -> None:
    """The audience itself, not a list of one."""
    account = world.account("Instagram")
    audience = world.response("audience.get", account_id=account["id"])
    assert audience["account"]["id"] == account["id"]


def test_audience_is_missing_before_first_sync_and_where_there_is_none(world: Api) -> None:
    """404 for an account connected a moment ago, for a platform without one, for no account."""
    fresh = next(
        account
        for account in world.every("account")
        if account["data"]["identity"]["status"] == "NOT_SYNCED"
    )
    assert fresh["work_platform"]["name"] == "Instagram"
    for account_id in (fresh["id"], world.account("Twitch")["id"], UNKNOWN):
        error = world.error("audience.get", account_id=account_id)
        assert error == (404, "RECORD_NOT_FOUND", "incorrect_account_id")
    assert world.response("profiles.list", account_id=fresh["id"])["data"] == []
    with pytest.raises(ApiError, match="There is no account"):
        world.response("audience.get", account_id=UNKNOWN)


def test_lists_are_stored_text_joined(world: Api) -> None:
    """A list response holds the very bytes of its resources."""
    account_id = world.account("YouTube")["id"]
    call = RequestContext(
        operation_id="contents.list",
        developer_id=world.developer_id,
        path={},
        query={"account_id": account_id},
        body=None,
    )
    body = world.handlers["contents.list"](call).body
    assert body is not None
    for row in json.loads(body)["data"]:
        stored = world.store.get(world.developer_id, "content", row["id"])
        assert stored is not None
        assert stored in body
