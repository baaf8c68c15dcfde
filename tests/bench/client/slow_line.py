"""A line to a server that takes its time: each way between 10 and 60 ms, at random.

    python tests/bench/client/slow_line.py 4010 --lifetime 60

prints the port on which it listens, and passes on what comes there to port 4010 and back.
"""

from __future__ import annotations

if __name__ == "__main__":
    # First of all: failures of the imports below are covered, too.
    from insightiq._entry_point import run_script

    run_script("slow-line", __file__)

import argparse
import asyncio
import contextlib
import random
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_FASTEST, _SLOWEST = 0.010, 0.060
_CHUNK = 65_536


async def _pass_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, chance: random.Random
) -> None:
    """Pass on what comes, late, and in its order: each piece waits for the one before."""
    with contextlib.suppress(ConnectionError):
        while piece := await reader.read(_CHUNK):
            await asyncio.sleep(chance.uniform(_FASTEST, _SLOWEST))
            writer.write(piece)
            await writer.drain()
    writer.close()


def _line(
    port: int,
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    chance = random.Random(7)

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(
            _pass_on(reader, far_writer, chance), _pass_on(far_reader, writer, chance)
        )

    return connect


async def _serve(port: int, lifetime: float) -> None:
    server = await asyncio.start_server(_line(port), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - what it is started for
    await asyncio.sleep(lifetime)


def main() -> int:
    """Pass on until the lifetime is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--lifetime", type=float, default=300.0, help="seconds until it ends")
    arguments = parser.parse_args()
    asyncio.run(_serve(arguments.port, arguments.lifetime))
    return 0
