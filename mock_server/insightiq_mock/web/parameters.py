"""Path, query and header parameters: from text to the values that the document describes."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from insightiq_mock.web.document import Document, DocumentError, Operation
from insightiq_mock.web.violations import Violation, violations_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import jsonschema_rs

    from insightiq_mock.web.schemas import SchemaCompiler

__all__ = ["Parameter", "compile_parameters", "parse_query", "read_parameters"]

_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,300})", re.ASCII)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_BOOLEANS = {"true": True, "false": False}

# A query string is at most as long as a request line; more fields than this is an attack.
_MOST_QUERY_FIELDS = 1000

# HTTP gives these headers a meaning of their own; OpenAPI says not to describe them as parameters.
_RESERVED_HEADERS = frozenset({"accept", "content-type", "authorization"})


@dataclasses.dataclass(frozen=True, slots=True)
class Parameter:
    """One compiled parameter.

    Attributes:
        name: Its name; header names in lower case.
        location: ``path``, ``query`` or ``header``.
        where: How messages name it.
        required: Whether it must be there.
        convert: Makes the JSON value of one text; text that cannot be converted comes back as it
            is, so that the schema says what was expected.
        is_array: Whether it is a list of such values.
        explode: Whether a list comes as one field per value; otherwise joined with commas.
        validator: Its compiled schema.
    """

    name: str
    location: str
    where: str
    required: bool
    convert: Callable[[str], Any]
    is_array: bool
    explode: bool
    validator: jsonschema_rs.Validator


def compile_parameters(
    document: Document, schemas: SchemaCompiler, operation: Operation
) -> tuple[Parameter, ...]:
    """Compile the parameters of ``operation``.

    Raises:
        DocumentError: One is of a kind that this server does not read.
    """
    return tuple(
        _compile(document, schemas, operation, written)
        for written in operation.parameters
        if not (written["in"] == "header" and written["name"].lower() in _RESERVED_HEADERS)
    )


def parse_query(query_string: bytes) -> dict[str, list[str]]:
    """Split a query string into the texts given for each name.

    Raises:
        ValueError: It is not UTF-8, or holds too many fields.
    """
    if not query_string:
        return {}
    # Bytes beyond ASCII should have been percent-encoded; read as UTF-8 they are understood anyway.
    text = query_string.decode("utf-8")
    fields: dict[str, list[str]] = {}
    for name, value in _split_query(text):
        fields.setdefault(name, []).append(value)
    return fields


def _split_query(text: str) -> Iterable[tuple[str, str]]:
    # Most queries have nothing to decode; those take a quarter of the time this way.
    if "%" not in text and "+" not in text and text.count("&") < _MOST_QUERY_FIELDS:
        fields = [field.partition("=") for field in text.split("&") if field]
        return [(name, value) for name, _, value in fields]
    return parse_qsl(
        text,
        keep_blank_values=True,
        encoding="utf-8",
        errors="strict",
        max_num_fields=_MOST_QUERY_FIELDS,
    )


def read_parameters(
    parameters: Sequence[Parameter], given: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Any], list[Violation]]:
    """Convert and check what was ``given`` for ``parameters`` of one location.

    Names that the document does not know are passed over: real integrations send some, and nothing
    suggests that the API minds. Source: evidence.md#operations.

    Returns:
        The values of the parameters that are there and right, and everything that is wrong.
    """
    values: dict[str, Any] = {}
    violations: list[Violation] = []
    for parameter in parameters:
        texts = given.get(parameter.name)
        if texts is None:
            if parameter.required:
                violations.append(Violation(parameter.where, "is required", missing=True))
            continue
        if len(texts) > 1 and not (parameter.is_array and parameter.explode):
            message = f"is given {len(texts)} times; give it once"
            violations.append(Violation(parameter.where, message))
            continue
        value = _value(parameter, texts)
        found = violations_of(parameter.validator, value, parameter.where)
        violations += found
        if not found:
            values[parameter.name] = value
    return values, violations


def _value(parameter: Parameter, texts: Sequence[str]) -> object:
    if not parameter.is_array:
        return parameter.convert(texts[0])
    if not parameter.explode:
        # An empty text is the empty list: splitting it would give a list of one empty text.
        texts = texts[0].split(",") if texts[0] else []
    return [parameter.convert(text) for text in texts]


def _compile(
    document: Document, schemas: SchemaCompiler, operation: Operation, written: Mapping[str, Any]
) -> Parameter:
    location, name = written["in"], written["name"]
    label = f"{location} parameter {name!r} of {operation.id}"
    style = written.get("style", "form" if location == "query" else "simple")
    kind = _type_of(document, written["schema"]) if "schema" in written else None
    # Only what is read correctly is accepted: anything else would be validated by accident.
    readable = location in ("path", "query", "header") and style in ("form", "simple")
    if not readable or "schema" not in written or kind == "object":
        msg = (
            f"{document.source}: the {label} is of a kind that the mock server does not read;"
            " use path, query or header, with a schema of scalars or of a list of scalars."
        )
        raise DocumentError(msg)
    is_array = kind == "array"
    if is_array:
        items = document.resolve(written["schema"]).get("items", {})
        kind = _type_of(document, items)
    name = name.lower() if location == "header" else name
    return Parameter(
        name=name,
        location=location,
        where=f"{location} parameter {name}",
        required=written.get("required", False),
        convert=_CONVERTERS.get(kind or "", str),
        is_array=is_array,
        explode=written.get("explode", style == "form"),
        validator=schemas.compile(written["schema"], f"the {label}"),
    )


def _type_of(document: Document, schema: Mapping[str, Any]) -> str | None:
    """Find the JSON type that ``schema`` asks for, through references and ``allOf``."""
    schema = document.resolve(schema)
    if "type" in schema:
        return str(schema["type"])
    for member in schema.get("allOf", []):
        kind = _type_of(document, member)
        if kind is not None:
            return kind
    return None


def _integer(text: str) -> int | str:
    return int(text) if _INTEGER.fullmatch(text) else text


def _number(text: str) -> float | str:
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def _boolean(text: str) -> bool | str:
    return _BOOLEANS.get(text, text)


_CONVERTERS: Mapping[str, Callable[[str], Any]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
}
