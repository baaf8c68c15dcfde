"""Refreshes and older data: accepted at once, done later, and reported."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from contract_suite.rows import UNKNOWN_ID, Rows, widest_window
from contract_suite.servers import Server
from document_views import Document
from openapi_document import Operation

from insightiq import InsightIQ, errors
from insightiq.testing import WorldClock
from insightiq_mock.control import MockControl

YEARS = 2
PRODUCTS = ["IDENTITY", "ENGAGEMENT"]


pytestmark = [pytest.mark.scenarios, pytest.mark.needs_control]


@pytest.fixture
def own_rows(document: Document, server: Server, iq: InsightIQ) -> Rows:
    return Rows(document, server, iq)


def account_with(rows: Rows, operation: Operation) -> str:
    """Return a connected account that has rows of the operation's resource."""
    shape = rows.shapes[f"{operation.resource}.list"]
    for account in rows.iq.accounts.list():
        query = {"account_id": account.id, **widest_window(shape)}
        if account.status == "CONNECTED" and rows.page(shape, query)[shape.items]:
            return account.id
    pytest.fail(f"{operation.id}: no connected account of this world has such rows")


def synced(iq: InsightIQ, account_id: str) -> dict[str, Any]:
    """Return when each product was synced."""
    found: dict[str, Any] = {}
    for product, block in iq.accounts.get(account_id).data.to_dict().items():
        found[product] = block.get("last_sync_at")
        found[f"{product}.audience"] = block.get("audience", {}).get("last_sync_at")
    return found


def test_refresh_is_done_later(own_rows: Rows, control: MockControl, refresh: Operation) -> None:
    account_id = account_with(own_rows, refresh)
    before = synced(own_rows.iq, account_id)
    accepted = getattr(own_rows.iq, refresh.resource).refresh(account_id=account_id)
    assert accepted.to_dict() == {"account_id": account_id}, refresh.id
    control.advance(minutes=5)
    after = synced(own_rows.iq, account_id)
    assert after != before, f"{refresh.id}: after five minutes no product was synced"


def test_older_data_reach_back_to_requested_day(
    own_rows: Rows, control: MockControl, history: Operation
) -> None:
    account_id = account_with(own_rows, history)
    shape = own_rows.shapes[f"{history.resource}.list"]
    assert shape.moment is not None
    query = {"account_id": account_id, **widest_window(shape)}
    before = own_rows.all(shape, query)
    oldest = min(row[shape.moment] for row in before)
    day = dt.date.fromisoformat(oldest[:10]) - dt.timedelta(days=365 * YEARS)
    method = getattr(own_rows.iq, history.resource).fetch_historic
    accepted = method(account_id=account_id, from_date=day).to_dict()
    assert accepted == {"account_id": account_id, "from_date": day.isoformat()}, history.id
    control.advance(minutes=30)
    after = own_rows.all(shape, query)
    ids = {row["id"] for row in after}
    assert len(ids) == len(after), f"{history.id} doubled rows"
    assert ids >= {row["id"] for row in before}, f"{history.id}: earlier rows are gone"
    oldest = min(row[shape.moment] for row in after)
    assert oldest[:10] >= day.isoformat(), f"{history.id}: requested {day}, a row is of {oldest}"
    blocks = own_rows.iq.accounts.get(account_id).to_dict()["data"].values()
    starts = [
        str(block["data_available_from"])[:10] for block in blocks if "data_available_from" in block
    ]
    assert min(starts) <= day.isoformat(), f"{history.id}: data_available_from {starts}, not {day}"


def test_nothing_is_fetched_of_missing_or_cut_off_account(iq: InsightIQ, sync: Operation) -> None:
    cut_off = next(each for each in iq.accounts.list() if each.status == "NOT_CONNECTED")
    method = getattr(getattr(iq, sync.resource), sync.verb)
    more = {"from_date": dt.date(2026, 1, 1)} if sync.verb == "fetch_historic" else {}
    for account_id, kind in (
        (UNKNOWN_ID, errors.NotFoundError),
        (cut_off.id, errors.PermissionDeniedError),
    ):
        with pytest.raises(kind):
            pytest.fail(f"{sync.id} accepts {account_id}: {method(account_id=account_id, **more)}")


def test_wait_until_synced_ends_with_last_product(
    server: Server, iq: InsightIQ, control: MockControl
) -> None:
    account_id = control.connect("TikTok", products=PRODUCTS)["id"]
    with server.client(clock=WorldClock(control)) as client:
        account = client.accounts.wait_until_synced(account_id)
    states = {product: block["status"] for product, block in account.data.to_dict().items()}
    assert set(states.values()) == {"SYNCED"}, "accounts.wait_until_synced"
    assert iq.accounts.get(account_id) == account, "accounts.get gives another account"
