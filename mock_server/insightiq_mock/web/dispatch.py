"""The application inside connexion's middlewares: a routed, permitted, validated request is answered.

By its handler where there is one, else from the document's own example.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from insightiq_mock.calls import Call, Handler
from insightiq_mock.web.examples import example_answer
from insightiq_mock.web.exchange import Answer, Exchange, exchange_of, json_answer, send_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import Receive, Scope, Send

    from insightiq_mock.web.document import Document

__all__ = ["Dispatch"]

_FROM_STATE = ("mock-source", "state")
_FROM_EXAMPLE = ("mock-source", "example")


class Dispatch:
    """An ASGI application that finds the answer by operation id."""

    def __init__(self, document: Document, handlers: Mapping[str, Handler]) -> None:
        self._respond: dict[str, Callable[[Exchange, str], Answer]] = {
            operation.id: (
                _handled(handlers[operation.id])
                if operation.id in handlers
                else _shown(example_answer(document, operation))
            )
            for operation in document.operations
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - the ASGI signature
        """Answer one validated request."""
        exchange = exchange_of(scope)
        assert exchange.operation_id is not None, "only routed requests arrive here"
        # connexion's security middleware leaves the name here; an open operation has nobody.
        developer_id = scope["extensions"].get("connexion_context", {}).get("user") or ""
        answer = self._respond[exchange.operation_id](exchange, developer_id)
        await send_answer(answer, send, method="GET")


def _handled(handler: Handler) -> Callable[[Exchange, str], Answer]:
    def respond(exchange: Exchange, developer_id: str) -> Answer:
        assert exchange.operation_id is not None, "only routed requests arrive here"
        reply = handler(
            Call(
                operation_id=exchange.operation_id,
                developer_id=developer_id,
                path=exchange.path,
                query=exchange.query,
                body=exchange.body,
            )
        )
        if reply.body is None:
            return Answer(reply.status, (_FROM_STATE,))
        return json_answer(reply.status, reply.body, _FROM_STATE)

    return respond


def _shown(example: Answer) -> Callable[[Exchange, str], Answer]:
    answer = example.with_headers(_FROM_EXAMPLE)

    def respond(exchange: Exchange, developer_id: str) -> Answer:  # noqa: ARG001 - the same for all
        return answer

    return respond
