"""A document in the form in which two of them can be compared.

Redocly compares what is written; three things would mislead it:

* words and examples: they are compared by `documentation`, so the copy has none;
* ``allOf: [{$ref: X}]`` beside a description, which means X: adding a description is no change of
  a contract, so the copy refers to X;
* callbacks: their bodies arrive at the caller, yet are rated as if the caller sent them (2.77.0),
  so the copy has each as a path whose *answer* is that body.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import openapi_document
from spec_rules.places import mapping, sequence

__all__ = ["CALLBACK_PREFIX", "WORDS", "normal_form"]

WORDS = frozenset(
    {"description", "summary", "example", "examples", "externalDocs", "title", "links"}
)
# Below these keywords stand names, which may read like any keyword.
NAME_MAPS = frozenset(
    {
        "properties", "patternProperties", "schemas", "headers", "responses", "requestBodies",
        "callbacks", "parameters", "securitySchemes", "paths", "content", "mapping", "variables", "scopes",
        "encoding",
    }
)  # fmt: skip
DATA = frozenset({"default", "enum"})
CALLBACK_PREFIX = "/callbacks/"


def normal_form(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the comparable copy of ``document``, which stays as it is.

    Raises:
        openapi_document.DocumentError: A reference to a callback leads nowhere.
    """
    found: dict[str, Any] = _plain(document)
    found.pop("tags", None)
    found["info"] = {"title": "", "version": str(mapping(document.get("info")).get("version", ""))}
    components = found.get("components")
    if isinstance(components, dict):
        cast("dict[str, Any]", components).pop("callbacks", None)
    for operation in tuple(openapi_document.operations(found)):
        data = cast("dict[str, Any]", operation.data)
        callbacks = data.pop("callbacks", None)
        for name, callback in mapping(callbacks).items():
            resolved = mapping(openapi_document.resolve(document, callback))
            for number, item in enumerate(resolved.values()):
                path = f"{CALLBACK_PREFIX}{operation.id}/{name}/{number}"
                found["paths"][path] = _received(document, mapping(_plain(item)))
    return found


def _received(document: Mapping[str, Any], item: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the path item of a callback around: what it sends is what the caller receives."""
    found: dict[str, Any] = {}
    for method, operation in item.items():
        if not isinstance(operation, Mapping):
            continue
        data = cast("Mapping[str, Any]", operation)
        body = mapping(openapi_document.resolve(document, data.get("requestBody", {})))
        headers: dict[str, Any] = {}
        for written in sequence(data.get("parameters")):
            parameter = mapping(_plain(openapi_document.resolve(document, written)))
            facts = {key: value for key, value in parameter.items() if key not in {"name", "in"}}
            headers[str(parameter.get("name"))] = facts
        answer = {"headers": headers, "content": _plain(body.get("content", {}), names=True)}
        found[str(method)] = {"responses": {"200": answer}}
    return found


def _plain(node: Any, *, names: bool = False) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(node, list):
        return [_plain(item) for item in cast("list[object]", node)]
    if not isinstance(node, Mapping):
        return node
    written = cast("Mapping[str, Any]", node)
    if names:
        return {key: _plain(value) for key, value in written.items()}
    found: dict[str, Any] = {}
    for key, value in written.items():
        if key in WORDS:
            continue
        keep = key in DATA or key.startswith("x-")
        found[key] = value if keep else _plain(value, names=key in NAME_MAPS)
    return _unwrapped(found)


def _unwrapped(schema: dict[str, Any]) -> dict[str, Any]:
    members = sequence(schema.get("allOf"))
    if len(schema) == 1 and len(members) == 1 and "$ref" in mapping(members[0]):
        return dict(mapping(members[0]))
    return schema
