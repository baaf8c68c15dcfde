"""The page that is parsed: 100 items of 45 fields, its document, and models made of that.

Of the 45 fields, 4 are timestamps, 8 enumeration values, 3 objects, 2 lists of objects and 2 lists
of texts; 15 may be null and some are.
"""

from __future__ import annotations

import json
import typing
import uuid

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["ITEMS", "document", "models", "page"]

ITEMS = 100

_TEXT = {"type": "string"}
_NUMBER = {"type": "integer"}
_FRACTION = {"type": "number"}
_FLAG = {"type": "boolean"}
_MOMENT = {"type": "string", "format": "date-time-local"}

_OBJECTS: dict[str, dict[str, dict[str, object]]] = {
    "Owner": {"id": _TEXT, "name": _TEXT, "external_id": _TEXT},
    "Channel": {"id": _TEXT, "name": _TEXT, "logo_url": _TEXT},
    "Statistics": {
        **{f"{what}_count": {**_NUMBER, "nullable": True} for what in ("like", "view", "save")},
        **{f"{what}_count": _NUMBER for what in ("comment", "share", "click", "reach")},
        "watch_time": {**_FRACTION, "nullable": True},
    },
    "Medium": {"url": _TEXT, "width": _NUMBER, "height": _NUMBER, "alt_text": _TEXT},
    "Mention": {"username": _TEXT, "position": _NUMBER},
}
_ENUMS = {
    "Status": ["DRAFT", "ACTIVE", "REMOVED"],
    "Kind": ["VIDEO", "IMAGE", "STORY", "REEL"],
    "Visibility": ["PUBLIC", "PRIVATE", "UNLISTED"],
}
_ENUM_FIELDS = {
    "status": "Status",
    "review_status": "Status",
    "sync_status": "Status",
    "kind": "Kind",
    "original_kind": "Kind",
    "visibility": "Visibility",
    "comment_visibility": "Visibility",
    "like_visibility": "Visibility",
}
_PLAIN_FIELDS: dict[str, dict[str, object]] = {
    **dict.fromkeys(("created_at", "updated_at", "published_at"), _MOMENT),
    "archived_at": {**_MOMENT, "nullable": True},
    "id": {**_TEXT, "format": "uuid"},
    **dict.fromkeys(("external_id", "title", "url", "language", "platform_name"), _TEXT),
    **{
        f"{what}_url": {**_TEXT, "nullable": True}
        for what in ("media", "thumbnail", "preview", "caption", "audio")
    },
    **{name: {**_TEXT, "nullable": True} for name in ("description", "location", "sponsor")},
    **dict.fromkeys(("width", "height", "position"), _NUMBER),
    **{name: {**_NUMBER, "nullable": True} for name in ("duration", "episode")},
    **dict.fromkeys(("score", "ratio"), _FRACTION),
    **{name: {**_FRACTION, "nullable": True} for name in ("latitude", "longitude")},
    **dict.fromkeys(("is_owned", "is_sponsored", "is_pinned"), _FLAG),
}
_LISTS: dict[str, Mapping[str, object]] = {
    "media": {"$ref": "#/components/schemas/Medium"},
    "mentions": {"$ref": "#/components/schemas/Mention"},
    "hashtags": _TEXT,
    "tags": _TEXT,
}


def document() -> dict[str, typing.Any]:
    """Return an OpenAPI document of one operation, which returns such a page."""
    fields: dict[str, typing.Any] = {
        **_PLAIN_FIELDS,
        **{name: _reference(enum) for name, enum in _ENUM_FIELDS.items()},
        **{name.lower(): _reference(name) for name in ("Owner", "Channel", "Statistics")},
        **{name: {"type": "array", "items": items} for name, items in _LISTS.items()},
    }
    schemas = {name: _object(properties) for name, properties in _OBJECTS.items()}
    schemas |= {
        name: {"type": "string", "enum": values, "description": name}
        for name, values in _ENUMS.items()
    }
    schemas["Item"] = _object(fields)
    schemas["ItemPage"] = _object({"data": {"type": "array", "items": _reference("Item")}})
    response = {"application/json": {"schema": _reference("ItemPage")}}
    operation = {
        "operationId": "items.list",
        "tags": ["items"],
        "summary": "List items",
        "description": "List items.",
        "responses": {"200": {"description": "A page.", "content": response}},
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "Bench", "version": "1"},
        "tags": [{"name": "items", "description": "Items."}],
        "paths": {"/v1/items": {"get": operation}},
        "components": {"schemas": schemas},
    }


def page() -> bytes:
    """Return the page as JSON."""
    properties = document()["components"]["schemas"]["Item"]["properties"]
    items = [_example(properties, number) for number in range(ITEMS)]
    return json.dumps({"data": items}, separators=(",", ":")).encode()


def models(
    make: Callable[[str, dict[str, typing.Any]], type],
    enum: Callable[[str, list[str]], type],
    moment: type,
    identifier: type,
) -> type:
    """Return the class of the page, of classes that ``make`` makes of fields and their types."""
    formats = {"date-time-local": moment, "uuid": identifier}
    schemas = document()["components"]["schemas"]
    made: dict[str, type] = {}

    def type_of(schema: Mapping[str, typing.Any]) -> typing.Any:
        if "$ref" in schema:
            return made[schema["$ref"].rpartition("/")[2]]
        if schema["type"] == "array":
            return list[type_of(schema["items"])]  # type: ignore[misc] # made at run time
        kinds = {"string": str, "integer": int, "number": float, "boolean": bool}
        kind: typing.Any = formats.get(schema.get("format", ""), kinds[schema["type"]])
        return kind | None if schema.get("nullable") else kind

    for name, schema in schemas.items():
        if "enum" in schema:
            made[name] = enum(name, schema["enum"])
    for name, schema in schemas.items():
        if "properties" in schema:
            fields = {key: type_of(each) for key, each in schema["properties"].items()}
            made[name] = make(name, fields)
    return made["ItemPage"]


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(properties: Mapping[str, object]) -> dict[str, typing.Any]:
    return {
        "type": "object",
        "description": "An object.",
        "required": list(properties),
        "properties": dict(properties),
    }


def _example(properties: Mapping[str, typing.Any], number: int) -> dict[str, typing.Any]:
    return {name: _value(name, schema, number) for name, schema in properties.items()}


def _value(name: str, schema: Mapping[str, typing.Any], number: int) -> typing.Any:
    if schema.get("nullable") and (number + len(name)) % 3 == 0:
        return None
    component = schema.get("$ref", "").rpartition("/")[2]
    if component in _ENUMS:
        return _ENUMS[component][number % len(_ENUMS[component])]
    if component:
        return _example(_OBJECTS[component], number)
    if schema["type"] == "array":
        return [_value(name, schema["items"], number + each) for each in range(2)]
    values = {
        "string": _text(name, schema.get("format"), number),
        "integer": 1000 * number + len(name),
        "number": number / 7,
        "boolean": number % 2 == 0,
    }
    return values[schema["type"]]


def _text(name: str, form: str | None, number: int) -> str:
    if form == "uuid":
        return str(uuid.uuid5(uuid.NAMESPACE_URL, str(number)))
    if form == "date-time-local":
        return f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}T10:20:{number % 60:02}.123456"
    if name.endswith("url"):
        return f"https://cdn.example/{name}/{number:08}/picture-of-the-item.jpg?size=large"
    return f"{name} number {number}"
