"""What handlers that change something have in common."""

from __future__ import annotations

import typing

import orjson

from insightiq_mock.db import Kind, Record, format_timestamp, record_of

from . import refusals
from .identifiers import canonical_id

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from .backend import Backend

__all__ = ["compose", "load", "new_id", "now", "save"]


def new_id(backend: Backend, developer_id: str) -> str:
    """Return a fresh id, version 4 as on the wire: the same one in every run of a script."""
    return backend.simulation.new_id(developer_id)


def now(backend: Backend, developer_id: str) -> str:
    """Return the developer's present moment as the wire writes it."""
    return format_timestamp(backend.clock(developer_id))


def compose(kind: Kind, resource: Mapping[str, typing.Any]) -> Record:
    """Make the record of a resource that holds text of the caller.

    Raises:
        ApiError: 400, the text cannot be sent back.
    """
    try:
        return record_of(kind, resource)
    except TypeError as error:
        raise refusals.text_not_encodable() from error


def load(
    backend: Backend, developer_id: str, kind: Kind, resource_id: str
) -> dict[str, typing.Any]:
    """Return a resource to be changed; call it inside a transaction of the store.

    Raises:
        ApiError: 404, there is no such resource.
    """
    body = backend.store.get(developer_id, kind, canonical_id(resource_id))
    if body is None:
        raise refusals.not_found(kind, resource_id)
    resource: dict[str, typing.Any] = orjson.loads(body)
    return resource


def save(
    backend: Backend, developer_id: str, kind: Kind, resource: Mapping[str, typing.Any]
) -> bytes:
    """Keep the new state of a resource and return the JSON that is now stored."""
    record = compose(kind, resource)
    backend.store.replace(developer_id, record)
    return record.body
