"""Benchmark of a small call beside the same call of the bare HTTP library.

Both send the same request through a mock transport and read the same response. Our client keeps to
its default quota meanwhile; as the figure is about work and not about waiting, its clock leaps
ahead by so much with each call that it never has to wait.
"""

from __future__ import annotations

import asyncio
import dataclasses
import email.utils
import gc
import json
import time
import typing

import httpx
from table import Row, peer

from insightiq import AsyncInsightIQ, InsightIQ
from insightiq._clock import SystemClock

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["measure"]

_BASE = "http://127.0.0.1:1"
_PATH = "/v1/users/5c1aef2c-38c3-4e17-b1d4-0c6b1a1e9f11"
_HEADERS = {"accept": "application/json", "authorization": "Basic YmVuY2g6YmVuY2gtc2VjcmV0"}
_USER = json.dumps(
    {
        "id": "5c1aef2c-38c3-4e17-b1d4-0c6b1a1e9f11",
        "created_at": "2026-01-01T00:00:00.000000",
        "updated_at": "2026-01-01T00:00:00.000000",
        "name": "Ada",
        "external_id": "crm-42",
        "status": "ACTIVE",
    }
).encode()
# Few calls a batch and many batches: the best ones are those that nothing else disturbed.
_CALLS = 100
_BATCHES = 80


def measure() -> list[Row]:
    """Return the rows."""
    rows: list[Row] = []
    for name, found in (("threads", _measure_sync()), ("asyncio", _measure_async())):
        work = f"one small call over a mock transport, {name}"
        extra = found.default - found.bare
        target = "≤ 60 µs over bare httpx"
        rows += [
            Row(work, "insightiq", f"{_micros(extra)} over", target, extra <= 60e-6),
            Row(work, "insightiq, quota=None", f"{_micros(found.free - found.bare)} over"),
            peer(work, "bare httpx", _micros(found.bare)),
        ]
    return rows


def _micros(seconds: float) -> str:
    return f"{seconds * 1e6:.0f} µs"


@dataclasses.dataclass(frozen=True)
class _Overhead:
    """Seconds of processor time per call.

    Attributes:
        bare: Of the HTTP library.
        free: Of our client without a quota.
        default: Of our client as it comes.
    """

    bare: float
    free: float
    default: float


class _LeapingClock(SystemClock):
    """The machine's clock, ahead by the leaps that it was given."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead

    def wall(self) -> float:
        return time.time() + self.ahead


class _Responses:
    """The mock transport's handler."""

    def __init__(self, clock: _LeapingClock) -> None:
        self._clock = clock

    def __call__(self, request: httpx.Request) -> httpx.Response:
        del request
        self._clock.ahead += 0.12
        headers = {
            "content-type": "application/json",
            "date": email.utils.formatdate(self._clock.wall(), usegmt=True),
            "request-id": "5f0c7a1e9d",
        }
        return httpx.Response(200, headers=headers, content=_USER)


def _measure_sync() -> _Overhead:
    """Measure the client for threads."""
    clock = _LeapingClock()
    transport = httpx.MockTransport(_Responses(clock))
    bare = httpx.Client(transport=transport, headers=_HEADERS)
    free = _client(InsightIQ, transport, clock, quota=None)
    default = _client(InsightIQ, transport, clock)
    user_id = _PATH.rpartition("/")[2]
    return _best_of_batches(
        {
            "bare": _repeated(lambda: json.loads(bare.get(_BASE + _PATH).content)),
            "free": _repeated(lambda: free.users.get(user_id)),
            "default": _repeated(lambda: default.users.get(user_id)),
        }
    )


def _measure_async() -> _Overhead:
    """Measure the client for asyncio."""
    clock = _LeapingClock()
    transport = httpx.MockTransport(_Responses(clock))
    bare = httpx.AsyncClient(transport=transport, headers=_HEADERS)
    free = _client(AsyncInsightIQ, transport, clock, quota=None)
    default = _client(AsyncInsightIQ, transport, clock)
    user_id = _PATH.rpartition("/")[2]
    loop = asyncio.new_event_loop()

    async def get_bare() -> object:
        return json.loads((await bare.get(_BASE + _PATH)).content)

    def repeated(call: Callable[[], typing.Awaitable[object]]) -> Callable[[], None]:
        async def batch() -> None:
            for _ in range(_CALLS):
                await call()

        return lambda: loop.run_until_complete(batch())

    try:
        return _best_of_batches(
            {
                "bare": repeated(get_bare),
                "free": repeated(lambda: free.users.get(user_id)),
                "default": repeated(lambda: default.users.get(user_id)),
            }
        )
    finally:
        loop.close()


def _client(
    kind: Callable[..., typing.Any],
    transport: httpx.MockTransport,
    clock: _LeapingClock,
    **settings: object,
) -> typing.Any:
    return kind(
        client_id="bench",
        client_secret="bench-secret",
        base_url=_BASE,
        transport=transport,
        clock=clock,
        **settings,
    )


def _repeated(call: Callable[[], object]) -> Callable[[], None]:
    def batch() -> None:
        for _ in range(_CALLS):
            call()

    return batch


def _best_of_batches(contenders: Mapping[str, Callable[[], None]]) -> _Overhead:
    """Let them take turns, so that a bad moment of the machine meets all of them."""
    best = dict.fromkeys(contenders, float("inf"))
    # What is there already is not searched for garbage again before each batch.
    gc.collect()
    gc.freeze()
    for _ in range(_BATCHES):
        for name, batch in contenders.items():
            gc.collect()
            begin = time.process_time()
            batch()
            best[name] = min(best[name], (time.process_time() - begin) / _CALLS)
    gc.unfreeze()
    return _Overhead(**best)
