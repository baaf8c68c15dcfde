"""What the generator would lose silently is refused with place and advice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import openapi_document
import pytest
from regeneration import document_checks, naming
from regeneration.problems import RegenerationError


@pytest.fixture
def document(workshop: Any) -> dict[str, Any]:
    """The small document, free to be changed."""
    return openapi_document.load(workshop.document)


def schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a component schema."""
    found: dict[str, Any] = document["components"]["schemas"][name]
    return found


def operation(document: dict[str, Any], path: str, method: str) -> dict[str, Any]:
    """Return an operation."""
    found: dict[str, Any] = document["paths"][path][method]
    return found


CASES: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "an operationId of another form": (
        lambda document: operation(document, "/v1/items", "get").update(operationId="listItems"),
        "'listItems' is not of the form resource.method",
    ),
    "a missing operationId": (
        lambda document: operation(document, "/v1/items", "get").pop("operationId"),
        "'GET /v1/items' is not of the form resource.method",
    ),
    "a tag that is not the resource": (
        lambda document: operation(document, "/v1/items", "get").update(tags=["things"]),
        "items.list must carry the one tag 'items'",
    ),
    "two properties with one Python name": (
        lambda document: schema(document, "Item")["properties"].update(
            createdAt={"type": "string"}
        ),
        "created_at and createdAt would share the Python name 'created_at'",
    ),
    "a property with a name of the model's own": (
        lambda document: schema(document, "Item")["properties"].update(to_dict={"type": "string"}),
        "#/components/schemas/Item/properties/to_dict: generated models use this name",
    ),
    "two schemas with one class name": (
        lambda document: document["components"]["schemas"].update(
            item_list={"type": "object", "properties": {}}
        ),
        "ItemList and item_list would share the class 'ItemList'",
    ),
    "a body key beside a path parameter of the same name": (
        lambda document: schema(document, "ItemUpdate")["properties"].update(id={"type": "string"}),
        "the arguments id and id of items.update would share the Python name 'id'",
    ),
    "an argument with a name that generated calls use": (
        lambda document: schema(document, "ItemUpdate")["properties"].update(
            json_argument={"type": "string"}
        ),
        "generated calls use the name json_argument",
    ),
    "an enum of numbers": (
        lambda document: schema(document, "Kind").update(type="integer", enum=[1, 2]),
        "#/components/schemas/Kind: only text enums have a template",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_finding(document: dict[str, Any], case: str) -> None:
    """Each finding is told with its place and what to do."""
    change, message = CASES[case]
    change(document)
    with pytest.raises(RegenerationError) as caught:
        document_checks.check_document(document)
    assert message in str(caught.value)


def test_all_findings_are_told_at_once(document: dict[str, Any]) -> None:
    """Nobody has to run the script once per mistake."""
    for case in ("a missing operationId", "two schemas with one class name"):
        CASES[case][0](document)
    with pytest.raises(RegenerationError) as caught:
        document_checks.check_document(document)
    assert len(caught.value.problems) >= 2


def test_clean_document_passes(document: dict[str, Any]) -> None:
    """The small document itself has no finding."""
    document_checks.check_document(document)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("type", "type"),
        ("format", "format"),
        ("class", "class_"),
        ("list", "list_"),
        ("self", "self_"),
        ("fooBar", "foo_bar"),
        ("Full-Name 2", "full_name_2"),
        ("_private", "field_private"),
    ],
)
def test_python_names(name: str, expected: str) -> None:
    """People know the vendor's names: they stay wherever Python allows it."""
    assert naming.identifier(name) == expected
