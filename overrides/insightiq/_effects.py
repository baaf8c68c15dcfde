"""What the policy of a call asks its driver to do.

A generator of effects has no input or output of its own: it yields one of these, the driver carries
it out, and sends the outcome back or throws what went wrong into the generator.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Generator

if typing.TYPE_CHECKING:
    from insightiq._events import Event
    from insightiq._timeouts import Timeouts
    from insightiq._wire import Answer, Failure, WireRequest
    from insightiq.quota import Priority, Slot

__all__ = ["Acquire", "Effect", "Emit", "Outcome", "Send", "Sleep", "Steps"]

ResultT = typing.TypeVar("ResultT")


@dataclasses.dataclass(frozen=True, slots=True)
class Acquire:
    """Wait for a slot of the quota; the outcome is the ``Slot``.

    ``TimeoutError`` is thrown when there is none after ``timeout`` seconds.
    """

    priority: Priority
    timeout: float | None


@dataclasses.dataclass(frozen=True, slots=True)
class Send:
    """Send the request; the outcome is an ``Answer`` or a ``Failure``.

    ``within`` is how many seconds are left for all of it, whatever the timeouts of its parts, and
    ``max_bytes`` how long the response may be.
    """

    request: WireRequest
    timeouts: Timeouts | None
    within: float | None
    max_bytes: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Sleep:
    """Let time pass; there is no outcome."""

    seconds: float


@dataclasses.dataclass(frozen=True, slots=True)
class Emit:
    """Tell the hook and the log; there is no outcome.

    ``subject`` is what the event is about, for the log's details.
    """

    event: Event
    subject: WireRequest | Answer | Failure | None = None


Effect: typing.TypeAlias = Acquire | Send | Sleep | Emit
Outcome: typing.TypeAlias = "Answer | Failure | Slot | None"
Steps: typing.TypeAlias = Generator[Effect, Outcome, ResultT]
"""The steps of one piece of work, which a driver carries out for its result."""
