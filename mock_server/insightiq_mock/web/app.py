"""The ASGI application.

::

    MockApp            request id, error envelope, HEAD, response check
      ├ /_mock         the server's own corner
      └ connexion      routing → security → request validation
          └ Dispatch   a handler, or the document's example
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from insightiq_mock.web.connexion_stack import connexion_stack
from insightiq_mock.web.dispatch import Dispatch
from insightiq_mock.web.errors import answer_to_error, nonconforming_response
from insightiq_mock.web.exchange import Answer, Exchange, attach, collect_answer, send_answer
from insightiq_mock.web.health import PREFIX, MockCorner
from insightiq_mock.web.request_body import ClientDisconnected
from insightiq_mock.web.request_id import request_ids
from insightiq_mock.web.response_contract import ResponseContracts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

    from insightiq_mock.calls import Handler
    from insightiq_mock.web.document import Document
    from insightiq_mock.web.security import CredentialCheck

__all__ = ["MockApp", "create_app"]


def create_app(
    document: Document,
    handlers: Mapping[str, Handler],
    check_credentials: CredentialCheck,
    *,
    validate_responses: bool = False,
    new_request_id: Callable[[], str] | None = None,
) -> MockApp:
    """Make the mock server's application.

    What is compiled from the document is shared by all apps of one `Document`; state is only what
    ``handlers`` and ``check_credentials`` hold.

    Args:
        document: What to serve.
        handlers: By operation id. An operation without one answers from the document's example.
        check_credentials: Decides who may call.
        validate_responses: Whether an answer that breaks the document becomes a 500 that says so.
        new_request_id: Makes request ids; by default random ones.

    Raises:
        DocumentError: The document asks for something that this server cannot do.
    """
    stack = connexion_stack(Dispatch(document, handlers), document, check_credentials)
    return MockApp(
        stack,
        MockCorner(document),
        ResponseContracts(document) if validate_responses else None,
        new_request_id or request_ids(),
    )


class MockApp:
    """The outermost layer: whatever happens within, one well-formed answer leaves."""

    def __init__(
        self,
        stack: ASGIApp,
        corner: MockCorner,
        contracts: ResponseContracts | None,
        new_request_id: Callable[[], str],
    ) -> None:
        self._stack = stack
        self._corner = corner
        self._contracts = contracts
        self._new_request_id = new_request_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            try:
                answer = await self._answer(scope, receive)
            except ClientDisconnected:
                return
            await send_answer(answer, send, method=scope["method"])

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        exchange = Exchange(self._new_request_id())
        try:
            answer = await self._respond(scope, receive, exchange)
        except ClientDisconnected:
            raise
        except Exception as error:  # noqa: BLE001 - the last resort: logged, and answered with 500
            answer = answer_to_error(error, exchange)
        return self._checked(answer.with_headers(_request_id_header(exchange)), exchange)

    async def _respond(self, scope: Scope, receive: Receive, exchange: Exchange) -> Answer:
        path: str = scope["path"]
        if path == PREFIX or path.startswith(f"{PREFIX}/"):
            return self._corner.answer(scope["method"], path)
        # ASGI lets a server leave the raw path out; then an encoded slash is already lost.
        raw_path = scope.get("raw_path") or quote(path).encode("ascii")
        return await collect_answer(
            self._stack, attach({**scope, "raw_path": raw_path}, exchange), receive
        )

    def _checked(self, answer: Answer, exchange: Exchange) -> Answer:
        if self._contracts is None or exchange.operation_id is None:
            return answer
        violations = self._contracts.violations(exchange.operation_id, answer)
        if not violations:
            return answer
        error = nonconforming_response(exchange.operation_id, answer.status, violations)
        return answer_to_error(error, exchange).with_headers(_request_id_header(exchange))


def _request_id_header(exchange: Exchange) -> tuple[str, str]:
    return ("request-id", exchange.request_id)


async def _live(receive: Receive, send: Send) -> None:
    """Follow the server's start and stop; there is nothing to prepare or to put away."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
