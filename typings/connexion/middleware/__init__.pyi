from collections.abc import Awaitable, Callable, Mapping, Sequence

from connexion.lifecycle import ConnexionResponse
from connexion.resolver import Resolver
from starlette.types import ASGIApp, Receive, Scope, Send

class ConnexionMiddleware:
    def __init__(
        self,
        app: ASGIApp,
        *,
        middlewares: Sequence[Callable[[ASGIApp], ASGIApp]] | None = None,
        resolver: Resolver | None = None,
        security_map: Mapping[str, Callable[[], object]] | None = None,
    ) -> None: ...
    def add_error_handler(
        self,
        code_or_exception: type[Exception],
        function: Callable[[object, Exception], Awaitable[ConnexionResponse]],
    ) -> None: ...
    def add_api(self, specification: dict[str, object], **kwargs: object) -> None: ...
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...
