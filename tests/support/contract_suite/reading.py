"""Comparison of Python values with the JSON and the document they were read from.

Reading and writing can share a mistake, so that a body goes round without a loss while every moment
in between is an hour off. Here a value is therefore held against the document and the JSON that it
was made from, and against nothing of the client.
"""

from __future__ import annotations

import datetime as dt
import enum
import typing

import openapi_document
from document_views import component_name, is_array, resolved

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from document_views import Document, Schema

__all__ = ["misreadings", "rewritten"]

Json: typing.TypeAlias = typing.Any
Read: typing.TypeAlias = typing.Any

_MISSING: typing.Final = object()


def misreadings(
    document: Document, node: Json, value: Read, json: Json, place: str
) -> Iterator[str]:
    """Yield a sentence for each part of ``value`` that is not what ``json`` says.

    Args:
        document: The document.
        node: The schema of the value, or a reference to it.
        value: What the client made.
        json: What it was made from.
        place: Where, for the sentences.
    """
    schema = resolved(document, node)
    if json is None:
        if value is not None:
            yield f"{place} is null in the response and {_shown(value)} in Python"
        return
    if "oneOf" in schema:
        return
    kind = schema.get("type")
    if kind == "array":
        yield from _of_array(document, schema, value, json, place)
    elif kind == "object" or "properties" in schema:
        yield from _of_object(document, node, value, json, place)
    elif not _is_same(schema, value, json):
        yield f"{place} is {json!r} in the response and {_shown(value)} in Python"


def rewritten(document: Document, node: Json, json: Json) -> Json:
    """Return ``json`` as a client writes it after reading it: moments in the spelling of responses."""
    schema = resolved(document, node)
    if json is None or "oneOf" in schema:
        return json
    if schema.get("type") == "array" and is_array(json):
        return [rewritten(document, schema["items"], item) for item in json]
    properties = schema.get("properties")
    if properties is not None and openapi_document.is_object(json):
        return {
            key: rewritten(document, properties[key], value) if key in properties else value
            for key, value in json.items()
        }
    if schema.get("format") == "date-time-lenient":
        return _moment(json).replace(tzinfo=None).isoformat(timespec="microseconds")
    return json


def _of_array(
    document: Document, schema: Schema, value: Read, json: Json, place: str
) -> Iterator[str]:
    if not is_array(value):
        yield f"{place} is an array in the response and {_shown(value)} in Python"
        return
    if len(value) != len(json):
        yield f"{place} has {len(json)} items in the response and {len(value)} in Python"
    for number, (item, original) in enumerate(zip(value, json, strict=False)):
        yield from misreadings(document, schema["items"], item, original, f"{place}[{number}]")


def _of_object(
    document: Document, node: Json, value: Read, json: Mapping[str, Json], place: str
) -> Iterator[str]:
    schema = resolved(document, node)
    keys: Mapping[str, str] | None = getattr(value, "KEYS", None)
    if keys is None:
        if value != json:
            yield f"{place} is an object in the response and {_shown(value)} in Python"
        return
    name = component_name(node)
    if name is not None and type(value).__name__ != name:
        yield f"{place} is a {name} by the document and a {type(value).__name__} in Python"
    attributes = {key: attribute for attribute, key in keys.items()}
    properties = schema.get("properties", {})
    for key in properties:
        inner = f"{place}.{key}"
        held = getattr(value, attributes.get(key, ""), _MISSING)
        if held is _MISSING:
            yield f"{inner} has no attribute in {type(value).__name__}"
        elif key not in json:
            if repr(held) != "UNSET":
                yield f"{inner} is absent from the response and {_shown(held)} in Python"
        else:
            yield from misreadings(document, properties[key], held, json[key], inner)
    unknown = {key: each for key, each in json.items() if key not in properties}
    if value.additional_properties != unknown:
        kept = sorted(value.additional_properties)
        yield f"{place} has the unknown keys {sorted(unknown)}, of which Python keeps {kept}"


def _is_same(schema: Schema, value: Read, json: Json) -> bool:
    if "enum" in schema:
        return (
            isinstance(value, enum.Enum)
            and value.value == json
            and getattr(value, "is_known", None) is (json in schema["enum"])
        )
    kind, form = schema.get("type"), str(schema.get("format", ""))
    if form.startswith("date-time"):
        return isinstance(value, dt.datetime) and _is_instant(value, json)
    if form == "date":
        return type(value) is dt.date and value.isoformat() == json
    if kind == "boolean":
        return value is json
    if kind in {"integer", "number"}:
        return isinstance(value, int | float) and not isinstance(value, bool) and value == json
    return type(value) is str and value == json


def _is_instant(value: dt.datetime, text: str) -> bool:
    """Whether a value is the moment of a text, which has no zone and means UTC (evidence.md#values)."""
    return value.utcoffset() == dt.timedelta(0) and value == _moment(text)


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=dt.UTC)


def _shown(value: Read) -> str:
    return f"{value!r:.80}"
