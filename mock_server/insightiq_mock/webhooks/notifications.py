"""Webhook notifications: their payload, their names, their signature.

A payload holds ids only, at most a hundred of them (evidence.md#webhook-payload).
"""

from __future__ import annotations

import dataclasses
import functools
import hmac
import json
import re
import typing

from insightiq_mock.db import encode

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from insightiq_mock.openapi import Document

__all__ = [
    "SIGNATURE_HEADER",
    "Notification",
    "NotificationForm",
    "as_given",
    "event_names",
    "signature_headers",
]

# Keys of `data` in the order of the vendor's examples; others follow, the list of ids comes last.
_FIRST_KEYS: typing.Final = (
    "publish_id",
    "account_id",
    "user_id",
    "profile_id",
    "last_updated_time",
)
_ITEMS: typing.Final = "items"

_UUID: typing.Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_CURRENT: typing.Final = "webhook-signatures"
SIGNATURE_HEADER: typing.Final = _CURRENT.encode()
"""The signature header of every notification, as ASGI writes it."""

_LEGACY: typing.Final = "phyllo-signature"

_AS_WORDS: typing.Final = str.maketrans("._-", "   ")


@dataclasses.dataclass(frozen=True, slots=True)
class Notification:
    """One notification; every webhook gets the same id and bytes, at every attempt.

    Attributes:
        id: Its id, by which receivers recognise retries.
        event: Name of the event.
        body: The exact bytes that are signed and sent.
    """

    id: str
    event: str
    body: bytes


@dataclasses.dataclass(frozen=True, slots=True)
class NotificationForm:
    """The form of a developer's notifications.

    Attributes:
        most_items: Most ids in one notification.
        plain_ids: Whether the ids in ``data`` go without hyphens, as in the vendor's examples.
        json_spaces: Whether the body is JSON as Python's ``json.dumps`` writes it.
        new_id: Makes the ids of notifications.
    """

    most_items: int
    plain_ids: bool
    json_spaces: bool
    new_id: Callable[[], str]

    def write(
        self, event: str, name: str, data: Mapping[str, typing.Any], *, updated_at: str
    ) -> Iterator[Notification]:
        """Yield the notifications of an event: several where it concerns many items.

        Args:
            event: Name of the event.
            name: The event in words.
            data: Ids of the resources. An empty list of items makes no notification at all.
            updated_at: The ``last_updated_time`` of an event about an account that brings none.
        """
        if "account_id" in data:
            data = {"last_updated_time": updated_at, **data}
        head = {key: data[key] for key in _FIRST_KEYS if key in data}
        rest = {key: value for key, value in data.items() if key not in {*_FIRST_KEYS, _ITEMS}}
        for part in self._parts(data):
            notification_id = self.new_id()
            ids = {key: self._written(value) for key, value in {**head, **rest, **part}.items()}
            payload = {"event": event, "name": name, "id": notification_id, "data": ids}
            body = json.dumps(payload).encode() if self.json_spaces else encode(payload)
            yield Notification(notification_id, event, body)

    def _parts(self, data: Mapping[str, typing.Any]) -> Iterator[dict[str, list[typing.Any]]]:
        if _ITEMS not in data:
            yield {}
            return
        items = list(data[_ITEMS])
        for start in range(0, len(items), self.most_items):
            yield {_ITEMS: items[start : start + self.most_items]}

    def _written(self, value: object) -> object:
        if not self.plain_ids:
            return value
        if isinstance(value, list):
            return [self._written(each) for each in typing.cast("list[object]", value)]
        if isinstance(value, str) and _UUID.fullmatch(value):
            return value.replace("-", "")
        return value


def as_given(payload: Mapping[str, typing.Any], *, json_spaces: bool = False) -> Notification:
    """Make a notification of a payload as it is given; it must have an id.

    Raises:
        RecursionError: The payload is nested too deeply to be written.
    """
    # The data may hold any JSON: the standard library writes every number and text as it read it.
    separators = None if json_spaces else (",", ":")
    body = json.dumps(payload, separators=separators).encode()
    return Notification(str(payload["id"]), str(payload["event"]), body)


@functools.lru_cache(maxsize=2)
def event_names(document: Document) -> Callable[[str], str]:
    """Return a function that returns the ``name`` of an event's notifications.

    It is the example of ``name`` in the event's schema, found by the discriminator of the document's
    callbacks. An event that the document does not describe is named after itself.
    """
    names = {
        event: document.resolve({"$ref": reference})["properties"]["name"]["example"]
        for union in _notification_schemas(document)
        for event, reference in union.get("discriminator", {}).get("mapping", {}).items()
        if _has_name(document, reference)
    }

    def name_of(event: str) -> str:
        return names.get(event) or event.lower().translate(_AS_WORDS)

    return name_of


def _has_name(document: Document, reference: str) -> bool:
    schema = document.resolve({"$ref": reference})
    return "example" in schema.get("properties", {}).get("name", {})


def _notification_schemas(document: Document) -> Iterator[Mapping[str, typing.Any]]:
    for operation in document.operations:
        for written in operation.data.get("callbacks", {}).values():
            for item in document.resolve(written).values():
                body = document.resolve(item.get("post", {}).get("requestBody", {}))
                for media in body.get("content", {}).values():
                    yield document.resolve(media.get("schema", {}))


def signature_headers(
    body: bytes, secrets: Sequence[str], *, legacy: bool = False
) -> list[tuple[str, str]]:
    """Return the signature headers of a notification (evidence.md#webhook-signature).

    Args:
        body: The raw bytes that are sent.
        secrets: The client secrets that are live: one, or two while one replaces the other.
        legacy: Whether to add the single digest that older receivers check; it is made with the
            first secret.
    """
    digests = [hmac.digest(secret.encode(), body, "sha256").hex() for secret in secrets]
    headers = [(_CURRENT, ",".join(digests))]
    if legacy:
        headers.append((_LEGACY, digests[0]))
    return headers
