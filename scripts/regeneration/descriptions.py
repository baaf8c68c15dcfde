"""What the document says about a value: its description and its limits, in words."""

from __future__ import annotations

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
    return f"{text} {words[:1].upper()}{words[1:]}.".strip() if words else text


def example_of(document: Mapping[str, Any], holder: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Return the example of a schema or a parameter, None where it has none."""
    holder = openapi_document.resolve(document, holder)
    if "example" in holder:
        return holder["example"]
    return resolved(document, holder.get("schema", holder)).get("example")


def _limits(schema: Mapping[str, Any]) -> Iterator[str]:
    yield from _range(schema.get("minLength"), schema.get("maxLength"), "{} characters")
    yield from _range(schema.get("minItems"), schema.get("maxItems"), "{} items")
    yield from _range(schema.get("minimum"), schema.get("maximum"), "{}")


def _range(least: float | None, most: float | None, words: str) -> Iterator[str]:
    if least is not None and most is not None:
        yield words.format(f"{least} to {most}")
    elif least is not None:
        yield words.format(f"{least} or more")
    elif most is not None:
        yield words.format(f"at most {most}")
