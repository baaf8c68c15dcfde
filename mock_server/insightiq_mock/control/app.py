"""The serving side of the control API: an ASGI application to be mounted at ``/_mock/``.

::

    ControlApp          which hosts, pages and notifications may come here
      ├ POST inbox      the receiver of notifications, for anybody
      └ MockApp         made of control.yaml as the API is made of its own document
"""

from __future__ import annotations

import asyncio
import functools
import importlib.resources
import typing

from insightiq_mock.app import MockApp
from insightiq_mock.context import ApiError, RequestContext, Response, send_response
from insightiq_mock.control.bindings import control_handlers
from insightiq_mock.control.refusals import misled_notification
from insightiq_mock.control.security import BearerSecurity
from insightiq_mock.errors import error_response
from insightiq_mock.openapi import document_from, read_text
from insightiq_mock.webhooks import INBOX_PREFIX, SIGNATURE_HEADER, InboxApp

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from insightiq_mock.control.services import Services
    from insightiq_mock.openapi import Document
    from insightiq_mock.web.origins import HostRule

__all__ = ["CONTROL_PREFIX", "ControlApp", "control_document"]

CONTROL_PREFIX: typing.Final = "/_mock/"

# The one call that may take minutes.
_ADVANCE: typing.Final = "/clock/advance"


class ControlApp:
    """Answers everything below ``/_mock/``.

    What is made of the document is made at the first call: most servers that tests start are never
    asked.

    Args:
        services: The parts of the running server.
        token: What callers have to bear; None: anybody may call who comes from this machine.
        hosts: Which names are answered to, and which pages may call where there is no token.
        new_request_id: Makes request ids.
        validate_responses: Whether an answer that breaks the document becomes a 500 that says so.
    """

    def __init__(
        self,
        services: Services,
        *,
        token: str | None,
        hosts: HostRule,
        new_request_id: Callable[[], str],
        validate_responses: bool = False,
    ) -> None:
        self._services = services
        self._token = token
        self._hosts = hosts
        self._new_request_id = new_request_id
        self._validate_responses = validate_responses
        self._inbox = InboxApp(services.inbox, new_request_id)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path: str = scope["path"]
        if scope["method"] == "POST" and path.startswith(INBOX_PREFIX):
            await self._inbox(scope, receive, send)
            return
        error = self._refusal(dict(scope["headers"]))
        if error is None and path.endswith(_ADVANCE):
            await _until_caller_leaves(self._api, scope, receive, send)
        elif error is None:
            await self._api(scope, receive, send)
        else:
            await send_response(error, send, method=scope["method"])

    @functools.cached_property
    def _api(self) -> ASGIApp:
        return MockApp(
            control_document(),
            control_handlers(self._services),
            security={"bearer": functools.partial(BearerSecurity, self._token)},
            new_request_id=self._new_request_id,
            validate_responses=self._validate_responses,
            own_prefix=CONTROL_PREFIX.rstrip("/"),
        )

    def _refusal(self, headers: typing.Mapping[bytes, bytes]) -> Response | None:
        """Refuse who must not call; None for the others."""
        try:
            self._hosts.check_host(headers)
            if self._token is None:
                self._hosts.check_page(headers)
            if SIGNATURE_HEADER in headers:
                # By whatever name, port or proxy a webhook leads here: it is none of ours to obey.
                raise misled_notification()
        except ApiError as error:
            context = RequestContext(request_id=self._new_request_id())
            refused = error_response(error, context)
            return refused.with_headers(("request-id", context.request_id))
        return None


async def _until_caller_leaves(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one request, and cancel it when nobody waits for its answer any more."""
    is_read = asyncio.Event()

    async def receive_body() -> Message:
        message = await receive()
        if not message.get("more_body", False):
            is_read.set()
        return message

    async def caller_leaves() -> None:
        await is_read.wait()
        while (await receive())["type"] != "http.disconnect":
            pass

    answering = asyncio.ensure_future(app(scope, receive_body, send))
    leaving = asyncio.ensure_future(caller_leaves())
    try:
        await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
        has_left = not answering.done()
    except asyncio.CancelledError:
        # The answer to that is the application's.
        has_left = False
        answering.cancel()
    finally:
        leaving.cancel()
    if has_left:
        answering.cancel()
        await asyncio.gather(answering, return_exceptions=True)
    else:
        await answering


@functools.cache
def control_document() -> Document:
    """Return the document of the control API, as it is written."""
    file = importlib.resources.files("insightiq_mock.control") / "control.yaml"
    return document_from(read_text(file.read_text(encoding="utf-8"), file.name).data, file.name)
