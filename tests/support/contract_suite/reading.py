"""Comparison of Python values with their annotations, and with the JSON that they were read from.

Reading and writing can share a mistake, so that a body goes round without a loss while every moment
in between is an hour off. Values are therefore compared with the document and the JSON, and with
nothing of the client.
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
import types
import typing

import openapi_document
from document_views import component_name, is_array, resolved

from insightiq import models

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from document_views import Document, Schema

__all__ = ["misfits", "misreadings", "rewritten"]

Json: typing.TypeAlias = typing.Any

_MISSING: typing.Final = object()


def misreadings(
    document: Document, node: Json, value: Json, json: Json, place: str
) -> Iterator[str]:
    """Yield a sentence for each part of ``value`` that is not what ``json`` says."""
    schema = resolved(document, node)
    in_python = f"in the response and {value!r:.80} in Python"
    if json is None:
        if value is not None:
            yield f"{place} is null {in_python}"
    elif {"oneOf", "anyOf"} & schema.keys():
        return
    elif schema.get("type") == "array":
        yield from _of_array(document, schema["items"], value, json, place)
    elif schema.get("type") == "object" or "properties" in schema:
        yield from _of_object(document, node, value, json, place)
    elif not _is_same(schema, value, json):
        yield f"{place} is {json!r} {in_python}"


def _of_array(
    document: Document, node: Json, value: Json, json: list[Json], place: str
) -> Iterator[str]:
    if not is_array(value):
        yield f"{place} is an array in the response and {value!r:.80} in Python"
        return
    if len(value) != len(json):
        yield f"{place} has {len(json)} items in the response and {len(value)} in Python"
    for number, (item, original) in enumerate(zip(value, json, strict=False)):
        yield from misreadings(document, node, item, original, f"{place}[{number}]")


def _of_map(document: Document, node: Json, value: Json, json: Json, place: str) -> Iterator[str]:
    if not openapi_document.is_object(value) or value.keys() != json.keys():
        yield f"{place} is {json!r:.80} in the response and {value!r:.80} in Python"
        return
    for key, original in json.items():
        yield from misreadings(document, node, value[key], original, f"{place}[{key!r}]")


def _of_object(
    document: Document, node: Json, value: Json, json: Mapping[str, Json], place: str
) -> Iterator[str]:
    keys: Mapping[str, str] | None = getattr(value, "KEYS", None)
    values = resolved(document, node).get("additionalProperties")
    if keys is None and openapi_document.is_object(values):
        yield from _of_map(document, values, value, json, place)
        return
    if keys is None:
        if value != json:
            yield f"{place} is an object in the response and {value!r:.80} in Python"
        return
    name = component_name(node)
    if name is not None and type(value).__name__ != name:
        yield f"{place} is a {name} by the document and a {type(value).__name__} in Python"
    attributes = {key: attribute for attribute, key in keys.items()}
    properties = {
        key: each
        for key, each in resolved(document, node).get("properties", {}).items()
        if resolved(document, each).get("writeOnly") is not True
    }
    for key, part in properties.items():
        inner = f"{place}.{key}"
        found = getattr(value, attributes.get(key, ""), _MISSING)
        if found is _MISSING:
            yield f"{inner} has no attribute in {type(value).__name__}"
        elif key in json:
            yield from misreadings(document, part, found, json[key], inner)
        elif repr(found) != "UNSET":
            yield f"{inner} is absent from the response and {found!r:.80} in Python"
    unknown = {key: each for key, each in json.items() if key not in properties}
    if value.additional_properties != unknown:
        kept = sorted(value.additional_properties)
        yield f"{place} has the unknown keys {sorted(unknown)}, of which Python keeps {kept}"


def _is_same(schema: Schema, value: Json, json: Json) -> bool:
    if "enum" in schema and schema.get("type", "string") in {"string", "integer"}:
        return (
            isinstance(value, enum.Enum)
            and value.value == json
            and getattr(value, "is_known", None) is (json in schema["enum"])
        )
    kind, form = schema.get("type"), str(schema.get("format", ""))
    if form.startswith("date-time"):
        # It has no zone and means UTC (evidence.md#values).
        is_utc = isinstance(value, dt.datetime) and value.utcoffset() == dt.timedelta(0)
        return is_utc and value == _moment(json)
    if form == "date":
        return type(value) is dt.date and value.isoformat() == json
    if kind == "boolean":
        return value is json
    if kind in {"integer", "number"}:
        return isinstance(value, int | float) and not isinstance(value, bool) and value == json
    return type(value) is str and value == json


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=dt.UTC)


def rewritten(document: Document, node: Json, json: Json) -> Json:
    """Return ``json`` as a client writes it after reading it: moments in the spelling of responses."""
    schema = resolved(document, node)
    if json is None or {"oneOf", "anyOf"} & schema.keys():
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


def misfits(model: Json) -> Iterator[str]:
    """Yield a sentence for each attribute of ``model`` whose value does not fit its annotation.

    The generated classes check nothing when they are made. What the document allows has to fit all
    the same, or type checkers mislead users.
    """
    hints = _hints(type(model))
    for name in model.KEYS:
        value = getattr(model, name)
        if not _fits(value, hints[name]):
            hint = str(hints[name]).replace("insightiq_generated.", "")
            yield f"{type(model).__name__}.{name} is annotated {hint} and holds {value!r:.80}"
        for each in value if is_array(value) else [value]:
            if hasattr(each, "KEYS"):
                yield from misfits(each)


@functools.cache
def _hints(model: type) -> Mapping[str, Json]:
    # Modules import one another's models at their ends; all of them stand in `models`.
    names = {name: getattr(models, name) for name in models.__all__}
    return typing.get_type_hints(model, localns=names)


def _fits(value: Json, hint: Json) -> bool:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        return any(_fits(value, each) for each in arguments)
    if origin is not None:
        items: list[Json] = value if origin is list and is_array(value) else []
        if origin is dict and isinstance(value, dict):
            items = list(typing.cast("dict[str, Json]", value).values())
        return isinstance(value, origin) and all(_fits(item, arguments[-1]) for item in items)
    if hint in {int, float}:
        # A number of JSON without a fraction is an int for Python.
        wanted = (int, float) if hint is float else int
        return isinstance(value, wanted) and not isinstance(value, bool)
    return hint is typing.Any or isinstance(value, hint)
