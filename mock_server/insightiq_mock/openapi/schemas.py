"""Compiled schemas, and the violations that they find.

OpenAPI 3.0 schemas are a dialect: ``nullable`` stands beside ``type``, ``exclusiveMinimum`` is a
flag, and keywords beside a ``$ref`` do not count. They are rewritten to JSON Schema 2020-12 and
compiled with every format enforced. connexion's own validators read them as draft 4, which knows
neither uuid nor date.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import re
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from insightiq_mock.openapi.tree import DocumentError, is_object, join_pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from insightiq_mock.openapi.document import Document

__all__ = ["FORMATS", "REQUEST_FORMATS", "SchemaCompiler", "Violation", "violations_of"]

_BASE = "urn:insightiq-mock:document"
_SUBSCHEMA = ("items", "not", "additionalProperties")
_SUBSCHEMA_LISTS = ("allOf", "anyOf", "oneOf")

# A message quotes the offending value, but not a whole body.
_LONGEST_MESSAGE = 200

_DATE = r"\d{4}-\d{2}-\d{2}"
_TIME = r"\d{2}:\d{2}:\d{2}"
_UUID = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}", re.ASCII | re.IGNORECASE
)
_LOCAL = re.compile(rf"{_DATE}T{_TIME}(?:\.\d{{1,6}})?", re.ASCII)
# Webhook notifications came in three spellings: T, a blank, and T with Z (evidence.md#values).
_LENIENT = re.compile(rf"{_DATE}(?:[T ]{_TIME}\.\d{{3,6}}|T{_TIME}\.\d{{3,6}}Z)", re.ASCII)


def _is_calendar_time(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_local_date_time(text: str) -> bool:
    """Return whether ``text`` is a real date and time without zone."""
    return _LOCAL.fullmatch(text) is not None and _is_calendar_time(text)


def is_lenient_date_time(text: str) -> bool:
    """Return whether ``text`` is a real date and time in a spelling of webhook notifications."""
    return _LENIENT.fullmatch(text) is not None and _is_calendar_time(text)


def is_uuid(text: str) -> bool:
    """Return whether ``text`` is a UUID, with its four hyphens or without any, in either case."""
    return _UUID.fullmatch(text) is not None


# The document's own string formats; all others are those of JSON Schema. Requests may be written
# more freely than responses: the vendor's examples print ids without hyphens.
FORMATS: dict[str, Callable[[str], bool]] = {
    "date-time-local": is_local_date_time,
    "date-time-lenient": is_lenient_date_time,
}
REQUEST_FORMATS = {**FORMATS, "uuid": is_uuid}


class SchemaCompiler:
    """Compiles schemas of one document; the components are rewritten once.

    Args:
        document: The document.
        formats: Checks of string formats that JSON Schema lacks, or has stricter.
        excluded: The flag of properties that must be absent: ``readOnly`` in requests,
            ``writeOnly`` in responses.
    """

    def __init__(
        self,
        document: Document,
        formats: Mapping[str, Callable[[str], bool]] = FORMATS,
        *,
        excluded: str = "writeOnly",
    ) -> None:
        self._formats = dict(formats)
        self._rewrite = functools.partial(_rewrite, excluded=_Excluded(document, excluded))
        self._source = document.source
        components = document.data.get("components", {}).get("schemas", {})
        rewritten = {name: self._rewrite(schema) for name, schema in components.items()}
        self._registry = jsonschema_rs.Registry(
            [(_BASE, {"components": {"schemas": rewritten}})], draft=jsonschema_rs.Draft202012
        )
        self._compile_component = functools.cache(self._compile)

    def compile(self, schema: Mapping[str, Any], label: str) -> jsonschema_rs.Validator:
        """Compile ``schema``, which may refer to the document's components.

        Args:
            schema: A schema object of the document.
            label: Its owner, for messages.

        Raises:
            DocumentError: It is not a schema.
        """
        try:
            if "$ref" in schema:
                return self._compile_component(schema["$ref"])
            return self._validator(self._rewrite(schema))
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
            msg = f"{self._source}: the schema of {label} cannot be used: {error.message}"
            raise DocumentError(msg) from error

    def _compile(self, reference: str) -> jsonschema_rs.Validator:
        return self._validator(self._rewrite({"$ref": reference}))

    def _validator(self, schema: dict[str, Any]) -> jsonschema_rs.Validator:
        return jsonschema_rs.Draft202012Validator(
            schema,
            formats=self._formats,
            validate_formats=True,
            registry=self._registry,
            offline=True,
        )


@dataclasses.dataclass(frozen=True, slots=True)
class _Excluded:
    """Recognises the properties that must be absent in one direction."""

    document: Document
    flag: str

    def __call__(self, schema: Any) -> bool:
        found: object = self.document.resolve(schema)
        return is_object(found) and found.get(self.flag) is True


def _rewrite(schema: Mapping[str, Any], excluded: Callable[[Any], bool]) -> dict[str, Any]:
    if "$ref" in schema:
        return {"$ref": f"{_BASE}{schema['$ref']}"}
    result = {key: value for key, value in schema.items() if key != "nullable"}
    if schema.get("nullable") is True and "type" in schema:
        result["type"] = [schema["type"], "null"]
    # `minimum: 0, exclusiveMinimum: true` is one keyword in JSON Schema.
    for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if result.pop(flag, False) is True and bound in result:
            result[flag] = result.pop(bound)
    for keyword in _SUBSCHEMA:
        if keyword in result:
            result[keyword] = _rewrite_member(result[keyword], excluded)
    for keyword in _SUBSCHEMA_LISTS:
        if keyword in result:
            result[keyword] = [_rewrite_member(member, excluded) for member in result[keyword]]
    if "properties" in result:
        _rewrite_properties(result, excluded)
    return result


def _rewrite_properties(schema: dict[str, Any], excluded: Callable[[Any], bool]) -> None:
    properties: Mapping[str, Any] = schema["properties"]
    absent = {name for name, member in properties.items() if excluded(member)}
    schema["properties"] = {
        name: name not in absent and _rewrite_member(member, excluded)
        for name, member in properties.items()
    }
    if absent & set(schema.get("required", [])):
        schema["required"] = [name for name in schema["required"] if name not in absent]


def _rewrite_member(member: Any, excluded: Callable[[Any], bool]) -> Any:
    return _rewrite(member, excluded) if is_object(member) else member


@dataclasses.dataclass(frozen=True, slots=True)
class Violation:
    """One violation of the document.

    Attributes:
        where: The place, for example ``query parameter limit`` or ``body /ids/3``.
        message: The problem there.
        missing: Whether a required value is absent.
    """

    where: str
    message: str
    missing: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def violations_of(validator: jsonschema_rs.Validator, value: object, where: str) -> list[Violation]:
    """Return everything that ``validator`` finds in ``value``, which stands at ``where``."""
    # Most values are valid, and `is_valid` costs a fraction of listing all errors.
    if validator.is_valid(value):
        return []
    return [_violation(found, where) for found in validator.iter_errors(value)]


def _violation(found: jsonschema_rs.ValidationError, where: str) -> Violation:
    error = _most_specific(found)
    pointer = join_pointer("", *error.instance_path)
    message = error.message
    if error.kind.name == "falseSchema":
        message = "must be absent here: the document has it for the other direction only"
    if len(message) > _LONGEST_MESSAGE:
        half = _LONGEST_MESSAGE // 2
        message = f"{message[:half]} … {message[-half:]}"
    return Violation(
        where=f"{where} {pointer}" if pointer else where,
        message=message,
        missing=error.kind.name == "required",
    )


def _most_specific(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """Look into ``oneOf`` and ``anyOf``: the alternative that got furthest was probably meant."""
    while error.kind.name in ("oneOf", "anyOf"):
        alternatives: list[list[jsonschema_rs.ValidationError]] = getattr(error.kind, "context", [])
        nested = [alternative[0] for alternative in alternatives if alternative]
        deepest = max(nested, key=lambda inner: len(inner.instance_path), default=None)
        if deepest is None or len(deepest.instance_path) <= len(error.instance_path):
            return error
        error = deepest
    return error
