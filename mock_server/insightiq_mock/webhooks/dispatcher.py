"""Webhook dispatcher: from events to deliveries, their retries and their log.

Deliveries lie in the database before anything is sent, and are recorded as done only afterwards: a
crash in between repeats a delivery and loses none (evidence.md#webhook-notifications). First attempts
to one webhook go one after another, in the order of the events: each schedules the next one when it
has ended. A timeout schedules all that wait, so that a receiver that hangs costs one timeout rather
than one for each notification. Retries are independent of them.

Receivers are waited for in real time, also while a clock is advanced: see `Runner.advance`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import time
import typing

import orjson

from insightiq_mock.db import Selection, format_timestamp
from insightiq_mock.db.deliveries import (
    FIRST,
    QUEUED,
    AttemptRow,
    DeliveryLog,
    DeliveryRow,
    Verdict,
)
from insightiq_mock.resources.webhooks import WEBHOOKS

from .notifications import NotificationForm, as_given, signature_headers
from .sender import Outcome

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from insightiq_mock.db.deliveries import DeliveryRecord, Headers
    from insightiq_mock.simulation import Job, Simulation

    from .addresses import AddressGuard
    from .notifications import Notification
    from .sender import Sender

__all__ = ["HttpSender", "UnknownDeliveryError", "WebhookDispatcher", "wait_after"]

_KIND: typing.Final = "deliver"

_MOST_WEBHOOKS: typing.Final = 1_000_000

# So many waiting notifications go to a receiver that hangs at once.
_MOST_AT_ONCE: typing.Final = 100

_PAUSE_AFTER_A_DEFECT: typing.Final = dt.timedelta(minutes=1)

# After these there is no retry, and the webhook has not failed: that this server does not connect to
# an address says nothing about the receiver.
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


@dataclasses.dataclass(frozen=True, slots=True)
class _Attempt:
    """A delivery attempt; and its webhook as it was then, None if there was none."""

    row: AttemptRow
    started_at: dt.datetime
    webhook: bytes | None


class WebhookDispatcher:
    """Delivers the notifications of a simulation, from its construction on.

    Args:
        simulation: Emits events, and runs jobs that are due.
        name_of: Returns the name of an event in words; see `event_names`.
        sender: Posts notifications.
    """

    def __init__(
        self, simulation: Simulation, name_of: Callable[[str], str], sender: Sender
    ) -> None:
        self._simulation = simulation
        self._name_of = name_of
        self._sender = sender
        self._store = simulation.store
        self._records = DeliveryLog(simulation.store)
        simulation.subscribe(self.publish)
        simulation.on_notification(self.send)
        simulation.on(_KIND, self.attempt)

    def publish(self, developer_id: str, event: str, data: Mapping[str, typing.Any]) -> None:
        """Notify every active webhook of the developer that is registered for the event."""
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
        """Make one attempt that is due."""
        delivery_id, number = job.payload["delivery_id"], job.payload["number"]
        delivery = self._records.get(job.developer_id, delivery_id)
        # Gone with a reset, or done already: a job may come twice after a crash.
        if delivery is None or delivery.next_attempt != number:
            return
        try:
            attempt = await self._post(job.developer_id, delivery, number)
            self._settle(job.developer_id, delivery, number, attempt)
        except Exception:
            # A defect of ours, such as a locked database, must not stop the deliveries behind this one.
            again_at = self._simulation.now(job.developer_id) + _PAUSE_AFTER_A_DEFECT
            self._schedule(job.developer_id, delivery_id, number, again_at)
            raise

    async def resend(self, developer_id: str, delivery_id: str) -> DeliveryRecord:
        """Send a notification once more, now; its failure deactivates no webhook.

        Raises:
            UnknownDeliveryError: There is no such delivery.
        """
        delivery = self._records.get(developer_id, delivery_id)
        if delivery is None:
            raise UnknownDeliveryError(delivery_id)
        attempt = await self._post(developer_id, delivery, None)
        with self._store.transaction():
            present = self._records.get(developer_id, delivery_id)
            if present is None:
                raise UnknownDeliveryError(delivery_id)
            # A retry has become pointless; the deliveries behind a first attempt still wait for it.
            is_first_to_come = present.next_attempt in (QUEUED, FIRST)
            is_done = attempt.row.verdict is Verdict.DELIVERED and not is_first_to_come
            next_attempt = None if is_done else present.next_attempt
            self._records.record(developer_id, delivery_id, attempt.row, next_attempt=next_attempt)
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
        """Return the developer's last attempts that match, newest first."""
        asked = {"webhook_id": webhook_id, "event": event, "verdict": verdict}
        return self._records.records(developer_id, asked, limit=limit)

    def last(self, developer_id: str, delivery_id: str) -> DeliveryRecord:
        """Return the last attempt of a delivery.

        Raises:
            UnknownDeliveryError: There is no such delivery, or no attempt was made.
        """
        found = self._records.records(developer_id, {"delivery_id": delivery_id}, limit=1)
        if not found:
            raise UnknownDeliveryError(delivery_id)
        return found[0]

    def _receivers(self, developer_id: str, event: str) -> list[str]:
        """Return the webhooks to notify, in the order of their registration."""
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
        self, developer_id: str, delivery: DeliveryRow, number: int, attempt: _Attempt
    ) -> None:
        """Record an attempt, and schedule or deactivate accordingly."""
        with self._store.transaction():
            has_failed = attempt.row.verdict not in _SETTLED
            settings = self._simulation.developer(developer_id).settings
            wait = wait_after(number, settings.webhook_retry_seconds) if has_failed else None
            next_attempt = None if wait is None else number + 1
            if not self._records.record(
                developer_id, delivery.id, attempt.row, next_attempt=next_attempt
            ):
                return
            if wait is not None:
                self._schedule(developer_id, delivery.id, number + 1, attempt.started_at + wait)
            elif has_failed:
                self._deactivate(developer_id, delivery.webhook_id, attempt.webhook)
            if number == FIRST and attempt.row.verdict is Verdict.TIMED_OUT:
                self._schedule_firsts(developer_id, delivery.webhook_id, _MOST_AT_ONCE)
            elif number == FIRST:
                self._schedule_next_first(developer_id, delivery.webhook_id)

    def _deactivate(self, developer_id: str, webhook_id: str, tried: bytes | None) -> None:
        """Deactivate a webhook (evidence.md#webhook, #webhook-delivery)."""
        webhook = self._store.get(developer_id, "webhook", webhook_id)
        # A webhook that was changed during the last attempt stays as it was set.
        if webhook is None or webhook != tried:
            return
        now = format_timestamp(self._simulation.now(developer_id))
        resource = {**orjson.loads(webhook), "updated_at": now, "is_active": False}
        self._store.replace(developer_id, WEBHOOKS.record(resource))

    def _schedule_next_first(self, developer_id: str, webhook_id: str) -> None:
        """Schedule the next first attempt to a webhook, unless one is under way."""
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

    async def _post(self, developer_id: str, delivery: DeliveryRow, number: int | None) -> _Attempt:
        """Post a notification to the present URL of its webhook, signed with the present secrets."""
        started_at = self._simulation.now(developer_id)
        webhook = self._store.get(developer_id, "webhook", delivery.webhook_id)
        resource: dict[str, typing.Any] = {} if webhook is None else orjson.loads(webhook)
        began = time.monotonic()
        if webhook is None:
            outcome = Outcome(Verdict.WEBHOOK_DELETED, "The webhook has been deleted.")
        elif not resource["is_active"]:
            outcome = Outcome(Verdict.WEBHOOK_INACTIVE, "The webhook is switched off.")
        else:
            outcome = await self._send_signed(developer_id, resource["url"], delivery.body)
        row = AttemptRow(
            number=number,
            started_at=format_timestamp(started_at),
            seconds=round(time.monotonic() - began, 6),
            url=resource.get("url"),
            verdict=outcome.verdict,
            detail=outcome.detail,
            status=outcome.status,
            request_headers=outcome.request_headers,
            response_headers=outcome.response_headers,
            response_body=outcome.response_body,
        )
        return _Attempt(row, started_at, webhook)

    async def _send_signed(self, developer_id: str, url: str, body: bytes) -> Outcome:
        developer = self._simulation.developer(developer_id)
        settings = developer.settings
        signatures = signature_headers(
            body, developer.secrets, legacy=settings.webhook_legacy_signature
        )
        headers = (
            ("content-type", "application/json"),
            ("user-agent", "insightiq-mock"),
            *signatures,
        )
        return await self._sender.send(url, headers, body, seconds=settings.webhook_timeout_seconds)


def wait_after(number: int, retry_seconds: Sequence[float]) -> dt.timedelta | None:
    """Return the time from the start of a failed attempt to its retry; None after the last.

    It is counted from the attempt before rather than from the first (evidence.md#webhook-delivery):
    after a night without the server, the retries do not come all at once.

    Args:
        number: The number of the failed attempt; the first is 1.
        retry_seconds: The times of the retries, counted from the first attempt.
    """
    times = (0.0, *retry_seconds)
    if number >= len(times):
        return None
    return dt.timedelta(seconds=max(0.0, times[number] - times[number - 1]))


class HttpSender:
    """Posts over the network.

    The HTTP library, and the certificates that it knows, are loaded when there is something to post.

    Args:
        guard: Where it may connect to.
    """

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard
        self._sender: Sender | None = None

    async def send(self, url: str, headers: Headers, body: bytes, *, seconds: float) -> Outcome:
        """Post ``body`` to ``url``; never takes longer than ``seconds``, never raises."""
        if self._sender is None:
            from .httpx_sender import HttpxSender

            self._sender = HttpxSender(self._guard)
        return await self._sender.send(url, headers, body, seconds=seconds)
