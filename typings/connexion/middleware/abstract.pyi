from typing import ClassVar, Generic, TypeVar

from connexion.operations import AbstractOperation
from connexion.spec import Specification
from starlette.types import ASGIApp, Receive, Scope, Send

ROUTING_CONTEXT: str

class SpecMiddleware:
    def add_api(self, specification: Specification, **kwargs: object) -> object: ...
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...

_Operation = TypeVar("_Operation")

class RoutedAPI(Generic[_Operation]):
    next_app: ASGIApp
    def __init__(self, specification: Specification, **kwargs: object) -> None: ...
    def add_paths(self) -> None: ...
    def make_operation(self, operation: AbstractOperation) -> _Operation: ...

_API = TypeVar("_API")

class RoutedMiddleware(SpecMiddleware, Generic[_API]):
    # In truth ``type[API]``; a class variable cannot be generic.
    api_cls: ClassVar[type[object]]
    def __init__(self, app: ASGIApp) -> None: ...
