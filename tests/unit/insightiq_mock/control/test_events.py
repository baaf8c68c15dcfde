"""Notifications through the control API: triggered, logged, sent again, received."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from typing import Any

import httpx
import pytest

from insightiq_mock.control import ControlStatusError, MockControl
from insightiq_mock.openapi import default_document_path, document_from, load_document
from insightiq_mock.server import Sandbox
from insightiq_mock.testing import MockApplication, MockTenant, Receiver
from insightiq_mock.testing.tenant import TenantControl


@pytest.fixture
def receiver(tenant: MockTenant, api: httpx.Client) -> Receiver:
    """A receiver that a webhook of the developer points to."""
    made = tenant.receiver()
    events = ["CONTENTS.ADDED", "PROFILES.UPDATED", "ACCOUNTS.REMOVED"]
    body = {"name": "w", "url": made.url, "events": events}
    assert api.post("/v1/webhooks", json=body).status_code == 201
    return made


def test_triggered_notification_is_about_developers_world(
    tenant: MockTenant, receiver: Receiver, api: httpx.Client
) -> None:
    triggered = tenant.control.emit("CONTENTS.ADDED")
    assert triggered.webhooks == (receiver.url,)
    (notification,) = receiver.received
    data = notification.json()["data"]
    assert data["items"]
    found = api.post("/v1/social/contents/search", json={"ids": data["items"]}).json()["data"]
    assert {item["account"]["id"] for item in found} == {data["account_id"]}
    digest = hmac.digest(tenant.client_secret.encode(), notification.body, hashlib.sha256).hex()
    assert dict(notification.headers)["webhook-signatures"] == digest


@pytest.mark.parametrize(
    ("event", "path"),
    [
        ("PAYOUTS.ADDED", "/v1/social/income/payouts/search"),
        ("PAYOUTS.UPDATED", "/v1/social/income/payouts/search"),
        ("TRANSACTIONS.ADDED", "/v1/social/income/transactions/search"),
        ("BALANCES.ADDED", "/v1/commerce/income/balances/search"),
        ("CONTENT-GROUPS.ADDED", "/v1/social/content-groups/search"),
    ],
)
def test_triggered_ids_are_of_one_sort(
    control: MockControl, api: httpx.Client, event: str, path: str
) -> None:
    triggered = control.trigger(event)
    items = triggered.data["items"]
    found = api.post(path, json={"ids": items}).json()["data"]
    assert {each["id"] for each in found} == set(items)
    assert {each["account"]["id"] for each in found} == {triggered.data["account_id"]}
    assert triggered.unknown_ids == ()


def test_seller_without_social_income_gets_commerce_ids(
    control: MockControl, api: httpx.Client
) -> None:
    balances = api.get("/v1/accounts?limit=100").json()["data"]
    sellers = [
        each["id"]
        for each in balances
        if each["work_platform"]["name"] == "Facebook" and each["status"] == "CONNECTED"
    ]
    triggered = control.trigger("PAYOUTS.ADDED", account_id=sellers[0])
    ids = {"ids": triggered.data["items"]}
    found = api.post("/v1/commerce/income/payouts/search", json=ids).json()["data"]
    assert len(found) == len(triggered.data["items"]) > 0


@pytest.mark.parametrize(
    ("event", "unknown"),
    [
        ("CONTENTS.PUBLISH_SUCCESS", ("publish_id",)),
        ("ACTIVITY-ARTISTS.ADDED", ("items",)),
        ("ACCOUNTS.CONNECTED", ()),
        ("PROFILES.ADDED", ()),
    ],
)
def test_ids_without_look_up_are_named(
    control: MockControl, event: str, unknown: tuple[str, ...]
) -> None:
    assert control.trigger(event).unknown_ids == unknown


def test_data_can_be_given(tenant: MockTenant, receiver: Receiver) -> None:
    data = {"account_id": "a", "user_id": "u", "profile_id": "p", "last_updated_time": "t"}
    tenant.control.emit("PROFILES.UPDATED", data=data)
    assert receiver.received[0].json()["data"] == data


def test_event_about_one_account(control: MockControl) -> None:
    account_id = control.connect("Instagram")["id"]
    triggered = control.trigger("ACCOUNTS.DISCONNECTED", account_id=account_id)
    assert triggered.data["account_id"] == account_id
    assert triggered.webhooks == ()
    with pytest.raises(ControlStatusError, match="There is no account"):
        control.trigger("ACCOUNTS.CONNECTED", account_id=str(uuid.UUID(int=0, version=4)))


def test_names_of_events_follow_reloaded_document() -> None:
    served = load_document(default_document_path())
    data = json.loads(json.dumps(served.data))
    schemas = data["components"]["schemas"].values()
    union = next(each for each in schemas if "ACCOUNTS.REMOVED" in _events(each))
    schema = union["discriminator"]["mapping"]["ACCOUNTS.REMOVED"].rpartition("/")[2]
    data["components"]["schemas"][schema]["properties"]["name"]["example"] = "gone for good"
    with MockApplication() as application, application.fresh_tenant() as tenant:
        receiver = tenant.receiver()
        webhook = {"name": "w", "url": receiver.url, "events": ["ACCOUNTS.REMOVED"]}
        with httpx.Client(
            base_url=tenant.base_url, auth=tenant.auth, transport=tenant.transport()
        ) as api:
            assert api.post("/v1/webhooks", json=webhook).status_code == 201
        tenant.control.emit("ACCOUNTS.REMOVED")
        sandbox = application.asgi
        assert isinstance(sandbox, Sandbox)
        sandbox.app.serve(document_from(data, "changed.yaml"))
        tenant.control.emit("ACCOUNTS.REMOVED")
    before, after = (each.json()["name"] for each in receiver.received)
    assert before != after == "gone for good"


def _events(schema: dict[str, Any]) -> dict[str, str]:
    events: dict[str, str] = schema.get("discriminator", {}).get("mapping", {})
    return events


def test_unknown_event_is_rejected_with_hint(control: MockControl) -> None:
    with pytest.raises(ControlStatusError, match=r"did you mean CONTENTS\.ADDED"):
        control.trigger("contents.aded")


def test_log_shows_each_try(tenant: MockTenant, api: httpx.Client, control: MockControl) -> None:
    broken = tenant.receiver(lambda _: 500)
    webhook = api.post(
        "/v1/webhooks", json={"name": "w", "url": broken.url, "events": ["ACCOUNTS.REMOVED"]}
    ).json()
    control.update_settings(webhook_retry_seconds=[1, 2, 3])
    control.trigger("ACCOUNTS.REMOVED")
    control.advance(seconds=10)
    tries = control.deliveries(webhook_id=webhook["id"])
    assert [each.number for each in tries] == [4, 3, 2, 1]
    assert {(each.verdict, each.status) for each in tries} == {("rejected", 500)}
    assert len({each.delivery_id for each in tries}) == 1
    assert control.deliveries(verdict="delivered") == []
    assert control.deliveries(event="ACCOUNTS.REMOVED", limit=1) == tries[:1]
    assert control.delivery(tries[0].delivery_id) == tries[0]
    assert api.get(f"/v1/webhooks/{webhook['id']}").json()["is_active"] is False


def test_notification_is_sent_again(tenant: MockTenant, receiver: Receiver) -> None:
    tenant.control.emit("CONTENTS.ADDED")
    (first,) = tenant.deliveries
    again = tenant.control.resend(first.delivery_id)
    assert again.delivered
    assert again.number is None
    assert receiver.received[0].body == receiver.received[1].body
    assert json.loads(again.request_body) == receiver.received[0].json()
    with pytest.raises(ControlStatusError, match="There is no delivery"):
        tenant.control.resend("nothing")


def test_inbox_keeps_what_was_posted(control: TenantControl, raw: httpx.Client) -> None:
    name = "test-inbox-keeps"
    assert raw.post(f"/_mock/inbox/{name}", content=b"\xff any").status_code == 200
    rejected = raw.post(f"/_mock/inbox/{name}", params={"status": 503}, json={"event": "X"})
    assert rejected.status_code == 503
    first, second = control.inbox(name)
    assert first.body == "\ufffd any"
    assert (second.response_status, second.json()) == (503, {"event": "X"})
    assert ("content-type", "application/json") in second.headers
    assert control.inbox(name, limit=1) == [second]
    assert control.clear_inbox(name) == 2
    assert control.inbox(name) == []
