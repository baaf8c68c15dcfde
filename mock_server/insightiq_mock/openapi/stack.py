"""connexion's middleware stack around the application: the only module that imports connexion.

connexion reads the operations and their security requirements, and enforces these with the handlers
of its ``security_map``. Two middlewares of ours stand in its list instead of stock ones:

- `Routing`, because the stock router breaks OpenAPI's rules: a literal path wins over a templated
  one wherever it stands in the document and whatever its methods; ``%2F`` belongs to the segment it
  is in; nothing is redirected.
- `RequestValidation`, because the stock validators do, too; see `insightiq_mock.openapi.requests`.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import functools
import hmac
import re
import warnings
from typing import TYPE_CHECKING, NamedTuple, Protocol

from insightiq_mock.context import Response, context_of
from insightiq_mock.errors import method_not_allowed, unauthorized, unknown_path
from insightiq_mock.openapi.requests import request_contracts

with warnings.catch_warnings():
    # connexion imports starlette's test client, which warns about the httpx that it finds there.
    warnings.simplefilter("ignore")
    from connexion.middleware import ConnexionMiddleware

    # Not documented; connexion's security reads the operation from there.
    from connexion.middleware.abstract import ROUTING_CONTEXT
    from connexion.middleware.security import SecurityMiddleware
    from connexion.resolver import Resolver
    from connexion.security import NO_VALUE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from insightiq_mock.openapi.document import Document, Operation
    from insightiq_mock.openapi.requests import RequestContract

__all__ = [
    "BasicSecurity",
    "CredentialCheck",
    "Match",
    "OneDeveloper",
    "PermittedHeaders",
    "RouteTable",
    "connexion_stack",
    "normalised_path",
]

_LAST_ASCII = 127
_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
# RFC 3986: an escape of one of these means the same as the character itself.
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

_MALFORMED = (
    "The Authorization header is malformed; it must be 'Basic ' and the base64 of"
    " '<client id>:<client secret>'."
)
_REPEATED = "There is more than one Authorization header; send one."
_WRONG = "The client id or the client secret is wrong."


def connexion_stack(
    app: ASGIApp,
    document: Document,
    *,
    check: CredentialCheck | None = None,
    known: PermittedHeaders | None = None,
    security: Mapping[str, Callable[[], object]] | None = None,
    admission: Sequence[Callable[[ASGIApp], ASGIApp]] = (),
) -> ASGIApp:
    """Wrap ``app`` so that only routed, permitted and valid requests reach it.

    Args:
        app: Handles them.
        document: The document that is served.
        check: Checks credentials of HTTP Basic.
        known: Remembers credentials that were accepted.
        security: Makers of connexion's security handlers for other HTTP schemes, by scheme.
        admission: Middlewares between security and request validation.

    Raises:
        DocumentError: The document contains something that cannot be validated.
    """
    # Made now: connexion makes its middlewares at the first request only.
    routes = RouteTable(document.operations, document.base_path)
    contracts = request_contracts(document)
    schemes = dict(security or {})
    if check is not None:
        schemes["basic"] = functools.partial(BasicSecurity, check, NO_VALUE, known)
    stack = ConnexionMiddleware(
        app,
        middlewares=[
            functools.partial(Routing, routes=routes, base_path=document.base_path),
            SecurityMiddleware,
            *admission,
            functools.partial(RequestValidation, contracts=contracts),
        ],
        # Handlers are found by operation id; connexion need not import any.
        resolver=Resolver(_no_function),
        security_map=schemes,
    )
    stack.add_api(document.routing_copy(), base_path=document.base_path)
    return stack


class Routing:
    """Finds the operation of a request, for the middlewares behind it."""

    def __init__(self, app: ASGIApp, routes: RouteTable, base_path: str) -> None:
        self._app = app
        self._routes = routes
        self._base_path = base_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route one request."""
        match = self._routes.match(scope["method"], normalised_path(scope["raw_path"]))
        context = context_of(scope)
        if match.operation_id is None:
            context.response = Response(204, headers=(("allow", match.allowed),))
            return
        context.operation_id = match.operation_id
        context.path = match.parameters
        scope["extensions"][ROUTING_CONTEXT] = {
            "api_base_path": self._base_path,
            "operation_id": match.operation_id,
        }
        await self._app(scope, receive, send)


class RequestValidation:
    """Validates requests with the compiled contract of their operation."""

    def __init__(self, app: ASGIApp, contracts: Mapping[str, RequestContract]) -> None:
        self._app = app
        self._contracts = contracts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Validate one request."""
        context = context_of(scope)
        assert context.operation_id is not None, "only routed requests arrive here"
        await self._contracts[context.operation_id].check(scope, receive, context)
        await self._app(scope, receive, send)


def _no_function(operation_id: str) -> None:
    """Resolve every operation to nothing."""


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
    escaped = "".join(chr(byte) if byte <= _LAST_ASCII else f"%{byte:02X}" for byte in raw_path)
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


class CredentialCheck(Protocol):
    """Checks credentials."""

    def __call__(self, client_id: str, client_secret: str, /) -> bool:
        """Return whether the pair belongs together."""
        ...


class PermittedHeaders(Protocol):
    """Cache of the ``Authorization`` headers that were accepted, as long as they are valid."""

    def permitted(self, header: bytes, /) -> str | None:
        """Return the developer of a header; None for one that was not accepted before."""
        ...

    def remember(self, header: bytes, developer_id: str, /) -> None:
        """Note a header that was accepted."""
        ...


class OneDeveloper:
    """A credential check that knows one pair. Its time does not depend on how wrong a guess is."""

    def __init__(self, client_id: str, client_secret: str) -> None:
        self._client_id = client_id.encode()
        self._client_secret = client_secret.encode()

    def __call__(self, client_id: str, client_secret: str, /) -> bool:
        """Return whether this is the pair."""
        right_id = hmac.compare_digest(client_id.encode(), self._client_id)
        right_secret = hmac.compare_digest(client_secret.encode(), self._client_secret)
        return right_id and right_secret


class BasicSecurity:
    """Security handler for HTTP Basic; leaves the developer in the request context.

    The stock one decodes base64 leniently and calls a function that the document names.
    """

    def __init__(
        self,
        check: CredentialCheck,
        no_credentials: object,
        known: PermittedHeaders | None = None,
    ) -> None:
        self._check = check
        self._no_credentials = no_credentials
        self._known = known

    def get_fn(
        self,
        security_scheme: Mapping[str, object],  # noqa: ARG002 - the signature that connexion calls
        required_scopes: list[str],  # noqa: ARG002 - the signature that connexion calls
    ) -> Callable[[Request], object]:
        """Return the function that connexion calls for each request."""
        return self._verify

    def _verify(self, request: Request) -> object:
        # Once: connexion's request passes each attribute on to another one.
        scope = request.scope
        headers = [text for name, text in scope["headers"] if name == b"authorization"]
        if not headers:
            return self._no_credentials
        if len(headers) > 1:
            raise unauthorized(_REPEATED)
        developer_id = self._known.permitted(headers[0]) if self._known is not None else None
        developer_id = developer_id or self._checked(headers[0])
        context_of(scope).developer_id = developer_id
        return {"sub": developer_id}

    def _checked(self, header: bytes) -> str:
        client_id, client_secret = _decode(header.decode("latin-1"))
        if not self._check(client_id, client_secret):
            raise unauthorized(_WRONG)
        if self._known is not None:
            self._known.remember(header, client_id)
        return client_id


def _decode(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        raise unauthorized(_MALFORMED)
    try:
        text = base64.b64decode(encoded.strip(" "), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise unauthorized(_MALFORMED) from None
    client_id, colon, client_secret = text.partition(":")
    if not colon:
        raise unauthorized(_MALFORMED)
    return client_id, client_secret
