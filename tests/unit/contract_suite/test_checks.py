"""Checks of single responses."""

from __future__ import annotations

import json
from typing import Any

import openapi_document
import pytest
from contract_suite.checks import CHECKS, Response, violations
from document_views import Contract
from published_document import DOCUMENT

OPERATIONS = {each.id: each for each in openapi_document.operations(DOCUMENT)}
CONTRACT = Contract(DOCUMENT)
SECRET = "s3cret-of-the-client"

USER = {
    "id": "9a1e6f0c-3a55-4c8b-9d55-5f0d8a4d1f11",
    "created_at": "2026-11-01T09:31:07.482915",
    "updated_at": "2026-11-01T09:31:07.482915",
    "name": "Ada",
    "external_id": "ada",
    "status": "ACTIVE",
}
ERROR = {
    "error": {
        "type": "TOO_MANY_REQUESTS",
        "code": "rate_limit_exceeded",
        "error_code": "rate_limit_exceeded",
        "message": "Too many.",
        "status_code": 429,
        "http_status_code": 429,
        "request_id": "9a1e6f0c-3a55-4c8b-9d55-5f0d8a4d1f11",
    }
}
HEADERS = {
    "content-type": "application/json",
    "request-id": "9a1e6f0c-3a55-4c8b-9d55-5f0d8a4d1f11",
}


def failures(
    operation: str = "users.get",
    status: int = 200,
    body: Any = USER,
    **headers: str | None,
) -> dict[str, str]:
    """Return the message of each failing check by its name."""
    kept = {**HEADERS, **{name.replace("_", "-"): text for name, text in headers.items()}}
    response = Response(
        OPERATIONS[operation],
        status,
        {name: text for name, text in kept.items() if text is not None},
        body if isinstance(body, bytes) else json.dumps(body).encode(),
        (SECRET,),
    )
    return {
        check.name: f"{operation} {status}: {message}"
        for check in CHECKS
        for message in check.function(CONTRACT, response)
    }


def test_right_response_passes() -> None:
    assert failures() == {}


@pytest.mark.parametrize(
    ("check", "changes", "message"),
    [
        (
            "the status is documented",
            {"status": 418},
            "users.get 418: the status is not in the document, which knows 200, ",
        ),
        (
            "the content type is documented",
            {"content_type": "text/html; charset=utf-8"},
            "users.get 200: the content type is text/html, the document has application/json",
        ),
        (
            "the content type is documented",
            {"content_type": None},
            "users.get 200: the content type is none, the document has application/json",
        ),
        (
            "the content type is documented",
            {"operation": "webhooks.delete", "status": 204, "body": b"{}"},
            "webhooks.delete 204: the response has a body of 2 bytes, the document has none",
        ),
        (
            "the body fits its schema, formats included",
            {"body": {**USER, "created_at": "2026-02-30T09:31:07.482915"}},
            'users.get 200: /created_at: "2026-02-30T09:31:07.482915" is not a "date-time-local"',
        ),
        (
            "the body fits its schema, formats included",
            {"body": {key: value for key, value in USER.items() if key != "id"}},
            'users.get 200: /: "id" is a required property',
        ),
        (
            "the body fits its schema, formats included",
            {"body": b"<html>"},
            "users.get 200: the body is not JSON: it begins with '<html>'",
        ),
        (
            "documented headers are there and fit",
            {"status": 429, "body": ERROR},
            "users.get 429: the header Retry-After is missing",
        ),
        (
            "documented headers are there and fit",
            {"status": 429, "body": ERROR, "retry_after": "soon"},
            "users.get 429: the header Retry-After is 'soon', which does not fit ",
        ),
        (
            "no response holds a secret",
            {"body": {**USER, "name": f"it is {SECRET}"}},
            "users.get 200: the body holds the client secret",
        ),
        (
            "no response holds a secret",
            {"x_debug": SECRET},
            "users.get 200: the header x-debug holds the client secret",
        ),
        (
            "no response carries credentials",
            {"authorization": "Basic abc"},
            "users.get 200: the response has an Authorization header; credentials belong into requests",
        ),
    ],
)
def test_each_check_finds_its_violation(check: str, changes: dict[str, Any], message: str) -> None:
    """No other check fails."""
    found = failures(**changes)
    assert set(found) == {check}
    assert found[check].startswith(message)


def test_every_check_has_a_violation_above() -> None:
    marks: Any = test_each_check_finds_its_violation
    tried = {entry[0] for entry in marks.pytestmark[0].args[1]}
    assert tried == {check.name for check in CHECKS}


def test_first_five_wrong_places_are_reported() -> None:
    page = {"data": [{} for _ in range(30)], "metadata": {"limit": 30, "offset": 0}}
    response = Response(
        OPERATIONS["users.list"], 200, HEADERS, json.dumps(page).encode(), secrets=(SECRET,)
    )
    messages = list(violations(CONTRACT, response))
    assert len(messages) == 6
    assert messages[-1].endswith("… and more places")
