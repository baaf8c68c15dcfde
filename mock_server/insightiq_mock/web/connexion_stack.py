"""connexion's middleware stack around our own dispatch: the only module that knows connexion.

What stays stock is what it does well: reading operations and security requirements, and enforcing
them. Routing and validation stand in the places of connexion's own and speak its protocol (the
routing context, operations by id), because the stock ones cannot be configured to keep OpenAPI's
rules: see `insightiq_mock.web.routing` and `insightiq_mock.web.schemas`.
"""

from __future__ import annotations

import functools
import warnings
from typing import TYPE_CHECKING, Any

from insightiq_mock.web.exchange import Answer, exchange_of, send_answer
from insightiq_mock.web.request_contract import RequestContract, request_contracts
from insightiq_mock.web.routing import RouteTable, normalised_path
from insightiq_mock.web.security import BasicSecurity, CredentialCheck

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
    from connexion.middleware.security import SecurityMiddleware
    from connexion.resolver import Resolver
    from connexion.security import NO_VALUE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connexion.operations import AbstractOperation
    from connexion.spec import Specification
    from starlette.types import ASGIApp, Receive, Scope, Send

    from insightiq_mock.web.document import Document

__all__ = ["connexion_stack"]


def connexion_stack(app: ASGIApp, document: Document, check: CredentialCheck) -> ASGIApp:
    """Wrap ``app`` so that only routed, permitted and valid requests reach it.

    Raises:
        DocumentError: The document asks for something that cannot be validated.
    """
    stack = ConnexionMiddleware(
        app,
        middlewares=[
            functools.partial(Routing, document=document),
            SecurityMiddleware,
            RequestValidation,
        ],
        # Handlers are found by our dispatch; connexion need not import anything.
        resolver=Resolver(_no_function),
        security_map={"basic": functools.partial(BasicSecurity, check, NO_VALUE)},
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
        if match.operation_id is None:
            await send_answer(Answer(204, (("allow", match.allowed),)), send, method="OPTIONS")
            return
        exchange = exchange_of(scope)
        exchange.operation_id = match.operation_id
        exchange.path = match.parameters
        scope["extensions"][ROUTING_CONTEXT] = {
            "api_base_path": self._base_path,
            "operation_id": match.operation_id,
        }
        await self._app(scope, receive, send)


class ValidatedOperation:
    """Lets valid requests of one operation through."""

    def __init__(self, app: ASGIApp, contract: RequestContract) -> None:
        self._app = app
        self._contract = contract

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Validate one request."""
        await self._contract.check(scope, receive, exchange_of(scope))
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
