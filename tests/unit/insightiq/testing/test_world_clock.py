"""The clock that a client shares with the world of the mock server."""

from __future__ import annotations

import asyncio
import threading
from typing import Any, cast

import pytest

from insightiq import webhooks
from insightiq.errors import WebhookVerificationError
from insightiq.testing import WorldClock, signed_headers

SECRET = "planted-webhook-secret"
BODY = b'{"event": "STORIES.ADDED", "id": "n-1", "data": {"items": []}}'


class Control:
    """Notes by how much the world was moved, and in which thread."""

    def __init__(self) -> None:
        self.moved: list[float] = []
        self.threads: list[threading.Thread] = []

    def advance(self, *, seconds: float) -> None:
        """Note it."""
        self.moved.append(seconds)
        self.threads.append(threading.current_thread())


@pytest.fixture
def control() -> Control:
    """The control of a world."""
    return Control()


@pytest.fixture
def clock(control: Control) -> WorldClock:
    """A clock that moves that world."""
    return WorldClock(cast("Any", control))


def test_each_wait_moves_world_as_far(clock: WorldClock, control: Control) -> None:
    """Client and world agree on how much time has passed."""
    clock.sleep(2)
    clock.advance(0.5)
    clock.sleep(0)
    assert control.moved == [2, 0.5]
    assert clock.monotonic() == 2.5


def test_waits_of_tasks_overlap_in_world_too(clock: WorldClock, control: Control) -> None:
    """Ten tasks that wait a second move the world by one second, not by ten."""

    async def main() -> None:
        await asyncio.gather(*(clock.sleep_async(1) for _ in range(10)), clock.sleep_async(3))

    asyncio.run(main())
    assert control.moved == [1, 2]
    assert clock.monotonic() == 3


def test_event_loop_is_not_held_up_by_world(clock: WorldClock, control: Control) -> None:
    """A receiver in that loop can respond to what the world sends while it moves."""
    asyncio.run(clock.sleep_async(1))
    assert threading.current_thread() not in control.threads


def test_signed_headers_verify() -> None:
    """A receiver's own test takes its notification for the vendor's."""
    webhooks.verify(BODY, signed_headers(BODY, SECRET), SECRET)
    webhooks.verify(BODY, signed_headers(BODY, ["planted-new-secret", SECRET]), SECRET)


@pytest.mark.parametrize(
    ("body", "secret"),
    [(BODY + b" ", SECRET), (BODY, f"{SECRET}.")],
    # Names of tests stand in reports.
    ids=["another body", "another secret"],
)
def test_signed_headers_fit_that_body_and_secret_alone(body: bytes, secret: str) -> None:
    """A receiver that checks nothing must fail its test."""
    with pytest.raises(WebhookVerificationError, match="No signature"):
        webhooks.verify(body, signed_headers(BODY, SECRET), secret)


def test_signed_headers_are_those_of_vendor() -> None:
    """Written out, as another program computes it: signing and verifying cannot share a mistake."""
    assert signed_headers(b"{}", "planted-key") == {
        "Content-Type": "application/json",
        "Webhook-Signatures": "8e9e32d2f0862e47d71b7fb31a333ebda546768c4338c5e84783cb9f3218ccca",
    }
