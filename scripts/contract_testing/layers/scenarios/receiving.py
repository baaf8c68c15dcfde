"""Receivers of notifications, and what they were sent."""

from __future__ import annotations

import json
import typing
import urllib.parse

from insightiq.models import WebhookEvent

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from contract_testing.layers.scenarios.scene import Scene
    from insightiq import models
    from insightiq_mock.control import Delivery

__all__ = ["Told", "address", "all_events", "deliveries", "register", "told"]

Json: typing.TypeAlias = typing.Any
Told: typing.TypeAlias = "tuple[str, Json]"

_OK: typing.Final = 200


def address(scene: Scene, name: str, statuses: Iterable[int] = ()) -> str:
    """Return an address that answers with these statuses in turn, the last one for ever."""
    pending = list(statuses) or [_OK]
    tenant = scene.server.tenant
    if tenant is None:
        query = urllib.parse.urlencode({"answer": pending[0]})
        return f"{scene.server.base_url}/_mock/inbox/{name}?{query}"

    def answer(_: object) -> int:
        return pending.pop(0) if len(pending) > 1 else pending[0]

    return tenant.receiver(answer, name=name).url


def register(
    scene: Scene, events: Iterable[str], name: str = "receiver", statuses: Iterable[int] = ()
) -> models.Webhook:
    """Create a webhook that is received within reach."""
    url = address(scene, name, statuses)
    wanted = [WebhookEvent(event) for event in events]
    return scene.iq.webhooks.create(url=url, events=wanted, name=name)


def all_events(scene: Scene) -> list[str]:
    """Return the names of all events of the document, without those of other operations."""
    return [
        str(name)
        for name in scene.document["components"]["schemas"]["WebhookEvent"]["enum"]
        if not str(name).endswith(("SUCCESS", "FAILURE"))
    ]


def deliveries(scene: Scene, hook: models.Webhook | None = None) -> list[Delivery]:
    """Return all tries so far, in the order in which they happened."""
    found = scene.control.deliveries(limit=1000, webhook_id=None if hook is None else hook.id)
    return found[::-1]


def told(scene: Scene, hook: models.Webhook | None = None) -> list[Told]:
    """Return what was delivered: names of events with their payloads, in order."""
    return [
        (each.event, json.loads(each.request_body))
        for each in deliveries(scene, hook)
        if each.delivered
    ]
