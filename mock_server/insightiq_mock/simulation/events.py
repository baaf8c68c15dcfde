"""What happened in a world, told to whoever wants to know (evidence.md#webhook-events, #webhook-payload)."""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping

__all__ = ["Events", "NotificationSender", "Subscriber"]

Subscriber: typing.TypeAlias = Callable[[str, str, Mapping[str, typing.Any]], None]
"""Called with developer, event and data, inside the transaction in which it happened."""

NotificationSender: typing.TypeAlias = Callable[[str, Mapping[str, typing.Any]], None]
"""Called with developer and payload of a notification that the developer asked for."""


class Events:
    """Those who want to know."""

    def __init__(self) -> None:
        self._subscribers: list[Subscriber] = []
        self._senders: list[NotificationSender] = []

    def subscribe(self, subscriber: Subscriber) -> None:
        """Tell ``subscriber`` of everything that happens from now on."""
        self._subscribers.append(subscriber)

    def on_notification(self, sender: NotificationSender) -> None:
        """Let ``sender`` deliver the notifications that developers ask for."""
        self._senders.append(sender)

    def emit(self, developer_id: str, event: str, data: Mapping[str, typing.Any]) -> None:
        """Tell everybody that something happened."""
        for subscriber in self._subscribers:
            subscriber(developer_id, event, data)

    def send(self, developer_id: str, payload: Mapping[str, typing.Any]) -> None:
        """Deliver a notification with the caller's own payload."""
        for sender in self._senders:
            sender(developer_id, payload)
