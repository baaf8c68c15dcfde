"""Validating JSON against the schemas of an OpenAPI 3.0.3 document.

OpenAPI 3.0.3 schemas are a dialect: ``nullable`` stands beside ``type``, ``exclusiveMinimum`` is a
flag, and what stands beside a ``$ref`` does not count. They are rewritten to JSON Schema 2020-12
and compiled with every format enforced, the document's own two timestamp formats included.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any, cast

import jsonschema_rs

__all__ = ["FORMATS", "DocumentSchemas", "validator_for"]

_BASE = "urn:openapi-document"

_DATE = r"\d{4}-\d{2}-\d{2}"
_TIME = r"\d{2}:\d{2}:\d{2}"
_LOCAL = re.compile(rf"{_DATE}T{_TIME}(\.\d{{1,6}})?", re.ASCII)
_LENIENT = re.compile(rf"{_DATE}([T ]{_TIME}\.\d{{3,6}}|T{_TIME}\.\d{{3,6}}Z)", re.ASCII)


def _is_real_instant(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_local_timestamp(text: str) -> bool:
    """A calendar date and time without zone: ``2026-04-26T09:31:07.482915``."""
    return _LOCAL.fullmatch(text) is not None and _is_real_instant(text)


def _is_lenient_timestamp(text: str) -> bool:
    """One of the three spellings of webhook notifications: ``T``, blank, or ``T`` with ``Z``."""
    return _LENIENT.fullmatch(text) is not None and _is_real_instant(text)


FORMATS: Mapping[str, Callable[[str], bool]] = {
    "date-time-local": _is_local_timestamp,
    "date-time-lenient": _is_lenient_timestamp,
}


class DocumentSchemas:
    """The schemas of one document, ready to be compiled.

    Build it once and ask it often: the components are rewritten only once.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        components = document.get("components", {}).get("schemas", {})
        rewritten = {name: _rewrite_member(schema) for name, schema in components.items()}
        self._registry = jsonschema_rs.Registry(
            [(_BASE, {"components": {"schemas": rewritten}})], draft=jsonschema_rs.Draft202012
        )

    def validator(self, schema: Mapping[str, Any]) -> jsonschema_rs.Draft202012Validator:
        """Compile ``schema``, which may refer to the document's components.

        Returns:
            A validator with ``is_valid(instance)`` and ``iter_errors(instance)``; each error has
            ``message``, ``instance_path`` and ``schema_path``.

        Raises:
            jsonschema_rs.ReferencingError: A ``$ref`` leads nowhere.
            jsonschema_rs.ValidationError: It is not a schema.
        """
        return jsonschema_rs.Draft202012Validator(
            _rewrite(schema),
            formats=dict(FORMATS),
            validate_formats=True,
            registry=self._registry,
            offline=True,
        )


def validator_for(
    document: Mapping[str, Any], schema: Mapping[str, Any]
) -> jsonschema_rs.Draft202012Validator:
    """Compile one ``schema`` of ``document``; for many, keep a `DocumentSchemas`.

    Example:
        >>> document = {"components": {"schemas": {"Name": {"type": "string", "nullable": True}}}}
        >>> validator_for(document, {"$ref": "#/components/schemas/Name"}).is_valid(None)
        True
    """
    return DocumentSchemas(document).validator(schema)


def _rewrite(schema: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        reference: str = schema["$ref"]
        return {"$ref": _BASE + reference if reference.startswith("#") else reference}
    result = {key: value for key, value in schema.items() if key != "nullable"}
    if schema.get("nullable") is True and "type" in schema:
        result["type"] = [schema["type"], "null"]
    _rewrite_bounds(result)
    for keyword in result.keys() & {"items", "not", "additionalProperties"}:
        result[keyword] = _rewrite_member(result[keyword])
    for keyword in result.keys() & {"allOf", "anyOf", "oneOf"}:
        result[keyword] = [_rewrite_member(member) for member in result[keyword]]
    if "properties" in result:
        _rewrite_required(result)
        result["properties"] = {
            name: _rewrite_member(member) for name, member in result["properties"].items()
        }
    return result


def _rewrite_required(schema: dict[str, Any]) -> None:
    """Require a ``readOnly`` or ``writeOnly`` property no longer: it is for one direction only."""
    one_way = {
        name
        for name, each in schema["properties"].items()
        if each.get("readOnly") is True or each.get("writeOnly") is True
    }
    if one_way & set(schema.get("required", ())):
        schema["required"] = [name for name in schema["required"] if name not in one_way]


def _rewrite_bounds(schema: dict[str, Any]) -> None:
    """Make ``minimum: 0, exclusiveMinimum: true`` the one keyword that JSON Schema has for it."""
    for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if schema.pop(flag, False) is True and bound in schema:
            schema[flag] = schema.pop(bound)


def _rewrite_member(member: Any) -> Any:
    return _rewrite(cast("Mapping[str, Any]", member)) if isinstance(member, Mapping) else member
