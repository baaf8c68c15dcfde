"""The ASGI application.

::

    MockApp            request id, error envelope, HEAD, Date, CORS, response check, request log
      ├ mounted apps   by path prefix: the control API, the inbox
      └ _Api           made of one document, replaced as a whole when the document changes
          ├ internal   health, documentation, the document
          └ connexion  routing → security → rate limits, faults → request validation
              └ _Dispatch   a handler, or the document's example
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from insightiq_mock.context import (
    CONNECTION,
    ClientDisconnected,
    RequestContext,
    Response,
    attach,
    context_of,
    date_header,
    json_response,
    request_ids,
    send_response,
)
from insightiq_mock.errors import error_response, nonconforming_response, server_stopping
from insightiq_mock.openapi.prefer import ForcedResponses
from insightiq_mock.openapi.responses import ResponseContracts, example_response
from insightiq_mock.openapi.stack import connexion_stack
from insightiq_mock.openapi.tree import is_array, is_object
from insightiq_mock.web.faults import Wire, send_faulty
from insightiq_mock.web.internal_routes import InternalRoutes, Offers
from insightiq_mock.web.request_log import LONGEST_LOGGED_BODY, Record

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from insightiq_mock.context import AsyncHandler, Handler
    from insightiq_mock.openapi import Document
    from insightiq_mock.openapi.stack import CredentialCheck, PermittedHeaders
    from insightiq_mock.web.faults import FaultInjector
    from insightiq_mock.web.limits import RateLimiter
    from insightiq_mock.web.origins import Cors, HostRule
    from insightiq_mock.web.request_log import RequestLog

__all__ = ["MockApp"]

# Methods that change nothing: a page of another origin cannot read the response.
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_NO_OFFERS = Offers()
_FROM_STATE = ("mock-source", "state")
_FROM_EXAMPLE = ("mock-source", "example")


class MockApp:
    """The mock server's application.

    What is compiled from the document is shared by all apps of one `Document`; state is only what
    the other arguments hold.

    Args:
        document: The document to serve.
        handlers: By operation id. An operation without one responds with the document's example.
        check_credentials: Checks credentials of HTTP Basic.
        known_credentials: Remembers credentials that were accepted.
        security: Makers of connexion's security handlers for other HTTP schemes, by scheme.
        limiter: Rate limits; None for none.
        faults: Fault injection; None for none.
        log: The request log; None for none.
        cors: Pages that may read responses; None for none.
        hosts: Names of the server; None for all names, and all pages. Mounted applications check
            hosts themselves.
        mounts: Other applications by path prefix; the first match wins.
        validate_responses: Whether a response that breaks the document becomes a 500 that says so.
        new_request_id: Makes request ids; by default random ones.
        seconds: The server's clock, in seconds since 1970.
        own_prefix: Prefix of the internal routes.
        offers: Examples and credentials for the documentation.

    Raises:
        DocumentError: The document contains something that this server cannot do.
    """

    def __init__(
        self,
        document: Document,
        handlers: Mapping[str, Handler | AsyncHandler],
        check_credentials: CredentialCheck | None = None,
        *,
        known_credentials: PermittedHeaders | None = None,
        security: Mapping[str, Callable[[], object]] | None = None,
        limiter: RateLimiter | None = None,
        faults: FaultInjector | None = None,
        log: RequestLog | None = None,
        cors: Cors | None = None,
        hosts: HostRule | None = None,
        mounts: Sequence[tuple[str, ASGIApp]] = (),
        validate_responses: bool = False,
        new_request_id: Callable[[], str] | None = None,
        seconds: Callable[[], float] = time.time,
        own_prefix: str = "",
        offers: Offers = _NO_OFFERS,
    ) -> None:
        self._make_api = functools.partial(
            _Api,
            handlers=handlers,
            limiter=limiter,
            faults=faults,
            stack=functools.partial(
                connexion_stack,
                check=check_credentials,
                known=known_credentials,
                security=security,
            ),
            own_prefix=own_prefix,
            offers=offers,
            validate_responses=validate_responses,
        )
        self._api = self._make_api(document)
        self._limiter = limiter
        self._log = log
        self._cors = cors
        self._hosts = hosts
        self._mounts = tuple(mounts)
        self._new_request_id = new_request_id or request_ids()
        self._seconds = seconds

    @property
    def document(self) -> Document:
        """The document that is served."""
        return self._api.document

    def serve(self, document: Document) -> None:
        """Serve another document from the next request on.

        Raises:
            DocumentError: It cannot be served; the one before still is.
        """
        self._api = self._make_api(document)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "http":
            for prefix, mounted in self._mounts:
                if scope["path"].startswith(prefix):
                    await self._pass_on(mounted, scope, receive, send)
                    return
            await self._serve(scope, receive, send)
        elif scope["type"] == "lifespan":
            await _follow_lifespan(receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = self._seconds()
        context = RequestContext(request_id=self._new_request_id(), headers=dict(scope["headers"]))
        response: Response | None = None
        try:
            response = await self._respond(scope, receive, context)
            headers = self._headers(context)
            preferences = context.preferences
            if preferences is None or preferences.fault is None:
                await send_response(response, send, method=scope["method"], headers=headers)
            else:
                wire = Wire(scope, receive, send, headers)
                response = await send_faulty(response, preferences, wire)
        except ClientDisconnected:
            pass
        except asyncio.CancelledError:
            # On a socket only a server that stops cancels a request; in process the caller does.
            if CONNECTION not in scope.get("state", ()):
                raise
            response = error_response(server_stopping(), context)
            # Where the response had begun already, the connection just ends.
            with contextlib.suppress(RuntimeError):
                headers = self._headers(context)
                await send_response(response, send, method=scope["method"], headers=headers)
        finally:
            if self._limiter is not None:
                self._limiter.release(context)
            if self._log is not None and response is not None:
                self._log.note(self._record(began, scope, context, response))

    async def _respond(self, scope: Scope, receive: Receive, context: RequestContext) -> Response:
        api = self._api
        try:
            if self._hosts is not None:
                self._check_origin(self._hosts, scope["method"], context.headers)
            if self._cors is not None and b"origin" in context.headers:
                preflight = self._cors.preflight(scope["method"], context.headers)
                if preflight is not None:
                    return preflight
            response = await api.respond(scope, receive, context)
        except ClientDisconnected:
            raise
        except Exception as error:  # noqa: BLE001 - the last resort: logged, and sent as 500
            response = error_response(error, context)
        return api.checked(response, context)

    def _check_origin(self, hosts: HostRule, method: str, headers: Mapping[bytes, bytes]) -> None:
        hosts.check_host(headers)
        if b"origin" not in headers or method in _SAFE:
            return
        if self._cors is None or not self._cors.permits(headers[b"origin"]):
            hosts.check_page(headers)

    def _headers(self, context: RequestContext) -> tuple[tuple[bytes, bytes], ...]:
        """Return the headers that every response carries."""
        headers: tuple[tuple[bytes, bytes], ...] = (
            (b"request-id", context.request_id.encode("ascii")),
            date_header(self._seconds() + context.date_shift),
        )
        if context.preferences is not None:
            applied = str(context.preferences).encode("ascii")
            headers = (*headers, (b"preference-applied", applied))
        if self._cors is not None and b"origin" in context.headers:
            headers = (*headers, *self._cors.headers(context.headers[b"origin"]))
        return headers

    def _record(
        self, began: float, scope: Scope, context: RequestContext, response: Response
    ) -> Record:
        target: bytes = scope.get("raw_path") or scope["path"].encode()
        if scope["query_string"]:
            target = b"%s?%s" % (target, scope["query_string"])
        return Record(
            at=began,
            method=scope["method"],
            target=target[:LONGEST_LOGGED_BODY],
            operation_id=context.operation_id,
            developer_id=context.developer_id,
            status=response.status,
            seconds=self._seconds() - began,
            request_id=context.request_id,
            request_body=context.raw_body[:LONGEST_LOGGED_BODY],
            response_body=response.body[:LONGEST_LOGGED_BODY],
        )

    async def _pass_on(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        if self._cors is None or b"origin" not in headers:
            await app(scope, receive, send)
            return
        permission = self._cors.headers(headers[b"origin"])
        preflight = self._cors.preflight(scope["method"], headers)
        if preflight is not None:
            await send_response(preflight, send, method="OPTIONS", headers=permission)
            return

        async def send_with_permission(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *permission]}
            await send(message)

        await app(scope, receive, send_with_permission)


class _Api:
    """Everything that is made of one document."""

    def __init__(
        self,
        document: Document,
        *,
        handlers: Mapping[str, Handler | AsyncHandler],
        limiter: RateLimiter | None,
        faults: FaultInjector | None,
        stack: Callable[..., ASGIApp],
        own_prefix: str,
        offers: Offers,
        validate_responses: bool,
    ) -> None:
        self.document = document
        self._internal = InternalRoutes(document, own_prefix, offers)
        self._contracts = ResponseContracts(document) if validate_responses else None
        forced = ForcedResponses(document)
        admission: list[Callable[[ASGIApp], ASGIApp]] = []
        if limiter is not None:
            admission.append(functools.partial(_RateLimits, limiter=limiter))
        if faults is not None:
            admission.append(functools.partial(_Faults, injector=faults, forced=forced))
        dispatch = _Dispatch(document, handlers, forced)
        self._stack = stack(dispatch, document, admission=admission)

    async def respond(self, scope: Scope, receive: Receive, context: RequestContext) -> Response:
        """Return the response to one request.

        Raises:
            ApiError: It is rejected.
            ClientDisconnected: The client went away before the request was complete.
        """
        path: str = scope["path"]
        if path.startswith(self._internal.beginnings) or path in self._internal.exact:
            own = self._internal.respond(scope["method"], path, context.headers, scope)
            if own is not None:
                return own
        scope = attach(scope, context)
        if not scope.get("raw_path"):
            # ASGI lets a server leave the raw path out; then an encoded slash is already lost.
            scope["raw_path"] = quote(scope["path"]).encode("ascii")
        await self._stack(scope, receive, _send_nothing)
        assert context.response is not None, "the innermost layer leaves a response"
        return context.response

    def checked(self, response: Response, context: RequestContext) -> Response:
        """Return ``response``, or a 500 where it breaks the document and that is checked."""
        # A forced response may well be none of the documented ones.
        if self._contracts is None or not context.operation_id or context.preferences is not None:
            return response
        # Every response gets its id when it is sent.
        sent = response.with_headers(("request-id", context.request_id))
        violations = self._contracts.violations(context.operation_id, sent)
        if not violations:
            return response
        defect = nonconforming_response(context.operation_id, response.status, violations)
        return error_response(defect, context)


class _RateLimits:
    """Rate-limit middleware."""

    def __init__(self, app: ASGIApp, limiter: RateLimiter) -> None:
        self._app = app
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._limiter.admit(context_of(scope))
        await self._app(scope, receive, send)


class _Faults:
    """Fault-injection middleware: delays requests, and responds with a forced status."""

    def __init__(self, app: ASGIApp, injector: FaultInjector, forced: ForcedResponses) -> None:
        self._app = app
        self._injector = injector
        self._forced = forced

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        context = context_of(scope)
        await self._injector.prepare(scope, context)
        preferences = context.preferences
        if preferences is not None and preferences.code is not None:
            context.response = self._forced.respond(context, preferences.code, preferences.example)
            return
        await self._app(scope, receive, send)


class _Dispatch:
    """Calls the handler of a valid request, or responds with the document's example."""

    def __init__(
        self,
        document: Document,
        handlers: Mapping[str, Handler | AsyncHandler],
        forced: ForcedResponses,
    ) -> None:
        self._forced = forced
        self._handlers = dict(handlers)
        self._examples = {
            operation.id: _Example(
                example_response(document, operation), operation.data.get("x-pagination")
            )
            for operation in document.operations
            if operation.id not in handlers
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - the ASGI signature
        context = context_of(scope)
        operation_id = context.operation_id
        assert operation_id is not None, "only routed requests arrive here"
        preferences = context.preferences
        if preferences is not None and preferences.example is not None:
            context.response = self._forced.respond(context, None, preferences.example)
        elif operation_id in self._examples:
            context.response = self._examples[operation_id].page(context)
        else:
            handled: Response | Awaitable[Response] = self._handlers[operation_id](context)
            status, body, _ = handled if isinstance(handled, Response) else await handled
            context.response = (
                json_response(status, body, _FROM_STATE)
                if body
                else Response(status, headers=(_FROM_STATE,))
            )


class _Example:
    """The example of an operation; a list is cut into pages, so that paginating clients end."""

    def __init__(self, example: Response, pagination: Any) -> None:
        self._response = example.with_headers(_FROM_EXAMPLE)
        self._pagination: Mapping[str, str] | None = None
        page: object = orjson.loads(example.body) if is_object(pagination) else None
        if is_object(pagination) and is_object(page) and is_array(page.get(pagination["items"])):
            self._pagination = pagination
            self._page = page

    def page(self, context: RequestContext) -> Response:
        """Return the page that the query asks for."""
        if self._pagination is None:
            return self._response
        items = self._pagination["items"]
        rows = self._page[items]
        start: int = context.query.get(self._pagination["offset"], 0)
        shown = rows[start : start + context.query.get(self._pagination["limit"], len(rows))]
        if shown == rows:
            return self._response
        return self._response._replace(body=orjson.dumps({**self._page, items: shown}))


async def _send_nothing(_message: object) -> None:
    msg = "responses are left in the context, not sent"
    raise AssertionError(msg)


async def _follow_lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
