"""Bodies of every shape that the document may describe become calls of a client."""

from __future__ import annotations

import base64
import datetime as dt
import types
from typing import Any

import httpx
import openapi_document
import pytest
from contract_suite.client_calls import Intended, call_of, differences, example_call, typed_value
from contract_suite.recording import Recording

BASE = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "since": {"type": "string", "format": "date"}},
}
REFERENCE = {"$ref": "#/components/schemas/Base"}
PARTS = {"type": "array", "items": {"type": "object"}}
SIZED = {"required": ["size"], "properties": {"size": {"type": "integer"}, "parts": PARTS}}
EXAMPLE = {"name": "a", "size": 2}


def operation_with(body: Any) -> tuple[Any, Any]:
    """Return a small document and its operation with a body."""
    content = {"schema": body, "examples": {"default": {"value": EXAMPLE}}}
    post = {
        "operationId": "items.create",
        "requestBody": {"content": {"application/json": content}},
        "responses": {"201": {"description": "Made."}},
    }
    document = {"paths": {"/v1/items": {"post": post}}, "components": {"schemas": {"Base": BASE}}}
    (operation,) = openapi_document.operations(document)
    return document, operation


def create(*, name: str, size: int | None = None, since: Any = None, parts: Any = None) -> None:
    """Stand for the client's method."""


CLIENT: Any = types.SimpleNamespace(items=types.SimpleNamespace(create=create))


@pytest.mark.parametrize(
    "body",
    [
        {"allOf": [REFERENCE, SIZED]},
        {"allOf": [REFERENCE], "properties": SIZED["properties"]},
        {"allOf": [{"allOf": [REFERENCE]}, SIZED]},
    ],
    ids=["two members", "a member and properties", "nested"],
)
def test_composed_bodies_keep_all_properties(body: Any) -> None:
    """Arguments come from each member; inner objects without a component stay as they are."""
    document, operation = operation_with(body)
    assert example_call(document, operation, CLIENT).by_name == EXAMPLE
    sent = {**EXAMPLE, "parts": [{"a": 1}]}
    nothing: dict[str, Any] = {"path_parameters": {}, "query": {}, "headers": {}, "cookies": {}}
    case: Any = types.SimpleNamespace(**nothing, body={**sent, "other": 1})
    assert call_of(document, operation, case, CLIENT).by_name == sent
    assert case.body == sent


@pytest.mark.parametrize(
    ("format_", "text", "expected"),
    [
        ("date", "2026-04-26", dt.date(2026, 4, 26)),
        ("date-time", "2026-04-26T12:00:00+02:00", dt.datetime(2026, 4, 26, 10, tzinfo=dt.UTC)),
        ("date-time-local", "2026-04-26T10:00:00", dt.datetime(2026, 4, 26, 10, tzinfo=dt.UTC)),
        ("uuid", "x", "x"),
    ],
)
def test_text_becomes_argument(format_: str, text: str, expected: object) -> None:
    assert typed_value({}, {"type": "string", "format": format_}, text) == expected


def differences_of(intended: str, sent: str) -> list[str]:
    """Return the differences between two spellings of one query."""
    server: Any = types.SimpleNamespace(client_id="id", client_secret="secret")
    headers = {"Authorization": "Basic " + base64.b64encode(b"id:secret").decode()}
    url = f"https://api.test/v1/items?since={sent}"
    recording = Recording()
    recording.add(httpx.Request("GET", url, headers=headers), httpx.Response(200), b"", 0.1)
    wanted = Intended("GET", ("", "v1", "items"), (("since", intended),), "", None)
    return list(differences(wanted, recording.exchanges[0], server))


def test_spelling_of_instant_is_free() -> None:
    assert differences_of("2026-04-26T12:00:00+02:00", "2026-04-26T10:00:00.000000Z") == []


@pytest.mark.parametrize("sent", ["2026-04-26T10:00:00.000000", "2026-04-26T11:00:00Z", "later"])
def test_lost_zone_or_instant_is_reported(sent: str) -> None:
    (difference,) = differences_of("2026-04-26T10:00:00Z", sent)
    assert "since" in difference
