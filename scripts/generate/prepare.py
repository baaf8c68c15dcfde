"""The document in the form that code is generated from, with one place for each thing.

* Parameters, request bodies and successes stand in their operation, without references; those of a
  path are merged into its operations.
* An object or an enum that is described in place is a component, named after its place.
* A component with ``readOnly`` or ``writeOnly`` properties is two: one for responses, and one for
  requests whose name ends with ``Input``.

openapi-python-client gets a `skeleton` of it: names of classes and operations. It lays out the
package and runs the templates; the templates' context is made from the prepared document.
"""

from __future__ import annotations

import copy
import itertools
from typing import TYPE_CHECKING, Any, cast

import openapi_document

from generate import naming

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["is_enum", "is_model", "is_union", "prepared", "skeleton"]

# Its module is a file, whose name has 255 bytes at most; underscores come on top.
LONGEST_NAME = 80
_CHOICES = ("oneOf", "anyOf")
_REFERENCE = "#/components/schemas/"


def is_union(schema: Mapping[str, Any]) -> bool:
    """Whether ``schema`` is a choice between components by the value of one key."""
    return "discriminator" in schema and not {*_CHOICES}.isdisjoint(schema)


def is_enum(schema: Mapping[str, Any]) -> bool:
    """Whether ``schema`` becomes an enum class: it lists texts, or whole numbers."""
    values = [value for value in schema.get("enum", ()) if value is not None]
    kind = {"string": str, "integer": int}.get(schema.get("type", "string"))
    return bool(values) and all(type(value) is kind for value in values)


def is_model(document: Mapping[str, Any], schema: Mapping[str, Any]) -> bool:
    """Whether a component of ``schema`` becomes a model class."""
    if not {*_CHOICES, "enum", "$ref"}.isdisjoint(schema):
        return False
    if "properties" in schema:
        return True
    parts = schema.get("allOf", ())
    if parts:
        # One reference alone is another name of what it refers to.
        is_alias = len(parts) == 1 and "$ref" in parts[0]
        found = [openapi_document.resolve(document, part) for part in parts]
        return not is_alias and any(is_model(document, part) for part in found)
    is_map = isinstance(schema.get("additionalProperties"), dict)
    return schema.get("type") == "object" and not is_map


def prepared(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a deep copy of ``document`` with one place for each thing.

    Raises:
        openapi_document.DocumentError: A reference leads nowhere.
    """
    for pointer, what in openapi_document.misdirected(document):
        msg = f"{pointer}: {what}"
        raise openapi_document.DocumentError(msg)
    result = copy.deepcopy(dict(document))
    schemas: dict[str, Any] = result.setdefault("components", {}).setdefault("schemas", {})
    for operation in openapi_document.operations(result):
        _resolve_parts(result, operation)
    for item in result.get("paths", {}).values():
        item.pop("parameters", None)
    hoist = _Hoist(result, schemas)
    for name in list(schemas):
        hoist.children(schemas[name], name)
    for operation in openapi_document.operations(result):
        hoist.operation(operation)
    _split_directions(result, schemas)
    return result


def _resolve_parts(document: Mapping[str, Any], operation: openapi_document.Operation) -> None:
    """Replace the references of an operation to parameters, bodies and responses."""
    data: Any = operation.data
    item = document["paths"][operation.path]
    parameters = {
        (found["in"], found["name"]): copy.deepcopy(found)
        for written in (*item.get("parameters", ()), *data.get("parameters", ()))
        for found in [openapi_document.resolve(document, written)]
    }
    data["parameters"] = list(parameters.values())
    if "requestBody" in data:
        data["requestBody"] = copy.deepcopy(openapi_document.resolve(document, data["requestBody"]))
    data["responses"] = {
        status: copy.deepcopy(openapi_document.resolve(document, response))
        for status, response in data["responses"].items()
    }


class _Hoist:
    """Makes components of the objects and enums that are described in place."""

    def __init__(self, document: Mapping[str, Any], schemas: dict[str, Any]) -> None:
        self._document = document
        self._schemas = schemas
        self._taken: set[str] = {naming.class_name(name) for name in schemas}
        self._taken |= naming.names_taken_by_classes()

    def operation(self, operation: openapi_document.Operation) -> None:
        """Name the schemas of an operation after it."""
        resource = naming.class_name(operation.resource)
        name = f"{resource}{naming.class_name(operation.verb)}"
        data: Any = operation.data
        for parameter in data["parameters"]:
            for holder in (parameter, *parameter.get("content", {}).values()):
                self._at(holder, "schema", f"{name}{naming.class_name(parameter['name'])}")
        for media_type in data.get("requestBody", {}).get("content", {}).values():
            self._at(media_type, "schema", f"{name}Request")
        for status, response in data["responses"].items():
            if str(status).startswith(("2", "3")):
                for media_type in response.get("content", {}).values():
                    self._at(media_type, "schema", f"{name}Response")

    def children(self, schema: Any, name: str) -> None:
        """Name the schemas that ``schema`` holds after it."""
        if not isinstance(schema, dict):
            return
        node = cast("dict[str, Any]", schema)
        for key in list(node.get("properties", {})):
            self._at(node["properties"], key, f"{name}{naming.class_name(key)}")
        self._at(node, "items", f"{name}Item")
        self._at(node, "additionalProperties", f"{name}Value")
        for keyword in _CHOICES:
            for index in range(len(node.get(keyword, ()))):
                self._at(node[keyword], index, f"{name}Option{index + 1}")
        for part in node.get("allOf", ()):
            self.children(part, name)

    def _at(self, holder: Any, key: Any, name: str) -> None:
        """Hoist the schema at ``key``, and first those that it holds."""
        if isinstance(key, str) and key not in holder:
            return
        schema = holder[key]
        if not isinstance(schema, dict) or "$ref" in schema:
            return
        node = cast("dict[str, Any]", schema)
        self.children(node, name)
        # Without properties it stays what it is: a dict.
        is_object = is_model(self._document, node) and bool({"properties", "allOf"} & node.keys())
        if is_object or is_enum(node):
            free = self._free(name)
            self._schemas[free] = node
            holder[key] = {"$ref": f"{_REFERENCE}{free}"}

    def _free(self, name: str) -> str:
        name = name[:LONGEST_NAME]
        numbered = (f"{name}{number}" for number in itertools.count(2))
        free = next(
            each
            for each in itertools.chain([name], numbered)
            if naming.class_name(each) not in self._taken and each not in self._schemas
        )
        self._taken |= {naming.class_name(free), f"{naming.class_name(free)}Text"}
        return free


# Directions


def _split_directions(document: Mapping[str, Any], schemas: dict[str, Any]) -> None:
    """Take ``readOnly`` properties out of requests, and ``writeOnly`` ones out of responses."""
    flagged = {name for name, schema in schemas.items() if _has_flag(document, schema)}
    if not flagged:
        return
    bodies = [
        body
        for operation in openapi_document.operations(document)
        if (body := operation.data.get("requestBody"))
    ]
    sent = _reachable(schemas, bodies)
    operations = [each.data for each in openapi_document.operations(document)]
    received = _reachable(
        schemas,
        [part for each in operations for part in (each["responses"], each.get("callbacks"))],
    )
    affected = {
        name
        for name in sent
        if not flagged.isdisjoint(_reachable(schemas, [schemas[name]]) | {name})
    }
    names = {
        name: _input_name(name, schemas) if name in received else name for name in sorted(affected)
    }
    for name, new in names.items():
        schemas[new] = copy.deepcopy(schemas[name])
    for new in names.values():
        _strip(document, schemas[new], "readOnly")
        _redirect(schemas[new], names)
    for body in bodies:
        _redirect(body, names)
    for name in received & flagged:
        _strip(document, schemas[name], "writeOnly")


def _input_name(name: str, schemas: Mapping[str, Any]) -> str:
    taken = {naming.class_name(each) for each in schemas}
    numbered = (f"{name}Input{number}" for number in itertools.count(2))
    names = itertools.chain([f"{name}Input"], numbered)
    return next(each for each in names if naming.class_name(each) not in taken)


def _has_flag(document: Mapping[str, Any], schema: Mapping[str, Any]) -> bool:
    return any(
        _is_flagged(document, each, flag)
        for part in (schema, *schema.get("allOf", ()))
        for each in part.get("properties", {}).values()
        for flag in ("readOnly", "writeOnly")
    )


def _is_flagged(document: Mapping[str, Any], schema: Mapping[str, Any], flag: str) -> bool:
    return any(each.get(flag) is True for each in openapi_document.unwrap(document, schema))


def _strip(document: Mapping[str, Any], schema: dict[str, Any], flag: str) -> None:
    for part in (schema, *schema.get("allOf", ())):
        properties = part.get("properties", {})
        for key in [key for key, each in properties.items() if _is_flagged(document, each, flag)]:
            del properties[key]
            if key in part.get("required", ()):
                part["required"] = [each for each in part["required"] if each != key]
            if not part.get("required", ["-"]):
                del part["required"]


def _reachable(schemas: Mapping[str, Any], nodes: Iterable[Any]) -> set[str]:
    """Return the names of the components that ``nodes`` refer to, directly or not."""
    found: set[str] = set()
    waiting = [name for node in nodes for name in _referred(node)]
    while waiting:
        name = waiting.pop()
        if name not in found and name in schemas:
            found.add(name)
            waiting += _referred(schemas[name])
    return found


def _referred(node: Any) -> Iterator[str]:
    for holder, key in _references(node):
        name = naming.component_of(holder[key])
        if name is not None:
            yield name


def _redirect(node: Any, names: Mapping[str, str]) -> None:
    for holder, key in list(_references(node)):
        name = naming.component_of(holder[key])
        if name is not None and name in names:
            holder[key] = f"{_REFERENCE}{names[name]}"


def _references(node: Any) -> Iterator[tuple[Any, Any]]:
    """Yield holder and key of each reference in ``node``, those of discriminators included."""
    if isinstance(node, list):
        for each in cast("Sequence[Any]", node):
            yield from _references(each)
    if not isinstance(node, dict):
        return
    found = cast("dict[str, Any]", node)
    if isinstance(found.get("$ref"), str):
        yield found, "$ref"
        return
    discriminator = found.get("discriminator")
    if isinstance(discriminator, dict):
        mapping: dict[str, Any] = cast("dict[str, Any]", discriminator).get("mapping", {})
        yield from ((mapping, key) for key in mapping)
    for key, each in found.items():
        if key not in {"example", "examples", "default", "enum", "discriminator"}:
            yield from _references(each)


# openapi-python-client


def skeleton(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the names of a prepared document as openapi-python-client reads them."""
    schemas: dict[str, Any] = {}
    for name, schema in document["components"]["schemas"].items():
        if is_enum(schema):
            schemas[name] = {"type": "string", "enum": ["VALUE"]}
        elif is_model(document, schema):
            schemas[name] = {"type": "object"}
    paths = {
        f"/{number}": {
            "get": {
                "operationId": operation.verb,
                "tags": [operation.resource],
                "responses": {"200": {"description": ""}},
            }
        }
        for number, operation in enumerate(openapi_document.operations(document))
    }
    return {
        "openapi": document["openapi"],
        "info": {"title": "API", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }
