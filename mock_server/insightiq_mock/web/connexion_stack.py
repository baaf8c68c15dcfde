"""connexion's middleware stack around our own dispatch: the only module that knows connexion.

What stays stock is what it does well: reading operations and security requirements, and enforcing
them. Routing and validation stand in the places of connexion's own and speak its protocol (the
routing context, operations by id), because the stock ones cannot be configured to keep OpenAPI's
rules: see `insightiq_mock.web.routing` and `insightiq_mock.web.schemas`.
"""

from __future__ import annotations

import functools
import warnings
from typing import TYPE_CHECKING, Any, cast

from insightiq_mock.context import Response, context_of
from insightiq_mock.web.request_contract import RequestContract, request_contracts
from insightiq_mock.web.routing import RouteTable, normalised_path
from insightiq_mock.web.security import BasicSecurity, CredentialCheck, PermittedHeaders

with warnings.catch_warnings():
    # connexion imports starlette's test client, which warns about the httpx that it finds there.
    warnings.simplefilter("ignore")
    from connexion.middleware import ConnexionMiddleware
    from connexion.middleware.abstract import (
        ROUTING_CONTEXT,
        RoutedAPI,
        RoutedMiddleware,
        SpecMiddleware,
    )
    from connexion.middleware.security import SecurityAPI, SecurityMiddleware, SecurityOperation
    from connexion.resolver import Resolver
    from connexion.security import NO_VALUE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from connexion.operations import AbstractOperation
    from connexion.spec import Specification
    from starlette.types import ASGIApp, Receive, Scope, Send

    from insightiq_mock.context import RequestContext
    from insightiq_mock.web.document import Document

    Entrance = Callable[[Scope, RequestContext], Awaitable[None]]

__all__ = ["connexion_stack"]


def connexion_stack(  # noqa: PLR0913 - each part by keyword
    app: ASGIApp,
    document: Document,
    check: CredentialCheck | None = None,
    *,
    security: Mapping[str, Callable[[], object]] | None = None,
    known: PermittedHeaders | None = None,
    enter: Entrance | None = None,
) -> ASGIApp:
    """Wrap ``app`` so that only routed, permitted and valid requests reach it.

    Args:
        app: What answers them.
        document: What routes, permits and validates.
        check: Decides on credentials of HTTP Basic.
        security: Makers of connexion's security handlers for other HTTP schemes, by scheme.
        known: Remembers credentials that ``check`` found right.
        enter: What happens to a call whose operation and developer are known.

    Raises:
        DocumentError: The document asks for something that cannot be validated.
    """
    schemes = dict(security or {})
    if check is not None:
        schemes["basic"] = functools.partial(BasicSecurity, check, NO_VALUE, known)
    stack = ConnexionMiddleware(
        app,
        middlewares=[
            functools.partial(Routing, document=document),
            functools.partial(KnownCredentials, known=known),
            functools.partial(Arrival, enter=enter),
            RequestValidation,
        ],
        # Handlers are found by our dispatch; connexion need not import anything.
        resolver=Resolver(_no_function),
        security_map=schemes,
    )
    stack.add_api(document.routing_copy(), contracts=request_contracts(document))
    _build(stack)
    return stack


class Routing(SpecMiddleware):
    """Tells the middlewares behind it which operation a request is for."""

    def __init__(self, app: ASGIApp, document: Document) -> None:
        self._app = app
        self._document = document

    def add_api(self, specification: Specification, **_options: object) -> None:
        """Build the routes; connexion calls this once, with the base path of the document."""
        self._base_path: str = specification.base_path
        self._routes = RouteTable(self._document.operations, self._base_path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route one request."""
        if scope["type"] != "http":
            return
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


class KnownOrVerified:
    """Lets credentials through that were found right before; all others are verified as usual."""

    def __init__(self, verified: SecurityOperation, known: PermittedHeaders | None) -> None:
        self._verified = verified
        self._next = verified.next_app
        # Only where Basic alone is asked for does the header alone decide.
        is_basic = [
            {verified.security_schemes[name].get("scheme", "").lower() for name in requirement}
            # None where neither operation nor document says anything of security.
            for requirement in verified.security or ()
        ] == [{"basic"}]
        self._known = known if is_basic else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check who calls."""
        if self._known is not None:
            headers = context_of(scope).headers
            # Equal lengths: no header is there twice.
            if b"authorization" in headers and len(headers) == len(scope["headers"]):
                developer_id = self._known.permitted(headers[b"authorization"])
                if developer_id is not None:
                    scope["extensions"]["connexion_context"] = {"user": developer_id}
                    await self._next(scope, receive, send)
                    return
        await self._verified(scope, receive, send)


class KnownCredentialsAPI(SecurityAPI):
    """Gives each operation its check."""

    def __init__(
        self,
        specification: Specification,
        *,
        known: PermittedHeaders | None,
        **options: object,
    ) -> None:
        self._known = known
        super().__init__(specification, **options)

    def make_operation(self, operation: AbstractOperation) -> SecurityOperation:
        """Make the check of ``operation``."""
        check = KnownOrVerified(super().make_operation(operation), self._known)
        # connexion asks no more of it than that it can be called.
        return cast("SecurityOperation", check)


class KnownCredentials(SecurityMiddleware):
    """connexion's security, spared for credentials that it let through already."""

    api_cls = KnownCredentialsAPI

    def __init__(self, app: ASGIApp, known: PermittedHeaders | None) -> None:
        super().__init__(app)
        self._known = known

    def add_api(self, specification: Specification, **options: object) -> object:
        """Build the checks; connexion calls this once."""
        return super().add_api(specification, known=self._known, **options)


class Arrival:
    """Notes who called, and lets the call in, late or not at all."""

    def __init__(self, app: ASGIApp, enter: Entrance | None) -> None:
        self._app = app
        self._enter = enter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one permitted request in."""
        if scope["type"] != "http":
            return
        context = context_of(scope)
        # The security middleware leaves the name here; an open operation has nobody.
        context.developer_id = scope["extensions"].get("connexion_context", {}).get("user") or ""
        if self._enter is not None:
            await self._enter(scope, context)
        if context.response is None:
            await self._app(scope, receive, send)


class ValidatedOperation:
    """Lets valid requests of one operation through."""

    def __init__(self, app: ASGIApp, contract: RequestContract) -> None:
        self._app = app
        self._contract = contract

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Validate one request."""
        await self._contract.check(scope, receive, context_of(scope))
        await self._app(scope, receive, send)


class RequestValidationAPI(RoutedAPI[ValidatedOperation]):
    """Gives each operation its compiled contract."""

    def __init__(
        self,
        specification: Specification,
        *,
        contracts: Mapping[str, RequestContract],
        **options: Any,  # noqa: ANN401 - passed on as they come
    ) -> None:
        super().__init__(specification, **options)
        self._contracts = contracts
        self.add_paths()

    def make_operation(self, operation: AbstractOperation) -> ValidatedOperation:
        """Make the validated form of ``operation``."""
        return ValidatedOperation(self.next_app, self._contracts[operation.operation_id])


class RequestValidation(RoutedMiddleware[RequestValidationAPI]):
    """Validates requests with the contracts that `connexion_stack` passes to ``add_api``."""

    api_cls = RequestValidationAPI


def _no_function(operation_id: str) -> None:
    """Resolve every operation to nothing."""


def _build(stack: ASGIApp) -> None:
    """Make connexion build its stack now, not at the first request, so that a fault shows at start.

    It does so at its first call of any kind; one that is no HTTP request passes without waiting.
    """
    next(stack({"type": "lifespan"}, _never, _never).__await__(), None)


async def _never(*_arguments: object) -> Any:  # noqa: ANN401 - an ASGI channel
    msg = "nothing listens to this call"
    raise AssertionError(msg)
