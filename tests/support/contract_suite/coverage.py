"""Coverage of the document: operations by status, request inputs, response properties."""

from __future__ import annotations

import collections
import contextlib
import typing
import urllib.parse

import openapi_document
from document_views import is_array, parameters, resolved

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from document_views import Document, Schema
    from openapi_document import Operation

    from contract_suite.recording import Exchange

__all__ = ["Tally", "coverage_table", "missing_pairs"]

_JSON: typing.Final = "application/json"
_FIRST_ERROR: typing.Final = 400
_ONLY_ON_REQUEST: typing.Final = frozenset({"429", "500", "503"})
# Rows of a list are alike; a few of them show what the rest would.
_ROWS: typing.Final = 5


class Tally:
    """Counts of what went over the wire."""

    def __init__(self) -> None:
        self.statuses = collections.Counter[str]()
        self.requested = collections.Counter[str]()
        self.accepted = collections.Counter[str]()
        self.properties = collections.Counter[str]()
        self._bodies: set[int] = set()

    def as_json(self) -> dict[str, dict[str, int]]:
        """Return the counts by name."""
        return {name: counts for name, counts in vars(self).items() if not name.startswith("_")}

    def merge(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Add the counts of another process."""
        for name, theirs in counts.items():
            getattr(self, name).update(theirs)

    def add(self, document: Document, operation: Operation, exchange: Exchange) -> None:
        """Count an exchange."""
        if exchange.status is None:
            return
        is_requested = "prefer" in exchange.sent_headers
        statuses = self.requested if is_requested else self.statuses
        documented = _documented(operation, exchange.status)
        statuses[f"{operation.id} {documented or exchange.status}"] += 1
        if exchange.status < _FIRST_ERROR:
            self.accepted.update(_given(operation, exchange))
        key = hash(exchange.response_body)
        entry = operation.data["responses"].get(documented)
        if entry is not None and key not in self._bodies:
            self._bodies.add(key)
            schema = _body_schema(document, entry)
            if schema is not None:
                with contextlib.suppress(ValueError):
                    self._count_properties(document, schema, exchange.json, "")

    def _count_properties(
        self, document: Document, schema: Schema, value: object, where: str
    ) -> None:
        for name, part in _object_schemas(document, schema, where):
            if is_array(value) and "items" in part:
                for row in value[:_ROWS]:
                    self._count_properties(document, part["items"], row, f"{name}[]")
            elif openapi_document.is_object(value):
                properties: Schema = part.get("properties", {})
                for key, member in value.items():
                    if key in properties:
                        self.properties[f"{name}.{key}"] += 1
                        self._count_properties(document, properties[key], member, f"{name}.{key}")


def _documented(operation: Operation, status: int) -> str | None:
    """Return how the document names a status: exactly, as a range, or by default."""
    names = (str(status), f"{status // 100}XX", "default")
    return next((name for name in names if name in operation.data["responses"]), None)


def _given(operation: Operation, exchange: Exchange) -> Iterator[str]:
    """Yield the inputs that a request gives."""
    query = urllib.parse.urlsplit(exchange.url).query
    for name, _ in urllib.parse.parse_qsl(query, keep_blank_values=True):
        yield f"{operation.id} query {name}"
    for name in operation.path.split("{")[1:]:
        yield f"{operation.id} path {name.partition('}')[0]}"
    for name in exchange.sent_json if openapi_document.is_object(exchange.sent_json) else ():
        yield f"{operation.id} body {name}"


def _pairs(operations: Sequence[Operation]) -> list[str]:
    return [f"{each.id} {status}" for each in operations for status in each.data["responses"]]


def missing_pairs(operations: Sequence[Operation], tally: Tally) -> list[str]:
    """Return the documented ``operation status`` that no response had."""
    return [
        pair
        for pair in _pairs(operations)
        if not tally.statuses[pair] and not tally.requested[pair]
    ]


def coverage_table(
    document: Document,
    operations: Sequence[Operation],
    tally: Tally,
    title: str,
    *,
    can_request: bool,
) -> str:
    """Return the coverage as Markdown."""
    pairs = _pairs(operations)
    missing = set(missing_pairs(operations, tally))
    chosen = {each.id for each in operations}
    undocumented = [
        f"{key}: {count}"
        for key, count in sorted(tally.statuses.items())
        if key not in pairs and key.partition(" ")[0] in chosen
    ]
    inputs = [f"{each.id} {name}" for each in operations for name in _inputs(document, each)]
    unused = [name for name in inputs if not tally.accepted[name]]
    properties = sorted(set(_response_properties(document, operations)))
    unseen = [name for name in properties if not tally.properties[name]]
    lines = [
        "# Coverage of the document",
        "",
        title,
        "",
        f"- {len(pairs) - len(missing)} of {len(pairs)} operations by status",
        f"- {len(inputs) - len(unused)} of {len(inputs)} request inputs in accepted requests",
        f"- {len(properties) - len(unseen)} of {len(properties)} response properties",
        "",
        "| operation | status | responses | requested | reason that there is none |",
        "|---|---:|---:|---:|---|",
    ]
    for pair in pairs:
        operation, _, status = pair.partition(" ")
        reason = "" if pair not in missing else _reason(status, can_request=can_request)
        counts = f"{tally.statuses[pair]} | {tally.requested[pair]}"
        lines.append(f"| {operation} | {status} | {counts} | {reason} |")
    for heading, names in (
        ("Undocumented statuses", undocumented),
        ("Request inputs never accepted", unused),
        ("Response properties never seen", unseen),
    ):
        if names:
            lines += ["", f"## {heading}", "", *(f"- {name}" for name in names)]
    return "\n".join(lines) + "\n"


def _reason(status: str, *, can_request: bool) -> str:
    if status in _ONLY_ON_REQUEST and not can_request:
        return "only the project's mock fails on request"
    return "no test of this run caused it; more examples, or tests that were left out, may"


def _inputs(document: Document, operation: Operation) -> Iterator[str]:
    for each in parameters(document, operation):
        yield f"{each['in']} {each['name']}"
    body = openapi_document.resolve(document, operation.data.get("requestBody", {}))
    schema = resolved(document, body.get("content", {}).get(_JSON, {}).get("schema", {}))
    for name in schema.get("properties", {}):
        yield f"body {name}"


def _response_properties(document: Document, operations: Sequence[Operation]) -> Iterator[str]:
    visited: set[str] = set()
    for operation in operations:
        for entry in operation.data["responses"].values():
            schema = _body_schema(document, entry)
            if schema is not None:
                yield from _properties(document, schema, "", visited)


def _properties(document: Document, schema: Schema, where: str, visited: set[str]) -> Iterator[str]:
    for name, part in _object_schemas(document, schema, where):
        if "items" in part:
            yield from _properties(document, part["items"], f"{name}[]", visited)
        if "properties" in part and name not in visited:
            visited.add(name)
            for key, member in part["properties"].items():
                yield f"{name}.{key}"
                yield from _properties(document, member, f"{name}.{key}", visited)


def _object_schemas(document: Document, schema: Schema, where: str) -> list[tuple[str, Schema]]:
    """Return the parts of a schema that may have members, each with the name of its component."""
    if "$ref" in schema:
        where = schema["$ref"].rpartition("/")[2]
        schema = openapi_document.resolve(document, schema)
    found = [(where, schema)]
    for keyword in ("allOf", "anyOf", "oneOf"):
        for member in schema.get(keyword, ()):
            found += _object_schemas(document, member, where)
    return found


def _body_schema(document: Document, entry: Schema) -> Schema | None:
    response = openapi_document.resolve(document, entry)
    schema: Schema | None = response.get("content", {}).get(_JSON, {}).get("schema")
    return schema
