"""Sending to servers that limit requests: not too quickly, and again where there was too much."""

from __future__ import annotations

import asyncio
import time
import typing
from http import HTTPStatus

import httpx

if typing.TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["AsyncConsiderateTransport", "ConsiderateTransport", "Pace", "WindowedTransport"]

_TRIES: typing.Final = 4
_LONGEST_WAIT: typing.Final = 10.0


class Pace:
    """Says when the next request may leave.

    Args:
        seconds: Least time between two requests.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = 0.0

    def wait(self) -> float:
        """Return how long to wait before the next request, which is taken to be sent then."""
        now = time.monotonic()
        at = max(now, self._next)
        self._next = at + self._seconds
        return at - now


class ConsiderateTransport(httpx.BaseTransport):
    """Sends by another transport, at a pace, and waits a 429 out as its Retry-After asks."""

    def __init__(self, pace: Pace, inner: httpx.BaseTransport) -> None:
        self._pace = pace
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send, several times if need be."""
        for _ in range(_TRIES - 1):
            if (pause := self._pace.wait()) > 0.0:
                time.sleep(pause)
            response = self._inner.handle_request(request)
            wait = _wait_of(response)
            if wait is None:
                return response
            response.close()
            time.sleep(wait)
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Close the other transport."""
        self._inner.close()


class AsyncConsiderateTransport(httpx.AsyncBaseTransport):
    """`ConsiderateTransport` for asyncio."""

    def __init__(self, pace: Pace, inner: httpx.AsyncBaseTransport) -> None:
        self._pace = pace
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send, several times if need be."""
        for _ in range(_TRIES - 1):
            if (pause := self._pace.wait()) > 0.0:
                await asyncio.sleep(pause)
            response = await self._inner.handle_async_request(request)
            wait = _wait_of(response)
            if wait is None:
                return response
            await response.aclose()
            await asyncio.sleep(wait)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the other transport."""
        await self._inner.aclose()


class WindowedTransport(httpx.BaseTransport):
    """Sends by another transport as quickly as it can, and after a 429 begins with the next second.

    The 429 is handed on like any other answer. Limits count in fixed seconds (evidence.md#rate-limits), so that
    at most one answer of each second is a 429, and the others are what the test is about.

    Args:
        inner: Sends.
        seconds: The clock by which the server counts, in seconds since 1970.
        sleep: Waits.
    """

    def __init__(
        self,
        inner: httpx.BaseTransport,
        *,
        seconds: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._inner = inner
        self._seconds = seconds
        self._sleep = sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send, and wait after a 429."""
        response = self._inner.handle_request(request)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            self._sleep(1.0 - self._seconds() % 1.0)
        return response

    def close(self) -> None:
        """Close the other transport."""
        self._inner.close()


def _wait_of(response: httpx.Response) -> float | None:
    """Return how long to wait before sending again; None for not sending again."""
    if response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
        return None
    asked = response.headers.get("retry-after", "")
    return min(float(asked), _LONGEST_WAIT) if asked.isdecimal() else None
