"""Which operation of the document a request was meant for."""

from __future__ import annotations

import re
import typing
import urllib.parse

import openapi_document

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from openapi_document import Operation

__all__ = ["Routes"]

_PARAMETER = re.compile(r"\\\{(\w+)\\\}")


class Routes:
    """Finds operations by method and address; a fixed path goes before one with a parameter.

    Args:
        document: The document.
    """

    def __init__(self, document: Mapping[str, typing.Any]) -> None:
        found = list(openapi_document.operations(document))
        self.operations: dict[str, Operation] = {each.id: each for each in found}
        self._routes = [
            (each.method.upper(), _pattern(each.path), each)
            for each in sorted(found, key=lambda each: each.path.count("{"))
        ]
        self._known: dict[tuple[str, str], Operation | None] = {}

    def operation(self, method: str, url: str) -> Operation | None:
        """Return the operation of a request; None where the document has none for it."""
        key = method, _normal(urllib.parse.urlsplit(url).path)
        if key not in self._known:
            self._known[key] = self._find(*key)
        return self._known[key]

    def path_parameters(self, operation: Operation, url: str) -> dict[str, str]:
        """Return the parameters in the path of ``url``, decoded."""
        match = _pattern(operation.path).search(_normal(urllib.parse.urlsplit(url).path))
        groups = match.groupdict() if match else {}
        return {name: urllib.parse.unquote(text) for name, text in groups.items()}

    def _find(self, method: str, path: str) -> Operation | None:
        for verb, pattern, operation in self._routes:
            if verb == method and pattern.search(path):
                return operation
        return None


def _normal(path: str) -> str:
    """Return a path in which only what would change its meaning is percent-encoded."""
    parts = (urllib.parse.unquote(part, errors="surrogateescape") for part in path.split("/"))
    return "/".join(urllib.parse.quote(part, errors="surrogateescape") for part in parts)


def _pattern(path: str) -> re.Pattern[str]:
    # Not anchored at the start: a server may stand under a path of its own.
    return re.compile(_PARAMETER.sub(r"(?P<\1>[^/]+)", re.escape(path)) + "$")
