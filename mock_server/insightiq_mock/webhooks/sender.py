"""The sender of notifications, and the outcome of an attempt."""

from __future__ import annotations

import dataclasses
import typing

if typing.TYPE_CHECKING:
    from insightiq_mock.db.deliveries import Headers, Verdict

    from .addresses import AddressGuard

__all__ = ["HttpSender", "Outcome", "Sender"]


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one attempt; see `AttemptRow` for the meaning of each value."""

    verdict: Verdict
    detail: str | None = None
    status: int | None = None
    request_headers: Headers = ()
    answer_headers: Headers = ()
    answer_body: bytes = b""


class Sender(typing.Protocol):
    """Posts one notification."""

    async def send(self, url: str, headers: Headers, body: bytes, *, seconds: float) -> Outcome:
        """Post ``body`` to ``url``; never takes longer than ``seconds``, never raises."""
        ...


class HttpSender:
    """Posts over the network.

    The HTTP library, and the certificates that it knows, are loaded when there is something to post.

    Args:
        guard: Where it may connect to.
    """

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard
        self._sender: Sender | None = None

    async def send(self, url: str, headers: Headers, body: bytes, *, seconds: float) -> Outcome:
        """Post ``body`` to ``url``; never takes longer than ``seconds``, never raises."""
        if self._sender is None:
            from .httpx_sender import HttpxSender  # noqa: PLC0415 - see above

            self._sender = HttpxSender(self._guard)
        return await self._sender.send(url, headers, body, seconds=seconds)
