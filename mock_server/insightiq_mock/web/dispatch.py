"""The application inside connexion's middlewares: a routed, permitted, validated request is answered.

By its handler where there is one, else from the document's own example; or by the example that the
caller named. The answer is left in the exchange: nothing is sent from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from insightiq_mock.context import RequestContext, Response, context_of, json_response
from insightiq_mock.web.examples import example_answer
from insightiq_mock.web.json_values import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.types import Receive, Scope, Send

    from insightiq_mock.context import AsyncHandler, Handler
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
        self._respond: dict[str, Callable[[RequestContext], Response | Awaitable[Response]]] = {
            operation.id: (
                _handled(handlers[operation.id])
                if operation.id in handlers
                else _shown(example_answer(document, operation), operation.data.get("x-pagination"))
            )
            for operation in document.operations
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - the ASGI signature
        """Response one validated request."""
        context = context_of(scope)
        assert context.operation_id is not None, "only routed requests arrive here"
        preferences = context.preferences
        if preferences is not None and preferences.example is not None:
            context.response = self._asked.response(context, None, preferences.example)
            return
        response = self._respond[context.operation_id](context)
        context.response = response if isinstance(response, Response) else await response


def _handled(
    handler: Handler | AsyncHandler,
) -> Callable[[RequestContext], Response | Awaitable[Response]]:
    def respond(context: RequestContext) -> Response | Awaitable[Response]:
        response = handler(context)
        return _marked(response) if isinstance(response, Response) else _awaited(response)

    return respond


async def _awaited(coming: Awaitable[Response]) -> Response:
    return _marked(await coming)


def _marked(response: Response) -> Response:
    if not response.body:
        return Response(response.status, headers=(_FROM_STATE,))
    return json_response(response.status, response.body, _FROM_STATE)


def _shown(example: Response, paging: Any) -> Callable[[RequestContext], Response]:  # noqa: ANN401 - the document's
    response = example.with_headers(_FROM_EXAMPLE)
    page: object = orjson.loads(example.body) if example.body else None
    rows = page.get(paging["items"]) if is_object(paging) and is_object(page) else None
    if not (is_object(page) and is_array(rows)):
        return lambda _: response

    def respond(context: RequestContext) -> Response:
        # A list has an end: clients that page would read the same rows for ever.
        start: int = context.query.get(paging["offset"], 0)
        shown = rows[start : start + context.query.get(paging["limit"], len(rows))]
        if shown == rows:
            return response
        return response._replace(body=orjson.dumps({**page, paging["items"]: shown}))

    return respond
