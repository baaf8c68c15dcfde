"""A list on a server whose rows change while it is read."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import threading
import types
from collections.abc import Callable
from typing import Any

import pytest

import insightiq
from insightiq.testing import FakeClock, ScriptedTransport, response
from insightiq_generated.client import OffsetPagination, PagedOperation, Request


@dataclasses.dataclass
class Row:
    """A row with an id, as the generated models have one."""

    id: str


@dataclasses.dataclass
class Page:
    """A page as the generated models are: rows and what else the response holds."""

    data: list[Row]
    metadata: Any = None


THINGS: PagedOperation[Row, Page] = PagedOperation(
    id="things.list",
    method="GET",
    path="/v1/things",
    retry_safe=False,
    pagination=OffsetPagination(
        offset="offset",
        limit="limit",
        items="data",
        maximum=100,
        default=10,
        applied_limit=("metadata", "limit"),
    ),
    success_status=200,
    parse_response=lambda body: Page(
        [Row(each["id"]) for each in body["data"]], types.SimpleNamespace(**body["metadata"])
    ),
    items=lambda page: page.data,
)


class Rows:
    """A server's rows, newest first; ``change`` is called before each response but the first.

    Attributes:
        most: Gives the most rows of a page, whatever limit was asked for.
        says: Gives what ``metadata.limit`` is, of the limit that was applied.
        arrange: Gives the rows of a page as they are sent, of those of its place.
    """

    def __init__(self, count: int, *, ignores_offset: bool = False) -> None:
        self.most: Callable[[int], int] = lambda limit: limit
        self.says: Callable[[int], Any] = lambda limit: limit
        self.arrange: Callable[[list[str]], list[str]] = list
        self.rows = [f"row-{number}" for number in range(count)]
        self.asked: list[tuple[int, int]] = []
        self.change: Callable[[int], None] = lambda _: None
        self._ignores_offset = ignores_offset
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    def insert(self, count: int, at: int = 0) -> None:
        """Let new rows come in."""
        made = [f"new-{next(self._numbers)}" for _ in range(count)]
        self.rows[at:at] = made

    def __call__(self, request: Any) -> Any:
        """Return a page, as the API does."""
        with self._lock:
            offset, limit = int(request.query["offset"]), int(request.query["limit"])
            if self.asked:
                self.change(len(self.asked))
            self.asked.append((offset, limit))
            offset = 0 if self._ignores_offset else offset
            limit = self.most(limit)
            data = [{"id": each} for each in self.arrange(self.rows[offset : offset + limit])]
            metadata = {"offset": offset, "limit": self.says(limit)}
        return response(json={"data": data, "metadata": metadata})


class Reader:
    """Reads lists through one of the two clients."""

    def __init__(self, *, asynchronous: bool) -> None:
        self.asynchronous = asynchronous
        self.clock = FakeClock()
        self.events: list[insightiq.Event] = []
        self.pager: Any = None

    def client(self, script: Any, **options: Any) -> Any:
        """Return a client on a script."""
        kind = insightiq.AsyncInsightIQ if self.asynchronous else insightiq.InsightIQ
        self.transport = ScriptedTransport(script, clock=self.clock)
        return kind(
            **{
                "client_id": "id",
                "client_secret": "s3",
                "quota": None,
                "clock": self.clock,
                "transport": self.transport,
                "on_event": self.events.append,
                **options,
            }
        )

    def make(self, script: Any, shape: Any = None, query: Any = None, **options: Any) -> Any:
        """Return the list, as ``shape`` makes it of the plain one."""
        request = Request("GET", "/v1/things", {"account_id": "a-1", **(query or {})})
        pager = self.client(script, **options)._caller.paginate(THINGS, request)
        self.pager = shape(pager) if shape else pager
        return self.pager

    def ids(self, *args: Any, most: int | None = None, **options: Any) -> list[str]:
        """Return the ids of all items, or break off after ``most``."""
        pager = self.make(*args, **options)
        found: list[str] = []

        async def read() -> None:
            async for each in pager:
                found.append(each.id)
                if len(found) == most:
                    break

        if self.asynchronous:
            asyncio.run(read())
        else:
            for each in pager:
                found.append(each.id)
                if len(found) == most:
                    break
        return found

    def pages(self, *args: Any, **options: Any) -> list[list[str]]:
        """Return the ids of each page."""
        pager = self.make(*args, **options)

        async def read() -> list[list[str]]:
            return [[each.id for each in page.data] async for page in pager.pages()]

        if self.asynchronous:
            return asyncio.run(read())
        return [[each.id for each in page.data] for page in pager.pages()]

    def do(self, act: Callable[[Any], Any], *args: Any, **options: Any) -> Any:
        """Return what ``act`` makes of the list."""
        return self.run(act(self.make(*args, **options)))

    def run(self, result: Any) -> Any:
        """Wait for the result of an asynchronous method."""
        return asyncio.run(_awaited(result)) if self.asynchronous else result


async def _awaited(result: Any) -> Any:
    return await result


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def reader(request: pytest.FixtureRequest) -> Reader:
    """Read lists through the sync or the async client."""
    return Reader(asynchronous=request.param)


@pytest.fixture
def rows() -> type[Rows]:
    """The class, so that tests need no import from this file."""
    return Rows


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def new_reader(request: pytest.FixtureRequest) -> Callable[[], Reader]:
    """Make readers, for property tests that need a new one for each example."""
    return lambda: Reader(asynchronous=request.param)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the variables of the machine out of the tests."""
    for name in ("CLIENT_ID", "CLIENT_SECRET", "ENVIRONMENT", "BASE_URL", "LOG"):
        monkeypatch.delenv(f"INSIGHTIQ_{name}", raising=False)


@pytest.fixture
def thread_reader() -> Reader:
    """Read lists through the sync client."""
    return Reader(asynchronous=False)


@pytest.fixture
def task_reader() -> Reader:
    """Read lists through the async client."""
    return Reader(asynchronous=True)
