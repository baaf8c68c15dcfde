"""Checks of single responses."""

from __future__ import annotations

import json
from typing import Any

import httpx
import openapi_document
import pytest
from contract_suite.checks import CHECKS, Checked, violations
from contract_suite.recording import Recording
from document_views import Contract
from published_document import DOCUMENT

OPERATIONS = {each.id: each for each in openapi_document.operations(DOCUMENT)}
CONTRACT = Contract(DOCUMENT)
SECRET = "s3cret-of-the-client"
REQUEST_ID = "9a1e6f0c-3a55-4c8b-9d55-5f0d8a4d1f11"
USER = {
    "id": REQUEST_ID,
    "created_at": "2026-11-01T09:31:07.482915",
    "updated_at": "2026-11-01T09:31:07.482915",
    "name": "Ada",
    "external_id": "ada",
    "status": "ACTIVE",
}
ERROR = {
    "type": "TOO_MANY_REQUESTS",
    "code": "rate_limit_exceeded",
    "error_code": "rate_limit_exceeded",
    "message": "Too many.",
    "status_code": 429,
    "http_status_code": 429,
    "request_id": REQUEST_ID,
}


def messages(
    operation: str = "users.get",
    status: int = 200,
    body: Any = USER,
    sent: str = "Basic c29tZWJvZHk6",
    **headers: str | None,
) -> list[str]:
    """Return the messages about a response; it is right but for the arguments."""
    kept = {"content-type": "application/json", "request-id": REQUEST_ID} | {
        name.replace("_", "-"): text for name, text in headers.items()
    }
    response = httpx.Response(
        status, headers={name: text for name, text in kept.items() if text is not None}
    )
    request = httpx.Request("GET", "http://mock", headers={"Authorization": sent})
    recording = Recording()
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    recording.add(request, response, content, 0.1)
    exchange = recording.exchanges[0]
    checked = Checked(CONTRACT, OPERATIONS[operation], exchange, status, (SECRET,), is_closed=True)
    found = list(violations(checked))
    assert all(each.startswith(f"{operation} {status}: ") for each in found)
    return [each.partition(": ")[2] for each in found]


def too_many(**changes: Any) -> dict[str, Any]:
    return {"status": 429, "body": {"error": {**ERROR, **changes}}, "retry_after": "1"}


def test_right_response_passes() -> None:
    assert messages() == []
    assert messages(**too_many()) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"status": 418}, "the status is not in the document, which knows 200, "),
        (
            {"content_type": "text/html; charset=utf-8"},
            "the content type is text/html, the document has application/json",
        ),
        ({"content_type": None}, "the content type is none, the document has application/json"),
        (
            {"operation": "webhooks.delete", "status": 204, "body": b"{}"},
            "the response has a body of 2 bytes, the document has none",
        ),
        (
            {"body": {**USER, "created_at": "2026-02-30T09:31:07.482915"}},
            '/created_at: "2026-02-30T09:31:07.482915" is not a "date-time-local"',
        ),
        (
            {"body": {key: value for key, value in USER.items() if key != "id"}},
            '/: "id" is a required property',
        ),
        ({"body": b"<html>"}, "the body is not JSON: it begins with '<html>'"),
        ({**too_many(), "retry_after": None}, "the header Retry-After is missing"),
        (
            {**too_many(), "retry_after": "soon"},
            "the header Retry-After is 'soon', which does not fit ",
        ),
        ({"body": {**USER, "name": f"it is {SECRET}"}}, "the body holds the client secret"),
        ({"x_debug": SECRET}, "the header x-debug holds the client secret"),
        (
            {"x_debug": "c29tZWJvZHk6cGFzc3dvcmQ=", "sent": "Basic c29tZWJvZHk6cGFzc3dvcmQ="},
            "the response repeats the credentials of the request",
        ),
        (too_many(message=""), "the error lacks message"),
        (too_many(status_code=400), "the error has status_code 400 and http_status_code 429, not 429"),
        (too_many(request_id=USER["id"][::-1]), "/error/request_id: "),
        ({"body": {**USER, "unknown": "a"}}, "the document does not know the key /unknown"),
    ],
)  # fmt: skip
def test_violation_is_found_once(changes: dict[str, Any], message: str) -> None:
    found = messages(**changes)
    assert found[0].startswith(message), found
    assert len(found) == 1 or "request_id" in message


def test_credentials_in_response_are_reported() -> None:
    assert messages(authorization="Basic abc") == [
        "the response has an Authorization header; credentials belong into requests"
    ]


def test_first_five_wrong_places_are_reported() -> None:
    page = {"data": [{} for _ in range(30)], "metadata": {"limit": 30, "offset": 0}}
    found = messages("users.list", body=page)
    assert len(found) == 6
    assert found[-1] == "… and more places"


def test_generated_requests_may_get_undocumented_statuses() -> None:
    """Schemathesis sends other content types, and checks the status itself."""
    recording = Recording()
    error = {"error": {**ERROR, "status_code": 415, "http_status_code": 415}}
    response = httpx.Response(415, headers={"request-id": REQUEST_ID})
    recording.add(httpx.Request("GET", "http://mock"), response, json.dumps(error).encode(), 0.1)
    for is_generated in (True, False):
        checked = Checked(
            CONTRACT,
            OPERATIONS["users.get"],
            recording.exchanges[0],
            415,
            is_generated=is_generated,
        )
        assert bool(list(violations(checked))) is not is_generated
    assert len(CHECKS) == 7
