"""Receivers of webhooks within the process: nothing that a test triggers leaves it."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import typing
import uuid

from insightiq_mock.webhooks import Outcome, Verdict

if typing.TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CapturingSender", "Notification", "Receiver"]

Headers: typing.TypeAlias = tuple[tuple[str, str], ...]

_HOST: typing.Final = "https://receiver.invalid"
_REDIRECTS: typing.Final = range(300, 400)
_SUCCESSES: typing.Final = range(200, 300)


@dataclasses.dataclass(frozen=True, slots=True)
class Notification:
    """A notification that a receiver got.

    Attributes:
        headers: Names in lower case.
        body: The raw bytes, over which the signature is made.
    """

    headers: Headers
    body: bytes

    def json(self) -> typing.Any:
        """Return the notification as JSON."""
        return json.loads(self.body)

    @property
    def event(self) -> str:
        """Name of the event."""
        return str(self.json()["event"])


class Receiver:
    """An address for a webhook, and what was sent there.

    Args:
        respond: Returns the status of the response to a notification.
        path: Path of the address; None for a unique one.

    Attributes:
        url: The address.
        received: What came, in the order in which it came.
    """

    def __init__(self, respond: Callable[[Notification], int], path: str | None = None) -> None:
        self.url = f"{_HOST}/{path or uuid.uuid4()}"
        self.received: list[Notification] = []
        self._respond = respond

    async def receive(self, notification: Notification) -> int:
        """Take a notification and return the status of the response."""
        self.received.append(notification)
        # In a thread: the callback may call the API.
        return await asyncio.to_thread(self._respond, notification)


class CapturingSender:
    """Posts to the receivers of this process; all other addresses respond with 200."""

    def __init__(self) -> None:
        self._receivers: dict[str, Receiver] = {}

    def add(self, receiver: Receiver) -> None:
        """Let a receiver be reached."""
        self._receivers[receiver.url] = receiver

    def remove(self, receiver: Receiver) -> None:
        """Forget a receiver."""
        self._receivers.pop(receiver.url, None)

    async def send(self, url: str, headers: Headers, body: bytes, *, seconds: float) -> Outcome:
        """Post ``body`` to ``url``."""
        receiver = self._receivers.get(url)
        if receiver is None:
            return Outcome(Verdict.DELIVERED, status=200, request_headers=headers)
        lower = tuple((name.lower(), value) for name, value in headers)
        try:
            async with asyncio.timeout(seconds):
                status = await receiver.receive(Notification(lower, body))
        except TimeoutError:
            detail = f"There was no response within {seconds:g} s."
            return Outcome(Verdict.TIMED_OUT, detail, request_headers=headers)
        except Exception as error:  # noqa: BLE001 - whatever the test's own code raises
            detail = f"The receiver failed: {error!r}"
            return Outcome(Verdict.CONNECTION_FAILED, detail, request_headers=headers)
        return _outcome(status, headers)


def _outcome(status: int, headers: Headers) -> Outcome:
    if status in _SUCCESSES:
        return Outcome(Verdict.DELIVERED, status=status, request_headers=headers)
    verdict = Verdict.REDIRECTED if status in _REDIRECTS else Verdict.REJECTED
    return Outcome(verdict, f"The receiver responded with {status}.", status, headers)
