"""Operations without a handler respond from the document."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

from insightiq_mock.context import ApiError, RequestContext, Response
from insightiq_mock.openapi import Document, DocumentError, document_from
from insightiq_mock.openapi.responses import example_response

Server = Callable[..., httpx.Response]

ID = "33333333-3333-4333-8333-333333333333"


def test_operation_without_handler_shows_first_example(server: Server) -> None:
    response = server("GET", f"/v1/things/{ID}")
    assert response.status_code == 200
    assert response.headers["mock-source"] == "example"
    assert response.json()["id"] == "11111111-1111-4111-8111-111111111111"
    assert server("GET", f"/v1/things/{ID}").content == response.content


def test_list_of_example_has_end(make_server: Callable[..., Server], document: Document) -> None:
    data = copy.deepcopy(dict(document.data))
    things = data["paths"]["/v1/things"]["get"]
    things["x-pagination"] = {"offset": "offset", "limit": "limit", "items": "data"}
    server = make_server(served=document_from(data))
    rows = server("GET", "/v1/things").json()["data"]
    assert rows
    pages = [server("GET", f"/v1/things?limit=1&offset={place}") for place in range(len(rows) + 1)]
    assert [row for page in pages for row in page.json()["data"]] == rows
    assert {page.headers["mock-source"] for page in pages} == {"example"}


def test_handler_takes_place_of_example(make_server: Callable[..., Server]) -> None:
    server = make_server({"things.list": lambda _call: Response(200, b'{"data": []}')})
    assert server("GET", "/v1/things").headers["mock-source"] == "state"


def test_new_operation_gets_response_without_line_of_code(
    make_server: Callable[..., Server], document: Document
) -> None:
    data = copy.deepcopy(dict(document.data))
    data["paths"]["/v1/things/{id}/archive"] = {
        "post": {
            "operationId": "things.archive",
            "parameters": copy.deepcopy(data["paths"]["/v1/things/{id}/disconnect"]["post"])[
                "parameters"
            ],
            "responses": copy.deepcopy(data["paths"]["/v1/things"]["post"]["responses"]),
        }
    }
    server = make_server(served=document_from(data))
    response = server("POST", f"/v1/things/{ID}/archive")
    assert response.status_code == 201
    assert response.json()["name"] == "First"
    assert server("POST", "/v1/things/7/archive").status_code == 400
    assert server("POST", f"/v1/things/{ID}/archive", auth=None).status_code == 401


def test_example_response_is_validated_like_any_other(
    make_server: Callable[..., Server], document: Document
) -> None:
    data = copy.deepcopy(dict(document.data))
    data["components"]["examples"]["FirstThing"]["value"]["id"] = "seven"
    response = make_server(served=document_from(data))("GET", f"/v1/things/{ID}")
    assert response.status_code == 500
    assert 'body /id: "seven" is not a "uuid"' in response.json()["error"]["message"]


def _document(response: dict[str, Any], status: str = "200") -> Document:
    return document_from(
        {
            "openapi": "3.0.3",
            "info": {"title": "T", "version": "1"},
            "paths": {
                "/a": {
                    "get": {
                        "operationId": "a.get",
                        "responses": {status: {"description": "Fine.", **response}},
                    }
                }
            },
            "components": {
                "schemas": {
                    "Node": {
                        "type": "object",
                        "properties": {"next": {"$ref": "#/components/schemas/Node"}},
                    }
                }
            },
        },
        "api.yaml",
    )


def _json(media: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": media}}


def _body(document: Document) -> object:
    return httpx.Response(
        200, content=example_response(document, document.operations[0]).body
    ).json()


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "format": "uuid"}, "00000000-0000-4000-8000-000000000000"),
        ({"type": "string", "format": "date-time-local"}, "2026-01-31T12:00:00.000000"),
        ({"type": "string", "minLength": 6, "maxLength": 8}, "textxx"),
        ({"type": "string", "maxLength": 2}, "te"),
        ({"type": "string", "enum": ["B", "A"]}, "B"),
        ({"type": "integer"}, 0),
        ({"type": "integer", "minimum": 3}, 3),
        ({"type": "integer", "minimum": 3, "exclusiveMinimum": True}, 4),
        ({"type": "integer", "maximum": -2}, -2),
        ({"type": "number", "default": 1.5}, 1.5),
        ({"type": "boolean"}, True),
        ({"type": "array", "items": {"type": "integer", "example": 7}}, [7]),
        ({"type": "object", "properties": {"a": {"type": "integer", "example": 7}}}, {"a": 7}),
        ({"oneOf": [{"type": "integer", "example": 1}, {"type": "string"}]}, 1),
        (
            {
                "allOf": [
                    {"type": "object", "properties": {"a": {"type": "boolean"}}},
                    {"type": "object", "properties": {"b": {"type": "integer"}}},
                ]
            },
            {"a": True, "b": 0},
        ),
        ({"allOf": [{"type": "integer", "minimum": 2}], "description": "A size."}, 2),
        ({"type": "string", "example": "given"}, "given"),
        ({}, {}),
    ],
)
def test_without_example_one_is_built_from_schema(schema: dict[str, Any], value: object) -> None:
    assert _body(_document(_json({"schema": schema}))) == value


def test_schema_that_contains_itself_comes_to_end() -> None:
    schema = {"$ref": "#/components/schemas/Node"}
    assert _body(_document(_json({"schema": schema}))) is not None


def test_single_example_is_used() -> None:
    assert _body(_document(_json({"example": [1], "schema": {"type": "string"}}))) == [1]


def test_required_header_is_part_of_response() -> None:
    headers = {
        "X-Size": {"required": True, "schema": {"type": "integer", "example": 3}},
        "X-Other": {"schema": {"type": "string"}},
        "Request-Id": {"required": True, "schema": {"type": "string"}},
    }
    document = _document({"headers": headers})
    assert example_response(document, document.operations[0]).headers == (("x-size", "3"),)


@pytest.mark.parametrize(("status", "expected"), [("204", 204), ("2XX", 200), ("default", 200)])
def test_status_is_that_of_success(status: str, expected: int) -> None:
    document = _document({}, status)
    assert example_response(document, document.operations[0]).status == expected


def test_operation_without_success_is_rejected(make_server: Callable[..., Server]) -> None:
    with pytest.raises(DocumentError) as caught:
        make_server(served=_document({}, "404"))
    assert str(caught.value) == ("api.yaml: a.get documents no success; give it a 2xx response.")


ID_VALIDATION = "11111111-1111-4111-8111-111111111111"


def responding_with(status: int, value: Any) -> Callable[[RequestContext], Response]:
    """Make a handler that always gives the same response."""
    return lambda _call: Response(status, None if value is None else orjson.dumps(value))


@pytest.mark.parametrize(
    ("status", "value", "fault"),
    [
        (200, {"data": [{"id": "7"}]}, 'body /data/0/id: "7" is not a "uuid".'),
        (200, {"data": [{"id": "1" * 32}]}, f'body /data/0/id: "{"1" * 32}" is not a "uuid".'),
        (
            200,
            {"data": [{"id": ID_VALIDATION, "size": 2}]},
            "body /data/0/size: 2 is less than the minimum",
        ),
        (200, {}, 'body: "data" is a required property.'),
        (200, {"data": [{"id": ID_VALIDATION, "note": 5}]}, "body /data/0/note: "),
        (
            200,
            {"data": [{"id": ID_VALIDATION, "made_at": "2026-04-26T09:31:07Z"}]},
            "body /data/0/made_at: ",
        ),
        (200, None, "header content-type: is None; documented is application/json."),
        (202, {"data": []}, "status: is not documented."),
        (204, None, "status: is not documented."),
    ],
)
def test_wrong_response_is_500_naming_operation_status_and_place(
    make_server: Callable[..., Server], status: int, value: Any, fault: str
) -> None:
    response = make_server({"things.list": responding_with(status, value)})("GET", "/v1/things")
    assert response.status_code == 500
    message = response.json()["error"]["message"]
    assert message.startswith(f"The {status} response of things.list breaks the document: {fault}")


def test_text_that_is_not_json_is_found(make_server: Callable[..., Server]) -> None:
    server = make_server({"things.list": lambda _call: Response(200, b'{"data": [,]}')})
    assert "body: is not JSON" in server("GET", "/v1/things").json()["error"]["message"]


def test_body_where_there_must_be_none_is_found(make_server: Callable[..., Server]) -> None:
    response = make_server({"things.delete": responding_with(204, {})})(
        "DELETE", f"/v1/things/{ID_VALIDATION}"
    )
    assert "body: there must be none" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (ApiError(404, "RECORD_NOT_FOUND", "x", "No."), "status: is not documented."),
        (ApiError(429, "TOO_MANY_REQUESTS", "x", "No."), "header retry-after: is required."),
        (
            ApiError(429, "TOO_MANY_REQUESTS", "x", "No.", {"Retry-After": "0"}),
            "header retry-after: 0 is less than the minimum of 1.",
        ),
    ],
)
def test_error_is_checked_too(
    make_server: Callable[..., Server], error: ApiError, fault: str
) -> None:

    def reject(_call: RequestContext) -> Response:
        raise error

    response = make_server({"things.list": reject})("GET", "/v1/things")
    assert response.status_code == 500
    assert response.json()["error"]["message"].endswith(f"breaks the document: {fault}")


def test_right_responses_pass(make_server: Callable[..., Server]) -> None:
    thing: dict[str, Any] = {
        "id": ID_VALIDATION,
        "note": None,
        "size": 3,
        "more": {},
        "made_at": "2026-04-26T09:31:07.482915",
    }
    server = make_server({"things.list": responding_with(200, {"data": [thing]})})
    assert server("GET", "/v1/things").json() == {"data": [thing]}
    assert server("HEAD", "/v1/things").status_code == 200
    assert server("GET", "/v1/things?limit=0").status_code == 400
    assert server("GET", "/v1/things", auth=None).status_code == 401


def test_without_validation_response_goes_out(make_server: Callable[..., Server]) -> None:
    server = make_server({"things.list": responding_with(202, [])}, validate_responses=False)
    assert server("GET", "/v1/things").status_code == 202
