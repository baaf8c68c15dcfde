"""Monitoring of an account: what an update leaves out stays (evidence.md#account-update)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from contract_suite.servers import Server

from insightiq import InsightIQ, models
from insightiq_mock.control import MockControl

pytestmark = [pytest.mark.scenarios, pytest.mark.operations("accounts.update")]


def settings(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from settings(value, f"{path}{key}.")
        elif key == "monitor_type":
            yield path.removesuffix("."), value


def update(iq: InsightIQ, account_id: str, data: Any) -> Any:
    changes = models.AccountUpdateData.from_dict(data)
    return iq.accounts.update(account_id, data=changes).to_dict()


@pytest.fixture
def account(server: Server, iq: InsightIQ) -> models.Account:
    """The connected account with the most products."""
    accounts = [each for each in iq.accounts.list() if each.status == "CONNECTED"]
    if not accounts and not server.is_fresh:
        pytest.skip("this server lists no connected account")
    return max(accounts, key=lambda each: len(list(settings(each.data.to_dict()))))


@pytest.mark.writes
def test_update_changes_named_product_only(iq: InsightIQ, account: models.Account) -> None:
    """Product by product, each alone; then nothing at all."""
    before = account.to_dict()
    state = dict(settings(before["data"]))
    for path in list(state):
        product, _, part = path.partition(".")
        state[path] = "ON_DEMAND" if state[path] == "STANDARD" else "STANDARD"
        setting: Any = {"monitoring_type": state[path]}
        changed = update(iq, account.id, {product: {part: setting} if part else setting})
        found = dict(settings(changed["data"]))
        assert found == state, f"accounts.update: {path} was set to {state[path]}"
        got = iq.accounts.get(account.id).to_dict()
        assert got == changed, "accounts.get after an update differs from the update's response"
        more = [k for k in before if k not in {"data", "updated_at"} and got[k] != before[k]]
        assert not more, f"accounts.update changed {more} as well"
    nothing = update(iq, account.id, {})
    assert dict(settings(nothing["data"])) == state, "accounts.update without a change"


@pytest.mark.writes
def test_unknown_monitoring_is_rejected(
    iq: InsightIQ, http: httpx.Client, account: models.Account
) -> None:
    body = {"data": {"identity": {"monitoring_type": "SOMETIMES"}}}
    response = http.patch(f"/v1/accounts/{account.id}", json=body)
    assert response.status_code == 400, "accounts.update: SOMETIMES"
    assert iq.accounts.get(account.id) == account, "a rejected update changed the account"


@pytest.mark.needs_control
def test_product_on_demand_is_not_synced_daily(iq: InsightIQ, control: MockControl) -> None:
    account_id = control.connect("TikTok", products=["IDENTITY", "ENGAGEMENT"])["id"]
    control.advance(hours=1)
    before = iq.accounts.get(account_id).data.to_dict()
    update(iq, account_id, {"engagement": {"monitoring_type": "ON_DEMAND"}})
    control.advance(days=2)
    after = iq.accounts.get(account_id).data.to_dict()
    synced = {name: after[name]["last_sync_at"] > before[name]["last_sync_at"] for name in after}
    assert synced == {"identity": True, "engagement": False}, "synced within two days"
