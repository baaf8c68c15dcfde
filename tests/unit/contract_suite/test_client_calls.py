"""Bodies of every shape that the document may describe become calls of a good client."""

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
from document_views import list_shapes, resolved

Json = Any

BASE = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "since": {"type": "string", "format": "date"}},
}
PARTS = {"type": "array", "items": {"type": "object"}}
EXTENDED = {
    "allOf": [
        {"$ref": "#/components/schemas/Base"},
        {
            "type": "object",
            "required": ["size"],
            "properties": {"size": {"type": "integer"}, "parts": PARTS},
        },
    ]
}
EXAMPLE = {"name": "a", "size": 2}


def document_with(body: Json, row: Json | None = None) -> Json:
    """Return a small document: an operation with a body, and a list."""
    content = {"schema": body, "examples": {"default": {"value": EXAMPLE}}}
    paging = {"offset": "offset", "limit": "limit", "items": "data", "default": 10, "maximum": 100}
    page = {"properties": {"data": {"type": "array", "items": row or BASE}}}
    return {
        "paths": {
            "/v1/items": {
                "post": {
                    "operationId": "items.create",
                    "requestBody": {"content": {"application/json": content}},
                    "responses": {"201": {"description": "Made."}},
                },
                "get": {
                    "operationId": "items.list",
                    "x-pagination": paging,
                    "responses": {
                        "200": {"content": {"application/json": {"schema": page}}},
                    },
                },
            }
        },
        "components": {"schemas": {"Base": BASE}},
    }


def operation_of(document: Json, name: str) -> Any:
    """An operation of a document."""
    return next(each for each in openapi_document.operations(document) if each.id == name)


def client_taking(method: Any) -> Any:
    """Return a client with this method alone."""
    return types.SimpleNamespace(items=types.SimpleNamespace(create=method))


def create(*, name: str, size: int | None = None, since: Any = None, parts: Any = None) -> None:
    """The method of a good client for the extended body."""


@pytest.mark.parametrize(
    "body",
    [
        EXTENDED,
        {"allOf": [{"$ref": "#/components/schemas/Base"}], "properties": {"size": {}}},
        {
            "allOf": [
                {"allOf": [{"$ref": "#/components/schemas/Base"}]},
                {"properties": {"size": {}}},
            ]
        },
    ],
    ids=["two members", "a member and properties", "nested"],
)
def test_composed_bodies_keep_all_properties(body: Json) -> None:
    """Arguments come from each member of an ``allOf``, for examples as for drawn cases."""
    document = document_with(body)
    operation = operation_of(document, "items.create")
    client = client_taking(create)
    assert example_call(document, operation, client).by_name == EXAMPLE
    case: Any = types.SimpleNamespace(path_parameters={}, query={}, body={**EXAMPLE, "other": 1})
    call = call_of(document, operation, case, client)
    assert call.by_name == EXAMPLE
    assert case.body == EXAMPLE


def test_inner_objects_without_a_model_stay_as_they_are() -> None:
    """Only components have a class of their own."""
    document = document_with(EXTENDED)
    case: Any = types.SimpleNamespace(
        path_parameters={}, query={}, body={**EXAMPLE, "parts": [{"a": 1}]}
    )
    call = call_of(document, operation_of(document, "items.create"), case, client_taking(create))
    assert call.by_name["parts"] == [{"a": 1}]


@pytest.mark.parametrize("row", [{"type": "string"}, {"type": "object"}, EXTENDED])
def test_rows_of_any_shape_are_described(row: Json) -> None:
    """A list of texts or of free-form objects has no id, and nothing fails."""
    document = document_with(BASE, row)
    [shape] = list_shapes(document, list(openapi_document.operations(document)))
    assert (shape.has_id, shape.moment, shape.order) == (False, None, None)


def test_required_keys_of_all_members_count() -> None:
    """Where only the last member's counted, bodies would lack what the first requires."""
    merged = resolved(document_with(EXTENDED), EXTENDED)
    assert merged["required"] == ["name", "size"]
    assert list(merged["properties"]) == ["name", "since", "size", "parts"]


SERVER: Any = types.SimpleNamespace(client_id="id", client_secret="secret")


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
    """A signature that wants a datetime would break on the text that the document shows."""
    assert typed_value({}, {"type": "string", "format": format_}, text) == expected


def differences_of(wanted: str, sent: str) -> list[str]:
    """Return the differences between two spellings of one query."""
    headers = {"Authorization": "Basic " + base64.b64encode(b"id:secret").decode()}
    url = f"https://api.test/v1/items?since={sent}"
    recording = Recording()
    recording.add(httpx.Request("GET", url, headers=headers), httpx.Response(200), b"", 0.1)
    exchange = recording.exchanges[0]
    intended = Intended("GET", ("", "v1", "items"), (("since", wanted),), None)
    return list(differences(intended, exchange, SERVER))


def test_spelling_of_instant_is_free() -> None:
    """Fractions and zones of the same instant differ between the tools that write them."""
    assert differences_of("2026-04-26T12:00:00+02:00", "2026-04-26T10:00:00.000000Z") == []


@pytest.mark.parametrize("sent", ["2026-04-26T10:00:00.000000", "2026-04-26T11:00:00Z", "later"])
def test_lost_zone_or_instant_is_reported(sent: str) -> None:
    """A zone that the document asks for must be sent, and the instant must be the same."""
    (difference,) = differences_of("2026-04-26T10:00:00Z", sent)
    assert "since" in difference
