"""Making users and the tokens with which they open the Connect SDK."""

from __future__ import annotations

import typing

from insightiq_mock.context import Handler, RequestContext, Response
from insightiq_mock.db import DuplicateKeyError, Kind, encode, format_timestamp

from . import refusals
from .writing import compose, load, now

if typing.TYPE_CHECKING:
    from .backend import Backend

__all__ = ["create_sdk_token", "create_user"]


def create_user(backend: Backend) -> Handler:
    """Make a user.

    Name and external id are kept letter by letter. The vendor's own service strips blanks around
    them before it sends them (evidence.md#operations); nothing says that the API does.
    """

    def handle(call: RequestContext) -> Response:
        moment = now(backend, call.developer_id)
        external_id = _text(call.body["external_id"])
        user = {
            "name": call.body["name"],
            "external_id": external_id,
            "id": backend.simulation.id_of(call.developer_id, Kind.USER, external_id),
            "created_at": moment,
            "updated_at": moment,
            "status": "ACTIVE",
        }
        record = compose(Kind.USER, user)
        try:
            backend.store.add(call.developer_id, [record])
        except DuplicateKeyError as error:
            raise refusals.external_id_taken(external_id) from error
        return Response(201, record.body)

    return handle


def _text(external_id: str | float) -> str:
    """Return the text that an external id is kept as: 5, 5.0 and "5" are one user."""
    return external_id if isinstance(external_id, str) else str(int(external_id))


def create_sdk_token(backend: Backend) -> Handler:
    """Make a token for a user: any number may live at once (evidence.md#open-question-16)."""

    def handle(call: RequestContext) -> Response:
        user = load(backend, call.developer_id, Kind.USER, call.body["user_id"])
        token = backend.simulation.make_sdk_token(
            call.developer_id, user_id=user["id"], products=call.body["products"]
        )
        expires_at = format_timestamp(token.expires_at)
        return Response(201, encode({"sdk_token": token.text, "expires_at": expires_at}))

    return handle
