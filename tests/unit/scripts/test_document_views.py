"""Views of documents whose bodies and rows have any shape."""

from __future__ import annotations

from typing import Any

import openapi_document
import pytest
from document_views import list_shapes, resolved

BASE = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "since": {"type": "string", "format": "date"}},
}
EXTENDED = {
    "allOf": [
        {"$ref": "#/components/schemas/Base"},
        {"required": ["size"], "properties": {"size": {"type": "integer"}}},
    ]
}


def test_required_keys_of_all_members_count() -> None:
    merged = resolved({"components": {"schemas": {"Base": BASE}}}, EXTENDED)
    assert merged["required"] == ["name", "size"]
    assert list(merged["properties"]) == ["name", "since", "size"]


@pytest.mark.parametrize("row", [{"type": "string"}, {"type": "object"}, EXTENDED])
def test_rows_of_any_shape_are_described(row: Any) -> None:
    """A list of texts or of free-form objects has no id, and nothing fails."""
    page = {"properties": {"data": {"type": "array", "items": row}}}
    paging = {"offset": "offset", "limit": "limit", "items": "data", "default": 10, "maximum": 100}
    responses = {"200": {"content": {"application/json": {"schema": page}}}}
    get = {"operationId": "items.list", "x-pagination": paging, "responses": responses}
    document: Any = {
        "paths": {"/v1/items": {"get": get}},
        "components": {"schemas": {"Base": BASE}},
    }
    [shape] = list_shapes(document, list(openapi_document.operations(document)))
    assert (shape.has_id, shape.moment, shape.order) == (False, None, None)
