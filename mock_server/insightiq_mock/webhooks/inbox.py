"""``/_mock/inbox/<name>``: a receiver for those who have none."""

from __future__ import annotations

import datetime as dt
import re
import typing
import urllib.parse

import orjson

from insightiq_mock.context import (
    ApiError,
    ClientDisconnected,
    RequestContext,
    Response,
    json_response,
    send_response,
)
from insightiq_mock.db import format_timestamp
from insightiq_mock.db.inbox import InboxMessages
from insightiq_mock.errors import error_response, method_not_allowed
from insightiq_mock.openapi.requests import read_body

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.types import Receive, Scope, Send

    from insightiq_mock.db import Store
    from insightiq_mock.db.inbox import InboxMessage

__all__ = ["INBOX_NAME", "INBOX_PREFIX", "Inbox", "InboxApp"]

INBOX_PREFIX: typing.Final = "/_mock/inbox/"

INBOX_NAME: typing.Final = r"[A-Za-z0-9._-]{1,100}"
"""The pattern of an inbox's name."""

_NAME: typing.Final = re.compile(INBOX_NAME)

# Statuses below are informational.
_LOWEST_STATUS: typing.Final = 200
_HIGHEST_STATUS: typing.Final = 599
_WITHOUT_BODY: typing.Final = frozenset({204, 205, 304})

_BAD: typing.Final = (400, "INVALID_REQUEST_PARAMETERS", "invalid_parameters")
_MISSING: typing.Final = (404, "RECORD_NOT_FOUND", "incorrect_inbox_name")


def _wall_clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Inbox:
    """Keeps what was sent to each name.

    Args:
        store: Where the messages lie.
        wall_clock: Returns the real time: an inbox belongs to no developer.
    """

    def __init__(
        self, store: Store, *, wall_clock: Callable[[], dt.datetime] = _wall_clock
    ) -> None:
        self._messages = InboxMessages(store)
        self._wall_clock = wall_clock

    def receive(
        self,
        name: str,
        headers: Iterable[tuple[str, str]],
        body: bytes,
        *,
        response_status: int = 200,
    ) -> None:
        """Keep one message."""
        self._messages.add(
            name,
            received_at=format_timestamp(self._wall_clock()),
            response_status=response_status,
            headers=tuple(headers),
            body=body,
        )

    def messages(self, name: str, *, limit: int = 100) -> list[InboxMessage]:
        """Return the last messages of a name, in the order in which they came."""
        return self._messages.of(name, limit)

    def clear(self, name: str) -> int:
        """Forget the messages of a name and return how many there were."""
        return self._messages.clear(name)


class InboxApp:
    """The ASGI application that receives: ``POST /_mock/inbox/<name>``.

    It responds with 200, or with the status of ``?status=<status>``: an address that fails on
    purpose. Reading an inbox is part of the control API.

    Args:
        inbox: Keeps what comes.
        new_request_id: Makes request ids.
    """

    def __init__(self, inbox: Inbox, new_request_id: Callable[[], str]) -> None:
        self._inbox = inbox
        self._new_request_id = new_request_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Receive one request."""
        context = RequestContext(request_id=self._new_request_id())
        try:
            response = await self._receive(scope, receive)
        except ApiError as error:
            response = error_response(error, context)
        except ClientDisconnected:
            return
        response = response.with_headers(("request-id", context.request_id))
        await send_response(response, send, method=scope["method"])

    async def _receive(self, scope: Scope, receive: Receive) -> Response:
        name = scope["path"].removeprefix(INBOX_PREFIX)
        if not _NAME.fullmatch(name):
            message = "The name of an inbox is up to 100 letters, digits, dots, dashes and lines."
            raise ApiError(*_MISSING, message)
        if scope["method"] != "POST":
            raise method_not_allowed(scope["method"], scope["path"], "POST")
        status = _requested_status(scope["query_string"])
        body = await read_body(receive, declared_length=None)
        headers = (
            (key.decode("latin-1"), text.decode("latin-1")) for key, text in scope["headers"]
        )
        self._inbox.receive(name, headers, body, response_status=status)
        if status in _WITHOUT_BODY:
            return Response(status)
        return json_response(status, orjson.dumps({"inbox": name, "response_status": status}))


def _requested_status(query: bytes) -> int:
    """Return the status that the sender wants.

    Raises:
        ApiError: 400, it is no status.
    """
    asked = urllib.parse.parse_qs(query.decode("latin-1"), keep_blank_values=True).get("status")
    if asked is None:
        return _LOWEST_STATUS
    status = int(asked[-1]) if re.fullmatch("[0-9]{3}", asked[-1]) else 0
    if not _LOWEST_STATUS <= status <= _HIGHEST_STATUS:
        message = f"status must be from {_LOWEST_STATUS} to {_HIGHEST_STATUS}."
        raise ApiError(*_BAD, message)
    return status
