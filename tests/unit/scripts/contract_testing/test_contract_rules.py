"""Each rule that all answers have to keep sees the one deliberately wrong answer made for it."""

from __future__ import annotations

import json
from typing import Any

import openapi_document
import pytest
from contract_testing.checks import RULES, Answer, Contract
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


def broken(
    operation: str = "users.get",
    status: int = 200,
    body: Any = USER,
    **headers: str | None,
) -> dict[str, str]:
    """What the rules say of an answer, by the names of the broken ones."""
    kept = {**HEADERS, **{name.replace("_", "-"): text for name, text in headers.items()}}
    answer = Answer(
        OPERATIONS[operation],
        status,
        {name: text for name, text in kept.items() if text is not None},
        body if isinstance(body, bytes) else json.dumps(body).encode(),
        (SECRET,),
    )
    return {rule.name: message for rule, message in CONTRACT.broken(answer)}


def test_a_right_answer_breaks_no_rule() -> None:
    """What is right is not found fault with."""
    assert broken() == {}


@pytest.mark.parametrize(
    ("rule", "changes", "message"),
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
            "webhooks.delete 204: the answer has a body of 2 bytes, the document has none",
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
            "users.get 200: the body is no JSON: it begins with '<html>'",
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
            "no answer holds a secret",
            {"body": {**USER, "name": f"it is {SECRET}"}},
            "users.get 200: the body holds the client secret",
        ),
        (
            "no answer holds a secret",
            {"x_debug": SECRET},
            "users.get 200: the header x-debug holds the client secret",
        ),
        (
            "no answer carries credentials",
            {"authorization": "Basic abc"},
            "users.get 200: the answer has an Authorization header: credentials belong into requests",
        ),
    ],
)
def test_each_rule_sees_an_answer_that_breaks_it(
    rule: str, changes: dict[str, Any], message: str
) -> None:
    """Only this rule speaks, and says what is wrong where."""
    found = broken(**changes)
    assert set(found) == {rule}
    assert found[rule].startswith(message)


def test_every_rule_is_tried_above() -> None:
    """A new rule wants an answer that breaks it."""
    marks: Any = test_each_rule_sees_an_answer_that_breaks_it
    tried = {entry[0] for entry in marks.pytestmark[0].args[1]}
    assert tried == {rule.name for rule in RULES}


def test_of_many_wrong_places_the_first_five_are_told() -> None:
    """A page of broken rows does not fill the terminal."""
    page = {"data": [{} for _ in range(30)], "metadata": {"limit": 30, "offset": 0}}
    answer = Answer(
        OPERATIONS["users.list"], 200, HEADERS, json.dumps(page).encode(), secrets=(SECRET,)
    )
    messages = [message for _, message in CONTRACT.broken(answer)]
    assert len(messages) == 6
    assert messages[-1].endswith("… and more places")
