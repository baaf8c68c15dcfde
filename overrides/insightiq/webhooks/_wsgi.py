"""A receiver for WSGI: Flask, Django, or on its own under any WSGI server."""

from __future__ import annotations

import inspect
import typing

from insightiq.errors import ConfigurationError
from insightiq.webhooks._receiver import (
    ACCEPTED,
    BAD_LENGTH,
    FAILED,
    LARGEST_BODY,
    NOT_POST,
    TOO_LARGE,
    Admitted,
    Receiver,
    Response,
)

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from wsgiref.types import InputStream, StartResponse

    from insightiq.webhooks._deduplication import SeenStore
    from insightiq.webhooks._events import Event

__all__ = ["WebhookWSGIApp"]

# Python does not read numbers of thousands of digits.
_MOST_DIGITS = 18


class WebhookWSGIApp(Receiver["Callable[[Event], None]"]):
    """Receives notifications as a WSGI application.

        receiver = WebhookWSGIApp(handle, secret=client_secret)
        app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/webhooks/insightiq": receiver})

    Each event is handled once, however often it is delivered, unless a worker dies while it
    handles one: the vendor's next retry is then handled again. The vendor waits five seconds for
    the response, and retries after 60 s, 5 min and 6 h where it is not a success.

    Args:
        handler: Called with each new event. It should be quick: store the event, or put it into a
            queue that survives a crash. What it raises makes the response a 500, so that the vendor
            sends the event again.
        secret: The client secret of the environment that the webhook belongs to, or several of
            them while the secret is being changed.
        seen: Remembers which notifications came; in memory unless given. Several processes need
            a store that they share.
        background: Respond first and call the handler afterwards, in the same worker. For handlers
            that take longer than five seconds; what fails or is interrupted then is lost.

    Raises:
        ConfigurationError: An argument cannot be used.
    """

    def __init__(
        self,
        handler: Callable[[Event], None],
        *,
        secret: str | Sequence[str],
        seen: SeenStore | None = None,
        background: bool = False,
    ) -> None:
        if inspect.iscoroutinefunction(handler):
            msg = "WebhookWSGIApp cannot await its handler: give a plain function."
            raise ConfigurationError(msg)
        super().__init__(handler, secret=secret, seen=seen, background=background)

    def __call__(
        self, environ: Mapping[str, object], start_response: StartResponse
    ) -> Iterable[bytes]:
        """Respond to one request."""
        outcome = self._outcome(environ)
        if isinstance(outcome, Response):
            return _begun(start_response, outcome)
        if self._background:
            begun = _begun(start_response, ACCEPTED)
            return _ThenCall(begun, lambda: self._handle(outcome))
        return _begun(start_response, self._handle(outcome))

    def _outcome(self, environ: Mapping[str, object]) -> Admitted | Response:
        if environ["REQUEST_METHOD"] != "POST":
            return NOT_POST
        length = str(environ.get("CONTENT_LENGTH") or "0")
        if not (length.isascii() and length.isdigit()):
            return BAD_LENGTH
        if len(length) > _MOST_DIGITS:
            return TOO_LARGE
        return self._admit(_body(environ, int(length)), _headers(environ))

    def _handle(self, admitted: Admitted) -> Response:
        try:
            self._handler(admitted.event)
        except BaseException as error:
            self._failed(admitted, error)
            if not isinstance(error, Exception):
                raise
            return FAILED
        self._reception.done(admitted)
        return ACCEPTED


class _ThenCall:
    """A response's body; the server closes it once all of it was sent."""

    def __init__(self, chunks: list[bytes], call: Callable[[], object]) -> None:
        self._chunks = chunks
        self._call = call

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chunks)

    def close(self) -> None:
        """Make the call."""
        self._call()


def _begun(start_response: StartResponse, response: Response) -> list[bytes]:
    start_response(f"{response.status} {response.reason}", response.all_headers)
    return [response.body] if response.body else []


def _headers(environ: Mapping[str, object]) -> list[tuple[str, str]]:
    return [
        (name.removeprefix("HTTP_").replace("_", "-"), str(value))
        for name, value in environ.items()
        if name.startswith("HTTP_")
    ]


def _body(environ: Mapping[str, object], length: int) -> bytes:
    """Return the body, up to more than the largest allowed."""
    stream = typing.cast("InputStream", environ["wsgi.input"])
    # Without a length, only a server that says that it ends the stream may be read to the end.
    wanted = LARGEST_BODY + 1 if environ.get("wsgi.input_terminated") else length
    wanted = min(wanted, LARGEST_BODY + 1)
    chunks: list[bytes] = []
    while wanted > 0 and (chunk := stream.read(wanted)):
        chunks.append(chunk)
        wanted -= len(chunk)
    return b"".join(chunks)
