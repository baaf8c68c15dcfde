"""The prepared document: one place for each thing, and nothing changed in the original."""

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


def test_parts_stand_in_operation(document: dict[str, Any]) -> None:
    """Parameters of the path and of components stand in each operation, written out."""
    item = document["paths"]["/v1/items/{id}"]
    item["parameters"] = [{"$ref": "#/components/parameters/ItemId"}]
    del item["get"]["parameters"]
    found = prepare.prepared(document)["paths"]["/v1/items/{id}"]
    assert [each["name"] for each in found["get"]["parameters"]] == ["id"]
    assert "parameters" not in found


def test_schemas_in_place_become_components(document: dict[str, Any]) -> None:
    """Objects and enums get the name of their place; a name that is taken gets a number."""
    schemas = document["components"]["schemas"]
    schemas["ShelfPlace"] = {"type": "string"}
    row = {"type": "object", "properties": {"kind": {"type": "string", "enum": ["a"]}}}
    schemas["Shelf"]["properties"]["place"] = row
    document["paths"]["/v1/items"]["post"]["requestBody"] = {
        "content": {"application/json": {"schema": {"type": "array", "items": copy.deepcopy(row)}}}
    }
    found = prepare.prepared(document)
    made = found["components"]["schemas"]
    assert made["Shelf"]["properties"]["place"] == {"$ref": "#/components/schemas/ShelfPlace2"}
    assert made["ShelfPlace2"]["properties"]["kind"] == {
        "$ref": "#/components/schemas/ShelfPlaceKind"
    }
    assert made["ShelfPlaceKind"]["enum"] == ["a"]
    body = found["paths"]["/v1/items"]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"]["items"] == {"$ref": "#/components/schemas/ItemsCreateRequestItem"}


def test_directions_are_split(document: dict[str, Any]) -> None:
    """Requests lack what is read only, responses what is write only, and what holds them, too."""
    schemas = document["components"]["schemas"]
    inner = {
        "type": "object",
        "required": ["id", "secret"],
        "properties": {
            "id": {"type": "string", "readOnly": True},
            "secret": {"type": "string", "writeOnly": True},
        },
    }
    schemas["Inner"] = inner
    schemas["Outer"] = {
        "type": "object",
        "properties": {"inner": {"$ref": "#/components/schemas/Inner"}},
    }
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Outer"}}}
    operation = document["paths"]["/v1/items"]["post"]
    operation["requestBody"] = {"content": copy.deepcopy(content)}
    operation["responses"]["201"]["content"] = content
    found = prepare.prepared(document)
    made, operation = found["components"]["schemas"], found["paths"]["/v1/items"]["post"]
    sent = operation["requestBody"]["content"]["application/json"]["schema"]
    assert sent == {"$ref": "#/components/schemas/OuterInput"}
    assert made["OuterInput"]["properties"]["inner"] == {"$ref": "#/components/schemas/InnerInput"}
    assert (list(made["InnerInput"]["properties"]), made["InnerInput"]["required"]) == (
        ["secret"],
        ["secret"],
    )
    assert made["Outer"]["properties"]["inner"] == {"$ref": "#/components/schemas/Inner"}
    assert (list(made["Inner"]["properties"]), made["Inner"]["required"]) == (["id"], ["id"])
