"""Checks that responses agree with themselves, their requests and one another."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator
from typing import Any, Final

import openapi_document
from document_views import Document, Routes, is_array, resolved, responses

from contract_suite.recording import Exchange

__all__ = ["Consistency", "unknown_keys"]

_FIRST_ERROR: Final = 400
_CODES: Final = ("type", "code", "error_code", "message")
_ERROR_KEYS: Final = (*_CODES, "status_code", "http_status_code", "request_id")
# Short texts stand in responses by chance.
_LONG: Final = 16


class Consistency:
    """Checks of all responses of a run; with ``is_mock`` of their keys, too."""

    def __init__(self, document: Document, *, is_mock: bool) -> None:
        self._is_mock = is_mock
        self._document = document
        self._routes = Routes(document)
        self._request_ids: set[str] = set()

    def problems(self, exchange: Exchange) -> Iterator[str]:
        """Yield what is wrong with a response."""
        if exchange.status is None or exchange.problem is not None or "/_mock/" in exchange.url:
            return
        headers = {name.lower(): value for name, value in exchange.response_headers}
        place = f"{exchange.method} {exchange.url} ({exchange.status})"
        for problem in (
            *self._of_request_id(headers.get("request-id")),
            *_of_credentials(exchange),
            *(_of_error(exchange, headers) if exchange.status >= _FIRST_ERROR else ()),
            *(self._of_keys(exchange) if self._is_mock else ()),
        ):
            yield f"{place}: {problem}"

    def _of_request_id(self, value: str | None) -> Iterator[str]:
        try:
            uuid.UUID(value or "")
        except ValueError:
            yield f"the request-id {value!r} is no UUID"
            return
        assert value is not None
        if value in self._request_ids:
            yield f"the request-id {value} belongs to another response"
        self._request_ids.add(value)

    def _of_keys(self, exchange: Exchange) -> Iterator[str]:
        """Yield keys that the document lacks: a client that reads them misses them on the API."""
        operation = self._routes.operation(exchange.method, exchange.url)
        if operation is None or not exchange.response_body:
            return
        schema = responses(self._document, operation).get(exchange.status or 0)
        if schema is not None:
            for path in unknown_keys(self._document, schema, json.loads(exchange.response_body)):
                yield f"the document does not know the key {path}"


def unknown_keys(document: Document, node: Any, body: Any, path: str = "") -> Iterator[str]:
    """Yield the place of each key that the document does not know."""
    schema = resolved(document, node)
    if is_array(body):
        for item in body:
            yield from unknown_keys(document, schema.get("items", {}), item, f"{path}/*")
    elif openapi_document.is_object(body) and "properties" in schema:
        for key, value in body.items():
            if key in schema["properties"]:
                yield from unknown_keys(document, schema["properties"][key], value, f"{path}/{key}")
            else:
                yield f"{path}/{key}"


def _of_error(exchange: Exchange, headers: dict[str, str]) -> Iterator[str]:
    """Yield how an error differs from its status and headers (evidence.md#error-envelope)."""
    try:
        error: Any = json.loads(exchange.response_body)["error"]
    except (ValueError, LookupError, TypeError):
        yield "the body has no error"
        return
    missing = [key for key in _ERROR_KEYS if error.get(key) in {None, ""}]
    if missing:
        yield f"the error lacks {missing}"
        return
    for key, other, wanted in (
        ("status_code", "http_status_code", exchange.status),
        ("code", "error_code", error["code"]),
        ("request_id", "request_id", headers.get("request-id")),
    ):
        if not error[key] == error[other] == wanted:
            yield f"the error has {key} {error[key]!r} and {other} {error[other]!r}, not {wanted!r}"


def _of_credentials(exchange: Exchange) -> Iterator[str]:
    """Yield credentials of the request that the response repeats, encoded or not."""
    headers = {name.lower(): value for name, value in exchange.request_headers}
    encoded = headers.get("authorization", "").partition(" ")[2]
    try:
        secret = base64.b64decode(encoded).decode().partition(":")[2]
    except ValueError:
        secret = ""
    text = exchange.response_body.decode("utf-8", "replace") + repr(exchange.response_headers)
    if any(len(hidden) >= _LONG and hidden in text for hidden in (encoded, secret)):
        yield "the response repeats the credentials"
