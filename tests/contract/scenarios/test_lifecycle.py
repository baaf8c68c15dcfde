"""The life of an account: connected, synced, cut off, connected again (evidence.md#account-lifecycle)."""

from __future__ import annotations

from typing import Any

import pytest
from contract_suite.notifications import Notifications

from insightiq import InsightIQ, errors
from insightiq_mock.control import MockControl

PRODUCTS = ["IDENTITY", "ENGAGEMENT"]
STATES = ["NOT_SYNCED", "IN_PROGRESS", "SYNCED"]
STEPS = 40


pytestmark = [
    pytest.mark.scenarios,
    pytest.mark.needs_control,
    pytest.mark.operations("accounts.get", "accounts.list", "accounts.disconnect"),
]


@pytest.fixture
def account_id(control: MockControl) -> str:
    """A connected account whose products are synced."""
    made: str = control.connect("TikTok", products=PRODUCTS)["id"]
    control.advance(hours=1)
    return made


def test_new_account_is_synced_step_by_step(iq: InsightIQ, control: MockControl) -> None:
    """No step backwards, no time of a sync before it, no data before its product."""
    user = iq.users.create(name="creator", external_id="creator")
    made = control.connect("TikTok", user_id=user.id, products=PRODUCTS)
    account = iq.accounts.get(made["id"])
    assert account.user.id == user.id, "accounts.get: the account is of another user"
    assert (account.status, account.disconnection_source) == ("CONNECTED", None)
    first = iq.accounts.list().first()
    assert first is not None
    assert first.id == account.id, "accounts.list: the last changed connection comes first"
    seen: list[dict[str, str]] = []
    for _ in range(STEPS):
        data = iq.accounts.get(account.id).data.to_dict()
        for product, block in data.items():
            assert (block["last_sync_at"] is not None) == (block["status"] == "SYNCED"), (
                f"accounts.get: {product} is {block['status']} and was last synced at "
                f"{block['last_sync_at']}"
            )
        seen.append({product: block["status"] for product, block in data.items()})
        if seen[-1]["identity"] == "NOT_SYNCED":
            profile = iq.profiles.list(account_id=account.id).first()
            assert profile is None, "profiles.list has a profile before IDENTITY was synced"
            with pytest.raises(errors.NotFoundError):
                pytest.fail(f"audience.get: {iq.audience.get(account_id=account.id)!r:.80}")
        if set(seen[-1].values()) == {"SYNCED"}:
            break
        control.advance(seconds=1)
    for product in seen[0]:
        states = list(dict.fromkeys(each[product] for each in seen))
        assert states == STATES, f"accounts.get: {product} went {' → '.join(states)}"
    now = iq.accounts.get(account.id)
    assert now.updated_at == account.updated_at, "a sync moved it (evidence.md#sync-cadence)"
    assert iq.profiles.list(account_id=account.id).first(), "profiles.list after the sync"
    assert iq.contents.list(account_id=account.id).first(), "contents.list after the sync"


@pytest.mark.parametrize("source", ["DEVELOPER_API", "INTERNAL_API"])
def test_disconnected_account_stays_with_its_data(
    iq: InsightIQ, control: MockControl, account_id: str, source: str
) -> None:
    """Cut off by the developer or the creator, it says by whom; a second time is rejected."""
    before = iq.accounts.get(account_id)
    contents = [row.id for row in iq.contents.list(account_id=account_id)]
    if source == "DEVELOPER_API":
        response = iq.accounts.disconnect(account_id)
        assert (response.id, response.status) == (account_id, "NOT_CONNECTED")
    else:
        control.disconnect(account_id)
    account = iq.accounts.get(account_id)
    assert (account.status, account.disconnection_source) == ("NOT_CONNECTED", source)
    assert account.updated_at > before.updated_at, "updated_at did not move"
    assert account.created_at == before.created_at, "created_at moved"
    assert account.data == before.data, "accounts.disconnect changed what was synced"
    first = iq.accounts.list().first()
    assert first is not None
    assert first.id == account_id, "accounts.list: the last changed connection comes first"
    after = [row.id for row in iq.contents.list(account_id=account_id)]
    assert after == contents, "accounts.disconnect took contents away"
    control.advance(days=2)
    assert iq.accounts.get(account_id).data == account.data, "a cut off account is still synced"
    with pytest.raises(errors.PermissionDeniedError) as caught:
        pytest.fail(f"disconnected twice: {iq.accounts.disconnect(account_id)!r:.80}")
    assert caught.value.code == "account_disconnected"


def test_reconnected_account_keeps_its_id(iq: InsightIQ, control: MockControl) -> None:
    """After a disconnection and after an expired session; another user gets another account."""
    user = iq.users.create(name="creator", external_id="creator")
    connect: dict[str, Any] = {"user_id": user.id, "handle": "same", "products": ["IDENTITY"]}
    first = control.connect("TikTok", **connect)
    control.advance(hours=1)
    for cut_off in (iq.accounts.disconnect, control.expire):
        cut_off(first["id"])
        control.advance(hours=1)
        again = control.connect("TikTok", **connect)
        assert again["id"] == first["id"], "connecting again made another account"
        account = iq.accounts.get(first["id"])
        assert (account.status, account.disconnection_source) == ("CONNECTED", None)
        assert account.to_dict()["created_at"] == first["created_at"], "created_at moved"
    count = sum(each.id == first["id"] for each in iq.accounts.list())
    assert count == 1, f"accounts.list has a reconnected account {count} times"
    other = iq.users.create(name="other", external_id="other")
    second = control.connect("TikTok", **{**connect, "user_id": other.id})
    assert second["id"] != first["id"], "two users who connect one creator share an account"


def test_expired_session_ends_syncs_and_is_reported(
    iq: InsightIQ, control: MockControl, account_id: str, notifications: Notifications
) -> None:
    hook = notifications.subscribe(["SESSION.EXPIRED", "ACCOUNTS.DISCONNECTED"])
    before = iq.accounts.get(account_id)
    control.expire(account_id)
    control.advance(days=2)
    account = iq.accounts.get(account_id)
    assert (account.status, account.disconnection_source) == ("SESSION_EXPIRED", None)
    assert account.data == before.data, "an expired account is still synced, or lost its state"
    events = [event for event, _ in notifications.delivered(hook, account_id)]
    assert events == ["SESSION.EXPIRED"], "events of an expired session"
