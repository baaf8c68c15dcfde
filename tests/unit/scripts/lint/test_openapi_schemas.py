"""Schemas of OpenAPI 3.0.3 mean in the validator what the document says they mean."""

from __future__ import annotations

from typing import Any

import openapi_document
import openapi_schemas
import pytest

DOCUMENT: dict[str, Any] = {
    "components": {
        "schemas": {
            "Timestamp": {"type": "string", "format": "date-time-local"},
            "EventTimestamp": {"type": "string", "format": "date-time-lenient"},
            "Mood": {"type": "string", "nullable": True, "enum": ["glad", None]},
            "Letter": {
                "type": "object",
                "properties": {
                    # Names that are keywords elsewhere: they must stay names.
                    "nullable": {"type": "string", "nullable": True},
                    "items": {"$ref": "#/components/schemas/Mood"},
                    "response": {"$ref": "#/components/schemas/Letter"},
                },
            },
        }
    }
}


def accepts(schema: dict[str, Any], value: object) -> bool:
    """Validate ``value`` against ``schema`` within the document above."""
    return openapi_schemas.validator_for(DOCUMENT, schema).is_valid(value)


def refer(name: str) -> dict[str, Any]:
    """Refer to a component of the document above."""
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize(
    "text", ["2026-04-26T09:31:07.482915", "2026-04-26T00:00:00.000000", "2024-02-29T09:31:07"]
)
def test_timestamp_is_naive_date_and_time(text: str) -> None:
    assert accepts(refer("Timestamp"), text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-13-40T09:31:07.482915",
        "2026-02-30T09:31:07.482915",
        "2026-04-26T25:31:07.482915",
        "2026-04-26T09:31:07.482915Z",
        "2026-04-26T09:31:07.482915+00:00",
        "2026-04-26 09:31:07.482915",
        "2026-04-26T09:31",
        "2026-04-26",
        "٢٠٢٦-04-26T09:31:07.482915",
        "2026-04-26T09:31:07.482915\n",
        "",
    ],
)
def test_timestamp_with_zone_or_impossible_day_is_rejected(text: str) -> None:
    """No other spelling and no impossible instant passes for a timestamp."""
    assert not accepts(refer("Timestamp"), text)


@pytest.mark.parametrize(
    "text",
    ["2021-11-10T15:44:18.520054", "2021-10-25 16:45:26.761622", "2021-10-25T16:45:26.761Z"],
)
def test_event_timestamp_has_three_spellings(text: str) -> None:
    """Notifications were seen with each of them."""
    assert accepts(refer("EventTimestamp"), text)


@pytest.mark.parametrize(
    "text",
    [
        "2021-10-25 16:45:26.761Z",
        "2021-10-25T16:45:26.761+02:00",
        "2021-10-25T16:45:26.76Z",
        "2021-13-25T16:45:26.761Z",
        "2021-10-25T16::5:26.761Z",
    ],
)
def test_event_timestamp_has_no_fourth_spelling(text: str) -> None:
    """Lenient is not the same as anything goes."""
    assert not accepts(refer("EventTimestamp"), text)


@pytest.mark.parametrize(
    ("format_name", "good", "bad"),
    [
        ("uuid", "5f9e7a3b-8c41-4d26-9a70-3b1f0c6d2e58", "5f9e7a3b"),
        ("date", "2026-04-26", "2026-02-30"),
        ("uri", "https://sender.test/post", "not a uri"),
        ("email", "a@sender.test", "sender.test"),
    ],
)
def test_formats_are_enforced(format_name: str, good: str, bad: str) -> None:
    """A format that no one enforces would let wrong examples and wrong responses pass."""
    schema = {"type": "string", "format": format_name}
    assert accepts(schema, good)
    assert not accepts(schema, bad)


def test_nullable_counts_beside_its_type_only() -> None:
    """`nullable` without `type` has no meaning in OpenAPI 3.0.3."""
    assert accepts({"type": "string", "nullable": True}, None)
    assert not accepts({"type": "string"}, None)
    assert not accepts({"nullable": True, "allOf": [{"type": "string"}]}, None)
    assert accepts(refer("Mood"), None)
    assert not accepts({"type": "string", "nullable": True, "enum": ["glad"]}, None)


def test_nullable_is_found_at_every_depth() -> None:
    """Rewriting reaches properties, items, additional properties and compositions."""
    text = {"type": "string", "nullable": True}
    assert accepts({"type": "array", "items": text}, [None])
    assert accepts({"type": "object", "additionalProperties": text}, {"a": None})
    assert accepts({"allOf": [text]}, None)
    assert accepts({"oneOf": [text, {"type": "integer"}]}, None)
    assert accepts(
        refer("Letter"), {"nullable": None, "items": None, "response": {"items": "glad"}}
    )
    assert not accepts(refer("Letter"), {"response": {"items": "sad"}})


def test_what_stands_beside_reference_does_not_count() -> None:
    """OpenAPI 3.0.3 reads the `$ref` alone, JSON Schema would read both."""
    assert accepts({**refer("Mood"), "maxLength": 1}, "glad")


def test_exclusive_bounds_are_flags() -> None:
    """In OpenAPI 3.0.3 `exclusiveMinimum` is a flag on `minimum`, in JSON Schema a number."""
    schema = {"type": "integer", "minimum": 0, "exclusiveMinimum": True, "maximum": 9}
    assert [accepts(schema, value) for value in (0, 1, 9, 10)] == [False, True, True, False]
    assert accepts({"type": "integer", "minimum": 0, "exclusiveMinimum": False}, 0)


def test_closed_objects_stay_closed() -> None:
    """`additionalProperties: false` of a request body survives the rewriting."""
    closed = {"type": "object", "properties": {"a": {}}, "additionalProperties": False}
    assert not accepts(closed, {"b": 1})


def test_error_says_where_in_value() -> None:
    """Whoever reports an invalid response can point into it."""
    validator = openapi_schemas.validator_for(DOCUMENT, refer("Letter"))
    (error,) = validator.iter_errors({"response": {"items": "sad"}})
    assert error.instance_path == ["response", "items"]
    assert '"sad"' in error.message


def test_every_schema_of_document_compiles() -> None:
    """A schema that does not compile would fail in the middle of somebody's validation."""
    document = openapi_document.load()
    schemas = openapi_schemas.DocumentSchemas(document)
    for name in document["components"]["schemas"]:
        schemas.validator(refer(name))
