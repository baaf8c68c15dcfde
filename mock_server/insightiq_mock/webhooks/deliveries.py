"""From what happens in a world to what its webhooks receive (evidence.md#webhook-notifications).

What is to be sent lies in the store before anything is sent, and is written down as done only
afterwards: a crash in between repeats a delivery and loses none. First tries to one webhook go one
after another, in the order in which things happened: each, when it has ended well or badly,
schedules the one behind it. One that ends without an answer in time schedules all behind it: a
receiver that hangs costs one timeout, and not one for each notification. Repetitions are on their
own and hold nobody up.

All that waits for a receiver waits for real, also while a clock is advanced: see `Runner.advance`.
"""

from __future__ import annotations

import datetime as dt
import functools
import typing

import orjson

from insightiq_mock.db import Selection, format_timestamp
from insightiq_mock.db.deliveries import FIRST, QUEUED, DeliveryLog, DeliveryRow, Verdict
from insightiq_mock.resources.webhooks import WEBHOOKS

from .courier import Courier
from .notifications import NotificationForm, as_given
from .schedule import wait_after

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from insightiq_mock.db.deliveries import DeliveryRecord
    from insightiq_mock.simulation import Job, Simulation

    from .courier import Errand
    from .notifications import Notification
    from .sender import Sender

__all__ = ["Deliveries", "UnknownDeliveryError"]

_KIND: typing.Final = "deliver"

_MOST_WEBHOOKS: typing.Final = 1_000_000

# Notifications that wait for a receiver that hangs go together, so many at once.
_MOST_AT_ONCE: typing.Final = 100

_PAUSE_AFTER_A_DEFECT: typing.Final = dt.timedelta(minutes=1)

# After these there is nothing to repeat, and nothing to hold against the webhook: that this server
# does not connect to an address says nothing about the receiver.
_SETTLED: typing.Final = frozenset(
    {
        Verdict.DELIVERED,
        Verdict.FORBIDDEN_ADDRESS,
        Verdict.WEBHOOK_DELETED,
        Verdict.WEBHOOK_INACTIVE,
    }
)


class UnknownDeliveryError(LookupError):
    """The developer has no such delivery."""

    def __init__(self, delivery_id: str) -> None:
        super().__init__(f"There is no delivery {delivery_id!r}; the log lists those there are.")


class Deliveries:
    """Delivers the notifications of a simulation, from its construction on.

    Args:
        simulation: Where things happen, and who runs what is due.
        name_of: Gives the name of an event in words; see `event_names`.
        http: Posts them.
    """

    def __init__(self, simulation: Simulation, name_of: Callable[[str], str], http: Sender) -> None:
        self._simulation = simulation
        self._name_of = name_of
        self._courier = Courier(simulation, http)
        self._store = simulation.store
        self._records = DeliveryLog(simulation.store)
        simulation.subscribe(self.publish)
        simulation.on_notification(self.send)
        simulation.on(_KIND, self.attempt)

    def publish(self, developer_id: str, event: str, data: Mapping[str, typing.Any]) -> None:
        """Notify every active webhook of the developer that asks for the event."""
        with self._store.transaction():
            webhook_ids = self._receivers(developer_id, event)
            if not webhook_ids:
                return
            settings = self._simulation.developer(developer_id).settings
            form = NotificationForm(
                settings.webhook_items,
                settings.webhook_plain_ids,
                settings.webhook_json_spaces,
                functools.partial(self._simulation.new_id, developer_id),
            )
            now = format_timestamp(self._simulation.now(developer_id))
            for notification in form.write(event, self._name_of(event), data, updated_at=now):
                self._enqueue(developer_id, webhook_ids, notification)

    def send(self, developer_id: str, payload: Mapping[str, typing.Any]) -> None:
        """Deliver a caller's own notification like any other; one without an id gets one."""
        with self._store.transaction():
            if "id" not in payload:
                payload = {**payload, "id": self._simulation.new_id(developer_id)}
            settings = self._simulation.developer(developer_id).settings
            notification = as_given(payload, json_spaces=settings.webhook_json_spaces)
            webhook_ids = self._receivers(developer_id, notification.event)
            self._enqueue(developer_id, webhook_ids, notification)

    async def attempt(self, job: Job) -> None:
        """Carry out one try that is due."""
        delivery_id, number = job.payload["delivery_id"], job.payload["number"]
        delivery = self._records.get(job.developer_id, delivery_id)
        # Gone with a reset, or done already: a job may come twice after a crash.
        if delivery is None or delivery.next_attempt != number:
            return
        try:
            errand = await self._courier.carry(job.developer_id, delivery, number)
            self._settle(job.developer_id, delivery, number, errand)
        except Exception:
            # A defect of ours, such as a locked database, must not stop what waits behind this.
            again_at = self._simulation.now(job.developer_id) + _PAUSE_AFTER_A_DEFECT
            self._schedule(job.developer_id, delivery_id, number, again_at)
            raise

    async def resend(self, developer_id: str, delivery_id: str) -> DeliveryRecord:
        """Send a notification once more, now; whatever comes of it switches no webhook off.

        Raises:
            UnknownDeliveryError: There is no such delivery.
        """
        delivery = self._records.get(developer_id, delivery_id)
        if delivery is None:
            raise UnknownDeliveryError(delivery_id)
        errand = await self._courier.carry(developer_id, delivery, None)
        with self._store.transaction():
            present = self._records.get(developer_id, delivery_id)
            if present is None:
                raise UnknownDeliveryError(delivery_id)
            # A repetition has become pointless; a first try is still expected by those behind it.
            is_first_to_come = present.next_attempt in (QUEUED, FIRST)
            is_done = errand.attempt.verdict is Verdict.DELIVERED and not is_first_to_come
            next_attempt = None if is_done else present.next_attempt
            self._records.record(
                developer_id, delivery_id, errand.attempt, next_attempt=next_attempt
            )
        return self.last(developer_id, delivery_id)

    def log(
        self,
        developer_id: str,
        *,
        webhook_id: str | None = None,
        event: str | None = None,
        verdict: str | None = None,
        limit: int = 100,
    ) -> list[DeliveryRecord]:
        """Return the developer's last tries that fit, newest first."""
        asked = {"webhook_id": webhook_id, "event": event, "verdict": verdict}
        return self._records.records(developer_id, asked, limit=limit)

    def last(self, developer_id: str, delivery_id: str) -> DeliveryRecord:
        """Return the last try of a delivery.

        Raises:
            UnknownDeliveryError: There is no such delivery, or it has not been tried.
        """
        found = self._records.records(developer_id, {"delivery_id": delivery_id}, limit=1)
        if not found:
            raise UnknownDeliveryError(delivery_id)
        return found[0]

    def _receivers(self, developer_id: str, event: str) -> list[str]:
        """The webhooks that are notified, those registered first in front."""
        bodies = self._store.page(developer_id, "webhook", Selection(limit=_MOST_WEBHOOKS))
        webhooks = [orjson.loads(body) for body in reversed(bodies)]
        return [
            webhook["id"]
            for webhook in webhooks
            if webhook["is_active"] and event in webhook["events"]
        ]

    def _enqueue(
        self, developer_id: str, webhook_ids: list[str], notification: Notification
    ) -> None:
        for webhook_id in webhook_ids:
            delivery = DeliveryRow(
                id=self._simulation.new_id(developer_id),
                webhook_id=webhook_id,
                notification_id=notification.id,
                event=notification.event,
                body=notification.body,
            )
            self._records.add(developer_id, delivery)
            self._schedule_next_first(developer_id, webhook_id)

    def _settle(
        self, developer_id: str, delivery: DeliveryRow, number: int, errand: Errand
    ) -> None:
        """Write a try down, and let happen what follows from it."""
        with self._store.transaction():
            has_failed = errand.attempt.verdict not in _SETTLED
            settings = self._simulation.developer(developer_id).settings
            wait = wait_after(number, settings.webhook_retry_seconds) if has_failed else None
            next_attempt = None if wait is None else number + 1
            if not self._records.record(
                developer_id, delivery.id, errand.attempt, next_attempt=next_attempt
            ):
                return
            if wait is not None:
                self._schedule(developer_id, delivery.id, number + 1, errand.started_at + wait)
            elif has_failed:
                self._switch_off(developer_id, delivery.webhook_id, errand.webhook)
            if number == FIRST and errand.attempt.verdict is Verdict.TIMED_OUT:
                self._schedule_firsts(developer_id, delivery.webhook_id, _MOST_AT_ONCE)
            elif number == FIRST:
                self._schedule_next_first(developer_id, delivery.webhook_id)

    def _switch_off(self, developer_id: str, webhook_id: str, tried: bytes | None) -> None:
        """Send a webhook nothing more until it is switched on again (evidence.md#webhook, #webhook-delivery)."""
        webhook = self._store.get(developer_id, "webhook", webhook_id)
        # Whoever has changed the webhook during the last try has made up their mind about it.
        if webhook is None or webhook != tried:
            return
        now = format_timestamp(self._simulation.now(developer_id))
        resource = {**orjson.loads(webhook), "updated_at": now, "is_active": False}
        self._store.replace(developer_id, WEBHOOKS.record(resource))

    def _schedule_next_first(self, developer_id: str, webhook_id: str) -> None:
        """Let the next first try to a webhook happen, unless one is still to end."""
        if not self._records.is_first_due(developer_id, webhook_id):
            self._schedule_firsts(developer_id, webhook_id, 1)

    def _schedule_firsts(self, developer_id: str, webhook_id: str, most: int) -> None:
        now = self._simulation.now(developer_id)
        for delivery_id in self._records.queued(developer_id, webhook_id, limit=most):
            self._records.set_first_due(developer_id, delivery_id)
            self._schedule(developer_id, delivery_id, FIRST, now)

    def _schedule(
        self, developer_id: str, delivery_id: str, number: int, due_at: dt.datetime
    ) -> None:
        self._simulation.schedule(
            developer_id,
            due_at=due_at,
            kind=_KIND,
            payload={"delivery_id": delivery_id, "number": number},
        )
