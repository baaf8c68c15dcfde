"""What a run covered: operations by status, parameters, schema properties."""

from __future__ import annotations

import json
import typing
import urllib.parse

import openapi_document

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from openapi_document import Operation

    from contract_testing.checks import Contract
    from contract_testing.recording import Exchange
    from contract_testing.routes import Routes

__all__ = ["Tally", "object_schemas"]

_FIRST_REFUSAL: typing.Final = 400
# Rows of a list are alike; a few of them tell what the rest would.
_ROWS: typing.Final = 5

Schema: typing.TypeAlias = "Mapping[str, typing.Any]"


class Tally:
    """Counts what went over the wire; the same for all layers.

    Args:
        contract: The document.
        routes: Its operations.

    Attributes:
        statuses: How often an operation answered with a status, of its own accord.
        asked: The same for statuses that a ``Prefer`` header asked for.
        accepted: How often a parameter or property of a request was in one that was accepted.
        refused: The same for refused requests.
        properties: How often a property of a schema was in an answer.
    """

    def __init__(self, contract: Contract, routes: Routes) -> None:
        self._contract: Contract | None = contract
        self._routes: Routes | None = routes
        self.statuses: dict[tuple[str, int], int] = {}
        self.asked: dict[tuple[str, int], int] = {}
        self.accepted: dict[tuple[str, str], int] = {}
        self.refused: dict[tuple[str, str], int] = {}
        self.properties: dict[str, int] = {}
        self._bodies: set[int] = set()

    def __getstate__(self) -> dict[str, object]:
        # The document stays behind: it is the same on the other side.
        own = ("statuses", "asked", "accepted", "refused", "properties")
        return {name: getattr(self, name) for name in own}

    def listen(self, exchange: Exchange) -> None:
        """Look at one exchange."""
        assert self._routes is not None
        operation = self._routes.operation(exchange.method, exchange.url)
        if operation is None or exchange.status is None:
            return
        is_asked = any(name.lower() == "prefer" for name, _ in exchange.request_headers)
        _count(self.asked if is_asked else self.statuses, (operation.id, exchange.status))
        self._count_request(operation, exchange)
        self._count_answer(operation, exchange)

    def add(self, other: Tally) -> None:
        """Add what another process counted."""
        for mine, theirs in (
            (self.statuses, other.statuses),
            (self.asked, other.asked),
            (self.accepted, other.accepted),
            (self.refused, other.refused),
            (self.properties, other.properties),
        ):
            counts = typing.cast("dict[object, int]", mine)
            for key, number in typing.cast("dict[object, int]", theirs).items():
                counts[key] = counts.get(key, 0) + number

    def _count_request(self, operation: Operation, exchange: Exchange) -> None:
        assert exchange.status is not None
        counts = self.refused if exchange.status >= _FIRST_REFUSAL else self.accepted
        for name, _ in urllib.parse.parse_qsl(
            urllib.parse.urlsplit(exchange.url).query, keep_blank_values=True
        ):
            _count(counts, (operation.id, f"query {name}"))
        for name in operation.path.split("{")[1:]:
            _count(counts, (operation.id, f"path {name.partition('}')[0]}"))
        body = _json(exchange.request_body)
        if isinstance(body, dict):
            for name in typing.cast("dict[str, object]", body):
                _count(counts, (operation.id, f"body {name}"))

    def _count_answer(self, operation: Operation, exchange: Exchange) -> None:
        assert self._contract is not None
        assert exchange.status is not None
        key = hash(exchange.response_body)
        if key in self._bodies:
            return
        self._bodies.add(key)
        schema = self._contract.schema(operation, exchange.status)
        if schema is not None:
            self._walk(schema, _json(exchange.response_body), "")

    def _walk(self, schema: Schema, value: object, where: str) -> None:
        assert self._contract is not None
        for name, part in object_schemas(self._contract.document, schema, where):
            if isinstance(value, list) and "items" in part:
                for row in typing.cast("list[object]", value)[:_ROWS]:
                    self._walk(part["items"], row, f"{name}[]")
            elif isinstance(value, dict):
                properties: Schema = part.get("properties", {})
                for key, member in typing.cast("dict[str, object]", value).items():
                    if key in properties:
                        _count(self.properties, f"{name}.{key}")
                        self._walk(properties[key], member, f"{name}.{key}")


def object_schemas(
    document: Mapping[str, typing.Any], schema: Schema, where: str
) -> list[tuple[str, Schema]]:
    """Return the parts of a schema that may have members, each with its name: the component's."""
    if "$ref" in schema:
        where = schema["$ref"].rpartition("/")[2]
        schema = openapi_document.resolve(document, schema)
    found = [(where, schema)]
    for keyword in ("allOf", "anyOf", "oneOf"):
        for member in schema.get(keyword, ()):
            found += object_schemas(document, member, where)
    return found


def _json(body: bytes) -> object:
    if not body:
        return None
    try:
        parsed: object = json.loads(body)
    except ValueError:
        return None
    return parsed


def _count(counts: dict[typing.Any, int], key: object) -> None:
    counts[key] = counts.get(key, 0) + 1
