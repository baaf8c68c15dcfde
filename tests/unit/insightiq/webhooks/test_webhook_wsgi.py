"""The receiver for WSGI: inputs that must not be read too far, and views on werkzeug."""

from __future__ import annotations

import asyncio
import json
import wsgiref.validate
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import werkzeug

from insightiq import webhooks
from insightiq.errors import ConfigurationError, WebhookVerificationError
from insightiq.webhooks import WebhookWSGIApp


def _wsgi_status(app: Any, **environ: Any) -> str:
    statuses: list[str] = []

    def start_response(status: str, _: Any) -> None:
        statuses.append(status)

    list(app({"REQUEST_METHOD": "POST", **environ}, start_response))
    return statuses[0]


class Stream:
    """A WSGI input that gives a few bytes at a time and must not be read beyond its length."""

    def __init__(self, content: bytes, length: int) -> None:
        self._content, self._left = content, length

    def read(self, size: int) -> bytes:
        """Read as a socket does: at most what has arrived."""
        assert size <= self._left, "the server would wait for ever"
        piece = self._content[: min(size, 100)]
        self._content = self._content[len(piece) :]
        self._left -= len(piece)
        return piece


def test_wsgi_body_is_read_to_its_length_and_no_further(
    notification: Callable[..., bytes], digest: Callable[..., str], secret: str
) -> None:
    """A server's input may block beyond it, and may give less than asked for."""
    body, events = notification(), list[Any]()
    app = WebhookWSGIApp(events.append, secret=secret)
    signed = {"HTTP_WEBHOOK_SIGNATURES": digest(body), "CONTENT_LENGTH": str(len(body))}
    assert (
        _wsgi_status(app, **signed, **{"wsgi.input": Stream(body, len(body))}) == "204 No Content"
    )
    assert len(events) == 1


def test_wsgi_body_without_length_is_read_where_it_ends_by_itself(
    notification: Callable[..., bytes], digest: Callable[..., str], secret: str
) -> None:
    """Chunked bodies come without a length."""
    body, events = notification(), list[Any]()
    app = WebhookWSGIApp(events.append, secret=secret)
    signed = {"HTTP_WEBHOOK_SIGNATURES": digest(body)}
    stream = {"wsgi.input": Stream(body, 10**9)}
    assert _wsgi_status(app, **signed, **stream).startswith("401")
    assert _wsgi_status(app, **signed, **stream, **{"wsgi.input_terminated": True})[:3] == "204"


@pytest.mark.parametrize("length", ["-1", "ten", "1e3", "²"])
def test_length_that_is_no_number_is_bad_request(length: str, secret: str) -> None:
    """Servers pass on what strangers write."""
    app = WebhookWSGIApp(print, secret=secret)
    environ = {"CONTENT_LENGTH": length, "wsgi.input": Stream(b"", 0)}
    assert _wsgi_status(app, **environ) == "400 Bad Request"


def test_length_of_thousands_of_digits_is_too_large(secret: str) -> None:
    """Python does not read such a number, and raises an error of its own."""
    app = WebhookWSGIApp(print, secret=secret)
    environ = {"CONTENT_LENGTH": "9" * 5_000, "wsgi.input": Stream(b"", 0)}
    assert _wsgi_status(app, **environ) == "413 Content Too Large"


def test_in_background_response_is_given_first(
    notification: Callable[..., bytes], digest: Callable[..., str], secret: str
) -> None:
    """A slow handler does not cost the five seconds: it is called when the response is closed."""
    order: list[str] = []
    body = notification()
    # The validator also holds the receiver to the letter of WSGI.
    checked = wsgiref.validate.validator(
        WebhookWSGIApp(lambda _: order.append("handled"), secret=secret, background=True)
    )
    headers = {"Webhook-Signatures": digest(body)}
    response = werkzeug.test.Client(checked).post(data=body, headers=headers, buffered=False)
    order.append(str(response.status_code))
    response.close()
    assert order == ["204", "handled"]


def test_coroutine_handler_is_rejected(secret: str) -> None:
    """No one would await it."""
    with pytest.raises(ConfigurationError, match="cannot await its handler"):
        WebhookWSGIApp(asyncio.sleep, secret=secret)  # type: ignore[arg-type]  # the mistake itself


def test_view_of_ones_own_on_werkzeug(
    notification: Callable[..., bytes],
    digest: Callable[..., str],
    secret: str,
    wsgi_posts: Callable[..., list[httpx.Response]],
) -> None:
    """Flask's request is werkzeug's: get_data() and headers are taken as they are."""
    events: list[Any] = []

    @werkzeug.Request.application
    def view(request: werkzeug.Request) -> werkzeug.Response:
        try:
            event = webhooks.receive(request.get_data(), request.headers, secret)
        except WebhookVerificationError:
            return werkzeug.Response(status=401)
        events.append(event)
        return werkzeug.Response(status=204)

    body = notification()
    responses = wsgi_posts(
        view, [("POST", body, {"webhook-signatures": digest(body)}), ("POST", body, {})]
    )
    assert [response.status_code for response in responses] == [204, 401]
    assert json.loads(body)["id"] == events[0].id
