from collections.abc import Mapping, Sequence

from connexion.middleware.abstract import RoutedAPI, RoutedMiddleware
from connexion.operations import AbstractOperation
from connexion.spec import Specification
from starlette.types import ASGIApp, Receive, Scope, Send

class SecurityOperation:
    next_app: ASGIApp
    security: Sequence[Mapping[str, Sequence[str]]]
    security_schemes: Mapping[str, Mapping[str, str]]
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...

class SecurityAPI(RoutedAPI[SecurityOperation]):
    def __init__(self, specification: Specification, **kwargs: object) -> None: ...
    def make_operation(self, operation: AbstractOperation) -> SecurityOperation: ...

class SecurityMiddleware(RoutedMiddleware[SecurityAPI]): ...
