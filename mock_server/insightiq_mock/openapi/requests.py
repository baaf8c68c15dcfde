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
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qsl, unquote, unquote_to_bytes

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
    "MediaType",
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
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
# Between the items of a list that is one field, and between the keys and values of an object.
_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|"}
# Ranges that JSON is in: a body under them is read as JSON.
_RANGES = frozenset({"*/*", "application/*"})
_GZIP = frozenset({"gzip", "x-gzip"})

_UTF8_NAMES = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


@dataclasses.dataclass(frozen=True, slots=True)
class Parameter:
    """One compiled parameter.

    ``convert`` returns text that it cannot convert as it is, so that the schema reports what was
    expected. A list is exploded into one field per value, or else joined with ``delimiter``.

    Attributes:
        name: Its name; of a header in lower case.
        where: Its place, for messages.
        required: Whether it must be given.
        convert: Converts the text of a value, or of an item of a list.
        is_array: Whether it is a list.
        explode: Whether each item, or each key, is a field of its own.
        validator: The compiled schema.
        delimiter: Stands between the items of a list that is one field.
        properties: Converters of the keys of an object; None where it is none.
        deep: Whether the keys of an object stand in brackets: ``filter[kind]=…``.
    """

    name: str
    where: str
    required: bool
    convert: Callable[[str], Any]
    is_array: bool
    explode: bool
    validator: jsonschema_rs.Validator
    delimiter: str = ","
    properties: Mapping[str, Callable[[str], Any]] | None = None
    deep: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class MediaType:
    """A compiled media type of a request body.

    Attributes:
        form: How the body is read.
        validator: The compiled schema.
        properties: Converters of the fields of a form, and of the items of those that are lists.
        lists: The fields of a form that are lists.
    """

    form: Literal["json", "form", "multipart", "text", "bytes"]
    validator: jsonschema_rs.Validator
    properties: Mapping[str, Callable[[str], Any]] = dataclasses.field(
        default_factory=dict[str, "Callable[[str], Any]"]
    )
    lists: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True, slots=True)
class BodyContract:
    """The compiled body of one operation."""

    required: bool
    media_types: Mapping[str, MediaType]

    def read(self, raw: bytes, content_type: str | None) -> tuple[Any, list[Violation]]:
        """Return the parsed value of a body, and its violations.

        Raises:
            ApiError: 415, the content type is not documented.
        """
        if not raw and self._is_absent(content_type):
            missing = [Violation("body", "is required", missing=True)] if self.required else []
            return None, missing
        media_type, charset = self._media_type_for(content_type)
        try:
            value = _READERS[media_type.form](raw, media_type, charset, content_type or "")
        except ValueError as error:
            return None, [Violation("body", f"cannot be read: {error}")]
        return value, violations_of(media_type.validator, value, "body")

    def _is_absent(self, content_type: str | None) -> bool:
        """Whether a request without bytes has no body; text and forms may be empty."""
        if content_type is None:
            return True
        media_type = self.media_types.get(_split_content_type(content_type)[0])
        return media_type is None or media_type.form == "json"

    def _media_type_for(self, content_type: str | None) -> tuple[MediaType, str]:
        if not self.media_types:
            msg = "The document gives this operation no request body; send the request without one."
            raise unsupported_media_type(msg)
        if content_type is None:
            return next(iter(self.media_types.values())), "utf-8"
        written, charset = _split_content_type(content_type)
        media_type = self.media_types.get(written)
        if media_type is None:
            # A documented range, such as image/*, stands for each of its types.
            media_type = self.media_types.get(f"{written.partition('/')[0]}/*")
        if media_type is None:
            known = " or ".join(self.media_types)
            msg = f"The content type {content_type!r} is not understood here; send {known}."
            raise unsupported_media_type(msg)
        if charset not in _UTF8_NAMES and media_type.form != "text":
            msg = f"The charset {charset!r} is not understood; send JSON as UTF-8."
            raise unsupported_media_type(msg)
        return media_type, charset


@dataclasses.dataclass(frozen=True, slots=True)
class RequestContract:
    """Validates the requests of one operation."""

    path: tuple[Parameter, ...]
    query: tuple[Parameter, ...]
    header: tuple[Parameter, ...]
    cookie: tuple[Parameter, ...]
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
        if self.cookie:
            violations += _read(self.cookie, _cookies(context.header("cookie") or ""))[1]
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
    schemas = SchemaCompiler(document, REQUEST_FORMATS, excluded="readOnly")
    return {each.id: _contract(document, schemas, each) for each in document.operations}


def _contract(document: Document, schemas: SchemaCompiler, operation: Operation) -> RequestContract:
    by_location: dict[str, list[Parameter]] = {"path": [], "query": [], "header": [], "cookie": []}
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
        if parameter.properties is not None:
            texts = _object_texts(parameter, given)
        if texts is None:
            if parameter.required:
                violations.append(Violation(parameter.where, "is required", missing=True))
            continue
        is_list = parameter.is_array or parameter.properties is not None
        if len(texts) > 1 and not (is_list and parameter.explode):
            message = f"is given {len(texts)} times; give it once"
            violations.append(Violation(parameter.where, message))
            continue
        value = _value(parameter, texts)
        if parameter.validator.is_valid(value):
            values[parameter.name] = value
        else:
            violations += violations_of(parameter.validator, value, parameter.where)
    return values, violations


def _cookies(header: str) -> dict[str, list[str]]:
    """Split the header ``cookie`` into the texts given for each name."""
    found: dict[str, list[str]] = {}
    for pair in header.split(";"):
        name, _, text = pair.strip().partition("=")
        if name:
            found.setdefault(unquote(name), []).append(unquote(text))
    return found


def _object_texts(parameter: Parameter, given: Mapping[str, Sequence[str]]) -> Sequence[str] | None:
    """Return the keys and values of an object, one after the other; None where it is absent."""
    properties = parameter.properties or {}
    if parameter.deep:
        begin = f"{parameter.name}["
        pairs = [
            (name.removeprefix(begin)[:-1], texts[-1])
            for name, texts in given.items()
            if name.startswith(begin) and name.endswith("]")
        ]
    elif parameter.explode and not parameter.where.startswith("header"):
        pairs = [(name, given[name][-1]) for name in properties if name in given]
    else:
        texts = given.get(parameter.name)
        if texts is None:
            return None
        parts = texts[-1].split(parameter.delimiter)
        return (
            [text for part in parts for text in part.split("=", 1)] if parameter.explode else parts
        )
    return [text for pair in pairs for text in pair] or None


def _value(parameter: Parameter, texts: Sequence[str]) -> object:
    if parameter.properties is not None:
        known = parameter.properties
        pairs = zip(texts[::2], texts[1::2], strict=False)
        return {key: known.get(key, str)(text) for key, text in pairs}
    if not parameter.is_array:
        return parameter.convert(texts[0])
    if not parameter.explode:
        # An empty text is the empty list: splitting it would give a list of one empty text.
        texts = texts[0].split(parameter.delimiter) if texts[0] else []
    return [parameter.convert(text) for text in texts]


def _compile(
    document: Document, schemas: SchemaCompiler, operation: Operation, written: Mapping[str, Any]
) -> Parameter:
    location, name = written["in"], written["name"]
    label = f"{location} parameter {name!r} of {operation.id}"
    default = "form" if location in {"query", "cookie"} else "simple"
    style = written.get("style", default)
    content = next(iter(written.get("content", {}).values()), None)
    schema: Mapping[str, Any] = (written if content is None else content).get("schema", {})
    if style in {"label", "matrix"}:
        msg = (
            f"{document.source}: the {label} has the style {style}, which the mock server does not"
            " read; use the style simple."
        )
        raise DocumentError(msg)
    kind = None if content is not None else _type_of(document, schema)
    is_array = kind == "array"
    if is_array:
        kind = _type_of(document, _member(document, schema, "items"))
    name = name.lower() if location == "header" else name
    is_object = kind == "object" and not is_array
    return Parameter(
        name=name,
        where=f"{location} parameter {name}",
        required=written.get("required", False),
        convert=_json_or_text if content is not None else _CONVERTERS.get(kind or "", str),
        is_array=is_array,
        explode=written.get("explode", style == "form") and style not in _DELIMITERS,
        validator=schemas.compile(schema, f"the {label}"),
        delimiter=_DELIMITERS.get(style, ","),
        properties=_converters(document, schema) if is_object else None,
        deep=style == "deepObject",
    )


def _member(document: Document, schema: Mapping[str, Any], keyword: str) -> Mapping[str, Any]:
    """Return what ``schema`` has under a keyword, through references and ``allOf``."""
    schema = document.resolve(schema)
    for each in (schema, *map(document.resolve, schema.get("allOf", []))):
        if keyword in each:
            found: Mapping[str, Any] = each[keyword]
            return found
    return {}


def _converters(document: Document, schema: Mapping[str, Any]) -> dict[str, Callable[[str], Any]]:
    """Return the converter of each property of an object; of a list, that of its items."""
    schema = document.resolve(schema)
    found: dict[str, Callable[[str], Any]] = {}
    for part in schema.get("allOf", []):
        found |= _converters(document, part)
    for name, written in schema.get("properties", {}).items():
        kind = _type_of(document, written)
        if kind == "array":
            kind = _type_of(document, _member(document, written, "items"))
        found[name] = _json_or_text if kind == "object" else _CONVERTERS.get(kind or "", str)
    return found


def _lists(document: Document, schema: Mapping[str, Any]) -> frozenset[str]:
    """Return the properties of an object that are lists."""
    schema = document.resolve(schema)
    parts = [_lists(document, part) for part in schema.get("allOf", [])]
    own = {
        name
        for name, written in schema.get("properties", {}).items()
        if _type_of(document, written) == "array"
    }
    return frozenset(own).union(*parts)


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


def _json_or_text(text: str) -> object:
    try:
        return _parse_json(text.encode())
    except ValueError:
        return text


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
    media_types: dict[str, MediaType] = {}
    for written, media in body["content"].items():
        name, _ = _split_content_type(written)
        name = _JSON if name in _RANGES else name
        schema = media.get("schema", {})
        form = _form_of(name)
        is_form = form in {"form", "multipart"}
        found = MediaType(
            form,
            schemas.compile(schema, f"the request body of {operation.id}"),
            _converters(document, schema) if is_form else {},
            _lists(document, schema) if is_form else frozenset(),
        )
        media_types.setdefault(name, found)
    return BodyContract(required=body.get("required", False), media_types=media_types)


def _form_of(media_type: str) -> Literal["json", "form", "multipart", "text", "bytes"]:
    if media_type == _JSON or media_type.endswith("+json"):
        return "json"
    if media_type in {_FORM, _MULTIPART}:
        return "form" if media_type == _FORM else "multipart"
    return "text" if media_type.startswith("text/") else "bytes"


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


# Bodies of other media types. Bytes are validated as text: one character for each byte.


def _read_json(raw: bytes, _media: MediaType, _charset: str, _written: str) -> object:
    return _parse_json(raw)


def _read_text(raw: bytes, _media: MediaType, charset: str, _written: str) -> object:
    try:
        return raw.decode(charset)
    except LookupError:
        msg = f"the charset {charset!r} is unknown"
        raise ValueError(msg) from None
    except UnicodeDecodeError:
        msg = f"not {charset.upper()}"
        raise ValueError(msg) from None


def _read_bytes(raw: bytes, _media: MediaType, _charset: str, _written: str) -> object:
    return raw.decode("latin-1")


def _read_form(raw: bytes, media: MediaType, _charset: str, _written: str) -> object:
    try:
        pairs = parse_qsl(
            raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_QUERY_FIELDS
        )
    except UnicodeDecodeError:
        msg = "not UTF-8"
        raise ValueError(msg) from None
    return _fields(media, [(name, media.properties.get(name, str)(text)) for name, text in pairs])


def _fields(media: MediaType, pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return the fields of a form; of one that is no list, the last value."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in media.lists:
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found


_BOUNDARY = re.compile(r'boundary=(?:"([^"]+)"|([^\s;]+))', re.IGNORECASE)
_PART_NAME = re.compile(rb';\s*name="([^"]*)"', re.IGNORECASE)
_PART_FILE = re.compile(rb";\s*filename\*?=", re.IGNORECASE)


def _read_multipart(raw: bytes, media: MediaType, _charset: str, written: str) -> object:
    boundary = _BOUNDARY.search(written)
    if boundary is None:
        msg = "the content type names no boundary"
        raise ValueError(msg)
    mark = b"\r\n--" + (boundary[1] or boundary[2]).encode()
    _, *parts = (b"\r\n" + raw).split(mark)
    if not parts or not parts.pop().startswith(b"--"):
        msg = "not multipart: its boundary does not end it"
        raise ValueError(msg)
    return _fields(media, [_read_part(part, media) for part in parts])


def _read_part(part: bytes, media: MediaType) -> tuple[str, Any]:
    head, blank, content = part.partition(b"\r\n\r\n")
    name = _PART_NAME.search(head)
    if not blank or name is None:
        msg = "a part of it has no name"
        raise ValueError(msg)
    key = name[1].decode("utf-8", "replace").replace("%22", '"')
    if _PART_FILE.search(head) is not None:
        return key, content.decode("latin-1")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        msg = f"the field {key!r} is not UTF-8"
        raise ValueError(msg) from None
    return key, media.properties.get(key, str)(text)


_READERS: Mapping[str, Callable[[bytes, MediaType, str, str], object]] = {
    "json": _read_json,
    "form": _read_form,
    "multipart": _read_multipart,
    "text": _read_text,
    "bytes": _read_bytes,
}


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
