"""connexion's middleware stack around the application: the only module that imports connexion.

connexion reads the operations and their security requirements, and enforces these, with the
handlers of its ``security_map``. Two middlewares of ours stand in its list instead of stock ones:
`Routing`, because the stock router breaks OpenAPI's rules (see `insightiq_mock.openapi.routing`), and
`RequestValidation`, because the stock validators do (see `insightiq_mock.openapi.requests`).
"""

from __future__ import annotations

import functools
import warnings
from typing import TYPE_CHECKING

from insightiq_mock.context import Response, context_of
from insightiq_mock.openapi.requests import request_contracts
from insightiq_mock.openapi.routing import RouteTable, normalised_path
from insightiq_mock.openapi.security import BasicSecurity

with warnings.catch_warnings():
    # connexion imports starlette's test client, which warns about the httpx that it finds there.
    warnings.simplefilter("ignore")
    from connexion.middleware import ConnexionMiddleware

    # Not documented, but the only way in which a router tells connexion's security the operation.
    from connexion.middleware.abstract import ROUTING_CONTEXT
    from connexion.middleware.security import SecurityMiddleware
    from connexion.resolver import Resolver
    from connexion.security import NO_VALUE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.types import ASGIApp, Receive, Scope, Send

    from insightiq_mock.openapi.document import Document
    from insightiq_mock.openapi.requests import RequestContract
    from insightiq_mock.openapi.security import CredentialCheck, PermittedHeaders

__all__ = ["connexion_stack"]


def connexion_stack(  # noqa: PLR0913 - each part by keyword
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
