"""A server that counts requests per whole second of its own clock, as a model and over HTTP.

    python tests/bench/client/fixed_windows.py --limit 10 --concurrency 10

prints its port. ``GET /<name>/<offset>/…`` is answered by an account of its own, whose clock is
``offset`` seconds ahead; ``GET /report`` tells what each account saw.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import dataclasses
import email.utils
import json
import math
import random
import time

__all__ = ["FixedWindows"]


@dataclasses.dataclass
class FixedWindows:
    """One account of the server."""

    limit: int
    concurrency: int
    served: collections.Counter[int] = dataclasses.field(default_factory=collections.Counter)
    refused: collections.Counter[int] = dataclasses.field(default_factory=collections.Counter)
    under_way: int = 0
    first_at: float | None = None

    def arrive(self, now: float) -> bool:
        """Count a request at ``now`` on the server's clock; True if it is served."""
        self.first_at = now if self.first_at is None else self.first_at
        window = math.floor(now)
        if self.served[window] >= self.limit or self.under_way >= self.concurrency:
            self.refused[window] += 1
            return False
        self.served[window] += 1
        self.under_way += 1
        return True

    def leave(self) -> None:
        """End a request that was served."""
        self.under_way -= 1

    def report(self, seconds: int) -> dict[str, float]:
        """Tell what was made of the ``seconds`` whole seconds after the first request."""
        first = math.floor(self.first_at or 0.0) + 1
        used = sum(self.served[window] for window in range(first, first + seconds))
        return {
            "served": used,
            "allowance": seconds * self.limit,
            "refused": sum(self.refused.values()),
            "most": max(self.served.values(), default=0),
        }


class _Connection(asyncio.Protocol):
    """Keep-alive HTTP/1.1, one request after the other, GET alone."""

    def __init__(self, server: _Server) -> None:
        self._server = server
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, self._received = self._received.split(b"\r\n\r\n", 1)
            self._server.take(head.split(b" ", 2)[1].decode(), self)

    def answer(self, status: str, date: float, body: bytes, headers: str = "") -> None:
        assert self._transport is not None
        head = (
            f"HTTP/1.1 {status}\r\nDate: {email.utils.formatdate(math.floor(date), usegmt=True)}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
        )
        if not self._transport.is_closing():
            self._transport.write(head.encode() + body)


class _Server:
    def __init__(self, limit: int, concurrency: int, latency: tuple[float, float]) -> None:
        self._limit = limit
        self._concurrency = concurrency
        self._latency = latency
        self._accounts: dict[str, FixedWindows] = {}
        self._random = random.Random(7)  # noqa: S311 - a workload

    def take(self, path: str, connection: _Connection) -> None:
        if path.startswith("/report"):
            seconds = int(path.rpartition("/")[2])
            reports = {name: account.report(seconds) for name, account in self._accounts.items()}
            connection.answer("200 OK", time.time(), json.dumps(reports).encode())
            return
        _, name, offset, *_ = path.split("/")
        key = f"{name}/{offset}"
        if key not in self._accounts:
            self._accounts[key] = FixedWindows(self._limit, self._concurrency)
        # The way there, the work and the way back share the latency at random.
        whole = self._random.uniform(*self._latency)
        there, back = sorted((self._random.random(), self._random.random()))
        asyncio.get_running_loop().call_later(
            whole * there,
            self._arrive,
            self._accounts[key],
            float(offset),
            whole * (back - there),
            whole * (1 - back),
            connection,
        )

    def _arrive(
        self,
        account: FixedWindows,
        offset: float,
        work: float,
        back: float,
        connection: _Connection,
    ) -> None:
        loop = asyncio.get_running_loop()
        if account.arrive(time.time() + offset):
            loop.call_later(work, self._done, account, offset, back, connection)
        else:
            date = time.time() + offset
            loop.call_later(
                back, connection.answer, "429 Too Many Requests", date, b"{}", "Retry-After: 1\r\n"
            )

    def _done(
        self, account: FixedWindows, offset: float, back: float, connection: _Connection
    ) -> None:
        account.leave()
        date = time.time() + offset
        asyncio.get_running_loop().call_later(back, connection.answer, "200 OK", date, b"{}")


async def _serve(arguments: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    server = _Server(arguments.limit, arguments.concurrency, (arguments.fastest, arguments.slowest))
    listening = await loop.create_server(lambda: _Connection(server), "127.0.0.1", 0)
    print(listening.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - what it is started for
    await asyncio.sleep(arguments.lifetime)


def main() -> None:
    """Serve until the lifetime is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int, default=10)
    parser.add_argument("--concurrency", type=int, default=10)
    parser.add_argument("--fastest", type=float, default=0.02)
    parser.add_argument("--slowest", type=float, default=0.12)
    parser.add_argument(
        "--lifetime", type=float, default=300.0, help="seconds until it ends itself"
    )
    asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
