"""Answers as they came, beside what was made of them."""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
import typing
import urllib.parse
from collections.abc import Mapping

import attrs

from insightiq.errors import ConfigurationError
from insightiq_generated.client import Operation, Request
from insightiq_generated.types import LONGEST, json_argument, query_text

if typing.TYPE_CHECKING:
    from collections.abc import Generator

__all__ = [
    "JSON",
    "Kept",
    "Query",
    "RawOperation",
    "Response",
    "keep",
    "keeping_response",
    "query_of",
    "raw_operation",
    "raw_request",
]

JSON: typing.TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"
ResultT = typing.TypeVar("ResultT")
ResultT_co = typing.TypeVar("ResultT_co", covariant=True)

Query: typing.TypeAlias = "Mapping[str, str | int | float | bool | None]"


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Response(typing.Generic[ResultT_co]):
    """A success: the answer, and what was made of it.

    Attributes:
        parsed: What the call returns by itself.
        status_code: HTTP status.
        headers: Headers; names are found in any spelling.
        raw: The body as it came.
        request_id: The id that the vendor's support asks for, or None where the answer has none.
        attempts: How often the request was sent, or tried to be sent.
        waited: Seconds spent waiting between the attempts and for the quota.
    """

    parsed: ResultT_co
    status_code: int
    headers: Mapping[str, str]
    raw: bytes
    request_id: str | None
    attempts: int
    waited: float

    def __repr__(self) -> str:
        # Headers and bodies hold tokens and names; whoever wants to see them asks for them.
        kind = type(self.parsed).__name__
        return (
            f"<{type(self).__name__}[{kind}] status_code={self.status_code} "
            f"request_id={self.request_id!r} attempts={self.attempts}>"
        )


@dataclasses.dataclass(slots=True)
class Kept:
    """Keeps a response.

    Attributes:
        response: The last one, None before the first.
    """

    response: Response[object] | None = None

    def with_result(self, result: ResultT, method: object) -> Response[ResultT]:
        """Return the response with what ``method`` made of it.

        Raises:
            TypeError: There is no response.
        """
        if self.response is None:
            name = getattr(method, "__qualname__", repr(method))
            msg = (
                f"with_response: {name} made no call, so there is no response. "
                "Of a list take one of its own methods, for example iq.users.list().first."
            )
            raise TypeError(msg)
        kept = self.response
        return Response(
            parsed=result,
            status_code=kept.status_code,
            headers=kept.headers,
            raw=kept.raw,
            request_id=kept.request_id,
            attempts=kept.attempts,
            waited=kept.waited,
        )


_kept: contextvars.ContextVar[Kept | None] = contextvars.ContextVar("kept_response", default=None)


@contextlib.contextmanager
def keeping_response() -> Generator[Kept]:
    """Keep the last response of the calls that are made inside, in this thread or task."""
    kept = Kept()
    token = _kept.set(kept)
    try:
        yield kept
    finally:
        _kept.reset(token)


def keep(response: Response[object]) -> None:
    """Keep ``response`` for whoever asked for it."""
    kept = _kept.get()
    if kept is not None:
        kept.response = response


@attrs.frozen
class RawOperation(Operation[JSON]):
    """An operation of whose answer nothing is known but that it is JSON, or empty."""


def raw_operation(method: str, path: str) -> RawOperation:
    """Return an operation for what the document lacks.

    Raises:
        ConfigurationError: ``method`` or ``path`` cannot be sent.
    """
    for name, given in {"method": method, "path": path}.items():
        if not isinstance(typing.cast("object", given), str):
            msg = f"request: {name} must be text, not {type(given).__name__}."
            raise ConfigurationError(msg)
    verb = method.upper()
    if not verb.isalpha() or not verb.isascii():
        msg = f"request: {method!r} is no HTTP method; give GET, POST, PUT, PATCH or DELETE."
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
    """Tell whether the HTTP library or a server would shorten ``path``, encoded or not."""
    parts = urllib.parse.unquote(path).replace("\\", "/").split("/")
    return "." in parts or ".." in parts


def _is_plain(path: str) -> bool:
    return path.isprintable() and " " not in path and "\\" not in path


def raw_request(operation: RawOperation, params: Query | None, json: JSON) -> Request:
    """Return the request of ``operation``; parameters that are None are left out.

    Raises:
        ConfigurationError: ``params`` or ``json`` cannot be sent.
    """
    query = query_of("request: params", {} if params is None else params)
    body = json_argument(json, "request: json")
    return Request(operation.method, operation.path, query, body)


def query_of(where: str, params: Query) -> dict[str, str]:
    """Return ``params`` as text; those that are None are left out.

    Raises:
        ConfigurationError: They cannot be sent; the message begins with ``where``.
    """
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
