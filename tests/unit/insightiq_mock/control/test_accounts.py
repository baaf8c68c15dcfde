"""Actions of creators and platforms, through the control API."""

from __future__ import annotations

import uuid

import httpx
import pytest

from insightiq_mock.control import ControlStatusError, MockControl


def token(api: httpx.Client, products: list[str]) -> tuple[str, str]:
    """Make a user and an SDK token; return both ids."""
    user = api.post("/v1/users", json={"name": "Ada", "external_id": "ada"}).json()["id"]
    made = api.post("/v1/sdk-tokens", json={"user_id": user, "products": products})
    return user, made.json()["sdk_token"]


def test_connection_makes_account_that_api_shows(control: MockControl, api: httpx.Client) -> None:
    account = control.connect("tiktok", products=["IDENTITY"])
    assert api.get(f"/v1/accounts/{account['id']}").json() == account
    assert account["status"] == "CONNECTED"
    assert account["work_platform"]["name"] == "TikTok"


def test_platform_can_be_named_by_its_id(control: MockControl, api: httpx.Client) -> None:
    platform = api.get("/v1/work-platforms", params={"name": "YouTube"}).json()["data"][0]
    assert control.connect(platform["id"])["work_platform"]["name"] == "YouTube"


def test_token_says_user_and_products(control: MockControl, api: httpx.Client) -> None:
    user_id, sdk_token = token(api, ["IDENTITY", "ENGAGEMENT.AUDIENCE"])
    account = control.connect("Instagram", sdk_token=sdk_token)
    assert account["user"]["id"] == user_id
    assert set(account["data"]) == {"identity", "engagement"}


def test_token_lives_week_of_developers_clock(control: MockControl, api: httpx.Client) -> None:
    _, sdk_token = token(api, ["IDENTITY"])
    control.advance(days=7)
    with pytest.raises(ControlStatusError, match="expired"):
        control.connect("TikTok", sdk_token=sdk_token)


@pytest.mark.parametrize("wrong", ["x", "a.b.c", "é", "..", "e30.e30.e30"])
def test_forged_tokens_are_rejected(control: MockControl, wrong: str) -> None:
    with pytest.raises(ControlStatusError) as rejected:
        control.connect("TikTok", sdk_token=wrong)
    assert (rejected.value.status, rejected.value.code) == (400, "invalid_sdk_token")


def test_token_and_user_do_not_go_together(control: MockControl, api: httpx.Client) -> None:
    user_id, sdk_token = token(api, ["IDENTITY"])
    with pytest.raises(ControlStatusError, match="leave user_id and products out"):
        control.connect("TikTok", sdk_token=sdk_token, user_id=user_id)


def test_same_user_and_handle_reconnect_same_account(control: MockControl) -> None:
    account = control.connect("TikTok", handle="ada.makes")
    gone = control.disconnect(account["id"])
    assert (gone["status"], gone["disconnection_source"]) == ("NOT_CONNECTED", "INTERNAL_API")
    again = control.connect("TikTok", user_id=account["user"]["id"], handle="ada.makes")
    assert (again["id"], again["status"]) == (account["id"], "CONNECTED")


def test_expired_session_shows_in_api(control: MockControl, api: httpx.Client) -> None:
    account_id = control.connect("Facebook")["id"]
    control.expire(account_id)
    assert api.get(f"/v1/accounts/{account_id}").json()["status"] == "SESSION_EXPIRED"
    with pytest.raises(ControlStatusError) as rejected:
        control.expire(account_id)
    assert rejected.value.status == 403


def test_published_contents_can_be_fetched(control: MockControl, api: httpx.Client) -> None:
    account_id = control.connect("TikTok")["id"]
    control.advance(hours=1)
    ids = control.add_contents(account_id, 3)
    page = api.get("/v1/social/contents", params={"account_id": account_id, "limit": 3}).json()
    assert {item["id"] for item in page["data"]} == set(ids)


def test_growth_and_syncs_are_accepted(control: MockControl, api: httpx.Client) -> None:
    account_id = control.connect("TikTok", products=["IDENTITY", "ENGAGEMENT"])["id"]
    control.advance(hours=1)
    control.grow(account_id)
    now = control.advance(hours=3).clock.now
    control.sync(account_id, "IDENTITY")
    synced_at = api.get(f"/v1/accounts/{account_id}").json()["data"]["identity"]["last_sync_at"]
    assert synced_at == now.replace(tzinfo=None).isoformat(timespec="microseconds")


def test_unknown_things_are_404_with_hint(control: MockControl) -> None:
    with pytest.raises(ControlStatusError, match="did you mean YouTube"):
        control.connect("YuoTube")
    with pytest.raises(ControlStatusError, match="There is no account") as rejected:
        control.grow(str(uuid.UUID(int=0, version=4)))
    assert (rejected.value.status, rejected.value.code) == (404, "incorrect_account_id")
    with pytest.raises(ControlStatusError, match="There is no user"):
        control.connect("TikTok", user_id=str(uuid.UUID(int=0, version=4)))
