"""Handlers that change something: users, tokens, accounts, syncs, webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import typing

import pytest

from insightiq_mock.resources.sdk_tokens import signing_key

if typing.TYPE_CHECKING:
    from .conftest import Api

UNKNOWN = "99999999-9999-4999-8999-999999999999"
NOW = "2026-11-01T15:30:45.123456"
WEBHOOK = {"url": "https://example.com/hook", "events": ["CONTENTS.ADDED", "ACCOUNTS.CONNECTED"]}

SYNCED = {
    "profiles": "identity",
    "contents": "engagement",
    "content_groups": "engagement",
    "social_transactions": "income",
    "social_payouts": "income",
    "commerce_transactions": "income",
    "commerce_payouts": "income",
    "commerce_balances": "income",
}
HISTORIC = [resource for resource in SYNCED if resource != "profiles"]


def create_user(api: Api, external_id: str = "u-1", name: str = "Ann") -> typing.Any:
    """Make a user."""
    return api.response("users.create", body={"name": name, "external_id": external_id})


def test_created_user_can_be_read(empty: Api) -> None:
    """By id, by external id and in the list; keys in the documented order."""
    user = create_user(empty)
    assert list(user) == ["name", "external_id", "id", "created_at", "updated_at", "status"]
    assert user["created_at"] == user["updated_at"] == NOW
    assert user["status"] == "ACTIVE"
    assert empty.response("users.get", path={"id": user["id"]}) == user
    assert empty.response("users.get_by_external_id", path={"external_id": "u-1"}) == user
    assert empty.response("users.list")["data"] == [user]


def test_users_keep_names_letter_by_letter(empty: Api) -> None:
    """Blanks around them, any alphabet and emoji included."""
    user = create_user(empty, external_id=" é/🧭 ", name="  雨宮 👩🏽‍🍳 ")
    assert (user["name"], user["external_id"]) == ("  雨宮 👩🏽‍🍳 ", " é/🧭 ")
    assert empty.response("users.get_by_external_id", path={"external_id": " é/🧭 "}) == user


def test_taken_external_id_is_rejected(empty: Api) -> None:
    """400 for the same developer, nothing for another; the first user stays."""
    first = create_user(empty)
    error = empty.error("users.create", body={"name": "Bea", "external_id": "u-1"})
    assert error == (400, "INVALID_REQUEST_PARAMETERS", "user_exists_with_external_id")
    assert empty.response("users.list")["data"] == [first]
    create_user(empty.as_developer("33333333-3333-4333-8333-333333333333"))


def test_number_as_external_id_is_its_text(empty: Api) -> None:
    """It is responded to, found and compared as text."""
    body = {"name": "Ann", "external_id": 1700000000000}
    user = empty.response("users.create", body=body)
    assert user["external_id"] == "1700000000000"
    path = {"external_id": "1700000000000"}
    assert empty.response("users.get_by_external_id", path=path) == user
    for again in (1700000000000, 1700000000000.0, "1700000000000"):
        error = empty.error("users.create", body={"name": "Bea", "external_id": again})
        assert error[2] == "user_exists_with_external_id"


def test_newer_users_come_first(empty: Api) -> None:
    """The list is ordered by creation."""
    create_user(empty, "old")
    empty.pass_time(seconds=1)
    create_user(empty, "new")
    names = [user["external_id"] for user in empty.response("users.list")["data"]]
    assert names == ["new", "old"]


def test_text_that_no_response_could_carry_is_rejected(empty: Api) -> None:
    """Half of a surrogate pair, in a user's name or in a webhook's."""
    error = empty.error("users.create", body={"name": "\ud83d", "external_id": "u"})
    assert error == (400, "INVALID_REQUEST_PARAMETERS", "invalid_text")
    error = empty.error("webhooks.create", body={**WEBHOOK, "name": "\ud83d"})
    assert error == (400, "INVALID_REQUEST_PARAMETERS", "invalid_text")


def decoded(part: str) -> typing.Any:
    """Read one part of a JWT."""
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_sdk_token_is_signed_jwt_of_one_week(empty: Api) -> None:
    """HS256, the claims of the vendor's example, exactly 604 800 seconds."""
    user = create_user(empty)
    body = {"user_id": user["id"], "products": ["IDENTITY", "ENGAGEMENT.AUDIENCE", "INCOME"]}
    response = empty.response("sdk_tokens.create", body=body)
    assert response.keys() == {"sdk_token", "expires_at"}
    assert response["expires_at"] == "2026-11-08T15:30:45.123456"
    head, payload, signature = response["sdk_token"].split(".")
    assert decoded(head) == {"alg": "HS256", "typ": "JWT"}
    claims = decoded(payload)
    assert claims == {
        "user_id": user["id"],
        "tenant_id": claims["tenant_id"],
        "tenant_app_id": empty.developer_id,
        "products": ["IDENTITY", "ENGAGEMENT_AUDIENCE", "INCOME"],
        "iss": "https://api.sandbox.insightiq.ai",
        "aud": "https://api.sandbox.insightiq.ai/v1/internal",
        "iat": empty.now.timestamp(),
        "exp": empty.now.timestamp() + 604_800,
    }
    assert isinstance(claims["iat"], float)
    digest = hmac.new(
        signing_key(empty.developer_id), f"{head}.{payload}".encode(), hashlib.sha256
    ).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == signature


def test_token_needs_user_of_developer(empty: Api) -> None:
    """404 for no one and for somebody else's user."""
    user = create_user(empty)
    other = empty.as_developer("33333333-3333-4333-8333-333333333333")
    for api, user_id in ((empty, UNKNOWN), (other, user["id"])):
        body = {"user_id": user_id, "products": ["IDENTITY"]}
        error = api.error("sdk_tokens.create", body=body)
        assert error == (404, "RECORD_NOT_FOUND", "incorrect_user_id")


def test_patching_account_sets_how_it_is_monitored(own_world: Api) -> None:
    """A deep merge of monitoring_type into monitor_type; everything else stays as it was."""
    before = own_world.account("YouTube")
    change = {
        "identity": {"audience": {"monitoring_type": "ON_DEMAND"}},
        "engagement": {"monitoring_type": "ON_DEMAND"},
    }
    path = {"id": before["id"]}
    after = own_world.response("accounts.update", path=path, body={"data": change})
    expected = json.loads(json.dumps(before))
    expected["data"]["identity"]["audience"]["monitor_type"] = "ON_DEMAND"
    expected["data"]["engagement"]["monitor_type"] = "ON_DEMAND"
    assert after == expected
    assert own_world.response("accounts.get", path=path) == after


def test_patching_passes_over_what_it_does_not_know(own_world: Api) -> None:
    """Products that the account lacks, keys and values without meaning."""
    before = own_world.account("TikTok")
    change = {
        "income": {"monitoring_type": "ON_DEMAND"},
        "engagement": {"audience": {"monitoring_type": "ON_DEMAND"}, "status": {"a": 1}},
        "identity": {"monitoring_type": "EXTENSIVE", "monitor_type": "ON_DEMAND"},
        "monitoring_type": "ON_DEMAND",
    }
    path = {"id": before["id"]}
    assert own_world.response("accounts.update", path=path, body={"data": change}) == before
    assert own_world.response("accounts.update", path=path, body={"data": {}}) == before
    error = own_world.error("accounts.update", path={"id": UNKNOWN}, body={"data": {}})
    assert error == (404, "RECORD_NOT_FOUND", "incorrect_account_id")


@pytest.mark.parametrize("status", ["CONNECTED", "SESSION_EXPIRED"])
def test_disconnecting_cuts_account_off(own_world: Api, status: str) -> None:
    """The response is short, the account stays listed first, its data stay readable."""
    before = own_world.account("Facebook", status)
    path = {"id": before["id"]}
    response = own_world.response("accounts.disconnect", path=path)
    keys = ("id", "created_at", "user", "work_platform")
    assert response == {key: before[key] for key in keys} | {
        "updated_at": NOW,
        "status": "NOT_CONNECTED",
    }
    after = own_world.response("accounts.list", limit=1)["data"][0]
    assert after == before | {
        "updated_at": NOW,
        "status": "NOT_CONNECTED",
        "disconnection_source": "DEVELOPER_API",
    }
    assert own_world.response("contents.list", account_id=before["id"])["data"]


def test_disconnecting_twice_is_rejected(own_world: Api) -> None:
    """403; an unknown account gives 404."""
    path = {"id": own_world.account("X")["id"]}
    own_world.response("accounts.disconnect", path=path)
    error = own_world.error("accounts.disconnect", path=path)
    assert error == (403, "FORBIDDEN", "account_disconnected")
    error = own_world.error("accounts.disconnect", path={"id": UNKNOWN})
    assert error == (404, "RECORD_NOT_FOUND", "incorrect_account_id")


@pytest.mark.parametrize(("resource", "product"), SYNCED.items())
def test_refresh_acknowledges_at_once_and_syncs_soon(
    own_world: Api, resource: str, product: str
) -> None:
    """202 echoes the account; seconds later its product is synced, 90 days back; the rest stays."""
    own_world.pass_time()
    before = own_world.account("YouTube")
    body = {"account_id": before["id"].replace("-", "").upper()}
    path = {"id": before["id"]}
    assert own_world.response(f"{resource}.refresh", body=body) == {"account_id": before["id"]}
    assert own_world.response("accounts.get", path=path) == before
    own_world.pass_time(seconds=10)
    after = own_world.response("accounts.get", path=path)
    block = after["data"][product]
    assert "2026-11-01T15:30:47" <= block["last_sync_at"] <= "2026-11-01T15:30:52"
    expected = json.loads(json.dumps(before))
    expected["data"][product]["last_sync_at"] = block["last_sync_at"]
    if product == "identity":
        audience = expected["data"]["identity"]["audience"]
        audience["last_sync_at"] = block["last_sync_at"]
    else:
        expected["data"][product]["refresh_since"] = "2026-08-03T00:00:00.000000"
    assert after == expected


@pytest.mark.parametrize("resource", HISTORIC)
def test_fetch_historic_reaches_further_back(own_world: Api, resource: str) -> None:
    """202 echoes the body; data_available_from soon moves back, never forward."""
    own_world.pass_time()
    account = own_world.account("YouTube")
    path = {"id": account["id"]}
    product = SYNCED[resource]
    for wanted, expected in (
        ("2024-02-29", "2024-02-29T00:00:00.000000"),
        ("2025-01-01", "2024-02-29T00:00:00.000000"),
    ):
        body = {"account_id": account["id"], "from_date": wanted}
        before = own_world.response("accounts.get", path=path)
        assert own_world.response(f"{resource}.fetch_historic", body=body) == body
        assert own_world.response("accounts.get", path=path) == before
        own_world.pass_time(seconds=10)
        after = own_world.response("accounts.get", path=path)
        assert after["data"][product]["data_available_from"] == expected
        after["data"][product] = account["data"][product]
        assert after == account


@pytest.mark.parametrize(
    "operation",
    [
        *(f"{resource}.refresh" for resource in SYNCED),
        *(f"{each}.fetch_historic" for each in HISTORIC),
    ],
)
def test_syncs_need_connected_account(world: Api, operation: str) -> None:
    """404 for no account, 403 for a disconnected one, 400 for an expired session."""
    expected = {
        UNKNOWN: (404, "RECORD_NOT_FOUND", "incorrect_account_id"),
        world.account("Instagram", "NOT_CONNECTED")["id"]: (
            403,
            "FORBIDDEN",
            "account_disconnected",
        ),
        world.account("Facebook", "SESSION_EXPIRED")["id"]: (
            400,
            "INVALID_REQUEST_PARAMETERS",
            "session_expired",
        ),
    }
    for account_id, error in expected.items():
        body = {"account_id": account_id, "from_date": "2026-01-01"}
        assert world.error(operation, body=body) == error


def test_created_webhook_can_be_read(empty: Api) -> None:
    """Keys in wire order, events as sent; a name may be missing and is then null."""
    named = empty.response("webhooks.create", body={**WEBHOOK, "name": "receiver"})
    assert list(named) == ["name", "url", "id", "created_at", "updated_at", "is_active", "events"]
    assert named == {
        **WEBHOOK,
        "name": "receiver",
        "id": named["id"],
        "created_at": NOW,
        "updated_at": NOW,
        "is_active": True,
    }
    assert empty.response("webhooks.get", path={"id": named["id"]}) == named
    assert empty.response("webhooks.create", body=WEBHOOK)["name"] is None


def test_webhooks_may_share_address_and_start_inactive(empty: Api) -> None:
    """Neither address nor name is unique; is_active of the creating body counts."""
    empty.response("webhooks.create", body={**WEBHOOK, "name": "same"})
    second = empty.response("webhooks.create", body={**WEBHOOK, "name": "same", "is_active": False})
    assert second["is_active"] is False
    assert len(empty.response("webhooks.list")["data"]) == 2


def test_updating_webhook_replaces_all_of_it(empty: Api) -> None:
    created = empty.response("webhooks.create", body={**WEBHOOK, "name": "n", "is_active": False})
    empty.pass_time(hours=1)
    path = {"id": created["id"]}
    body: dict[str, typing.Any] = {"url": "http://127.0.0.1:9/x", "events": ["PROFILES.ADDED"]}
    updated = empty.response("webhooks.update", path=path, body=body)
    assert updated == {
        **body,
        "name": None,
        "id": created["id"],
        "created_at": NOW,
        "updated_at": "2026-11-01T16:30:45.123456",
        "is_active": True,
    }
    assert empty.response("webhooks.get", path=path) == updated
    body |= {"name": "again", "is_active": False}
    assert empty.response("webhooks.update", path=path, body=body)["is_active"] is False
    error = empty.error("webhooks.update", path={"id": UNKNOWN}, body=body)
    assert error == (404, "RECORD_NOT_FOUND", "incorrect_webhook_id")


def test_deleted_webhook_is_gone(empty: Api) -> None:
    """No body; afterwards 404 for reading and for deleting again."""
    path = {"id": empty.response("webhooks.create", body=WEBHOOK)["id"]}
    other = empty.as_developer("33333333-3333-4333-8333-333333333333")
    assert other.error("webhooks.delete", path=path)[0] == 404
    assert empty.response("webhooks.delete", path=path) is None
    for operation in ("webhooks.get", "webhooks.delete"):
        error = empty.error(operation, path=path)
        assert error == (404, "RECORD_NOT_FOUND", "incorrect_webhook_id")


def test_list_of_webhooks_has_bare_metadata(empty: Api) -> None:
    """All four values null without parameters; real ones as soon as one is given."""
    for number in range(12):
        empty.pass_time(seconds=1)
        empty.response("webhooks.create", body={**WEBHOOK, "name": str(number)})
    page = empty.response("webhooks.list")
    assert page["metadata"] == dict.fromkeys(["offset", "limit", "from_date", "to_date"])
    assert [hook["name"] for hook in page["data"]] == [str(number) for number in range(11, 1, -1)]
    page = empty.response("webhooks.list", offset=11)
    assert [hook["name"] for hook in page["data"]] == ["0"]
    assert page["metadata"] == {"offset": 11, "limit": 10, "from_date": None, "to_date": None}


def test_sending_echoes_payload(empty: Api) -> None:
    """Whatever JSON it holds; an id is made where there is none."""
    payload = {
        "event": "CONTENTS.ADDED",
        "data": {"n": 10**40, "x": 0.1, "text": "é\x00🧭 \ud83d", "deep": [[[None, True]]]},
        "name": "contents added",
    }
    response = empty.response("webhooks.send", body={"payload": payload})
    assert len(response["id"]) == 36
    assert response == {**payload, "id": response["id"]}
    again = empty.response("webhooks.send", body={"payload": {**payload, "id": "mine"}})
    assert again["id"] == "mine"


def test_sending_something_bottomless_is_rejected(empty: Api) -> None:
    """Deeper than can be written again."""
    bottom: list[typing.Any] = []
    for _ in range(100_000):  # Deeper than what any version of Python writes.
        bottom = [bottom]
    payload = {"event": "CONTENTS.ADDED", "data": {"deep": bottom}}
    error = empty.error("webhooks.send", body={"payload": payload})
    assert error == (400, "INVALID_REQUEST_PARAMETERS", "invalid_body")
