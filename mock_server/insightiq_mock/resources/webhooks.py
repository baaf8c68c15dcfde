"""Webhooks: their registration, and notifications that a developer sends (evidence.md#webhook)."""

from __future__ import annotations

import json
import typing

from insightiq_mock.context import RequestContext, Response

from . import errors
from .handlers import compose, load, now
from .identifiers import canonical_id
from .resource import Resource

if typing.TYPE_CHECKING:
    from insightiq_mock.db import Record
    from insightiq_mock.simulation import Simulation

    from .resource import Json

__all__ = ["WEBHOOKS", "create_webhook", "delete_webhook", "send_notification", "update_webhook"]

WEBHOOKS: typing.Final = Resource("webhook", order="created_at", bare_metadata=True)


def create_webhook(simulation: Simulation, resource: Resource, context: RequestContext) -> Response:
    """Register a webhook; addresses and names need not be unique (evidence.md#open-question-21)."""
    with simulation.store.transaction():
        moment = now(simulation, context)
        webhook_id = simulation.new_id(context.developer_id)
        record = _webhook(resource, context, webhook_id, moment, moment)
        simulation.store.add(context.developer_id, [record])
    return Response(201, record.body)


def update_webhook(simulation: Simulation, resource: Resource, context: RequestContext) -> Response:
    """Replace a webhook as a whole: keys that are left out go back to their default."""
    with simulation.store.transaction():
        old = load(simulation, context, resource.kind, context.path["id"])
        moment = now(simulation, context)
        record = _webhook(resource, context, old["id"], old["created_at"], moment)
        simulation.store.replace(context.developer_id, record)
    return Response(200, record.body)


def delete_webhook(simulation: Simulation, resource: Resource, context: RequestContext) -> Response:
    """Delete a webhook; a second time gives 404."""
    webhook_id = context.path["id"]
    developer_id = context.developer_id
    if not simulation.store.remove(developer_id, resource.kind, canonical_id(webhook_id)):
        raise errors.not_found(resource.kind, webhook_id)
    return Response(204)


def send_notification(simulation: Simulation, _: Resource, context: RequestContext) -> Response:
    """Deliver the payload to every active webhook of its event, and return it.

    It is given an id if it had none (evidence.md#open-question-14).
    """
    payload: Json = context.body["payload"]
    with simulation.store.transaction():
        if "id" not in payload:
            payload = {**payload, "id": simulation.new_id(context.developer_id)}
        # The data is the caller's and may hold any JSON: the standard library writes back
        # whatever number and text it can read.
        try:
            text = json.dumps(payload, separators=(",", ":"))
            simulation.send_notification(context.developer_id, payload)
        except RecursionError as error:
            raise errors.nested_too_deep() from error
    return Response(200, text.encode())


def _webhook(
    resource: Resource, context: RequestContext, webhook_id: str, created_at: str, updated_at: str
) -> Record:
    # The seed's bodies have no name, and only the replacing body declares is_active, although the
    # vendor's own service sends it when it creates one (evidence.md#webhook).
    is_active = context.body.get("is_active")
    return compose(
        resource,
        {
            "name": context.body.get("name"),
            "url": context.body["url"],
            "id": webhook_id,
            "created_at": created_at,
            "updated_at": updated_at,
            "is_active": is_active if isinstance(is_active, bool) else True,
            "events": context.body["events"],
        },
    )
