"""Coverage of the document by a run."""

from __future__ import annotations

import json
from typing import Any

import httpx
import openapi_document
from contract_suite.coverage import Tally, coverage_table, missing_pairs
from contract_suite.recording import Recording
from published_document import DOCUMENT

OPERATIONS = [
    each
    for each in openapi_document.operations(DOCUMENT)
    if each.id in {"users.create", "users.get"}
]


def tally(operation: str, status: int, body: Any, **headers: str) -> Tally:
    """Return the tally of one exchange."""
    recording = Recording()
    request = httpx.Request(
        "POST", "http://mock/v1/users?page=1", json={"name": "Ada"}, headers=headers
    )
    recording.add(request, httpx.Response(status), json.dumps(body).encode(), 0.1)
    found = Tally()
    (meant,) = (each for each in OPERATIONS if each.id == operation)
    found.add(DOCUMENT, meant, recording.exchanges[0])
    return found


def test_seen_pairs_are_not_missing() -> None:
    found = tally("users.create", 201, {"id": "u1", "unknown": 1})
    found.merge(tally("users.get", 503, {}, prefer="code=503").as_json())
    missing = missing_pairs(OPERATIONS, found)
    assert "users.create 201" not in missing
    assert "users.get 503" not in missing
    assert "users.get 200" in missing


def test_table_names_what_was_not_seen() -> None:
    found = tally("users.create", 201, {"id": "u1", "unknown": 1})
    found.merge(tally("users.get", 418, {}).as_json())
    text = coverage_table(DOCUMENT, OPERATIONS, found, "Seed 1.", can_request=False)
    total = sum(len(each.data["responses"]) for each in OPERATIONS)
    assert f"- 1 of {total} operations by status" in text
    assert "| users.create | 201 | 1 | 0 |  |" in text
    assert "| users.get | 503 | 0 | 0 | only the project's mock fails on request |" in text
    assert "## Undocumented statuses\n\n- users.get 418: 1" in text
    assert "- users.create body external_id\n" in text
    assert "- users.create body name\n" not in text
    assert "- User.external_id\n" in text
    assert "- User.id\n" not in text
