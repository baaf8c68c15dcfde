"""Notifications as they are sent: ids only, at most a hundred of them (evidence.md#webhook-payload)."""

from __future__ import annotations

import dataclasses
import json
import re
import typing

from insightiq_mock.db import encode

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["Notification", "NotificationForm", "as_given"]

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


@dataclasses.dataclass(frozen=True, slots=True)
class Notification:
    """One notification; the same id and bytes go to every webhook, at every try.

    Attributes:
        id: What receivers tell repetitions by.
        event: Name of the event.
        body: The exact bytes that are signed and sent.
    """

    id: str
    event: str
    body: bytes


@dataclasses.dataclass(frozen=True, slots=True)
class NotificationForm:
    """How the notifications of a developer are written.

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
        """Write the notifications of what happened: several where it concerns many items.

        Args:
            event: Name of the event.
            name: The event in words.
            data: Ids of what it is about. An empty list of items makes no notification at all.
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
    """Make the notification that a caller wrote, letter by letter; it must have an id.

    Raises:
        RecursionError: The payload is nested too deeply to be written.
    """
    # The data may hold any JSON: the standard library writes back whatever number and text it read.
    separators = None if json_spaces else (",", ":")
    body = json.dumps(payload, separators=separators).encode()
    return Notification(str(payload["id"]), str(payload["event"]), body)
