"""The application inside connexion's middlewares: a routed, permitted, validated request is answered.

By its handler where there is one, else from the document's own example; or by the example that the
caller named. The answer is left in the exchange: nothing is sent from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from insightiq_mock.calls import Call, Reply
from insightiq_mock.web.examples import example_answer
from insightiq_mock.web.exchange import Answer, Exchange, exchange_of, json_answer
from insightiq_mock.web.json_values import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.types import Receive, Scope, Send

    from insightiq_mock.calls import AsyncHandler, Handler
    from insightiq_mock.web.asked_answers import AskedAnswers
    from insightiq_mock.web.document import Document

__all__ = ["Dispatch"]

_FROM_STATE = ("mock-source", "state")
_FROM_EXAMPLE = ("mock-source", "example")


class Dispatch:
    """An ASGI application that finds the answer by operation id."""

    def __init__(
        self,
        document: Document,
        handlers: Mapping[str, Handler | AsyncHandler],
        asked: AskedAnswers,
    ) -> None:
        self._asked = asked
        self._respond: dict[str, Callable[[Exchange], Answer | Awaitable[Answer]]] = {
            operation.id: (
                _handled(handlers[operation.id])
                if operation.id in handlers
                else _shown(example_answer(document, operation), operation.data.get("x-pagination"))
            )
            for operation in document.operations
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - the ASGI signature
        """Answer one validated request."""
        exchange = exchange_of(scope)
        assert exchange.operation_id is not None, "only routed requests arrive here"
        preferences = exchange.preferences
        if preferences is not None and preferences.example is not None:
            exchange.answer = self._asked.answer(exchange, None, preferences.example)
            return
        answer = self._respond[exchange.operation_id](exchange)
        exchange.answer = answer if isinstance(answer, Answer) else await answer


def _handled(
    handler: Handler | AsyncHandler,
) -> Callable[[Exchange], Answer | Awaitable[Answer]]:
    def respond(exchange: Exchange) -> Answer | Awaitable[Answer]:
        assert exchange.operation_id is not None, "only routed requests arrive here"
        reply = handler(
            Call(
                operation_id=exchange.operation_id,
                developer_id=exchange.developer_id,
                path=exchange.path,
                query=exchange.query,
                body=exchange.body,
            )
        )
        return _answer(reply) if isinstance(reply, Reply) else _awaited(reply)

    return respond


async def _awaited(coming: Awaitable[Reply]) -> Answer:
    return _answer(await coming)


def _answer(reply: Reply) -> Answer:
    if reply.body is None:
        return Answer(reply.status, (_FROM_STATE,))
    return json_answer(reply.status, reply.body, _FROM_STATE)


def _shown(example: Answer, paging: Any) -> Callable[[Exchange], Answer]:  # noqa: ANN401 - the document's
    answer = example.with_headers(_FROM_EXAMPLE)
    page: object = orjson.loads(example.body) if example.body else None
    rows = page.get(paging["items"]) if is_object(paging) and is_object(page) else None
    if not (is_object(page) and is_array(rows)):
        return lambda _: answer

    def respond(exchange: Exchange) -> Answer:
        # A list has an end: clients that page would read the same rows for ever.
        start: int = exchange.query.get(paging["offset"], 0)
        shown = rows[start : start + exchange.query.get(paging["limit"], len(rows))]
        if shown == rows:
            return answer
        return answer._replace(body=orjson.dumps({**page, paging["items"]: shown}))

    return respond
