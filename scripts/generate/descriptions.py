"""Descriptions of values: the document's text and limits, in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openapi_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["described", "example_of", "resolved"]


def resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Follow references and one-element ``allOf``; what stands nearer to the use wins."""
    *wrappers, found = openapi_document.unwrap(document, schema)
    merged: dict[str, Any] = dict(found)
    for wrapper in reversed(wrappers):
        merged |= {key: value for key, value in wrapper.items() if key != "allOf"}
    return merged


def described(document: Mapping[str, Any], holder: Mapping[str, Any]) -> str:
    """Return description and limits of a schema, or of a parameter (which holds a schema)."""
    holder = openapi_document.resolve(document, holder)
    schema = resolved(document, holder.get("schema", holder))
    text = " ".join(str(holder.get("description") or schema.get("description") or "").split())
    if text and text[-1] not in ".!?":
        text += "."
    words = ", ".join(_limits(schema))
    words = f"{words[:1].upper()}{words[1:]}." if words else ""
    deprecated = holder.get("deprecated") is True or schema.get("deprecated") is True
    return " ".join(filter(None, ["Deprecated." if deprecated else "", text, words]))


def example_of(document: Mapping[str, Any], holder: Mapping[str, Any]) -> Any:
    """Return the example of a schema or a parameter, None where it has none."""
    holder = openapi_document.resolve(document, holder)
    if "example" in holder:
        return holder["example"]
    return resolved(document, holder.get("schema", holder)).get("example")


def _limits(schema: Mapping[str, Any]) -> Iterator[str]:
    yield from _range(schema, ("minLength", "maxLength"), "{} characters")
    yield from _range(schema, ("minItems", "maxItems"), "{} items")
    yield from _range(schema, ("minimum", "maximum"), "{}")
    if "multipleOf" in schema:
        yield f"a multiple of {schema['multipleOf']}"
    if schema.get("uniqueItems") is True:
        yield "no item twice"
    if "pattern" in schema and "format" not in schema:
        yield f"of the form `{schema['pattern']}`"
    if "default" in schema:
        yield f"{json.dumps(schema['default'], ensure_ascii=False)} by default"


def _range(schema: Mapping[str, Any], keys: tuple[str, str], words: str) -> Iterator[str]:
    least, most = (schema.get(key) for key in keys)
    above, below = (
        schema.get(f"exclusive{key[:1].upper()}{key[1:]}") is True and key in schema for key in keys
    )
    if least is not None and most is not None and not above and not below:
        yield words.format(f"{least} to {most}")
        return
    if least is not None:
        yield words.format(f"more than {least}" if above else f"{least} or more")
    if most is not None:
        yield words.format(f"less than {most}" if below else f"at most {most}")
