"""Answers made of the document alone, for operations that have no handler yet.

The same document always gives the same answers, and nothing of the request comes back in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from insightiq_mock.context import Response, json_response
from insightiq_mock.web.responses import success_response

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from insightiq_mock.web.document import Document, Operation

__all__ = ["example_answer", "example_names", "response_example"]

# Makes schemas that refer to themselves come to an end.
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


def example_answer(document: Document, operation: Operation) -> Response:
    """Make the answer that the document shows for the success of ``operation``.

    Raises:
        DocumentError: The operation documents no success.
    """
    status, response = success_response(document, operation)
    return response_example(document, status, response)


def example_names(response: Mapping[str, Any]) -> list[str]:
    """Return the names of the examples that the document has for the body of a response."""
    media = _json_media(response)
    return list((media or {}).get("examples", {}))


def response_example(
    document: Document, status: int, response: Mapping[str, Any], name: str | None = None
) -> Response:
    """Make the answer that the document shows for a response; of several examples the first.

    Args:
        document: Where it stands.
        status: The status to answer with.
        response: The response object.
        name: Which example, if not the first.

    Raises:
        KeyError: There is no example of that name.
    """
    headers = tuple(_required_headers(document, response))
    media = _json_media(response)
    if media is None:
        return Response(status, headers=headers)
    return json_response(status, orjson.dumps(_media_example(document, media, name)), *headers)


def _json_media(response: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for media_type, media in response.get("content", {}).items():
        if "json" in media_type:
            found: Mapping[str, Any] = media
            return found
    return None


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
        # Each request has an id of its own: the server adds that header to every answer.
        if header.get("required", False) and name.lower() != "request-id":
            value = header.get("example", _schema_example(document, header.get("schema", {}), 0))
            yield name.lower(), str(value)


def _schema_example(document: Document, written: Mapping[str, Any], depth: int) -> Any:  # noqa: ANN401 - any JSON value
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
    }
