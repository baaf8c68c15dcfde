"""Rules about the `x-` keys, which templates and runtime read and no other tool checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spec_rules.places import Node, join_pointer, mapping
from spec_rules.subject import Finding, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import openapi_document

__all__ = ["RULES"]

_KNOWN: Mapping[str, set[str]] = {
    "document": {"x-common-statuses"},
    "operation": {"x-retry-safe", "x-pagination", "x-bulk"},
    "schema": {"x-extensible-enum", "x-enum-varnames"},
}
_PAGINATION_KEYS = {
    "style": str,
    "offset": str,
    "limit": str,
    "items": str,
    "maximum": int,
    "default": int,
}
_APPLIED = "applied_limit"
_BULK_KEYS = {"parameter": str, "items": str, "maximum": int}


def _known(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("document", "path item", "operation", "parameter", "schema"):
        known = _KNOWN.get(place.kind, set[str]())
        for key in place.node:
            if key.startswith("x-") and key not in known:
                yield Finding(
                    join_pointer(place.pointer, key),
                    f"nobody reads the key {key!r} of this {place.kind}",
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
        query = {
            parameter.name: parameter.node
            for parameter in subject.parameters(operation)
            if parameter.location == "query"
        }
        if "x-pagination" not in operation.data:
            if {"offset", "limit"} <= query.keys():
                yield Finding(
                    operation.pointer,
                    f"{operation.id} takes offset and limit, but has no `x-pagination`",
                    "add it, so that the client can walk the pages",
                )
            continue
        pointer = join_pointer(operation.pointer, "x-pagination")
        for what, remedy in _pagination_faults(subject, operation, query):
            yield Finding(pointer, what, remedy)


def _pagination_faults(
    subject: Subject, operation: openapi_document.Operation, query: Mapping[str, Node]
) -> Iterator[tuple[str, str]]:
    pagination = mapping(operation.data["x-pagination"])
    keys = ", ".join(sorted(_PAGINATION_KEYS))
    exact = {key: value for key, value in pagination.items() if key != _APPLIED}
    if not _has_keys(exact, _PAGINATION_KEYS) or pagination["style"] != "offset":
        yield (
            f"`x-pagination` of {operation.id} is not of the form that the client reads",
            f"write `style: offset`, exactly the keys {keys} and, if need be, {_APPLIED}",
        )
        return
    for role in ("offset", "limit"):
        if pagination[role] not in query:
            yield (
                f"`{role}: {pagination[role]}` names no query parameter of {operation.id}",
                "name the parameter as it is on the wire, or add it to the operation",
            )
    limit = subject.resolve(query.get(pagination["limit"], {}).get("schema"))
    if limit and limit.get("maximum") != pagination["maximum"]:
        own = limit.get("maximum")
        yield (
            f"`maximum: {pagination['maximum']}` is not the parameter's own, which is {own}",
            "make both the same",
        )
    if not 1 <= pagination["default"] <= pagination["maximum"]:
        yield (
            f"`default: {pagination['default']}` lies outside 1 to {pagination['maximum']}",
            "write the page size that the API takes when none is asked for",
        )
    if not _is_array(subject, operation, pagination["items"]):
        yield (
            f"`items: {pagination['items']}` names no array of the answer of {operation.id}",
            "name the property of the success response that holds the rows",
        )

    if _APPLIED in pagination and not _is_whole_number(subject, operation, pagination[_APPLIED]):
        yield (
            f"`{_APPLIED}: {pagination[_APPLIED]}` leads to no integer of the answer",
            "write the keys that lead to it, with dots between them: `metadata.limit`",
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
    if not _has_keys(bulk, _BULK_KEYS):
        yield (
            f"`x-bulk` of {operation.id} is not of the form that the client reads",
            f"write exactly the keys {', '.join(sorted(_BULK_KEYS))}",
        )
        return
    ids = _body_property(subject, operation, bulk["parameter"])
    if ids.get("type") != "array":
        yield (
            f"`parameter: {bulk['parameter']}` names no array of the request of {operation.id}",
            "name the property of the request body that holds the ids",
        )
    elif ids.get("maxItems") != bulk["maximum"]:
        yield (
            f"`maximum: {bulk['maximum']}` is not the array's own, which is {ids.get('maxItems')}",
            "make both the same",
        )
    if not _is_array(subject, operation, bulk["items"]):
        yield (
            f"`items: {bulk['items']}` names no array of the answer of {operation.id}",
            "name the property of the success response that holds the rows",
        )


def _has_keys(node: Node, keys: Mapping[str, type]) -> bool:
    """Whether ``node`` has these keys and no others, each with a value of its type."""
    return set(node) == set(keys) and all(
        isinstance(node[key], expected) for key, expected in keys.items()
    )


def _body_property(subject: Subject, operation: openapi_document.Operation, name: str) -> Node:
    request = subject.resolve(operation.data.get("requestBody"))
    schema = subject.body_schema(request)
    return {} if schema is None else subject.resolve(subject.properties(schema).get(name))


def _is_array(subject: Subject, operation: openapi_document.Operation, name: str) -> bool:
    for status, response, _ in subject.responses(operation):
        schema = subject.body_schema(response)
        if status.startswith("2") and schema is not None:
            rows = subject.resolve(subject.properties(schema).get(name))
            return rows.get("type") == "array"
    return False


def _is_whole_number(subject: Subject, operation: openapi_document.Operation, path: object) -> bool:
    for status, response, _ in subject.responses(operation):
        schema = subject.body_schema(response)
        if status.startswith("2") and schema is not None:
            found = schema
            for key in str(path).split("."):
                found = subject.resolve(subject.properties(found).get(key))
            return found.get("type") == "integer"
    return False


RULES = (
    Rule("extension-known", _known),
    Rule("retry-safe", _retry_safe),
    Rule("pagination", _pagination),
    Rule("bulk", _bulk),
)
