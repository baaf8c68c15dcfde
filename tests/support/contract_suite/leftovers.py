"""What a run leaves on a server that is not its own, and taking it away again."""

from __future__ import annotations

import json
import typing

import httpx
import openapi_document

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from contract_testing.recording import Exchange
    from contract_testing.routes import Routes
    from contract_testing.servers import Server

__all__ = ["Leftovers"]

_CREATED: typing.Final = 201
_SECONDS: typing.Final = 30.0


class Leftovers:
    """Listens to a recording for rows that were created, and deletes them where the API can.

    Args:
        document: The document; what it lets nobody delete is left.
        routes: Its operations.
    """

    def __init__(self, document: Mapping[str, typing.Any], routes: Routes) -> None:
        every = list(openapi_document.operations(document))
        deletes = {each.path.removesuffix("/{id}") for each in every if each.method == "delete"}
        self._creates = {
            each.id: each.path for each in every if each.method == "post" and each.path in deletes
        }
        self._routes = routes
        self.paths: list[str] = []

    def listen(self, exchange: Exchange) -> None:
        """Note what an exchange created."""
        if exchange.status != _CREATED:
            return
        operation = self._routes.operation(exchange.method, exchange.url)
        path = None if operation is None else self._creates.get(operation.id)
        found = None if path is None else _id_of(exchange.response_body)
        if found is not None:
            self.paths.append(f"{path}/{found}")

    def remove_from(self, server: Server) -> None:
        """Delete what was created, as far as the server lets it; that is no part of the tests."""
        if not self.paths:
            return
        transport = server.origin.transport()
        with httpx.Client(
            base_url=server.base_url, auth=server.auth, transport=transport, timeout=_SECONDS
        ) as client:
            for path in self.paths:
                try:
                    client.delete(path)
                except httpx.HTTPError:
                    return


def _id_of(body: bytes) -> str | None:
    try:
        found = json.loads(body)["id"]
    except (ValueError, LookupError, TypeError):
        return None
    return found if isinstance(found, str) and "/" not in found else None
