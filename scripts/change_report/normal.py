"""A document without the words and examples in it, which say nothing of the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

__all__ = ["WORDS", "without_words"]

WORDS = frozenset(
    {"description", "summary", "example", "examples", "externalDocs", "title", "links"}
)
# Below these keywords stand names, which may read like any keyword.
NAME_MAPS = frozenset(
    {
        "properties", "patternProperties", "schemas", "headers", "responses", "requestBodies",
        "callbacks", "parameters", "securitySchemes", "paths", "content", "mapping", "variables", "scopes",
        "encoding",
    }
)  # fmt: skip
DATA = frozenset({"default", "enum"})


def without_words(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of ``document`` without descriptions, examples and links."""
    found: dict[str, Any] = _plain(document)
    return found


def _plain(node: Any, *, names: bool = False) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(node, list):
        return [_plain(item) for item in cast("list[object]", node)]
    if not isinstance(node, Mapping):
        return node
    written = cast("Mapping[str, Any]", node)
    if names:
        return {key: _plain(value) for key, value in written.items()}
    return {
        key: value if key in DATA or key.startswith("x-") else _plain(value, names=key in NAME_MAPS)
        for key, value in written.items()
        if key not in WORDS
    }
