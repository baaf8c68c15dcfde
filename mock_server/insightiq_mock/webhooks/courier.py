"""Carrying one notification to one webhook, once."""

from __future__ import annotations

import dataclasses
import time
import typing

import orjson

from insightiq_mock.db import format_timestamp
from insightiq_mock.db.deliveries import AttemptRow, Verdict

from .sender import Outcome
from .signature import signature_headers

if typing.TYPE_CHECKING:
    import datetime as dt

    from insightiq_mock.db.deliveries import DeliveryRow
    from insightiq_mock.simulation import Simulation

    from .sender import Sender

__all__ = ["Courier", "Errand"]


@dataclasses.dataclass(frozen=True, slots=True)
class Errand:
    """What came of a try.

    Attributes:
        attempt: The try, to be logged.
        started_at: When it began, in the developer's time.
        webhook: The webhook as it was then; None if there was none.
    """

    attempt: AttemptRow
    started_at: dt.datetime
    webhook: bytes | None


class Courier:
    """Signs and posts.

    Args:
        simulation: Knows webhooks, secrets, settings and the time.
        http: Posts.
    """

    def __init__(self, simulation: Simulation, http: Sender) -> None:
        self._simulation = simulation
        self._http = http

    async def carry(self, developer_id: str, delivery: DeliveryRow, number: int | None) -> Errand:
        """Carry a notification to where its webhook lies now, signed with the secrets live now."""
        started_at = self._simulation.now(developer_id)
        webhook = self._simulation.store.get(developer_id, "webhook", delivery.webhook_id)
        resource: dict[str, typing.Any] = {} if webhook is None else orjson.loads(webhook)
        began = time.monotonic()
        if webhook is None:
            outcome = Outcome(Verdict.WEBHOOK_DELETED, "The webhook has been deleted.")
        elif not resource["is_active"]:
            outcome = Outcome(Verdict.WEBHOOK_INACTIVE, "The webhook is switched off.")
        else:
            outcome = await self._post(developer_id, resource["url"], delivery.body)
        attempt = AttemptRow(
            number=number,
            started_at=format_timestamp(started_at),
            seconds=round(time.monotonic() - began, 6),
            url=resource.get("url"),
            verdict=outcome.verdict,
            detail=outcome.detail,
            status=outcome.status,
            request_headers=outcome.request_headers,
            answer_headers=outcome.answer_headers,
            answer_body=outcome.answer_body,
        )
        return Errand(attempt, started_at, webhook)

    async def _post(self, developer_id: str, url: str, body: bytes) -> Outcome:
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
        return await self._http.send(url, headers, body, seconds=settings.webhook_timeout_seconds)
