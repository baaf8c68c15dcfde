"""The copy for the generator: what is rewritten, and that the document itself is not."""

from __future__ import annotations

import copy
from typing import Any

import openapi_document
import pytest
from generate import prepare


@pytest.fixture
def document(workshop: Any) -> dict[str, Any]:
    """The small document."""
    return openapi_document.load(workshop.document)


def test_document_is_not_changed(document: dict[str, Any]) -> None:
    """The published document stays as it is: only the copy is rewritten."""
    before = copy.deepcopy(document)
    prepare.prepared(document)
    assert document == before


def test_timestamps_and_ids(document: dict[str, Any]) -> None:
    """Both timestamp formats read date-time, and ids are plain strings."""
    schemas = prepare.prepared(document)["components"]["schemas"]
    assert schemas["Timestamp"]["format"] == "date-time"
    assert schemas["EventTimestamp"]["format"] == "date-time"
    assert "format" not in schemas["Item"]["properties"]["id"]


def test_null_moves_to_users_of_class(document: dict[str, Any]) -> None:
    """A nullable class would be generated once per user; a nullable primitive has no class."""
    schemas = prepare.prepared(document)["components"]["schemas"]
    assert schemas["Condition"]["enum"] == ["GOOD", "BROKEN"]
    assert "nullable" not in schemas["Condition"]
    assert schemas["Item"]["properties"]["condition"]["oneOf"] == [
        {"$ref": "#/components/schemas/Condition"},
        {"type": "null"},
    ]
    assert schemas["Item"]["properties"]["size"]["oneOf"] == [
        {"$ref": "#/components/schemas/Size"},
        {"type": "null"},
    ]
    assert schemas["NullableTimestamp"]["nullable"] is True


def test_defaults_are_not_sent(document: dict[str, Any]) -> None:
    """A default in the document describes the server; the client leaves the key out."""
    copied = prepare.prepared(document)
    assert "default" not in copied["components"]["parameters"]["InStock"]["schema"]
    assert (
        "default" not in copied["components"]["schemas"]["ItemRequest"]["properties"]["is_active"]
    )


def test_only_successes_remain(document: dict[str, Any]) -> None:
    """Errors are raised before generated code sees them; callbacks and unions have no code."""
    copied = prepare.prepared(document)
    create = copied["paths"]["/v1/items"]["post"]
    assert list(create["responses"]) == ["201"]
    assert "callbacks" not in create
    assert "Notification" not in copied["components"]["schemas"]
