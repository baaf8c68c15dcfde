"""Every failure has the vendor's shape, and every response an id."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

from insightiq_mock.app import MockApp
from insightiq_mock.context import ApiError, RequestContext, Response, request_ids
from insightiq_mock.openapi import Document
from insightiq_mock.openapi.stack import OneDeveloper

Server = Callable[..., httpx.Response]

ID = "11111111-1111-4111-8111-111111111111"
KEYS = [
    "type",
    "code",
    "error_code",
    "message",
    "status_code",
    "http_status_code",
    "request_id",
]


def broken(call: RequestContext) -> Response:
    """Fail as a handler with a fault in it does."""
    msg = f"a secret detail of {call.operation_id}"
    raise RuntimeError(msg)


def rejecting(_call: RequestContext) -> Response:
    """Reject as a handler does."""
    raise ApiError(
        429, "TOO_MANY_REQUESTS", "rate_limit_exceeded", "Too many.", {"Retry-After": "1"}
    )


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (
            ("GET", "/v1/things?limit=0", {}),
            (400, "INVALID_REQUEST_PARAMETERS", "invalid_parameters"),
        ),
        (("POST", "/v1/things", {}), (400, "INVALID_REQUEST_PARAMETERS", "missing_fields")),
        (("GET", "/v1/things", {"auth": None}), (401, "UNAUTHORIZED", "invalid_credentials")),
        (("GET", "/v1/things", {"auth": ("x", "y")}), (401, "UNAUTHORIZED", "invalid_credentials")),
        (("GET", "/v1/nothing", {}), (404, "RECORD_NOT_FOUND", "unknown_path")),
        (("GET", "/_mock/nothing", {}), (404, "RECORD_NOT_FOUND", "unknown_path")),
        (("PUT", "/v1/things", {}), (405, "METHOD_NOT_ALLOWED", "method_not_allowed")),
        (("PUT", "/_mock/health", {}), (405, "METHOD_NOT_ALLOWED", "method_not_allowed")),
        (
            ("POST", "/v1/things", {"content": b"x" * 2_000_000}),
            (413, "PAYLOAD_TOO_LARGE", "payload_too_large"),
        ),
        (
            ("POST", "/v1/things", {"content": b"x", "headers": {"Content-Type": "text/plain"}}),
            (415, "UNSUPPORTED_MEDIA_TYPE", "unsupported_media_type"),
        ),
    ],
)
def test_every_error_of_server_is_envelope(
    server: Server,
    request_: tuple[str, str, dict[str, Any]],
    expected: tuple[int, str, str],
) -> None:
    method, path, options = request_
    response = server(method, path, **options)
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert list(body) == ["error"]
    error = body["error"]
    assert list(error) == KEYS
    assert (response.status_code, error["type"], error["code"]) == expected
    assert error["error_code"] == error["code"]
    assert error["status_code"] == error["http_status_code"] == response.status_code
    assert error["request_id"] == response.headers["request-id"]
    assert str(uuid.UUID(error["request_id"])) == error["request_id"]
    assert error["message"].endswith(".")


def test_error_of_handler_is_envelope(make_server: Callable[..., Server]) -> None:
    response = make_server({"things.list": rejecting})("GET", "/v1/things")
    assert response.status_code == 429
    assert response.headers["retry-after"] == "1"
    error = response.json()["error"]
    assert list(error) == KEYS
    assert (error["type"], error["code"]) == ("TOO_MANY_REQUESTS", "rate_limit_exceeded")
    assert error["message"] == "Too many."


def test_fault_of_server_is_500_that_reports_nothing(
    make_server: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "insightiq_mock"):
        response = make_server({"things.list": broken})("GET", "/v1/things")
    assert response.status_code == 500
    error = response.json()["error"]
    assert list(error) == KEYS
    assert (error["type"], error["code"]) == ("INTERNAL_SERVER_ERROR", "internal_server_error")
    assert "secret detail" not in response.text
    assert "Traceback" not in response.text
    assert error["request_id"] in caplog.text
    assert "things.list" in caplog.text
    assert "secret detail" in caplog.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/things"),
        ("HEAD", "/v1/things"),
        ("HEAD", "/v1/things?limit=0"),
        ("OPTIONS", "/v1/things"),
        ("DELETE", f"/v1/things/{ID}"),
        ("GET", "/v1/nothing"),
        ("GET", "/_mock/health"),
        ("GET", "/_mock/nothing"),
    ],
)
def test_every_response_has_request_id_of_its_own(server: Server, method: str, path: str) -> None:
    first, second = (server(method, path).headers["request-id"] for _ in range(2))
    assert uuid.UUID(first).version == 4
    assert first != second


def test_request_ids_repeat_with_seed_and_only_with_it(
    document: Document,
    call_app: Callable[..., Server],
) -> None:

    def first_ids(seed: int | None) -> list[str]:
        check = OneDeveloper("a", "b")
        server = call_app(MockApp(document, {}, check, new_request_id=request_ids(seed)))
        return [server("GET", "/v1/nothing").headers["request-id"] for _ in range(3)]

    assert first_ids(7) == first_ids(7)
    assert first_ids(7) != first_ids(8)
    assert first_ids(None) != first_ids(None)


def test_204_has_neither_body_nor_content_type(make_server: Callable[..., Server]) -> None:
    path = f"/v1/things/{ID}"
    for server in (make_server(), make_server({"things.delete": lambda _call: Response(204)})):
        response = server("DELETE", path)
        assert (response.status_code, response.content) == (204, b"")
        assert "content-type" not in response.headers
        assert "content-length" not in response.headers


def test_handlers_text_goes_out_byte_for_byte(make_server: Callable[..., Server]) -> None:
    text = orjson.dumps({"data": [], "z": 1.0, "a": "ü"}) + b"\n"
    response = make_server({"things.list": lambda _call: Response(200, text)})("GET", "/v1/things")
    assert response.content == text
    assert response.headers["content-length"] == str(len(text))


def test_long_path_is_not_repeated_whole(server: Server) -> None:
    assert len(server("GET", f"/v1/{'x' * 50_000}").content) < 1000
