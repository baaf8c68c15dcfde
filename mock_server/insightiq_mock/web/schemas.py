"""Compiling the document's schemas.

OpenAPI 3.0 schemas are a dialect: ``nullable`` stands beside ``type``, ``exclusiveMinimum`` is a
flag, and what stands beside a ``$ref`` does not count. They are rewritten to JSON Schema 2020-12 and
compiled with every format enforced. (connexion's own validators read them as draft 4, which knows
neither uuid nor date.)
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from insightiq_mock.web.document import DocumentError
from insightiq_mock.web.formats import FORMATS
from insightiq_mock.web.json_values import is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from insightiq_mock.web.document import Document

__all__ = ["SchemaCompiler"]

_BASE = "urn:insightiq-mock:document"

_SUBSCHEMA = ("items", "not", "additionalProperties")
_SUBSCHEMA_LISTS = ("allOf", "anyOf", "oneOf")


class SchemaCompiler:
    """Compiles schemas of one document; the components are rewritten once.

    Args:
        document: The document.
        formats: Checks of string formats that JSON Schema lacks, or has stricter.
    """

    def __init__(
        self, document: Document, formats: Mapping[str, Callable[[str], bool]] = FORMATS
    ) -> None:
        self._formats = dict(formats)
        self._source = document.source
        components = document.data.get("components", {}).get("schemas", {})
        rewritten = {name: _rewrite(schema) for name, schema in components.items()}
        self._registry = jsonschema_rs.Registry(
            [(_BASE, {"components": {"schemas": rewritten}})], draft=jsonschema_rs.Draft202012
        )
        self._compile_component = functools.cache(self._compile)

    def compile(self, schema: Mapping[str, Any], label: str) -> jsonschema_rs.Validator:
        """Compile ``schema``, which may refer to the document's components.

        Args:
            schema: A schema object of the document.
            label: What it belongs to, for messages.

        Raises:
            DocumentError: It is not a schema.
        """
        try:
            if "$ref" in schema:
                return self._compile_component(schema["$ref"])
            return self._validator(_rewrite(schema))
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
            msg = f"{self._source}: the schema of {label} cannot be used: {error.message}"
            raise DocumentError(msg) from error

    def _compile(self, reference: str) -> jsonschema_rs.Validator:
        return self._validator(_rewrite({"$ref": reference}))

    def _validator(self, schema: dict[str, Any]) -> jsonschema_rs.Validator:
        return jsonschema_rs.Draft202012Validator(
            schema,
            formats=self._formats,
            validate_formats=True,
            registry=self._registry,
            offline=True,
        )


def _rewrite(schema: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return {"$ref": f"{_BASE}{schema['$ref']}"}
    result = {key: value for key, value in schema.items() if key != "nullable"}
    if schema.get("nullable") is True and "type" in schema:
        result["type"] = [schema["type"], "null"]
    _rewrite_bounds(result)
    for keyword in _SUBSCHEMA:
        if keyword in result:
            result[keyword] = _rewrite_member(result[keyword])
    for keyword in _SUBSCHEMA_LISTS:
        if keyword in result:
            result[keyword] = [_rewrite_member(member) for member in result[keyword]]
    if "properties" in result:
        result["properties"] = {
            name: _rewrite_member(member) for name, member in result["properties"].items()
        }
    return result


def _rewrite_bounds(schema: dict[str, Any]) -> None:
    """Turn ``minimum: 0, exclusiveMinimum: true`` into the one keyword JSON Schema has for it."""
    for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if schema.pop(flag, False) is True and bound in schema:
            schema[flag] = schema.pop(bound)


def _rewrite_member(member: Any) -> Any:  # noqa: ANN401 - a schema, or a flag
    return _rewrite(member) if is_object(member) else member
