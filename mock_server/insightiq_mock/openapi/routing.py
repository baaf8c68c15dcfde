"""Route table: from method and path to the operation.

It keeps OpenAPI's rules, which connexion's stock router breaks: a literal path wins over a templated
one wherever it stands in the document and whatever its methods; ``%2F`` belongs to the segment it
is in; nothing is redirected.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, NamedTuple

from insightiq_mock.errors import method_not_allowed, unknown_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from insightiq_mock.openapi.document import Operation

__all__ = ["Match", "RouteTable", "normalised_path"]

_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
# RFC 3986: an escape of one of these means the same as the character itself.
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclasses.dataclass(frozen=True, slots=True)
class _Route:
    """One path of the document; ``names`` are those of the groups of ``pattern``."""

    pattern: re.Pattern[str]
    names: tuple[str, ...]
    operation_ids: Mapping[str, str]
    allowed: str


class Match(NamedTuple):
    """The route of a request.

    Attributes:
        operation_id: The operation; None where OPTIONS asks about a path.
        parameters: Path parameters, still percent-encoded.
        allowed: The methods of the path, as in an ``Allow`` header.
    """

    operation_id: str | None
    parameters: Mapping[str, str]
    allowed: str


class RouteTable:
    """Finds the operation of a request: one look-up, then one comparison per similar template."""

    def __init__(self, operations: Iterable[Operation], base_path: str = "") -> None:
        by_path: dict[str, dict[str, str]] = {}
        for operation in operations:
            methods = by_path.setdefault(base_path + operation.path, {})
            methods[operation.method] = operation.id
        self._literal: dict[str, _Route] = {}
        self._templated: dict[int, list[_Route]] = {}
        # Literal segments before templates, at the leftmost place where two paths differ.
        for path in sorted(by_path, key=_templates_by_segment):
            route = _route(path, by_path[path])
            if route.names:
                self._templated.setdefault(path.count("/"), []).append(route)
            else:
                self._literal[path] = route

    def match(self, method: str, path: str) -> Match:
        """Find the operation for ``method`` and a normalised ``path``.

        Raises:
            ApiError: 404, there is no such path; 405, the path has no such method.
        """
        route, values = self._find(path)
        if route is None:
            raise unknown_path(path)
        operation_id = route.operation_ids.get(method)
        if operation_id is None and method == "HEAD":
            operation_id = route.operation_ids.get("GET")
        if operation_id is None and method != "OPTIONS":
            raise method_not_allowed(method, path, route.allowed)
        return Match(operation_id, dict(zip(route.names, values, strict=True)), route.allowed)

    def _find(self, path: str) -> tuple[_Route | None, tuple[str, ...]]:
        route = self._literal.get(path)
        if route is not None:
            return route, ()
        for route in self._templated.get(path.count("/"), ()):
            found = route.pattern.fullmatch(path)
            if found is not None:
                return route, found.groups()
        return None, ()


def normalised_path(raw_path: bytes) -> str:
    """Normalise the path of a request line.

    Escapes stay escapes, so that an encoded slash does not end a segment; only those of unreserved
    characters are undone.
    """
    if raw_path.isascii() and b"%" not in raw_path:
        return raw_path.decode("ascii")
    escaped = "".join(chr(byte) if byte < 128 else f"%{byte:02X}" for byte in raw_path)  # noqa: PLR2004 - ASCII
    return _ESCAPE.sub(_undo_escape, escaped)


def _undo_escape(escape: re.Match[str]) -> str:
    character = chr(int(escape.group()[1:], 16))
    return character if character in _UNRESERVED else escape.group().upper()


def _route(path: str, operation_ids: Mapping[str, str]) -> _Route:
    literals = [re.escape(literal) for literal in _TEMPLATE.split(path)[::2]]
    methods = {*operation_ids, "OPTIONS"}
    if "GET" in operation_ids:
        methods.add("HEAD")
    return _Route(
        pattern=re.compile("([^/]+)".join(literals)),
        names=tuple(_TEMPLATE.findall(path)),
        operation_ids=operation_ids,
        allowed=", ".join(sorted(methods)),
    )


def _templates_by_segment(path: str) -> list[int]:
    return [len(_TEMPLATE.findall(segment)) for segment in path.split("/")]
