"""Receivers response as the vendor needs it, and handle each event once."""

from __future__ import annotations

import functools
import logging
import pathlib
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest

from insightiq import webhooks
from insightiq.errors import ConfigurationError
from insightiq.models import ContentsAddedNotification
from insightiq.testing import FakeClock
from insightiq.webhooks import (
    Deduplicator,
    SeenState,
    SeenStore,
    WebhookASGIApp,
    WebhookWSGIApp,
)

PATH = "/webhooks/insightiq"
ROOT = pathlib.Path(__file__).resolve().parents[4]
Handler = Callable[[Any], Any]


def test_signed_event_reaches_handler(receiver: Any, notification: Callable[..., bytes]) -> None:
    """The handler gets the typed event, the vendor gets 204."""
    assert receiver.make().post(notification()) == [204]
    assert [type(event) for event in receiver.handled] == [ContentsAddedNotification]


def test_unknown_event_is_handled_too(receiver: Any, notification: Callable[..., bytes]) -> None:
    """Refusing it would get the webhook switched off."""
    assert receiver.make().post(notification(event="NEW.EVENT")) == [204]
    assert isinstance(receiver.handled[0], webhooks.UnknownEvent)


def test_repeated_delivery_gets_response_and_not_handled(
    receiver: Any, notification: Callable[..., bytes]
) -> None:
    """The vendor delivers at least once."""
    bodies = [notification(id_=id_) for id_ in "abaa"]
    assert receiver.make().post(*bodies) == [204, 204, 204, 204]
    assert [event.id for event in receiver.handled] == ["a", "b"]


def test_unsigned_request_is_rejected(
    receiver: Any, notification: Callable[..., bytes], caplog: pytest.LogCaptureFixture
) -> None:
    """401, a log line that says what to check, and no hint for the stranger."""
    unsigned = ("POST", notification(), dict[str, str]())
    forged = ("POST", notification(), {"Webhook-Signatures": "0" * 64})
    responses = receiver.make().send(unsigned, forged)
    assert [response.status_code for response in responses] == [401, 401]
    assert {response.text for response in responses} == {
        "The notification carries no valid signature.\n"
    }
    assert receiver.handled == []
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("insight")]
    assert "raw bytes" in lines[1]
    assert "0" * 64 not in caplog.text


def test_legacy_signature_is_accepted(
    receiver: Any, notification: Callable[..., bytes], digest: Callable[..., str]
) -> None:
    """Header names arrive in each protocol's own spelling."""
    body = notification()
    responses = receiver.make().send(("POST", body, {"phyllo-signature": digest(body)}))
    assert responses[0].status_code == 204


def test_signed_body_that_is_no_notification_is_bad_request(receiver: Any) -> None:
    """It is the sender's fault, and nothing is handled."""
    assert receiver.make().post(b"no JSON", b"[]") == [400, 400]
    assert receiver.handled == []


@pytest.mark.filterwarnings("ignore::insightiq.UnexpectedValueWarning")
@pytest.mark.parametrize(
    "data",
    [
        '{"last_updated_time": "0001-01-01T00:00:00+01:00"}',
        '{"last_updated_time": "9999-12-31T23:59:59-05:00"}',
        '{"last_updated_time": "half \\ud83d", "items": ["\\ud800", NaN, 1e999]}',
        '{"account_id": 7, "items": {"a": null}}',
        "[" * 300 + "]" * 300,
    ],
)
@pytest.mark.parametrize("event", ["CONTENTS.ADDED", "NEW.EVENT", "\\ud800"])
@pytest.mark.parametrize("id_", ['"id": "n-1", ', '"id": "\\ud83d", ', ""])
def test_odd_notification_reaches_handler(receiver: Any, event: str, id_: str, data: str) -> None:
    """An error would make the vendor send it again, and then switch the webhook off."""
    body = f'{{"event": "{event}", {id_}"data": {data}}}'.encode()
    assert receiver.make().post(body, body) == [204, 204]
    assert len(receiver.handled) == 1


def test_only_post_gets_response(receiver: Any) -> None:
    """A browser that looks at the address learns how it is used."""
    response = receiver.make().send(("GET", b"", {}))[0]
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


def test_huge_body_is_rejected_before_anything_else(receiver: Any) -> None:
    """Strangers must not fill the memory."""
    assert receiver.make().post(b"x" * (1024 * 1024), b"x" * (1024 * 1024 + 1)) == [400, 413]


def test_failing_handler_is_reported_and_called_again(
    receiver: Any, notification: Callable[..., bytes], caplog: pytest.LogCaptureFixture
) -> None:
    """500 makes the vendor repeat, and the retry counts as new."""
    calls: list[Any] = []

    def handle(event: Any) -> None:
        calls.append(event)
        if len(calls) == 1:
            msg = "queue is down"
            raise OSError(msg)

    assert receiver.make(handle).post(*[notification()] * 3) == [500, 204, 204]
    assert len(calls) == 2
    failures = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.getMessage() for record in failures] == [
        "Handling CONTENTS.ADDED:n-1 failed; the response was an error, so the vendor will send it again."
    ]
    assert "queue is down" in caplog.text


def test_failure_in_background_is_logged_and_new_delivery_handled(
    receiver: Any, notification: Callable[..., bytes], caplog: pytest.LogCaptureFixture
) -> None:
    """The vendor does not know of it; somebody who sends the event again is not rejected."""
    calls: list[Any] = []

    def handle(event: Any) -> None:
        calls.append(event)
        msg = "disk is full"
        raise OSError(msg)

    assert receiver.make(handle, background=True).post(*[notification()] * 2) == [204, 204]
    assert len(calls) == 2
    assert "the response was sent already, so it will not be sent again" in caplog.text


def test_delivery_that_is_being_handled_is_not_confirmed(
    receiver: Any, notification: Callable[..., bytes]
) -> None:
    """Were the retry responded with 204 and the first one to fail, the event would be lost."""
    inner: list[int] = []
    body = notification()

    def handle(_: Any) -> None:
        # In a thread of its own: an event loop may run in this one.
        thread = threading.Thread(target=lambda: inner.extend(receiver.post(body)))
        thread.start()
        thread.join()

    assert receiver.make(handle).post(body, body) == [204, 204]
    assert inner == [503]


class FakeRedis:
    """As much of redis-py as the guide's store uses, on a clock."""

    def __init__(self, clock: FakeClock, *, text: bool) -> None:
        self._clock, self._text = clock, text
        self._values: dict[str, tuple[str, float]] = {}

    def set(self, key: str, value: str, *, ex: int, nx: bool = False) -> bool | None:
        """Set a value that ends, with ``nx`` where there is none."""
        if nx and self.get(key) is not None:
            return None
        self._values[key] = (value, self._clock.monotonic() + ex)
        return True

    def get(self, key: str) -> str | bytes | None:
        """Return a value that has not ended."""
        value, end = self._values.get(key, ("", 0.0))
        if end <= self._clock.monotonic():
            return None
        return value if self._text else value.encode()

    def delete(self, key: str) -> None:
        """Forget a value."""
        self._values.pop(key, None)


def guides_store(redis: FakeRedis) -> SeenStore:
    """The store that the guide to the client shows."""
    guide = (ROOT / "docs" / "client.md").read_text(encoding="utf-8")
    [code] = re.findall(r"^class RedisStore:\n(?:(?:    .*)?\n)+", guide, re.MULTILINE)
    names: dict[str, Any] = {"webhooks": webhooks}
    exec(code, names)  # noqa: S102 - our own guide
    store: SeenStore = names["RedisStore"](redis)
    return store


@pytest.fixture
def clock() -> FakeClock:
    """Time for stores and the vendor's retries."""
    return FakeClock()


@pytest.fixture(params=["memory", "redis", "redis, text"])
def store(request: pytest.FixtureRequest, clock: FakeClock) -> SeenStore:
    """Each store that the package or its guide offers."""
    if request.param == "memory":
        return Deduplicator(clock=clock)
    return guides_store(FakeRedis(clock, text=request.param.endswith("text")))


@pytest.mark.parametrize("background", [False, True])
def test_event_of_dead_worker_is_handled(
    receiver: Any,
    notification: Callable[..., bytes],
    store: SeenStore,
    clock: FakeClock,
    *,
    background: bool,
) -> None:
    """A retry during the lease is not confirmed; the vendor's next one is handled, once."""
    body = notification()
    assert store.begin("CONTENTS.ADDED:n-1") == "new"  # by a worker that dies here
    receiver.make(seen=store, background=background)
    clock.advance(65)
    assert (receiver.post(body), receiver.handled) == ([503], [])
    clock.advance(300)
    assert receiver.post(body, body) == [204, 204]
    clock.advance(6 * 3600)
    assert receiver.post(body) == [204]
    assert len(receiver.handled) == 1


def test_receivers_that_share_store_handle_event_once(
    receiver: Any, notification: Callable[..., bytes], store: SeenStore
) -> None:
    """Three methods are enough, for example on Redis."""
    first = receiver.make(seen=store).post(notification())
    second = receiver.make(seen=store).post(notification())
    assert (first, second) == ([204], [204])
    assert len(receiver.handled) == 1


def test_failed_event_is_released_in_store(
    receiver: Any, notification: Callable[..., bytes], store: SeenStore
) -> None:
    """The vendor's retry need not wait for the lease to end."""

    def fail(_: Any) -> None:
        msg = "queue is down"
        raise OSError(msg)

    assert receiver.make(fail, seen=store).post(notification()) == [500]
    assert receiver.make(seen=store).post(notification()) == [204]
    assert len(receiver.handled) == 1


@pytest.mark.parametrize("state", ["begun", "", None, True])
def test_only_done_is_confirmed(
    receiver: Any, notification: Callable[..., bytes], state: object
) -> None:
    """Whatever else a store says, the vendor sends the event again."""

    class Odd(Deduplicator):
        def begin(self, key: str) -> Any:
            return state

    assert receiver.make(seen=Odd()).post(notification()) == [503]
    assert receiver.handled == []


@pytest.mark.parametrize("kind", [object, Deduplicator])
def test_store_without_its_methods_is_rejected(receiver: Any, kind: Any) -> None:
    """A store of the older protocol shows at start-up, not at the first notification."""
    seen = kind() if kind is object else kind
    with pytest.raises(ConfigurationError, match="with the methods begin, done, release"):
        receiver.make(seen=seen)


@pytest.mark.parametrize("kind", [WebhookASGIApp, WebhookWSGIApp])
def test_handler_that_cannot_be_called_is_rejected(kind: Any) -> None:
    """A mistake shows at start-up; otherwise every notification would be responded with 500."""
    with pytest.raises(ConfigurationError, match=r"^handler must be a function .*, not str"):
        kind("a-handler", secret="a-secret")


def test_store_that_fails_confirms_nothing(
    receiver: Any, notification: Callable[..., bytes]
) -> None:
    """The error reaches the server, which responds with 500; the next delivery is not rejected as busy."""

    class Failing(Deduplicator):
        failures = 1

        def begin(self, key: str) -> SeenState:
            if self.failures:
                self.failures -= 1
                msg = "store is down"
                raise OSError(msg)
            return super().begin(key)

    receiver.make(seen=Failing())
    with pytest.raises(OSError, match="store is down"):
        receiver.post(notification())
    assert receiver.post(notification()) == [204]
    assert len(receiver.handled) == 1


class Forgetful(Deduplicator):
    """A store that breaks down while an event is handled."""

    def done(self, key: str) -> None:
        """Fail."""
        msg = f"store is down: {key}"
        raise OSError(msg)

    release = done


def test_handled_event_is_confirmed_although_store_fails(
    receiver: Any, notification: Callable[..., bytes], caplog: pytest.LogCaptureFixture
) -> None:
    """An error would make the vendor send again what was handled."""
    assert receiver.make(seen=Forgetful()).post(notification()) == [204]
    assert "was handled, but the store could not note it" in caplog.text


def test_failure_is_reported_although_store_fails(
    receiver: Any, notification: Callable[..., bytes], caplog: pytest.LogCaptureFixture
) -> None:
    """Both errors are logged, and the vendor sends the event again."""

    def fail(_: Any) -> None:
        msg = "queue is down"
        raise OSError(msg)

    assert receiver.make(fail, seen=Forgetful()).post(notification()) == [500]
    assert "queue is down" in caplog.text
    assert "The store could not release CONTENTS.ADDED:n-1" in caplog.text


def test_secrets_are_checked_when_receiver_is_made(receiver: Any) -> None:
    """An unset variable shows at start-up, not at the first notification."""
    with pytest.raises(ConfigurationError, match="secret is empty"):
        receiver.make(secret="")


def test_receiver_shows_neither_secret_nor_arguments(receiver: Any, secret: str) -> None:
    """A partial's own repr would show what it was given."""
    kind = WebhookASGIApp if receiver.is_asgi else WebhookWSGIApp
    made = kind(functools.partial(print, "planted-key"), secret=secret)
    assert repr(made) == f"{kind.__name__}(partial, background=False)"
    assert secret not in repr(vars(made))
