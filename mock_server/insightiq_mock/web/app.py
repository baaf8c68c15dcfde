"""The ASGI application.

::

    MockApp            request id, error envelope, HEAD, Date, CORS, response check, request log
      ├ mounted apps   by path prefix: the control API, the inbox
      └ Api            made of one document, replaced as a whole when the document changes
          ├ own paths  health, documentation, the document
          └ connexion  routing → security → limits and faults → request validation
              └ Dispatch   a handler, or the document's example
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import time
from typing import TYPE_CHECKING

from insightiq_mock.context import RequestContext, Response, send_response
from insightiq_mock.web.api import Api
from insightiq_mock.web.broken_answers import TRANSPORT, Wire, send_broken
from insightiq_mock.web.errors import error_response, nonconforming_response, server_stopping
from insightiq_mock.web.http_date import date_header
from insightiq_mock.web.own_paths import Offers
from insightiq_mock.web.request_body import ClientDisconnected
from insightiq_mock.web.request_id import request_ids
from insightiq_mock.web.request_log import LONGEST_LOGGED_BODY, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from insightiq_mock.context import AsyncHandler, Handler
    from insightiq_mock.web.cors import Cors
    from insightiq_mock.web.document import Document
    from insightiq_mock.web.gate import Gate
    from insightiq_mock.web.hosts import HostRule
    from insightiq_mock.web.request_log import RequestLog
    from insightiq_mock.web.security import CredentialCheck, PermittedHeaders

__all__ = ["MockApp", "create_app"]

Headers = tuple[tuple[bytes, bytes], ...]

# Methods that change nothing: a page of another origin cannot read the answer.
_NOTHING = Offers()

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def create_app(  # noqa: PLR0913 - one keyword per part, each with a default
    document: Document,
    handlers: Mapping[str, Handler | AsyncHandler],
    check_credentials: CredentialCheck | None = None,
    *,
    known_credentials: PermittedHeaders | None = None,
    security: Mapping[str, Callable[[], object]] | None = None,
    gate: Gate | None = None,
    log: RequestLog | None = None,
    cors: Cors | None = None,
    hosts: HostRule | None = None,
    mounts: Sequence[tuple[str, ASGIApp]] = (),
    validate_responses: bool = False,
    new_request_id: Callable[[], str] | None = None,
    seconds: Callable[[], float] = time.time,
    own_prefix: str = "",
    offers: Offers = _NOTHING,
) -> MockApp:
    """Make the mock server's application.

    What is compiled from the document is shared by all apps of one `Document`; state is only what
    the other arguments hold.

    Args:
        document: What to serve.
        handlers: By operation id. An operation without one answers from the document's example.
        check_credentials: Decides who may call, with HTTP Basic.
        known_credentials: Remembers credentials that were found right.
        security: Makers of connexion's security handlers for other HTTP schemes, by scheme.
        gate: Limits and faults; None for neither.
        log: Where requests are noted; None for nowhere.
        cors: Which pages may read answers; None for none.
        hosts: Which names are answered to; None for all, and for all pages. Mounted applications
            look after themselves.
        mounts: Other applications by path prefix; the first that fits answers.
        validate_responses: Whether an answer that breaks the document becomes a 500 that says so.
        new_request_id: Makes request ids; by default random ones.
        seconds: The server's clock, in seconds since 1970.
        own_prefix: Begins the paths of documentation and document; see `OwnPaths`.
        offers: What the documentation is filled in with.

    Raises:
        DocumentError: The document asks for something that this server cannot do.
    """
    make_api = functools.partial(
        Api,
        handlers=handlers,
        check=check_credentials,
        known=known_credentials,
        security=security,
        gate=gate,
        validate_responses=validate_responses,
        own_prefix=own_prefix,
        offers=offers,
    )
    return MockApp(
        make_api,
        document,
        gate=gate,
        log=log,
        cors=cors,
        hosts=hosts,
        mounts=mounts,
        new_request_id=new_request_id or request_ids(),
        seconds=seconds,
    )


class MockApp:
    """The outermost layer: whatever happens within, one well-formed answer leaves."""

    def __init__(  # noqa: PLR0913 - one keyword per part
        self,
        make_api: Callable[[Document], Api],
        document: Document,
        *,
        gate: Gate | None,
        log: RequestLog | None,
        cors: Cors | None,
        hosts: HostRule | None,
        mounts: Sequence[tuple[str, ASGIApp]],
        new_request_id: Callable[[], str],
        seconds: Callable[[], float],
    ) -> None:
        self._make_api = make_api
        self._api = make_api(document)
        self._gate = gate
        self._log = log
        self._cors = cors
        self._hosts = hosts
        self._mounts = tuple(mounts)
        self._new_request_id = new_request_id
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
            await _live(receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = self._seconds()
        context = RequestContext(request_id=self._new_request_id(), headers=dict(scope["headers"]))
        response: Response | None = None
        try:
            response = await self._response(scope, receive, context)
            headers = self._headers(context)
            preferences = context.preferences
            if preferences is None or preferences.fault is None:
                await send_response(response, send, method=scope["method"], headers=headers)
            else:
                wire = Wire(scope, receive, send, headers)
                response = await send_broken(response, preferences, wire)
        except ClientDisconnected:
            pass
        except asyncio.CancelledError:
            # On a socket only a server that stops cancels a request; elsewhere the caller did it.
            if TRANSPORT not in scope.get("extensions", ()):
                raise
            response = error_response(server_stopping(), context)
            # Where the answer had begun already, the connection just ends.
            with contextlib.suppress(RuntimeError):
                headers = self._headers(context)
                await send_response(response, send, method=scope["method"], headers=headers)
        finally:
            if self._gate is not None:
                self._gate.leave(context)
            if self._log is not None and response is not None:
                self._log.note(self._record(began, scope, context, response))

    async def _response(self, scope: Scope, receive: Receive, context: RequestContext) -> Response:
        api = self._api
        try:
            if self._hosts is not None:
                self._check_caller(self._hosts, scope["method"], context.headers)
            if self._cors is not None and b"origin" in context.headers:
                preflight = self._cors.preflight(scope["method"], context.headers)
                if preflight is not None:
                    return preflight
            response = await api.respond(scope, receive, context)
        except ClientDisconnected:
            raise
        except Exception as error:  # noqa: BLE001 - the last resort: logged, and answered with 500
            response = error_response(error, context)
        violations = api.violations(context, response)
        if violations:
            assert context.operation_id is not None, "only operations have contracts"
            defect = nonconforming_response(context.operation_id, response.status, violations)
            return error_response(defect, context)
        return response

    def _check_caller(self, hosts: HostRule, method: str, headers: Mapping[bytes, bytes]) -> None:
        hosts.check_host(headers)
        if b"origin" not in headers or method in _SAFE:
            return
        if self._cors is None or not self._cors.permits(headers[b"origin"]):
            hosts.check_page(headers)

    def _headers(self, context: RequestContext) -> Headers:
        """Return the headers that every answer carries, whatever it is."""
        headers: Headers = (
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


async def _live(receive: Receive, send: Send) -> None:
    """Follow the server's start and stop; there is nothing to prepare or to put away."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
