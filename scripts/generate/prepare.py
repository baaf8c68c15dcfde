"""A copy of the document that the generator understands; the document itself is never changed.

The generator knows ``date-time`` only, makes one enum class per nullable mention of an enum, sends
parameter defaults on every call, and has no use for links, callbacks and error responses. So in the
copy

* local and lenient timestamps read ``date-time`` (the templates parse all spellings), and ids are
  plain strings;
* a nullable object or enum is not null itself: its users are (``oneOf`` with a ``null`` type);
* titles and defaults are gone: class names come from component names, and leaving an argument out
  leaves it to the server;
* operations are named by their verb alone, and carry nothing but what a success needs.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, cast

import openapi_document

from generate import naming

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["is_union", "prepared"]

FORMATS = {"date-time-local": "date-time", "date-time-lenient": "date-time"}
DROPPED_FORMATS = frozenset({"uuid"})
DROPPED_OPERATION_KEYS = ("callbacks", "servers", "security", "externalDocs")
KEPT_COMPONENTS = ("schemas", "parameters", "requestBodies", "responses")


def prepared(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a deep copy of ``document`` in the generator's terms."""
    derived = copy.deepcopy(dict(document))
    components = derived.get("components", {})
    derived["components"] = {key: components[key] for key in KEPT_COMPONENTS if key in components}
    schemas: dict[str, Any] = components.setdefault("schemas", {})
    for name in [name for name, schema in schemas.items() if is_union(schema)]:
        del schemas[name]
    nullable = {name for name, schema in schemas.items() if _is_nullable_class(schema)}
    for schema in schemas.values():
        _rewrite_schema(schema, nullable)
    for name in nullable:
        _strip_null(schemas[name])
    for item in derived["components"].get("parameters", {}).values():
        _rewrite_schema(item.get("schema"), nullable)
    for item in derived["components"].get("responses", {}).values():
        _rewrite_content(item, nullable)
    for item in derived["components"].get("requestBodies", {}).values():
        _rewrite_content(item, nullable)
    for operation in openapi_document.operations(derived):
        _rewrite_operation(operation, nullable)
    return derived


def is_union(schema: Mapping[str, Any]) -> bool:
    """Whether ``schema`` is a choice between components by the value of one key."""
    return "discriminator" in schema and "oneOf" in schema


def _is_nullable_class(schema: Mapping[str, Any]) -> bool:
    return schema.get("nullable") is True and (schema.get("type") == "object" or "enum" in schema)


def _strip_null(schema: dict[str, Any]) -> None:
    del schema["nullable"]
    if "enum" in schema:
        schema["enum"] = [value for value in schema["enum"] if value is not None]


def _rewrite_operation(operation: openapi_document.Operation, nullable: set[str]) -> None:
    data: Any = operation.data
    data["operationId"] = operation.verb
    for key in DROPPED_OPERATION_KEYS:
        data.pop(key, None)
    for parameter in data.get("parameters", ()):
        _rewrite_schema(parameter.get("schema"), nullable)
    _rewrite_content(data.get("requestBody", {}), nullable)
    data["responses"] = {
        status: response for status, response in data["responses"].items() if status.startswith("2")
    }
    for response in data["responses"].values():
        _rewrite_content(response, nullable)


def _rewrite_content(item: dict[str, Any], nullable: set[str]) -> None:
    for key in ("headers", "links"):
        item.pop(key, None)
    for media_type in item.get("content", {}).values():
        for key in ("example", "examples"):
            media_type.pop(key, None)
        _rewrite_schema(media_type.get("schema"), nullable)


def _rewrite_schema(written: Any, nullable: set[str]) -> None:
    """Rewrite a schema and all that it holds, in place; ``additionalProperties: true`` is none."""
    if not isinstance(written, dict):
        return
    schema = cast("dict[str, Any]", written)
    if _move_null_to_use(schema, nullable):
        return
    for key in ("default", "title"):
        schema.pop(key, None)
    if schema.get("format") in DROPPED_FORMATS:
        del schema["format"]
    elif schema.get("format") in FORMATS:
        schema["format"] = FORMATS[schema["format"]]
    if schema.get("additionalProperties") is False:
        del schema["additionalProperties"]
    for child in _children(schema):
        _rewrite_schema(child, nullable)


def _children(schema: Mapping[str, Any]) -> Iterator[Any]:
    yield from schema.get("properties", {}).values()
    for key in ("items", "additionalProperties", "not"):
        yield schema.get(key)
    for key in ("allOf", "oneOf", "anyOf"):
        yield from schema.get(key, ())


def _move_null_to_use(schema: dict[str, Any], nullable: set[str]) -> bool:
    """Turn a mention of a nullable class into ``oneOf`` the class or null."""
    mention = schema
    if len(schema.get("allOf", ())) == 1 and "properties" not in schema:
        mention = schema["allOf"][0]
    reference = mention.get("$ref")
    if not isinstance(reference, str) or naming.component_of(reference) not in nullable:
        return False
    schema.pop("$ref", None)
    schema.pop("allOf", None)
    schema["oneOf"] = [{"$ref": reference}, {"type": "null"}]
    return True
