"""Notifications: signed, thin, once, in order, to subscribers only (evidence.md#webhook-notifications)."""

from __future__ import annotations

import collections
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from contract_suite.notifications import Notifications, event_schemas, signatures, signed
from contract_suite.servers import Server
from document_views import Document
from openapi_schemas import DocumentSchemas

from insightiq import InsightIQ, webhooks
from insightiq_mock.control import Delivery, MockControl

MOST_ITEMS = 100
# The resources of an event's items (evidence.md#webhook-events); comments name their contents.
RESOURCES = {
    "CONTENTS": ("contents",),
    "CONTENTS_COMMENTS": ("contents",),
    "CONTENT-GROUPS": ("content_groups",),
    "TRANSACTIONS": ("social_transactions", "commerce_transactions"),
    "PAYOUTS": ("social_payouts", "commerce_payouts"),
    "BALANCES": ("commerce_balances",),
}


pytestmark = [
    pytest.mark.scenarios,
    pytest.mark.needs_control,
    pytest.mark.operations("webhooks.create", "webhooks.send"),
]


@pytest.fixture
def all_events(document: Document) -> list[str]:
    """The names of all events, without those of operations."""
    names: list[str] = document["components"]["schemas"]["WebhookEvent"]["enum"]
    return [name for name in names if not name.endswith(("SUCCESS", "FAILURE"))]


@pytest.fixture
def busy_days(
    iq: InsightIQ, control: MockControl, notifications: Notifications, all_events: list[str]
) -> list[Delivery]:
    """All deliveries of two days in which creators connect, publish and leave."""
    hook = notifications.subscribe(all_events)
    account: dict[str, Any] = {}
    for platform in ("Instagram", "YouTube", "Facebook"):
        account = control.connect(platform)
        control.advance(minutes=20)
        control.add_contents(account["id"], count=2)
        control.grow(account["id"])
    control.advance(days=1, hours=1)
    iq.accounts.disconnect(account["id"])
    control.advance(minutes=1)
    return notifications.attempts(hook)


def test_notification_is_signed_and_thin(
    document: Document, server: Server, busy_days: list[Delivery]
) -> None:
    assert busy_days, "creators connected and published, and nothing was delivered"
    schemas, by_event = DocumentSchemas(document), event_schemas(document)
    for delivery in busy_days:
        body = delivery.request_body.encode()
        expected = [signed(delivery, server.client_secret)]
        assert signatures(delivery) == expected, (
            f"{delivery.event}: not the HMAC-SHA256 of its body"
        )
        webhooks.verify(body, delivery.request_headers, server.client_secret)
        payload = delivery.json()
        assert payload["event"] == webhooks.parse(body).event == delivery.event
        problems = [
            f"/{'/'.join(map(str, each.instance_path))}: {each.message}"
            for each in schemas.validator(by_event[delivery.event]).iter_errors(payload)
        ]
        assert not problems, f"{delivery.event} does not fit its schema: {problems[:3]}"
        data = payload["data"]
        if "items" in data:
            items = data["items"]
            assert 0 < len(items) <= MOST_ITEMS, f"{delivery.event}: {len(items)} items"
            assert len(set(items)) == len(items), f"{delivery.event} holds an id twice"
        odd = [k for k in data if k not in {"items", "last_updated_time"} and not k.endswith("_id")]
        assert not odd, f"{delivery.event} holds more than ids: {odd}"


def test_notification_names_rows_that_exist(iq: InsightIQ, busy_days: list[Delivery]) -> None:
    accounts = {account.id: account for account in iq.accounts.list()}
    owners: dict[str, dict[str, str]] = collections.defaultdict(dict)
    for delivery in busy_days:
        data = delivery.json()["data"]
        account = accounts.get(data["account_id"])
        assert account is not None, f"{delivery.event} names an unknown account"
        assert data["user_id"] == account.user.id, f"{delivery.event} names another user"
        if "profile_id" in data:
            profile = iq.profiles.get(data["profile_id"])
            assert profile.account.id == account.id, f"{delivery.event} names another profile"
        for item in data.get("items", ()):
            owners[delivery.event.partition(".")[0]][item] = account.id
    for name, wanted in owners.items():
        found = {
            row.id: row.account.id
            for resource in RESOURCES[name]
            for row in getattr(iq, resource).search(ids=list(wanted))
        }
        assert found == wanted, f"{name} notifications name rows that are not there, or of others"


def test_notifications_come_once_and_in_order(busy_days: list[Delivery]) -> None:
    delivered = collections.Counter(each.notification_id for each in busy_days if each.delivered)
    assert max(delivered.values()) == 1, "a notification that was delivered came again"
    added = collections.Counter(
        (each.event, item)
        for each in busy_days
        if each.event.endswith(".ADDED") and not each.event.startswith("CONTENTS_COMMENTS")
        for item in each.json()["data"].get("items", [])
    )
    again = [key for key, count in added.items() if count > 1]
    assert not again, f"{again[:1]} was reported as added twice"
    for one, other in itertools.pairwise(busy_days):
        assert one.at <= other.at, f"{other.event} was delivered before {one.event}"
    events = collections.defaultdict(list)
    for each in busy_days:
        events[each.json()["data"]["account_id"]].append(each.event)
    for names in events.values():
        assert "ACCOUNTS.CONNECTED" not in names[1:], f"ACCOUNTS.CONNECTED came after {names[0]}"


def test_new_connection_is_reported_from_account_to_contents(
    control: MockControl, notifications: Notifications, all_events: list[str]
) -> None:
    """The order that the vendor's events follow (evidence.md#events-of-a-new-connection)."""
    hook = notifications.subscribe(all_events)
    account_id = control.connect("Instagram")["id"]
    control.advance(hours=1)
    events = [event for event, _ in notifications.delivered(hook, account_id)]
    wanted = ["ACCOUNTS.CONNECTED", "PROFILES.ADDED", "PROFILES_AUDIENCE.ADDED", "CONTENTS.ADDED"]
    assert [event for event in dict.fromkeys(events) if event in wanted] == wanted
    assert [events.count(once) for once in wanted[:2]] == [1, 1], f"{wanted[:2]} come once"


def test_notification_goes_to_subscribers_only(
    iq: InsightIQ,
    control: MockControl,
    notifications: Notifications,
    another: Callable[..., Server],
) -> None:
    """Not for other events, not to webhooks that are off, deleted or another developer's."""
    event = ["CONTENTS.ADDED"]
    subscribe = notifications.subscribe
    hears = [subscribe([*event, "ACCOUNTS.CONNECTED"], "one"), subscribe(event, "two")]
    moved = subscribe(event, "before")
    deaf = {
        "has other events": subscribe(["PROFILES.ADDED", "CONTENTS.UPDATED"], "deaf"),
        "is switched off": subscribe(event, "off"),
        "is deleted": subscribe(event, "gone"),
    }
    off = deaf["is switched off"]
    iq.webhooks.update(off.id, url=off.url, events=event, name="off", is_active=False)
    iq.webhooks.delete(deaf["is deleted"].id)
    url = notifications.url("after")
    iq.webhooks.update(moved.id, url=url, events=event, name="moved")
    foreign = another()
    with foreign.client() as other:
        theirs = Notifications(foreign, other)
        theirs.subscribe(event, "foreign")
        control.trigger(event[0])
        control.advance(minutes=1)
        assert not theirs.attempts(), "a notification went to another developer"
    sent = collections.Counter(each.webhook_id for each in notifications.attempts())
    for what, hook in deaf.items():
        assert not sent[hook.id], f"CONTENTS.ADDED went to a webhook that {what}"
    assert sent == {hook.id: 1 for hook in (*hears, moved)}, "each subscriber gets it once"
    assert [each.url for each in notifications.attempts(moved)] == [url], "the webhook moved"
