"""All that is made of one document: the stack that answers its operations, and its publication."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from insightiq_mock.context import RequestContext, Response, attach
from insightiq_mock.web.asked_answers import AskedAnswers
from insightiq_mock.web.connexion_stack import connexion_stack
from insightiq_mock.web.dispatch import Dispatch
from insightiq_mock.web.own_paths import Offers, OwnPaths
from insightiq_mock.web.response_contract import ResponseContracts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import Receive, Scope

    from insightiq_mock.context import AsyncHandler, Handler
    from insightiq_mock.web.document import Document
    from insightiq_mock.web.gate import Gate
    from insightiq_mock.web.security import CredentialCheck, PermittedHeaders
    from insightiq_mock.web.violations import Violation

__all__ = ["Api"]

_NOTHING = Offers()


class Api:
    """One document, served.

    Args:
        document: What to serve.
        handlers: By operation id. An operation without one answers from the document's example.
        check: Decides on credentials of HTTP Basic.
        known: Remembers those that were found right.
        security: Makers of connexion's security handlers for other HTTP schemes, by scheme.
        gate: Limits and faults; None for neither.
        validate_responses: Whether answers are checked against the document.
        own_prefix: Begins the paths of documentation and document; see `OwnPaths`.
        offers: What the documentation is filled in with.

    Raises:
        DocumentError: The document asks for something that this server cannot do.
    """

    def __init__(  # noqa: PLR0913 - one keyword per part
        self,
        document: Document,
        handlers: Mapping[str, Handler | AsyncHandler],
        check: CredentialCheck | None,
        *,
        known: PermittedHeaders | None,
        security: Mapping[str, Callable[[], object]] | None,
        gate: Gate | None,
        validate_responses: bool,
        own_prefix: str = "",
        offers: Offers = _NOTHING,
    ) -> None:
        self.document = document
        self._gate = gate
        self._asked = AskedAnswers(document)
        self._own_paths = OwnPaths(document, own_prefix, offers)
        self._contracts = ResponseContracts(document) if validate_responses else None
        self._stack = connexion_stack(
            Dispatch(document, handlers, self._asked),
            document,
            check,
            security=security,
            known=known,
            enter=None if gate is None else self._enter,
        )

    async def respond(self, scope: Scope, receive: Receive, context: RequestContext) -> Response:
        """Response one request.

        Raises:
            ApiError: It is refused.
            ClientDisconnected: The caller went away before the request was complete.
        """
        own = self._own_paths.response(scope["method"], scope["path"], context.headers, scope)
        if own is not None:
            return own
        if not scope.get("raw_path"):
            # ASGI lets a server leave the raw path out; then an encoded slash is already lost.
            scope = {**scope, "raw_path": quote(scope["path"]).encode("ascii")}
        await self._stack(attach(scope, context), receive, _send_nothing)
        assert context.response is not None, "the innermost layer leaves an answer"
        return context.response

    def violations(self, context: RequestContext, response: Response) -> list[Violation]:
        """Return everything in ``answer`` that the document does not allow, if that is checked."""
        if self._contracts is None or context.operation_id is None:
            return []
        # An answer that was asked for may well be none of the documented ones.
        if context.preferences is not None:
            return []
        # Every answer gets its id when it is sent.
        sent = response.with_headers(("request-id", context.request_id))
        return self._contracts.violations(context.operation_id, sent)

    async def _enter(self, scope: Scope, context: RequestContext) -> None:
        assert self._gate is not None, "only called with a gate"
        await self._gate.enter(scope, context)
        preferences = context.preferences
        if preferences is not None and preferences.code is not None:
            context.response = self._asked.response(context, preferences.code, preferences.example)


async def _send_nothing(_message: object) -> None:
    msg = "answers are left in the exchange, not sent"
    raise AssertionError(msg)
