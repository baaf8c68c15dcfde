"""The control API: an ASGI application to be mounted at ``/_mock/``.

::

    ControlApp          which hosts, pages and notifications may come here
      ├ POST inbox      the receiver of notifications, for anybody
      └ MockApp         made of control.yaml as the API is made of its own document
"""

from __future__ import annotations

import asyncio
import functools
import hmac
import importlib.resources
import typing

from insightiq_mock.app import MockApp
from insightiq_mock.context import ApiError, RequestContext, Response, send_response
from insightiq_mock.control.bindings import control_handlers
from insightiq_mock.control.errors import forbidden, unauthorized
from insightiq_mock.errors import error_response
from insightiq_mock.openapi import document_from, read_text
from insightiq_mock.webhooks import INBOX_PREFIX, SIGNATURE_HEADER, InboxApp

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from insightiq_mock.control.services import Services
    from insightiq_mock.openapi import Document
    from insightiq_mock.web.origins import HostRule

__all__ = ["CONTROL_PREFIX", "ControlApp", "control_document"]

CONTROL_PREFIX: typing.Final = "/_mock/"

# The one operation that may take minutes.
_ADVANCE: typing.Final = "/clock/advance"

_NO_RECEIVER: typing.Final = (
    "Notifications are taken at /_mock/inbox/<name> only, and change nothing elsewhere."
)
_HOW: typing.Final = (
    "send 'Authorization: Bearer <token>' with the token that the server was started with."
)


class ControlApp:
    """Serves everything below ``/_mock/``.

    The document is loaded at the first request: most servers that tests start never get one.

    Args:
        services: The parts of the running server.
        token: The bearer token that requests need; None: any request from this machine may come.
        hosts: Which host names are served, and which pages may call where there is no token.
        new_request_id: Makes request ids.
        validate_responses: Whether a response that breaks the document becomes a 500 that says so.
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
        error = self._rejection(dict(scope["headers"]))
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
            security={"bearer": functools.partial(_BearerSecurity, self._token)},
            new_request_id=self._new_request_id,
            validate_responses=self._validate_responses,
            own_prefix=CONTROL_PREFIX.rstrip("/"),
        )

    def _rejection(self, headers: Mapping[bytes, bytes]) -> Response | None:
        """Return the response to a request that must not come here; None for the others."""
        try:
            self._hosts.check_host(headers)
            if self._token is None:
                self._hosts.check_page(headers)
            if SIGNATURE_HEADER in headers:
                # By whatever name, port or proxy a webhook leads here: it must not be obeyed.
                raise forbidden(_NO_RECEIVER, "no_receiver")
        except ApiError as error:
            context = RequestContext(request_id=self._new_request_id())
            response = error_response(error, context)
            return response.with_headers(("request-id", context.request_id))
        return None


class _BearerSecurity:
    """HTTP Bearer for connexion's ``security_map``."""

    def __init__(self, token: str | None) -> None:
        self._token = None if token is None else token.encode()

    def get_fn(
        self,
        security_scheme: Mapping[str, object],  # noqa: ARG002 - the signature that connexion calls
        required_scopes: list[str],  # noqa: ARG002 - the signature that connexion calls
    ) -> Callable[[Request], object]:
        """Return the function that connexion calls for each request."""
        return self._verify

    def _verify(self, request: Request) -> object:
        if self._token is None:
            return {"sub": ""}
        headers = request.headers.getlist("authorization")
        if len(headers) != 1:
            message = f"The control API asks for a token here; {_HOW}"
            raise unauthorized(message)
        scheme, _, given = headers[0].partition(" ")
        if scheme.lower() != "bearer":
            message = f"The control API asks for a bearer token; {_HOW}"
            raise unauthorized(message)
        if not hmac.compare_digest(given.strip(" ").encode("latin-1"), self._token):
            message = f"The control token is wrong; {_HOW}"
            raise unauthorized(message)
        return {"sub": ""}


async def _until_caller_leaves(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one request, and cancel it when its caller disconnects."""
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

    serving = asyncio.ensure_future(app(scope, receive_body, send))
    leaving = asyncio.ensure_future(caller_leaves())
    try:
        await asyncio.wait((serving, leaving), return_when=asyncio.FIRST_COMPLETED)
        has_left = not serving.done()
    except asyncio.CancelledError:
        # The application responds to that.
        has_left = False
        serving.cancel()
    finally:
        leaving.cancel()
    if has_left:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
    else:
        await serving


@functools.cache
def control_document() -> Document:
    """Return the document of the control API, as it is written."""
    file = importlib.resources.files("insightiq_mock.control") / "control.yaml"
    return document_from(read_text(file.read_text(encoding="utf-8"), file.name).data, file.name)
