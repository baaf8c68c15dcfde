"""A receiver for ASGI: Starlette, FastAPI, Django, or on its own under uvicorn."""

from __future__ import annotations

import asyncio
import functools
import inspect
import typing

from insightiq.webhooks._receiver import (
    ACCEPTED,
    FAILED,
    LARGEST_BODY,
    NOT_POST,
    Admitted,
    Receiver,
    Response,
)

if typing.TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from insightiq.webhooks._events import Event

    Handler = Callable[[Event], Awaitable[None] | None]
    Receive = Callable[[], Awaitable[Mapping[str, object]]]
    Send = Callable[[dict[str, object]], Awaitable[None]]

__all__ = ["WebhookASGIApp"]

Arguments = typing.ParamSpec("Arguments")


class WebhookASGIApp(Receiver["Handler"]):
    """Receives notifications as an ASGI application, to be routed to as any other.

        receiver = WebhookASGIApp(handle, secret=client_secret)
        app = Starlette(routes=[Route("/webhooks/insightiq", receiver)])

    Each event is handled once, however often it is delivered, unless a worker dies while it
    handles one: the vendor's next retry is then handled again. The vendor waits five seconds for
    the response, and retries after 60 s, 5 min and 6 h where it is not a success.

    Args:
        handler: Called with each new event. A coroutine function runs in the event loop, any other
            in a thread. It should be quick: store the event, or put it into a queue that survives
            a crash. What it raises makes the response a 500, so that the vendor sends the event again.
        secret: The client secret of the environment that the webhook belongs to, or several of
            them while the secret is being changed.
        seen: Remembers which notifications came; in memory unless given. Several processes need
            a store that they share.
        background: Respond first and call the handler afterwards, in the same worker. For handlers
            that take longer than five seconds; what fails or is interrupted then is lost.

    Raises:
        ConfigurationError: An argument cannot be used.
    """

    async def __call__(self, scope: Mapping[str, object], receive: Receive, send: Send) -> None:
        """Respond to one request.

        Raises:
            RuntimeError: It is no HTTP request.
        """
        if scope["type"] != "http":
            msg = f"WebhookASGIApp handles HTTP requests only, not {scope['type']!r}."
            raise RuntimeError(msg)
        if scope["method"] != "POST":
            await _response(send, NOT_POST)
            return
        body = await _body(receive)
        if body is not None:
            headers = typing.cast("Iterable[tuple[bytes, bytes]]", scope["headers"])
            await self._response_to(body, headers, send)

    async def _response_to(
        self, body: bytes, headers: Iterable[tuple[bytes, bytes]], send: Send
    ) -> None:
        outcome = await self._admit_in_thread(body, headers)
        if isinstance(outcome, Response):
            await _response(send, outcome)
        elif self._background:
            try:
                await _response(send, ACCEPTED)
            finally:
                await self._handle(outcome)
        else:
            await _response(send, await self._handle(outcome))

    async def _admit_in_thread(
        self, body: bytes, headers: Iterable[tuple[bytes, bytes]]
    ) -> Admitted | Response:
        # In a thread: a store of the user's may wait for a network.
        admitting = asyncio.ensure_future(asyncio.to_thread(self._admit, body, headers))
        try:
            return await asyncio.shield(admitting)
        except asyncio.CancelledError as error:
            # The thread goes on; what it admits would stay claimed, and handled by no one.
            admitting.add_done_callback(functools.partial(self._give_back, error))
            raise

    def _give_back(
        self, error: BaseException, admitting: asyncio.Future[Admitted | Response]
    ) -> None:
        if admitting.cancelled() or admitting.exception() is not None:
            return
        outcome = admitting.result()
        if isinstance(outcome, Admitted):
            self._in_thread(self._reception.failed, outcome, error, repeated=True)

    async def _handle(self, admitted: Admitted) -> Response:
        try:
            if inspect.iscoroutinefunction(self._handler):
                await self._handler(admitted.event)
            else:
                result = await asyncio.to_thread(self._handler, admitted.event)
                if inspect.isawaitable(result):
                    await result
        except Exception as error:  # noqa: BLE001 - logged, and the vendor gets a 500
            await self._in_thread(self._failed, admitted, error)
            return FAILED
        except BaseException as error:
            # Not awaited: a cancelled caller does not wait for a store.
            self._in_thread(self._failed, admitted, error)
            raise
        await self._in_thread(self._reception.done, admitted)
        return ACCEPTED

    @staticmethod
    def _in_thread(
        note: Callable[Arguments, None], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> asyncio.Future[None]:
        # Started at once and never cancelled: a store of the user's may wait for a network, and a
        # result that it does not learn would have the event handled again, or not at all.
        call = functools.partial(note, *args, **kwargs)
        noted = asyncio.get_running_loop().run_in_executor(None, call)
        return asyncio.shield(noted)


async def _body(receive: Receive) -> bytes | None:
    """Return the body, up to more than the largest allowed; None if the sender left."""
    body = bytearray()
    while len(body) <= LARGEST_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += typing.cast("bytes", message.get("body", b""))
        if not message.get("more_body", False):
            break
    return bytes(body)


async def _response(send: Send, response: Response) -> None:
    headers = [(name.lower().encode(), value.encode()) for name, value in response.all_headers]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})
