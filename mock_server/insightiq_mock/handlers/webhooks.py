"""Registering webhooks, and the mock notification."""

from __future__ import annotations

import json
import typing

from insightiq_mock.context import Handler, RequestContext, Response
from insightiq_mock.db import Kind

from . import refusals
from .identifiers import canonical_id
from .writing import compose, load, new_id, now

if typing.TYPE_CHECKING:
    from insightiq_mock.db import Record

    from .backend import Backend

__all__ = ["create_webhook", "delete_webhook", "send_notification", "update_webhook"]


def create_webhook(backend: Backend) -> Handler:
    """Register a webhook; addresses and names need not be unique (evidence.md#open-question-21)."""

    def handle(call: RequestContext) -> Response:
        with backend.store.transaction():
            moment = now(backend, call.developer_id)
            record = _webhook(call, new_id(backend, call.developer_id), moment, moment)
            backend.store.add(call.developer_id, [record])
        return Response(201, record.body)

    return handle


def update_webhook(backend: Backend) -> Handler:
    """Replace a webhook's settings as a whole: what is left out goes back to its default."""

    def handle(call: RequestContext) -> Response:
        with backend.store.transaction():
            old = load(backend, call.developer_id, Kind.WEBHOOK, call.path["id"])
            moment = now(backend, call.developer_id)
            record = _webhook(call, old["id"], old["created_at"], moment)
            backend.store.replace(call.developer_id, record)
        return Response(200, record.body)

    return handle


def delete_webhook(backend: Backend) -> Handler:
    """Forget a webhook; a second time gives 404."""

    def handle(call: RequestContext) -> Response:
        webhook_id = call.path["id"]
        if not backend.store.remove(call.developer_id, Kind.WEBHOOK, canonical_id(webhook_id)):
            raise refusals.not_found(Kind.WEBHOOK, webhook_id)
        return Response(204)

    return handle


def send_notification(backend: Backend) -> Handler:
    """Deliver the payload to every active webhook that asks for its event, and echo it.

    It is given an id if it had none (evidence.md#open-question-14).
    """

    def handle(call: RequestContext) -> Response:
        payload: dict[str, typing.Any] = call.body["payload"]
        with backend.store.transaction():
            if "id" not in payload:
                payload = {**payload, "id": new_id(backend, call.developer_id)}
            # The data is the caller's and may hold any JSON: the standard library writes back
            # whatever number and text it can read.
            try:
                text = json.dumps(payload, separators=(",", ":"))
                backend.simulation.send_notification(call.developer_id, payload)
            except RecursionError as error:
                raise refusals.nested_too_deep() from error
        return Response(200, text.encode())

    return handle


def _webhook(call: RequestContext, webhook_id: str, created_at: str, updated_at: str) -> Record:
    # The seed's bodies have no name, and only the replacing body declares is_active, although the
    # vendor's own service sends it when it creates one (evidence.md#webhook).
    is_active = call.body.get("is_active")
    return compose(
        Kind.WEBHOOK,
        {
            "name": call.body.get("name"),
            "url": call.body["url"],
            "id": webhook_id,
            "created_at": created_at,
            "updated_at": updated_at,
            "is_active": is_active if isinstance(is_active, bool) else True,
            "events": call.body["events"],
        },
    )
