"""Request bodies: read within limits, parsed, and checked against the document."""

from __future__ import annotations

import dataclasses
import zlib
from typing import TYPE_CHECKING, Any

import orjson

from insightiq_mock.web.document import Document, DocumentError, Operation
from insightiq_mock.web.errors import (
    invalid_request,
    payload_too_large,
    unsupported_encoding,
    unsupported_media_type,
)
from insightiq_mock.web.json_values import is_array, is_object
from insightiq_mock.web.violations import Violation, violations_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import jsonschema_rs
    from starlette.types import Receive

    from insightiq_mock.web.schemas import SchemaCompiler

__all__ = [
    "LONGEST_BODY",
    "BodyContract",
    "ClientDisconnected",
    "compile_body",
    "decoded_body",
    "read_body",
]

LONGEST_BODY = 1024 * 1024
# Deeper than any body of the document, and far from where parsers and serialisers give up.
_DEEPEST_NESTING = 64

_JSON = "application/json"
# Ranges that JSON is in: a body under them is read as JSON.
_RANGES = frozenset({"*/*", "application/*"})
_GZIP = frozenset({"gzip", "x-gzip"})

_UTF8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


class ClientDisconnected(Exception):  # noqa: N818 - an event, not an error
    """The client went away before its request was complete: nobody is there to be answered."""


@dataclasses.dataclass(frozen=True, slots=True)
class BodyContract:
    """What the document says about the body of one operation.

    Attributes:
        required: Whether there must be one.
        validators: Compiled schema by media type; all of them JSON.
    """

    required: bool
    validators: Mapping[str, jsonschema_rs.Validator]

    def read(self, raw: bytes, content_type: str | None) -> tuple[Any, list[Violation]]:
        """Parse and check ``raw``, from which a content encoding is gone.

        Returns:
            The value, None without a body; and everything that is wrong with it.

        Raises:
            ApiError: 415, the content type is none of the documented ones.
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
        if charset not in _UTF8:
            msg = f"The charset {charset!r} is not understood; send JSON as UTF-8."
            raise unsupported_media_type(msg)
        return self.validators[media_type]


def compile_body(
    document: Document, schemas: SchemaCompiler, operation: Operation
) -> BodyContract | None:
    """Compile the request body of ``operation``; None where it takes none.

    Raises:
        DocumentError: None of its media types is JSON.
    """
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

    Args:
        receive: The ASGI channel.
        declared_length: The ``Content-Length`` header. A body may come without one.

    Raises:
        ApiError: 413, it is too long.
        ClientDisconnected: The client went away before.
    """
    if declared_length is not None and declared_length.isdecimal():
        _refuse_longer(int(declared_length))
    chunks: list[bytes] = []
    length = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        chunk: bytes = message.get("body", b"")
        length += len(chunk)
        _refuse_longer(length)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def decoded_body(raw: bytes, encoding: str | None) -> bytes:
    """Undo the content encoding of a request body.

    Args:
        raw: The body as it came.
        encoding: The ``Content-Encoding`` header.

    Raises:
        ApiError: 400, the body is not of that encoding; 413, it is too long; 415, the encoding is
            not understood.
    """
    named = (encoding or "").strip().lower()
    if named in {"", "identity"} or not raw:
        return raw
    if named not in _GZIP:
        raise unsupported_encoding(named)
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        # The limit is kept while inflating: a few bytes can stand for gigabytes.
        found = inflater.decompress(raw, LONGEST_BODY + 1)
    except zlib.error:
        raise invalid_request([Violation("body", "cannot be read: not gzip")]) from None
    _refuse_longer(len(found))
    if not inflater.eof:
        raise invalid_request([Violation("body", "cannot be read: its gzip is cut off")])
    if inflater.unused_data:
        raise invalid_request([Violation("body", "cannot be read: more follows its gzip")])
    return found


def _refuse_longer(length: int) -> None:
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
    # Counting brackets spares nearly every body the walk.
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
