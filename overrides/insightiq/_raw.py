"""Raw requests: operations that the document lacks."""

from __future__ import annotations

import typing
import urllib.parse
from collections.abc import Mapping

import attrs

from insightiq.errors import ConfigurationError
from insightiq_generated.client import Operation, Request
from insightiq_generated.types import LONGEST, json_argument, query_text

__all__ = [
    "JSON",
    "Query",
    "RawOperation",
    "query_of",
    "raw_operation",
    "raw_request",
]

JSON: typing.TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"
Query: typing.TypeAlias = "Mapping[str, str | int | float | bool | None]"


@attrs.frozen
class RawOperation(Operation[JSON]):
    """An operation whose response is any JSON, or empty."""


def raw_operation(method: str, path: str) -> RawOperation:
    """Return an operation that the document lacks."""
    for name, given in {"method": method, "path": path}.items():
        if not isinstance(typing.cast("object", given), str):
            msg = f"request: {name} must be text, not {type(given).__name__}."
            raise ConfigurationError(msg)
    verb = method.upper()
    if not verb.isalpha() or not verb.isascii():
        msg = f"request: {method!r} is not an HTTP method; give GET, POST, PUT, PATCH or DELETE."
        raise ConfigurationError(msg)
    # Anything but a path could lead to another host, and the credentials with it.
    if not path.startswith("/") or path.startswith("//") or not _is_plain(path):
        msg = "request: give the path alone, percent-encoded and with a slash in front: /v1/…"
        raise ConfigurationError(msg)
    if "?" in path or "#" in path:
        msg = "request: give the query as params={…}, not in the path."
        raise ConfigurationError(msg)
    if _climbs(path):
        msg = (
            'request: a path with "." or ".." between slashes leads to another one: '
            "give the path that you mean."
        )
        raise ConfigurationError(msg)
    if len(path) > LONGEST:
        msg = f"request: path must be shorter: an address takes {LONGEST} characters at most."
        raise ConfigurationError(msg)
    return RawOperation(
        id=f"{verb} {path}",
        method=verb,
        path=path,
        success_status=200,
        parse_response=_unchanged,
        retry_safe=False,
    )


def _climbs(path: str) -> bool:
    """Return whether httpx or a server would shorten ``path``, encoded or not."""
    parts = urllib.parse.unquote(path).replace("\\", "/").split("/")
    return "." in parts or ".." in parts


def _is_plain(path: str) -> bool:
    return path.isprintable() and " " not in path and "\\" not in path


def raw_request(operation: RawOperation, params: Query | None, json: JSON) -> Request:
    """Return the request of ``operation``; parameters that are None are left out."""
    query = query_of("request: params", {} if params is None else params)
    body = json_argument(json, "request: json")
    return Request(operation.method, operation.path, query, body)


def query_of(where: str, params: Query) -> dict[str, str]:
    """Return ``params`` as text; those that are None are left out."""
    given = typing.cast("object", params)
    if not isinstance(given, Mapping):
        msg = f"{where} must be a mapping of names to values, not {type(given).__name__}."
        raise ConfigurationError(msg)
    return {
        query_text(key, where, str): query_text(value, f"{where}[{key!r}]")
        for key, value in typing.cast("Mapping[str, object]", given).items()
        if value is not None
    }


def _unchanged(data: JSON) -> JSON:
    return data
