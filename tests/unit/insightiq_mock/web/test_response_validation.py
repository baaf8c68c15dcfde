"""With response validation on, an answer that breaks the document becomes a 500 that says how."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

from insightiq_mock.context import ApiError, RequestContext, Response

Server = Callable[..., httpx.Response]

ID = "11111111-1111-4111-8111-111111111111"


def answering(status: int, value: Any) -> Callable[[RequestContext], Response]:
    """Make a handler that always gives the same answer."""
    return lambda _call: Response(status, None if value is None else orjson.dumps(value))


@pytest.mark.parametrize(
    ("status", "value", "fault"),
    [
        (200, {"data": [{"id": "7"}]}, 'body /data/0/id: "7" is not a "uuid".'),
        (200, {"data": [{"id": "1" * 32}]}, f'body /data/0/id: "{"1" * 32}" is not a "uuid".'),
        (200, {"data": [{"id": ID, "size": 2}]}, "body /data/0/size: 2 is less than the minimum"),
        (200, {}, 'body: "data" is a required property.'),
        (200, {"data": [{"id": ID, "note": 5}]}, "body /data/0/note: "),
        (
            200,
            {"data": [{"id": ID, "made_at": "2026-04-26T09:31:07Z"}]},
            "body /data/0/made_at: ",
        ),
        (200, None, "header content-type: is None; documented is application/json."),
        (202, {"data": []}, "status: is not documented."),
        (204, None, "status: is not documented."),
    ],
)
def test_a_wrong_answer_is_a_500_naming_operation_status_and_place(
    make_server: Callable[..., Server], status: int, value: Any, fault: str
) -> None:
    """The message is enough to find the fixture that is wrong."""
    response = make_server({"things.list": answering(status, value)})("GET", "/v1/things")
    assert response.status_code == 500
    message = response.json()["error"]["message"]
    assert message.startswith(f"The {status} response of things.list breaks the document: {fault}")


def test_text_that_is_not_json_is_found(make_server: Callable[..., Server]) -> None:
    """A broken concatenation of fragments does not leave the server."""
    server = make_server({"things.list": lambda _call: Response(200, b'{"data": [,]}')})
    assert "body: is not JSON" in server("GET", "/v1/things").json()["error"]["message"]


def test_a_body_where_there_must_be_none_is_found(make_server: Callable[..., Server]) -> None:
    """A 204 with text breaks HTTP itself."""
    response = make_server({"things.delete": answering(204, {})})("DELETE", f"/v1/things/{ID}")
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
def test_a_refusal_is_checked_too(
    make_server: Callable[..., Server], error: ApiError, fault: str
) -> None:
    """A status that the operation does not document, or a missing header, is a wrong answer."""

    def refuse(_call: RequestContext) -> Response:
        raise error

    response = make_server({"things.list": refuse})("GET", "/v1/things")
    assert response.status_code == 500
    assert response.json()["error"]["message"].endswith(f"breaks the document: {fault}")


def test_right_answers_pass(make_server: Callable[..., Server]) -> None:
    """Unknown keys are allowed where the document leaves an object open; null where it says so."""
    thing: dict[str, Any] = {
        "id": ID,
        "note": None,
        "size": 3,
        "more": {},
        "made_at": "2026-04-26T09:31:07.482915",
    }
    server = make_server({"things.list": answering(200, {"data": [thing]})})
    assert server("GET", "/v1/things").json() == {"data": [thing]}
    assert server("HEAD", "/v1/things").status_code == 200
    assert server("GET", "/v1/things?limit=0").status_code == 400
    assert server("GET", "/v1/things", auth=None).status_code == 401


def test_without_validation_the_answer_goes_out(make_server: Callable[..., Server]) -> None:
    """Checking costs time on large answers, so it is a choice."""
    server = make_server({"things.list": answering(202, [])}, validate_responses=False)
    assert server("GET", "/v1/things").status_code == 202
