"""Webhooks: created, replaced as a whole, deleted."""

from __future__ import annotations

import pytest
from contract_suite.servers import Server

from insightiq import InsightIQ, errors, models

EVENTS = ["CONTENTS.ADDED", "ACCOUNTS.CONNECTED", "PROFILES_AUDIENCE.UPDATED"]
URL = "https://receiver.invalid/webhooks"

pytestmark = [
    pytest.mark.scenarios,
    pytest.mark.operations("webhooks.create", "webhooks.update", "webhooks.delete"),
]


@pytest.fixture
def hook(iq: InsightIQ) -> models.Webhook:
    return iq.webhooks.create(url=URL, events=EVENTS, name="mine")


@pytest.fixture
def other(iq: InsightIQ) -> models.Webhook:
    return iq.webhooks.create(url=f"{URL}/other", events=EVENTS, name="other")


def parts(hook: models.Webhook) -> tuple[object, ...]:
    return hook.url, [*hook.events], hook.name, hook.is_active


@pytest.mark.writes
def test_new_webhook_is_kept_as_created(iq: InsightIQ, hook: models.Webhook) -> None:
    """Created, got and listed; the events keep their order."""
    assert parts(hook) == (URL, EVENTS, "mine", True), "webhooks.create"
    assert iq.webhooks.get(hook.id) == hook, "webhooks.get gives another webhook than was created"
    listed = [each for each in iq.webhooks.list() if each.id == hook.id]
    assert listed == [hook], f"webhooks.list has the new webhook {len(listed)} times, or changed"


@pytest.mark.writes
def test_update_replaces_webhook(
    server: Server, iq: InsightIQ, hook: models.Webhook, other: models.Webhook
) -> None:
    if server.control is not None:
        server.control.advance(minutes=5)
    update = iq.webhooks.update
    off = update(hook.id, url=f"{URL}/2", events=[EVENTS[1]], name="changed", is_active=False)
    assert parts(off) == (f"{URL}/2", EVENTS[1:2], "changed", False), "webhooks.update"
    assert (off.id, off.created_at) == (hook.id, hook.created_at), "webhooks.update changed them"
    assert server.control is None or off.updated_at > hook.updated_at, "updated_at did not move"
    assert iq.webhooks.get(hook.id) == off, "webhooks.get gives what was before the update"
    on = update(hook.id, url=f"{URL}/3", events=[EVENTS[2]])
    assert on.is_active, "webhooks.update without is_active leaves a webhook off"
    assert on.name != "changed", "webhooks.update without a name keeps the old one"
    assert iq.webhooks.get(other.id) == other, "webhooks.update changed another webhook as well"


@pytest.mark.writes
def test_deleted_webhook_is_gone(
    iq: InsightIQ, hook: models.Webhook, other: models.Webhook
) -> None:
    iq.webhooks.delete(hook.id)
    for what, call in (
        ("got", lambda: iq.webhooks.get(hook.id)),
        ("updated", lambda: iq.webhooks.update(hook.id, url=URL, events=EVENTS)),
        ("deleted", lambda: iq.webhooks.delete(hook.id)),
    ):
        with pytest.raises(errors.NotFoundError):
            pytest.fail(f"webhooks.delete: a deleted webhook can be {what}: {call()}")
    listed = [each.id for each in iq.webhooks.list()]
    assert hook.id not in listed, "webhooks.delete: a deleted webhook is in the list"
    assert other.id in listed, "webhooks.delete took another webhook away as well"
