"""Typed events: one class for each event name of the document."""

from __future__ import annotations

import dataclasses
import functools
import json
import operator
import typing

from insightiq import models
from insightiq._ids import canonical_id
from insightiq._response import BROKEN_DATA, Reader
from insightiq.errors import ConfigurationError, WebhookPayloadError
from insightiq.models import WebhookEvent
from insightiq.webhooks._signatures import verify
from insightiq_generated.types import UNSET, Unset
from insightiq_generated.unions import WEBHOOK_NOTIFICATION_CLASSES, parse_webhook_notification

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from insightiq.webhooks._signatures import Headers
    from insightiq_generated.unions import WebhookNotification

__all__ = ["Event", "UnknownEvent", "parse", "receive", "unreadable"]


@dataclasses.dataclass(frozen=True, slots=True)
class UnknownEvent:
    """A notification whose event the document does not list; nothing of it is lost.

    Attributes:
        event: Name of the event; equal to its text, and ``event.is_known`` is false.
        name: The event in words.
        id: Identifier of the notification; the same again when a delivery is repeated.
        data: What it is about, as it came; empty where it is no JSON object.
        payload: The whole notification as it came.
    """

    event: WebhookEvent
    name: str | Unset
    id: str | Unset
    # Not shown: no one knows what they hold.
    data: Mapping[str, typing.Any] = dataclasses.field(repr=False)
    payload: Mapping[str, typing.Any] = dataclasses.field(repr=False)


if typing.TYPE_CHECKING:
    Event: typing.TypeAlias = WebhookNotification | UnknownEvent
else:
    # Made when first asked for: it loads the class of each event.
    def __getattr__(name: str) -> object:
        if name != "Event":
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        classes = dict.fromkeys(WEBHOOK_NOTIFICATION_CLASSES.values())
        known = [getattr(models, class_name) for class_name in classes]
        return functools.reduce(operator.or_, [*known, UnknownEvent])


_reader = Reader()


def parse(body: bytes | str) -> Event:
    """Return the event that a notification's body describes.

    It does not look at the signature: use ``receive``, or call ``verify`` first.

    Ids in the data of an event are written as the API's responses write them, with hyphens, so that
    ``event.data.account_id == account.id`` holds however the notification spelt it.

    Args:
        body: The body of the request.

    Raises:
        WebhookPayloadError: It is not the JSON of a notification.
        ConfigurationError: ``body`` is neither bytes nor text.
    """
    payload = _payload(body)
    event = payload.get("event")
    if not isinstance(event, str) or not event:
        problem = "it has no event name under the key 'event'"
        raise unreadable(problem)
    try:
        data = _with_canonical_ids(payload)
        found = _reader.read("webhooks.parse", parse_webhook_notification, data, strict=False)
    except BROKEN_DATA as error:
        problem = f"it has not the promised shape ({type(error).__name__})"
    else:
        return _unknown(event, payload) if found is None else found
    # Raised outside the except block: the parser's error may hold values of the body.
    raise unreadable(problem)


def unreadable(problem: str) -> WebhookPayloadError:
    """Return the error about a notification that is not of the API's form."""
    return WebhookPayloadError(f"The notification cannot be read: {problem}.")


def receive(body: bytes, headers: Headers, secret: str | Sequence[str]) -> Event:
    """Return the event of a notification whose signature fits: ``verify``, then ``parse``.

    Args:
        body: The body of the request exactly as it was received.
        headers: The headers of the request.
        secret: The client secret of the environment that the webhook belongs to, or several.

    Raises:
        WebhookVerificationError: No signature fits; respond with 401.
        WebhookPayloadError: It is signed, but not the JSON of a notification; respond with 400.
        ConfigurationError: ``secret`` is empty or damaged, ``body`` is not bytes, or ``headers``
            are not headers.
    """
    verify(body, headers, secret)
    return parse(body)


def _payload(body: bytes | str) -> dict[str, typing.Any]:
    given = typing.cast("object", body)
    if not isinstance(given, bytes | bytearray | str):
        msg = f"body must be the body of the request, as bytes or text, not {type(given).__name__}."
        raise ConfigurationError(msg)
    payload: object = None
    problem = "it is not a JSON object"
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        problem = "it is not JSON"
    if not isinstance(payload, dict):
        # Raised outside the except block: the parser's error holds the whole body.
        problem = f"{problem} ({len(body)} bytes)"
        raise unreadable(problem)
    return typing.cast("dict[str, typing.Any]", payload)


def _unknown(event: str, payload: dict[str, typing.Any]) -> UnknownEvent:
    name, id_, data = payload.get("name"), payload.get("id"), payload.get("data")
    return UnknownEvent(
        event=WebhookEvent(event),
        name=name if isinstance(name, str) else UNSET,
        id=id_ if isinstance(id_, str) else UNSET,
        data=typing.cast("dict[str, typing.Any]", data) if isinstance(data, dict) else {},
        payload=payload,
    )


def _with_canonical_ids(payload: dict[str, typing.Any]) -> dict[str, typing.Any]:
    """Return a notification with the ids in its data spelt as the API spells them."""
    data = payload.get("data")
    if not isinstance(data, dict):
        return payload
    items = typing.cast("dict[str, object]", data).items()
    return {**payload, "data": {key: _canonical(value) for key, value in items}}


def _canonical(value: object) -> object:
    if isinstance(value, list):
        items = typing.cast("list[object]", value)
        return [canonical_id(item) if isinstance(item, str) else item for item in items]
    return canonical_id(value) if isinstance(value, str) else value
