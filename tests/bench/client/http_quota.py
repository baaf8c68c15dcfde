"""Benchmark of the quota over HTTP: share of the limit used, and 429 responses.

As many calls as each way lets by, for half a minute, in five accounts at once whose clocks differ,
at the end of a line that takes 20 to 120 ms. What counts are the whole seconds of the server's
clock after the first call: no warm-up is left out.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import email.utils
import importlib
import multiprocessing
import pathlib
import tempfile
import typing

import mock_limits
import peers
from table import Row, peer

from insightiq import AsyncInsightIQ, SharedQuota, errors

if typing.TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from multiprocessing.synchronize import Barrier

    from mock_limits import Account, Use
    from strategies import Strategy

    from insightiq.quota import QuotaPolicy

__all__ = ["measure", "measure_shared"]

_PATH = "/v1/work-platforms"
_WORKERS = 2 * mock_limits.CONCURRENCY
_PROCESSES = 3
_TARGET = "≥ 99 % of the allowance, 0 x 429"
# The first second is cut, and making the first connections takes a while on a busy machine.
_EXTRA_SECONDS = 3.0


def measure(seconds: int) -> list[Row]:
    """Return the rows of one process: the client, then its peers in turns of two.

    Raises:
        PeersError: There is nothing to compare with.
    """
    peers.bring()
    from strategies import PEERS

    work = f"{seconds} s of calls over HTTP, one process"
    with mock_limits.mock_limits() as limits:
        accounts = limits.accounts()
        asyncio.run(_clients(limits.url, accounts, {}, seconds + _EXTRA_SECONDS))
        rows = [_our_row(work, "insightiq", limits.use(accounts, seconds))]
        names = list(PEERS)
        for pair in (names[begin : begin + 2] for begin in range(0, len(names), 2)):
            of_peer = {name: limits.accounts() for name in pair}
            asyncio.run(
                _peers(
                    limits.url,
                    {name: (PEERS[name], accounts) for name, accounts in of_peer.items()},
                    seconds + _EXTRA_SECONDS,
                )
            )
            rows += [peer(work, name, _shown(limits.use(of_peer[name], seconds))) for name in pair]
    return rows


def measure_shared(seconds: int) -> list[Row]:
    """Return the row of three processes that share a quota in a file."""
    context = multiprocessing.get_context("spawn")
    with mock_limits.mock_limits() as limits, tempfile.TemporaryDirectory() as folder:
        accounts = limits.accounts()
        together = context.Barrier(_PROCESSES)
        arguments = (limits.url, accounts, folder, together, seconds + _EXTRA_SECONDS)
        processes = [
            context.Process(target=_sharing_process, args=arguments) for _ in range(_PROCESSES)
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        work = f"{seconds} s of calls over HTTP, three processes"
        return [_our_row(work, "insightiq, SharedQuota", limits.use(accounts, seconds))]


def _our_row(work: str, who: str, use: Use) -> Row:
    return Row(work, who, _shown(use), _TARGET, use.share >= 0.99 and not use.rejected)


def _shown(use: Use) -> str:
    return f"{use.share:.1%} (worst clock {use.worst:.1%}), {use.rejected} x 429"


# Ours


def _sharing_process(
    url: str, accounts: Sequence[Account], folder: str, together: Barrier, seconds: float
) -> None:
    # What three processes import at once must not slow the first calls of one of them.
    importlib.import_module("httpx")
    together.wait()
    quotas = {
        account.client_id: SharedQuota(pathlib.Path(folder, f"{account.client_id}.quota"))
        for account in accounts
    }
    asyncio.run(_clients(url, accounts, quotas, seconds))
    for quota in quotas.values():
        quota.close()


async def _clients(
    url: str, accounts: Sequence[Account], quotas: dict[str, QuotaPolicy], seconds: float
) -> None:
    """Call through clients, one for each account, with their own quota unless one is given."""
    async with contextlib.AsyncExitStack() as opened:
        calls: list[Callable[[], Awaitable[object]]] = []
        for account in accounts:
            quota = quotas.get(account.client_id)
            client = AsyncInsightIQ(
                client_id=account.client_id,
                client_secret=account.client_secret,
                base_url=url,
                **({} if quota is None else {"quota": quota}),
            )
            calls.append(_calling(await opened.enter_async_context(client)))
        await _busy(calls, seconds)


def _calling(client: AsyncInsightIQ) -> Callable[[], Awaitable[object]]:
    async def call() -> None:
        with contextlib.suppress(errors.RateLimitError):  # the server's log counts them
            await client.request("GET", _PATH)

    return call


async def _busy(calls: Sequence[Callable[[], Awaitable[object]]], seconds: float) -> None:
    """Keep workers busy with each of ``calls``."""

    async def worker(call: Callable[[], Awaitable[object]]) -> None:
        while True:
            await call()

    tasks = [asyncio.create_task(worker(call)) for call in calls for _ in range(_WORKERS)]
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            raise outcome


# Others


class _Connections:
    """Keep-alive connections for one account: so little code that only the limiters differ."""

    def __init__(self, url: str, account: Account) -> None:
        self._port = int(url.rpartition(":")[2])
        pair = base64.b64encode(f"{account.client_id}:{account.client_secret}".encode()).decode()
        self._request = (
            f"GET {_PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {pair}\r\n\r\n"
        ).encode()
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def get(self) -> tuple[int, float]:
        """Return status and ``Date`` of the response."""
        while self._idle:
            reader, writer = self._idle.pop()
            # The server closes connections that it did not hear of for some seconds.
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                return await self._exchange(reader, writer)
        return await self._exchange(*await asyncio.open_connection("127.0.0.1", self._port))

    async def _exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[int, float]:
        try:
            writer.write(self._request)
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            await reader.readexactly(int(_header(head, "content-length")))
        except BaseException:
            writer.close()
            raise
        self._idle.append((reader, writer))
        date = email.utils.parsedate_to_datetime(_header(head, "date"))
        return int(head.split(" ", 2)[1]), date.timestamp()

    def close(self) -> None:
        for _, writer in self._idle:
            writer.close()


def _header(head: str, name: str) -> str:
    return head.partition(f"\r\n{name}: ")[2].partition("\r\n")[0]


async def _peers(
    url: str,
    strategies: dict[str, tuple[Callable[[int, int], Strategy], Sequence[Account]]],
    seconds: float,
) -> None:
    """Call through other libraries' limiters, each with accounts of its own."""
    opened: list[_Connections] = []
    calls: list[Callable[[], Awaitable[object]]] = []
    for make, accounts in strategies.values():
        for account in accounts:
            connections = _Connections(url, account)
            opened.append(connections)
            strategy = make(mock_limits.LIMIT, mock_limits.CONCURRENCY)
            calls.append(_limited(strategy, connections))
    await _busy(calls, seconds)
    for connections in opened:
        connections.close()


def _limited(strategy: Strategy, connections: _Connections) -> Callable[[], Awaitable[object]]:
    return lambda: strategy(connections.get)
