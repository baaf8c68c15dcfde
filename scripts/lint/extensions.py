"""Rules about the `x-` keys, which templates and runtime read and no other tool checks."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from insightiq_mock.openapi.tree import Node, join_pointer, mapping
from lint.subject import Finding, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import openapi_document

__all__ = ["GENERATOR_RULES", "RULES"]

_KNOWN: Mapping[str, set[str]] = {
    "document": {"x-common-statuses"},
    "operation": {"x-retry-safe", "x-pagination", "x-bulk", "x-method"},
    "link": {"x-request-body"},
    "schema": {"x-extensible-enum", "x-enum-varnames", "x-base"},
}

# Keys that hold text, and keys that hold a whole number from 1.
_PAGINATION_KEYS = (("style", "offset", "limit", "items"), ("maximum", "default"))
_BULK_KEYS = (("parameter", "items"), ("maximum",))
# Optional: the keys that lead to the limit that a response names.
_APPLIED = "applied_limit"


def _known(subject: Subject) -> Iterator[Finding]:
    for place in subject.places(
        "document", "path item", "operation", "parameter", "link", "schema"
    ):
        known = _KNOWN.get(place.kind, set[str]())
        for key in place.node:
            if key.startswith("x-") and key not in known:
                yield Finding(
                    join_pointer(place.pointer, key),
                    f"no one reads the key {key!r} of this {place.kind}",
                    f"correct it ({', '.join(sorted(known)) or 'none'} is known here), or remove "
                    "it",
                )


def _retry_safe(subject: Subject) -> Iterator[Finding]:
    for operation in subject.operations:
        if "x-retry-safe" not in operation.data:
            continue
        pointer = join_pointer(operation.pointer, "x-retry-safe")
        if operation.data["x-retry-safe"] is not True:
            yield Finding(
                pointer,
                "`x-retry-safe` is not `true`",
                "write `x-retry-safe: true`, or remove it: not safe is what its absence says",
            )
        elif operation.method != "post":
            yield Finding(
                pointer,
                f"`x-retry-safe` stands on a {operation.method.upper()}",
                "remove it: it only says that a POST may be repeated, HTTP says the rest",
            )


def _pagination(subject: Subject) -> Iterator[Finding]:
    for operation in subject.operations:
        if "x-pagination" in operation.data:
            pointer = join_pointer(operation.pointer, "x-pagination")
            for what, remedy in _pagination_faults(subject, operation):
                yield Finding(pointer, what, remedy)


def _pagination_faults(
    subject: Subject, operation: openapi_document.Operation
) -> Iterator[tuple[str, str]]:
    pagination = mapping(operation.data["x-pagination"])
    if not _pages(pagination) or pagination["style"] != "offset":
        keys = ", ".join(sorted(itertools.chain(*_PAGINATION_KEYS)))
        yield (
            f"`x-pagination` of {operation.id} is not of the form that the client reads",
            f"write `style: offset`, exactly the keys {keys} (and {_APPLIED}), numbers whole and from 1",
        )
        return
    query = _query(subject, operation)
    for role in ("offset", "limit"):
        if pagination[role] not in query:
            yield (
                f"`{role}: {pagination[role]}` names no query parameter of {operation.id}",
                "name the parameter as it is on the wire, or add it to the operation",
            )
    if pagination["offset"] == pagination["limit"]:
        yield "`offset` and `limit` name the same parameter", "name the two parameters"
    yield from _items_faults(subject, operation, pagination["items"])
    if _APPLIED in pagination and not _is_whole_number(subject, operation, pagination[_APPLIED]):
        yield (
            f"`{_APPLIED}: {pagination[_APPLIED]}` leads to no integer of the response",
            "write the keys that lead to it, with dots between them: `metadata.limit`",
        )


def _pages(pagination: Node) -> bool:
    required = {key: value for key, value in pagination.items() if key != _APPLIED}
    return _has_form(required, *_PAGINATION_KEYS)


def _is_whole_number(subject: Subject, operation: openapi_document.Operation, path: object) -> bool:
    for status, response, _ in subject.responses(operation):
        schema = subject.body_schema(response)
        if status.startswith("2") and schema is not None:
            found = schema
            for key in str(path).split("."):
                found = subject.resolve(subject.properties(found).get(key))
            return found.get("type") == "integer"
    return False


def _has_form(node: Node, texts: Sequence[str], numbers: Sequence[str]) -> bool:
    return (
        set(node) == {*texts, *numbers}
        and all(isinstance(node[key], str) for key in texts)
        and all(type(node[key]) is int and node[key] >= 1 for key in numbers)
    )


def _query(subject: Subject, operation: openapi_document.Operation) -> Mapping[str, Node]:
    return {
        parameter.name: parameter.node
        for parameter in subject.parameters(operation)
        if parameter.location == "query"
    }


def _items_faults(
    subject: Subject, operation: openapi_document.Operation, key: str
) -> Iterator[tuple[str, str]]:
    for status, response, _ in subject.responses(operation):
        schema = subject.body_schema(response)
        if status.startswith("2") and schema is not None:
            rows = subject.resolve(subject.properties(schema).get(key))
            if rows.get("type") == "array" and subject.properties(mapping(rows.get("items"))):
                return
    yield (
        f"`items: {key}` names no array of objects in the response of {operation.id}",
        "name the property of the success response that holds the rows",
    )


def _pagination_agrees(subject: Subject) -> Iterator[Finding]:
    """Require what generated code does not need, and readers do."""
    for operation in subject.operations:
        query = _query(subject, operation)
        if "x-pagination" not in operation.data:
            if {"offset", "limit"} <= query.keys():
                yield Finding(
                    operation.pointer,
                    f"{operation.id} takes offset and limit, but has no `x-pagination`",
                    "add it, so that the client can walk the pages",
                )
            continue
        pagination = mapping(operation.data["x-pagination"])
        if not _pages(pagination):
            continue
        pointer = join_pointer(operation.pointer, "x-pagination")
        limit = query.get(pagination["limit"], {})
        own = subject.resolve(limit.get("schema")).get("maximum")
        if limit and own != pagination["maximum"]:
            yield Finding(
                pointer,
                f"`maximum: {pagination['maximum']}` is not the parameter's own, which is {own}",
                "make both the same",
            )
        if pagination["default"] > pagination["maximum"]:
            yield Finding(
                pointer,
                f"`default: {pagination['default']}` lies outside 1 to {pagination['maximum']}",
                "write the page size that the API takes when none is asked for",
            )


def _bulk(subject: Subject) -> Iterator[Finding]:
    for operation in subject.operations:
        if "x-bulk" in operation.data:
            pointer = join_pointer(operation.pointer, "x-bulk")
            for what, remedy in _bulk_faults(subject, operation):
                yield Finding(pointer, what, remedy)


def _bulk_faults(
    subject: Subject, operation: openapi_document.Operation
) -> Iterator[tuple[str, str]]:
    bulk = mapping(operation.data["x-bulk"])
    if not _has_form(bulk, *_BULK_KEYS):
        keys = ", ".join(sorted(itertools.chain(*_BULK_KEYS)))
        yield (
            f"`x-bulk` of {operation.id} is not of the form that the client reads",
            f"write exactly the keys {keys}, maximum a whole number from 1",
        )
        return
    if _body_property(subject, operation, bulk["parameter"]).get("type") != "array":
        yield (
            f"`parameter: {bulk['parameter']}` names no array of the request of {operation.id}",
            "name the property of the request body that holds the ids",
        )
    yield from _items_faults(subject, operation, bulk["items"])


def _bulk_agrees(subject: Subject) -> Iterator[Finding]:
    """Require what generated code does not need, and readers do."""
    for operation in subject.operations:
        bulk = mapping(operation.data.get("x-bulk"))
        if not _has_form(bulk, *_BULK_KEYS):
            continue
        own = _body_property(subject, operation, bulk["parameter"]).get("maxItems")
        if own != bulk["maximum"]:
            yield Finding(
                join_pointer(operation.pointer, "x-bulk"),
                f"`maximum: {bulk['maximum']}` is not the array's own, which is {own}",
                "make both the same",
            )


def _body_property(subject: Subject, operation: openapi_document.Operation, name: str) -> Node:
    request = subject.resolve(operation.data.get("requestBody"))
    schema = subject.body_schema(request)
    return {} if schema is None else subject.resolve(subject.properties(schema).get(name))


GENERATOR_RULES = (
    Rule("retry-safe", _retry_safe),
    Rule("pagination", _pagination),
    Rule("bulk", _bulk),
)
RULES = (
    Rule("extension-known", _known),
    *GENERATOR_RULES,
    Rule("pagination-agrees", _pagination_agrees),
    Rule("bulk-agrees", _bulk_agrees),
)
