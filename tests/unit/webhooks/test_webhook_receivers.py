"""Receivers answer as the vendor needs it, and handle each event once."""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Callable
from typing import Any

import pytest

from insightiq import webhooks
from insightiq.errors import ConfigurationError
from insightiq.models import ContentsAddedNotification
from insightiq.webhooks import Deduplicator, WebhookASGIApp, WebhookWSGIApp

PATH = "/webhooks/insightiq"
Handler = Callable[[Any], Any]


def test_a_signed_event_reaches_the_handler(
    receiver: Any, notification: Callable[..., bytes]
) -> None:
    """The handler gets the typed event, the vendor gets 204."""
    assert receiver.make().post(notification()) == [204]
    assert [type(event) for event in receiver.handled] == [ContentsAddedNotification]


def test_an_unknown_event_is_handled_too(receiver: Any, notification: Callable[..., bytes]) -> None:
    """Refusing it would get the webhook switched off."""
    assert receiver.make().post(notification(event="NEW.EVENT")) == [204]
    assert isinstance(receiver.handled[0], webhooks.UnknownEvent)


def test_a_repeated_delivery_is_answered_and_not_handled(
    receiver: Any, notification: Callable[..., bytes]
) -> None:
    """The vendor delivers at least once."""
    bodies = [notification(id_=id_) for id_ in "abaa"]
    assert receiver.make().post(*bodies) == [204, 204, 204, 204]
    assert [event.id for event in receiver.handled] == ["a", "b"]


def test_an_unsigned_request_is_refused(
    receiver: Any, notification: Callable[..., bytes], caplog: pytest.LogCaptureFixture
) -> None:
    """401, a log line that says what to check, and no hint for the stranger."""
    unsigned = ("POST", notification(), dict[str, str]())
    forged = ("POST", notification(), {"Webhook-Signatures": "0" * 64})
    answers = receiver.make().send(unsigned, forged)
    assert [answer.status_code for answer in answers] == [401, 401]
    assert {answer.text for answer in answers} == {"The notification carries no valid signature.\n"}
    assert receiver.handled == []
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("insight")]
    assert "raw bytes" in lines[1]
    assert "0" * 64 not in caplog.text


def test_a_legacy_signature_is_accepted(
    receiver: Any, notification: Callable[..., bytes], digest: Callable[..., str]
) -> None:
    """Header names arrive in each protocol's own spelling."""
    body = notification()
    answers = receiver.make().send(("POST", body, {"phyllo-signature": digest(body)}))
    assert answers[0].status_code == 204


def test_a_signed_body_that_is_no_notification_is_a_bad_request(receiver: Any) -> None:
    """It is the sender's fault, and nothing is handled."""
    assert receiver.make().post(b"no JSON", b"[]") == [400, 400]
    assert receiver.handled == []


def test_only_post_is_answered(receiver: Any) -> None:
    """A browser that looks at the address learns how it is used."""
    answer = receiver.make().send(("GET", b"", {}))[0]
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


def test_a_huge_body_is_refused_before_anything_else(receiver: Any) -> None:
    """Strangers must not fill the memory."""
    assert receiver.make().post(b"x" * (1024 * 1024), b"x" * (1024 * 1024 + 1)) == [400, 413]


def test_a_failing_handler_is_told_and_called_again(
    receiver: Any, notification: Callable[..., bytes], caplog: pytest.LogCaptureFixture
) -> None:
    """500 makes the vendor repeat, and the repetition counts as new."""
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
        "Handling CONTENTS.ADDED:n-1 failed; the vendor was told and will send it again."
    ]
    assert "queue is down" in caplog.text


def test_a_failure_in_the_background_is_logged_and_a_new_delivery_handled(
    receiver: Any, notification: Callable[..., bytes], caplog: pytest.LogCaptureFixture
) -> None:
    """The vendor does not know of it; somebody who sends the event again is not refused."""
    calls: list[Any] = []

    def handle(event: Any) -> None:
        calls.append(event)
        msg = "disk is full"
        raise OSError(msg)

    assert receiver.make(handle, background=True).post(*[notification()] * 2) == [204, 204]
    assert len(calls) == 2
    assert "answered already, so it will not be sent again" in caplog.text


def test_a_delivery_that_is_being_handled_is_not_confirmed(
    receiver: Any, notification: Callable[..., bytes]
) -> None:
    """Were the repetition answered with 204 and the first one to fail, the event would be lost."""
    inner: list[int] = []
    body = notification()

    def handle(_: Any) -> None:
        # In a thread of its own: an event loop may run in this one.
        thread = threading.Thread(target=lambda: inner.extend(receiver.post(body)))
        thread.start()
        thread.join()

    assert receiver.make(handle).post(body, body) == [204, 204]
    assert inner == [503]


def test_a_store_of_the_users_decides_what_is_new(
    receiver: Any, notification: Callable[..., bytes]
) -> None:
    """Two methods are enough, for example on Redis, and several receivers may share it."""

    class Shared:
        def __init__(self) -> None:
            self.keys: set[str] = set()

        def claim(self, key: str) -> bool:
            new = key not in self.keys
            self.keys.add(key)
            return new

        def release(self, key: str) -> None:
            self.keys.discard(key)

    shared = Shared()
    first = receiver.make(seen=shared).post(notification())
    second = receiver.make(seen=shared).post(notification())
    assert (first, second) == ([204], [204])
    assert len(receiver.handled) == 1
    assert shared.keys == {"CONTENTS.ADDED:n-1"}


def test_a_store_that_fails_confirms_nothing(
    receiver: Any, notification: Callable[..., bytes]
) -> None:
    """The error reaches the server, which answers 500; the next delivery is not refused as busy."""

    class Failing(Deduplicator):
        failures = 1

        def claim(self, key: str) -> bool:
            if self.failures:
                self.failures -= 1
                msg = "store is down"
                raise OSError(msg)
            return super().claim(key)

    receiver.make(seen=Failing())
    with pytest.raises(OSError, match="store is down"):
        receiver.post(notification())
    assert receiver.post(notification()) == [204]
    assert len(receiver.handled) == 1


def test_secrets_are_checked_when_the_receiver_is_made(receiver: Any) -> None:
    """An unset variable shows at start-up, not at the first notification."""
    with pytest.raises(ConfigurationError, match="secret is empty"):
        receiver.make(secret="")


def test_a_receiver_shows_neither_secret_nor_arguments(receiver: Any, secret: str) -> None:
    """A partial's own repr would show what it was given."""
    kind = WebhookASGIApp if receiver.is_asgi else WebhookWSGIApp
    made = kind(functools.partial(print, "planted-key"), secret=secret)
    assert repr(made) == f"{kind.__name__}(partial, background=False)"
    assert secret not in repr(vars(made))
