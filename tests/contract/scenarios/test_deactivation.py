"""Failing receivers: attempts after a minute, five minutes and six hours, then deactivation."""

from __future__ import annotations

import pytest
from contract_suite.notifications import Notifications
from contract_suite.servers import Server

from insightiq import InsightIQ
from insightiq_mock.control import MockControl

# An event that the world does not emit by itself.
EVENT = "ACCOUNTS.REMOVED"
# Seconds after the first attempt (evidence.md#webhook-delivery).
ATTEMPTS = [0.0, 60.0, 300.0, 21_600.0]


pytestmark = [
    pytest.mark.scenarios,
    pytest.mark.needs_control,
    pytest.mark.operations("webhooks.create", "webhooks.update"),
]


def trigger(control: MockControl) -> None:
    control.trigger(EVENT)
    control.advance(seconds=0)


def test_webhook_is_deactivated_after_four_attempts(
    iq: InsightIQ, control: MockControl, notifications: Notifications
) -> None:
    """An update activates it again."""
    hook = notifications.subscribe([EVENT], "broken", [503])
    well = notifications.subscribe([EVENT], "well")
    trigger(control)
    for seconds in (59, 2, 238, 2, 21_298):
        control.advance(seconds=seconds)
        count = len(notifications.attempts(hook))
        assert iq.webhooks.get(hook.id).is_active, f"deactivated after {count} attempts"
    control.advance(minutes=1)
    attempts = notifications.attempts(hook)
    after = [(each.at - attempts[0].at).total_seconds() for each in attempts]
    assert after == ATTEMPTS, "seconds after the first attempt"
    assert len({(each.notification_id, each.request_body) for each in attempts}) == 1
    assert not iq.webhooks.get(hook.id).is_active, "active after four failed attempts"
    assert iq.webhooks.get(well.id).is_active, "a healthy webhook was deactivated, too"
    trigger(control)
    control.advance(days=1)
    assert len(notifications.attempts(hook)) == len(ATTEMPTS), "sent to a deactivated webhook"
    url = notifications.url("repaired")
    iq.webhooks.update(hook.id, url=url, events=[EVENT], name="repaired")
    assert iq.webhooks.get(hook.id).is_active, "an update did not activate the webhook"
    trigger(control)
    assert len(notifications.delivered(hook)) == 1, "deliveries to a webhook activated again"


def test_notification_delivered_late_is_not_sent_again(
    server: Server, iq: InsightIQ, control: MockControl, notifications: Notifications
) -> None:
    if server.tenant is None:
        pytest.skip("only a mock in this process has a receiver that fails once")
    hook = notifications.subscribe([EVENT], "shaky", [500, 204])
    trigger(control)
    control.advance(days=1)
    attempts = [(each.number, each.delivered) for each in notifications.attempts(hook)]
    assert attempts == [(1, False), (2, True)]
    assert iq.webhooks.get(hook.id).is_active, "a webhook that failed once is deactivated"


@pytest.mark.parametrize(
    ("status", "delivered"), [(200, True), (204, True), (302, False), (400, False), (500, False)]
)
def test_status_decides_delivery(
    control: MockControl, notifications: Notifications, status: int, *, delivered: bool
) -> None:
    """What failed is sent again after a minute; a redirect is a failure."""
    hook = notifications.subscribe([EVENT], f"status-{status}", [status])
    trigger(control)
    assert [each.delivered for each in notifications.attempts(hook)] == [delivered]
    control.advance(seconds=61)
    assert len(notifications.attempts(hook)) == (1 if delivered else 2), "after a minute"


def test_deleted_webhook_gets_no_retry(
    iq: InsightIQ, control: MockControl, notifications: Notifications
) -> None:
    hook = notifications.subscribe([EVENT], "broken", [503])
    trigger(control)
    iq.webhooks.delete(hook.id)
    control.advance(days=1)
    sent = [each for each in notifications.attempts(hook) if each.status is not None]
    assert len(sent) == 1, "attempts at a deleted webhook"
