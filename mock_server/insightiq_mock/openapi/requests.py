"""Request validation: parameters and bodies, from text to the values that the document describes.

connexion's ``validator_map`` is the seam for body validators, but its validators read schemas as
draft 4, report the first error only, and take most of the time of a request. These are compiled at
load, with jsonschema-rs, and report everything.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import zlib
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote_to_bytes

import orjson
from starlette.datastructures import Headers

from insightiq_mock.context import ClientDisconnected
from insightiq_mock.errors import (
    invalid_request,
    payload_too_large,
    unsupported_encoding,
    unsupported_media_type,
)
from insightiq_mock.openapi.schemas import (
    REQUEST_FORMATS,
    SchemaCompiler,
    Violation,
    violations_of,
)
from insightiq_mock.openapi.tree import DocumentError, is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import jsonschema_rs
    from starlette.types import Receive, Scope

    from insightiq_mock.context import RequestContext
    from insightiq_mock.openapi.document import Document, Operation

__all__ = [
    "LONGEST_BODY",
    "BodyContract",
    "Parameter",
    "RequestContract",
    "parse_query",
    "read_body",
    "request_contracts",
]

_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,300})", re.ASCII)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_BOOLEANS = {"true": True, "false": False}

# More fields than a client needs; splitting them takes time.
_MOST_QUERY_FIELDS = 1000

# OpenAPI does not allow these headers as parameters.
_RESERVED_HEADERS = frozenset({"accept", "content-type", "authorization"})

LONGEST_BODY = 1024 * 1024
# Deeper than any body of the document, and far from where parsers and serialisers give up.
_DEEPEST_NESTING = 64

_JSON = "application/json"
# Ranges that JSON is in: a body under them is read as JSON.
_RANGES = frozenset({"*/*", "application/*"})
_GZIP = frozenset({"gzip", "x-gzip"})

_UTF8_NAMES = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


@dataclasses.dataclass(frozen=True, slots=True)
class Parameter:
    """One compiled parameter.

    ``convert`` returns text that it cannot convert as it is, so that the schema reports what was
    expected. A list is exploded into one field per value, or else joined with commas.
    """

    name: str
    where: str
    required: bool
    convert: Callable[[str], Any]
    is_array: bool
    explode: bool
    validator: jsonschema_rs.Validator


@dataclasses.dataclass(frozen=True, slots=True)
class BodyContract:
    """The compiled body of one operation: a validator per media type, all of them JSON."""

    required: bool
    validators: Mapping[str, jsonschema_rs.Validator]

    def read(self, raw: bytes, content_type: str | None) -> tuple[Any, list[Violation]]:
        """Return the parsed value of a body, and its violations.

        Raises:
            ApiError: 415, the content type is not documented.
        """
        if not raw:
            missing = [Violation("body", "is required", missing=True)] if self.required else []
            return None, missing
        validator = self._validator_for(content_type)
        try:
            value = _parse_json(raw)
        except ValueError as error:
            return None, [Violation("body", f"cannot be read: {error}")]
        return value, violations_of(validator, value, "body")

    def _validator_for(self, content_type: str | None) -> jsonschema_rs.Validator:
        if not self.validators:
            msg = "The document gives this operation no request body; send the request without one."
            raise unsupported_media_type(msg)
        if content_type is None:
            return next(iter(self.validators.values()))
        media_type, charset = _split_content_type(content_type)
        if media_type not in self.validators:
            known = " or ".join(self.validators)
            msg = f"The content type {content_type!r} is not understood here; send {known}."
            raise unsupported_media_type(msg)
        if charset not in _UTF8_NAMES:
            msg = f"The charset {charset!r} is not understood; send JSON as UTF-8."
            raise unsupported_media_type(msg)
        return self.validators[media_type]


@dataclasses.dataclass(frozen=True, slots=True)
class RequestContract:
    """Validates the requests of one operation."""

    path: tuple[Parameter, ...]
    query: tuple[Parameter, ...]
    header: tuple[Parameter, ...]
    body: BodyContract | None

    async def check(self, scope: Scope, receive: Receive, context: RequestContext) -> None:
        """Validate a request and leave its typed values in ``context``.

        Raises:
            ApiError: 400 with everything that is wrong, 413 or 415.
        """
        violations: list[Violation] = []
        if context.path:
            violations += self._check_path(context)
        if scope["query_string"] or self.query:
            violations += self._check_query(scope["query_string"], context)
        if self.header:
            headers = Headers(scope=scope)
            given = {p.name: headers.getlist(p.name) for p in self.header if p.name in headers}
            violations += _read(self.header, given)[1]
        if self.body is not None:
            sent = await read_body(receive, context.header("content-length"))
            context.raw_body = _decoded_body(sent, context.header("content-encoding"))
            content_type = context.header("content-type")
            context.body, found = self.body.read(context.raw_body, content_type)
            violations += found
        if violations:
            raise invalid_request(violations)

    def _check_path(self, context: RequestContext) -> list[Violation]:
        decoded, undecodable = _decode_path(context.path)
        # A path parameter is always there: one that is missing here could not be decoded.
        present = [parameter for parameter in self.path if parameter.name in decoded]
        _, violations = _read(present, {name: [text] for name, text in decoded.items()})
        # Handlers get them as text: an id is looked up, not calculated with.
        context.path = decoded
        return [*undecodable, *violations]

    def _check_query(self, query_string: bytes, context: RequestContext) -> list[Violation]:
        try:
            given = parse_query(query_string)
        except UnicodeDecodeError:
            return [Violation("query string", "is not UTF-8")]
        except ValueError:
            return [Violation("query string", "has too many fields")]
        context.query, violations = _read(self.query, given)
        return violations


# Contracts hold no state: every app that serves a document shares them.
@functools.lru_cache(maxsize=8)
def request_contracts(document: Document) -> Mapping[str, RequestContract]:
    """Compile the requests of every operation, by operation id.

    Raises:
        DocumentError: A schema or a parameter cannot be used.
    """
    schemas = SchemaCompiler(document, REQUEST_FORMATS)
    return {each.id: _contract(document, schemas, each) for each in document.operations}


def _contract(document: Document, schemas: SchemaCompiler, operation: Operation) -> RequestContract:
    by_location: dict[str, list[Parameter]] = {"path": [], "query": [], "header": []}
    for written in operation.parameters:
        if written["in"] != "header" or written["name"].lower() not in _RESERVED_HEADERS:
            parameter = _compile(document, schemas, operation, written)
            by_location[written["in"]].append(parameter)
    body = _compile_body(document, schemas, operation)
    return RequestContract(**{where: (*each,) for where, each in by_location.items()}, body=body)


def _decode_path(encoded: Mapping[str, str]) -> tuple[dict[str, str], list[Violation]]:
    decoded: dict[str, str] = {}
    violations: list[Violation] = []
    for name, text in encoded.items():
        if "%" not in text:
            decoded[name] = text
            continue
        try:
            decoded[name] = unquote_to_bytes(text).decode("utf-8")
        except UnicodeDecodeError:
            violations.append(Violation(f"path parameter {name}", "is not UTF-8"))
    return decoded, violations


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
    # Most queries have nothing to decode; splitting those takes a quarter of the time.
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


def _read(
    parameters: Sequence[Parameter], given: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Any], list[Violation]]:
    """Return the values of the ``parameters`` of one location, and the violations.

    Unknown names are ignored: real integrations send some (evidence.md#operations).
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
        if parameter.validator.is_valid(value):
            values[parameter.name] = value
        else:
            violations += violations_of(parameter.validator, value, parameter.where)
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
            f"{document.source}: the {label} is of a kind that the mock server does not support;"
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


def _compile_body(
    document: Document, schemas: SchemaCompiler, operation: Operation
) -> BodyContract | None:
    """Compile the request body of ``operation``; None where it has none."""
    if "requestBody" not in operation.data:
        return None
    body = document.resolve(operation.data["requestBody"])
    validators: dict[str, jsonschema_rs.Validator] = {}
    for written, media in body["content"].items():
        media_type, _ = _split_content_type(written)
        if media_type in _RANGES:
            media_type = _JSON
        if media_type == _JSON or media_type.endswith("+json"):
            schema = media.get("schema", {})
            label = f"the request body of {operation.id}"
            validators.setdefault(media_type, schemas.compile(schema, label))
    if body["content"] and not validators:
        msg = (
            f"{document.source}: the request body of {operation.id} is"
            f" {' or '.join(body['content'])}; the mock server reads JSON bodies only."
        )
        raise DocumentError(msg)
    return BodyContract(required=body.get("required", False), validators=validators)


async def read_body(receive: Receive, declared_length: str | None) -> bytes:
    """Read a whole request body.

    Raises:
        ApiError: 413, it is too long.
        ClientDisconnected: The client went away before.
    """
    if declared_length is not None and declared_length.isdecimal():
        _check_length(int(declared_length))
    chunks: list[bytes] = []
    length = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        chunk: bytes = message.get("body", b"")
        length += len(chunk)
        _check_length(length)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def _decoded_body(raw: bytes, encoding: str | None) -> bytes:
    """Undo the content encoding of a request body.

    Raises:
        ApiError: 400, the body is not of that encoding; 413, it is too long; 415, the encoding is
            not supported.
    """
    named = (encoding or "").strip().lower()
    if named in {"", "identity"} or not raw:
        return raw
    if named not in _GZIP:
        raise unsupported_encoding(named)
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        # Inflate no more than the limit: a few bytes can stand for gigabytes.
        found = inflater.decompress(raw, LONGEST_BODY + 1)
    except zlib.error:
        raise invalid_request([Violation("body", "cannot be read: not gzip")]) from None
    _check_length(len(found))
    if not inflater.eof:
        raise invalid_request([Violation("body", "cannot be read: its gzip is cut off")])
    if inflater.unused_data:
        raise invalid_request([Violation("body", "cannot be read: more follows its gzip")])
    return found


def _check_length(length: int) -> None:
    if length > LONGEST_BODY:
        raise payload_too_large(LONGEST_BODY)


def _split_content_type(content_type: str) -> tuple[str, str]:
    media_type, *parameters = content_type.lower().split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset":
            return media_type.strip(), value.strip().strip('"')
    return media_type.strip(), "utf-8"


def _parse_json(raw: bytes) -> object:
    try:
        value: object = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise ValueError(_json_fault(raw, error)) from None
    # Few bodies have that many brackets at all.
    if raw.count(b"[") + raw.count(b"{") > _DEEPEST_NESTING and _is_too_deep(value):
        msg = f"nested deeper than {_DEEPEST_NESTING} levels"
        raise ValueError(msg)
    return value


def _json_fault(raw: bytes, error: orjson.JSONDecodeError) -> str:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "not UTF-8"
    return f"not JSON, {error.msg} at line {error.lineno}, column {error.colno}"


def _is_too_deep(value: object) -> bool:
    level: list[object] = [value]
    for _ in range(_DEEPEST_NESTING):
        level = [member for container in level for member in _members(container)]
        if not level:
            return False
    return any(is_object(member) or is_array(member) for member in level)


def _members(value: object) -> Iterable[object]:
    if is_object(value):
        return value.values()
    return value if is_array(value) else ()
