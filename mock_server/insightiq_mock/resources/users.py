"""Users: handlers, and names of generated ones (evidence.md#user-and-sdk-token)."""

from __future__ import annotations

import typing

from insightiq_mock.context import RequestContext, Response
from insightiq_mock.db import Column, DuplicateKeyError

from . import errors
from .handlers import compose, now
from .identifiers import named_id
from .resource import Resource
from .seed_accounts import invented_name

if typing.TYPE_CHECKING:
    from insightiq_mock.simulation import Simulation

__all__ = ["USERS", "create_user", "find_user", "invent_user", "user_id_of"]

USERS: typing.Final = Resource(
    "user", order="created_at", columns={Column.NATURAL_KEY: "external_id"}
)


def create_user(simulation: Simulation, resource: Resource, context: RequestContext) -> Response:
    """Create a user.

    Name and external id are kept letter by letter. The vendor's own service strips blanks around
    them before it sends them (evidence.md#operations); nothing says that the API does.
    """
    moment = now(simulation, context)
    external_id = _text(context.body["external_id"])
    user = {
        "name": context.body["name"],
        "external_id": external_id,
        "id": user_id_of(simulation, context.developer_id, external_id),
        "created_at": moment,
        "updated_at": moment,
        "status": "ACTIVE",
    }
    record = compose(resource, user)
    try:
        simulation.store.add(context.developer_id, [record])
    except DuplicateKeyError as error:
        raise errors.external_id_taken(external_id) from error
    return Response(201, record.body)


def find_user(simulation: Simulation, resource: Resource, context: RequestContext) -> Response:
    """Return the user with the external id, compared letter by letter."""
    external_id = context.path["external_id"]
    body = simulation.store.find(context.developer_id, resource.kind, external_id)
    if body is None:
        raise errors.external_id_unknown(external_id)
    return Response(200, body)


def user_id_of(simulation: Simulation, developer_id: str, external_id: str) -> str:
    """Return the id of a created user: always the same for an external id."""
    return named_id(simulation.developer(developer_id).seed, USERS.kind, external_id)


def invent_user(simulation: Simulation, developer_id: str) -> dict[str, str]:
    """Return name and external id of a new user: the next in every run of a script."""
    external_id = f"creator-{simulation.stream(developer_id).digits(9)}"
    user_id = user_id_of(simulation, developer_id, external_id)
    name = invented_name(simulation.developer(developer_id), user_id)
    return {"name": name, "external_id": external_id}


def _text(external_id: str | float) -> str:
    """Return the text that an external id is kept as: 5, 5.0 and "5" are one user."""
    return external_id if isinstance(external_id, str) else str(int(external_id))
