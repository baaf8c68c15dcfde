"""The interface of a sender of notifications, and the outcome of an attempt."""

from __future__ import annotations

import dataclasses
import typing

if typing.TYPE_CHECKING:
    from insightiq_mock.db.deliveries import Headers, Verdict

__all__ = ["Outcome", "Sender"]


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one attempt; see `AttemptRow` for the meaning of each value."""

    verdict: Verdict
    detail: str | None = None
    status: int | None = None
    request_headers: Headers = ()
    response_headers: Headers = ()
    response_body: bytes = b""


class Sender(typing.Protocol):
    """Posts one notification."""

    async def send(self, url: str, headers: Headers, body: bytes, *, seconds: float) -> Outcome:
        """Post ``body`` to ``url``; never takes longer than ``seconds``, never raises."""
        ...
