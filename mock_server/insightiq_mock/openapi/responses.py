"""Responses of the document: which one belongs to a status, its examples, its validation.

The same document always gives the same examples; they contain nothing of the request.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Any

import orjson

from insightiq_mock.context import Response
from insightiq_mock.openapi.schemas import SchemaCompiler, Violation, violations_of
from insightiq_mock.openapi.tree import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import jsonschema_rs

    from insightiq_mock.openapi.document import Document, Operation

__all__ = [
    "ResponseContracts",
    "documented_response",
    "example_names",
    "example_response",
    "response_example",
    "success_response",
]

# Limits schemas that refer to themselves.
_DEEPEST_NESTING = 12

_FORMAT_EXAMPLES = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "date-time-lenient": "2026-01-31T12:00:00.000000",
    "date-time-local": "2026-01-31T12:00:00.000000",
    "email": "person@example.com",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}

# Errors of HTTP itself, before any that an operation documents.
_PROTOCOL_STATUSES = frozenset({405, 413, 415})


def documented_response(
    document: Document, operation: Operation, status: int
) -> Mapping[str, Any] | None:
    """Return what ``operation`` documents for ``status``: exactly, as a range, or by default."""
    responses = operation.data["responses"]
    for key in (str(status), f"{status // 100}XX", "default"):
        if key in responses:
            response: Mapping[str, Any] = document.resolve(responses[key])
            return response
    return None


def success_response(document: Document, operation: Operation) -> tuple[int, Mapping[str, Any]]:
    """Return status and response of the success that ``operation`` documents first.

    Raises:
        DocumentError: It documents none.
    """
    responses = operation.data["responses"]
    for key in sorted(responses):
        if key.startswith(("2", "3")):
            return int(key.replace("XX", "00")), document.resolve(responses[key])
    if "default" in responses:
        return 200, document.resolve(responses["default"])
    msg = f"{document.source}: {operation.id} documents no success; give it a 2xx response."
    raise DocumentError(msg)


def example_response(document: Document, operation: Operation) -> Response:
    """Make the documented example of the success of ``operation``.

    Raises:
        DocumentError: The operation documents no success.
    """
    status, response = success_response(document, operation)
    return response_example(document, status, response)


def example_names(response: Mapping[str, Any]) -> list[str]:
    """Return the names of the documented examples of a response body."""
    return list(_preferred_media(response)[1].get("examples", {}))


def response_example(
    document: Document, status: int, response: Mapping[str, Any], name: str | None = None
) -> Response:
    """Make the documented example of a response; of several examples the first, or that of ``name``.

    Raises:
        KeyError: There is no example of that name.
    """
    headers = tuple(_required_headers(document, response))
    media_type, media = _preferred_media(response)
    if not media_type:
        return Response(status, headers=headers)
    value = _media_example(document, media, name)
    body = orjson.dumps(value) if _is_json(media_type) else str(value).encode()
    # A range, such as image/*, is no type of a body.
    written = "application/octet-stream" if "*" in media_type else media_type
    return Response(status, body, (("content-type", written), *headers))


def _preferred_media(response: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return a media type and its description: JSON where it is offered, else the first one."""
    content: Mapping[str, Mapping[str, Any]] = response.get("content", {})
    name = next((each for each in content if _is_json(each)), next(iter(content), ""))
    return name, content.get(name, {})


def _is_json(media_type: str) -> bool:
    return "json" in media_type


def _media_example(document: Document, media: Mapping[str, Any], name: str | None) -> object:
    examples: Mapping[str, Any] = media.get("examples", {})
    if name is not None:
        return document.resolve(examples[name]).get("value")
    for written in examples.values():
        return document.resolve(written).get("value")
    if "example" in media:
        return media["example"]
    return _schema_example(document, media.get("schema", {}), 0)


def _required_headers(document: Document, response: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for name, written in response.get("headers", {}).items():
        header = document.resolve(written)
        # Each request has an id of its own: the server adds that header to every response.
        is_shown = header.get("required", False) or name.lower() == "location"
        if is_shown and name.lower() != "request-id":
            value = header.get("example", _schema_example(document, header.get("schema", {}), 0))
            yield name.lower(), str(value)


def _schema_example(document: Document, written: Mapping[str, Any], depth: int) -> Any:
    schema: Mapping[str, Any] = document.resolve(written)
    for keyword in ("example", "default"):
        if keyword in schema:
            return schema[keyword]
    if "enum" in schema:
        return schema["enum"][0]
    if depth > _DEEPEST_NESTING:
        return None
    if "allOf" in schema:
        return _combined(document, schema, depth)
    for keyword in ("oneOf", "anyOf"):
        if keyword in schema:
            return _schema_example(document, schema[keyword][0], depth + 1)
    return _typed_example(document, schema, depth)


def _combined(document: Document, schema: Mapping[str, Any], depth: int) -> object:
    parts = [_schema_example(document, member, depth + 1) for member in schema["allOf"]]
    if not all(isinstance(part, dict) for part in parts):
        return parts[0]
    own = _properties(document, schema, depth)
    return {name: value for part in (*parts, own) for name, value in part.items()}


def _typed_example(document: Document, schema: Mapping[str, Any], depth: int) -> object:
    kind = schema.get("type", "object")
    if kind == "object":
        return _properties(document, schema, depth)
    if kind == "array":
        return [_schema_example(document, schema.get("items", {}), depth + 1)]
    if kind == "string":
        text = _FORMAT_EXAMPLES.get(schema.get("format", ""), "text")
        return text.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength")]
    if kind == "boolean":
        return True
    return _number_example(schema)


def _number_example(schema: Mapping[str, Any]) -> int | float:
    step = 1 if schema.get("exclusiveMinimum") else 0
    smallest: int | float = schema.get("minimum", min(0, schema.get("maximum", 0))) + step
    return smallest


def _properties(document: Document, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
    return {
        name: _schema_example(document, member, depth + 1)
        for name, member in schema.get("properties", {}).items()
        if document.resolve(member).get("writeOnly") is not True
    }


@dataclasses.dataclass(frozen=True, slots=True)
class _ResponseContract:
    """The compiled response of one status; without bodies there must be none."""

    required_headers: frozenset[str]
    headers: Mapping[str, jsonschema_rs.Validator]
    bodies: Mapping[str, jsonschema_rs.Validator]

    def violations(self, response: Response) -> Iterator[Violation]:
        """Yield everything in ``response`` that the document does not allow."""
        headers = dict(response.headers)
        for name in sorted(self.required_headers - headers.keys()):
            yield Violation(f"header {name}", "is required", missing=True)
        for name, validator in self.headers.items():
            if name in headers:
                yield from violations_of(validator, _header_value(headers[name]), f"header {name}")
        yield from self._body_violations(response.body, headers.get("content-type"))

    def _body_violations(self, body: bytes, content_type: str | None) -> Iterator[Violation]:
        if not self.bodies:
            if body or content_type is not None:
                yield Violation("body", "there must be none, and no content type")
        elif content_type is None or content_type not in self.bodies:
            known = " or ".join(self.bodies)
            yield Violation("header content-type", f"is {content_type}; documented is {known}")
        else:
            try:
                value = orjson.loads(body) if _is_json(content_type) else body.decode("latin-1")
            except orjson.JSONDecodeError as error:
                yield Violation("body", f"is not JSON: {error}")
            else:
                yield from violations_of(self.bodies[content_type], value, "body")


class ResponseContracts:
    """Validates responses of every operation; each contract is compiled when it is first needed."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._operations = {operation.id: operation for operation in document.operations}
        self._schemas = SchemaCompiler(document)
        self._contract = functools.cache(self._compile)

    def violations(self, operation_id: str, response: Response) -> list[Violation]:
        """Return everything in ``response`` that the document does not allow."""
        contract = self._contract(operation_id, response.status)
        if contract is not None:
            return list(contract.violations(response))
        if response.status in _PROTOCOL_STATUSES:
            return []
        return [Violation("status", "is not documented")]

    def _compile(self, operation_id: str, status: int) -> _ResponseContract | None:
        operation = self._operations[operation_id]
        documented = documented_response(self._document, operation, status)
        if documented is None:
            return None
        label = f"the {status} response of {operation_id}"
        headers: dict[str, Mapping[str, Any]] = {
            name.lower(): self._document.resolve(written)
            for name, written in documented.get("headers", {}).items()
        }
        return _ResponseContract(
            required_headers=frozenset(
                name for name, header in headers.items() if header.get("required", False)
            ),
            headers={
                name: self._schemas.compile(header.get("schema", {}), f"header {name} of {label}")
                for name, header in headers.items()
            },
            bodies={
                media_type: self._schemas.compile(media.get("schema", {}), label)
                for media_type, media in documented.get("content", {}).items()
            },
        )


def _header_value(text: str) -> object:
    """Header values are text; a number is validated as a number."""
    return int(text) if text.isdecimal() else text
