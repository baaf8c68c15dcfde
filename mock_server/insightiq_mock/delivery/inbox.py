"""``/_mock/inbox/<name>``: a receiver for those who have none."""

from __future__ import annotations

import datetime as dt
import re
import typing
import urllib.parse

from insightiq_mock.store import format_timestamp
from insightiq_mock.store.inbox import InboxMessages

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.types import Receive, Scope, Send

    from insightiq_mock.store import Store
    from insightiq_mock.store.inbox import InboxMessage

__all__ = ["INBOX_PREFIX", "Inbox", "InboxApp"]

INBOX_PREFIX: typing.Final = "/_mock/inbox/"

_NAME: typing.Final = re.compile(r"[A-Za-z0-9._-]{1,100}")

_MOST_BODY: typing.Final = 1024 * 1024

# Statuses below are no answers but announcements of one.
_LOWEST_STATUS: typing.Final = 200
_HIGHEST_STATUS: typing.Final = 599
_WITHOUT_BODY: typing.Final = frozenset({204, 205, 304})


def _wall_clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Inbox:
    """Keeps what was sent to each name.

    Args:
        store: Where the messages lie.
        wall_clock: Tells the real time: an inbox belongs to no developer.
    """

    def __init__(
        self, store: Store, *, wall_clock: Callable[[], dt.datetime] = _wall_clock
    ) -> None:
        self._messages = InboxMessages(store)
        self._wall_clock = wall_clock

    def receive(
        self, name: str, headers: Iterable[tuple[str, str]], body: bytes, *, answered: int = 200
    ) -> None:
        """Keep one message."""
        self._messages.add(
            name,
            received_at=format_timestamp(self._wall_clock()),
            answered=answered,
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

    It answers 200, or what the sender asks for with ``?answer=<status>``: an address that fails on
    purpose. Reading an inbox is part of the control API.
    """

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Receive one request."""
        status, sentence = await self._receive(scope, receive)
        body = b"" if status in _WITHOUT_BODY else f"{sentence}\n".encode()
        headers = [(b"content-type", b"text/plain; charset=utf-8")] if body else []
        if status == _METHOD_NOT_ALLOWED and scope["method"] != "POST":
            headers.append((b"allow", b"POST"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _receive(self, scope: Scope, receive: Receive) -> tuple[int, str]:
        name = scope["path"].removeprefix(INBOX_PREFIX)
        if not _NAME.fullmatch(name):
            return 404, "The name of an inbox is up to 100 letters, digits, dots, dashes and lines."
        if scope["method"] != "POST":
            return _METHOD_NOT_ALLOWED, "An inbox receives POST; read it through the control API."
        answer = _asked_answer(scope["query_string"])
        if answer is None:
            return 400, "answer must be a status from 200 to 599."
        body = await _body(receive)
        if body is None:
            return 413, f"An inbox takes up to {_MOST_BODY} bytes at once."
        headers = (
            (key.decode("latin-1"), text.decode("latin-1")) for key, text in scope["headers"]
        )
        self._inbox.receive(name, headers, body, answered=answer)
        return answer, "Received."


_METHOD_NOT_ALLOWED: typing.Final = 405


def _asked_answer(query: bytes) -> int | None:
    """Return the status that the sender wants; None if it is no status."""
    asked = urllib.parse.parse_qs(query.decode("latin-1"), keep_blank_values=True).get("answer")
    if asked is None:
        return _LOWEST_STATUS
    if not re.fullmatch("[0-9]{3}", asked[-1]):
        return None
    status = int(asked[-1])
    return status if _LOWEST_STATUS <= status <= _HIGHEST_STATUS else None


async def _body(receive: Receive) -> bytes | None:
    """Read the body; None if it is too long."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > _MOST_BODY:
            return None
        more = message.get("more_body", False)
    return bytes(body)
