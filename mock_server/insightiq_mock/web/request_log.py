"""Request log, bounded: bodies are cut off and redacted, request headers are not kept."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import dataclasses
import datetime as dt
import itertools
import json
from typing import TYPE_CHECKING, NamedTuple, Protocol

from insightiq_mock.db import StoreError
from insightiq_mock.structured_log import redacted, redacted_target

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from insightiq_mock.db.request_log import RequestLogRows

__all__ = [
    "LONGEST_LOGGED_BODY",
    "LogFilter",
    "LoggedRequest",
    "Record",
    "RequestLog",
    "RingLog",
    "StoredLog",
]

CAPACITY = 1000
LONGEST_LOGGED_BODY = 2048
# How long an entry may wait to be written where several processes share the log.
_FLUSH_SECONDS = 0.2
_STATUS_CLASS = 100


class Record(NamedTuple):
    """One request as it is noted, cheaply; see `LoggedRequest` for the values."""

    at: float
    method: str
    target: bytes
    operation_id: str | None
    developer_id: str
    status: int
    seconds: float
    request_id: str
    request_body: bytes
    response_body: bytes


@dataclasses.dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One entry of the log.

    Attributes:
        number: Entries are numbered as they come.
        at: Time of arrival, as a timestamp of the API.
        target: Path and query.
        operation_id: The operation, if any.
        developer_id: The developer; None without valid credentials.
        milliseconds: Duration.
        request_body: Cut off and redacted; None for none.
        response_body: Likewise.
    """

    number: int
    at: str
    method: str
    target: str
    operation_id: str | None
    developer_id: str | None
    status: int
    milliseconds: float
    request_id: str
    request_body: str | None
    response_body: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class LogFilter:
    """Filter of the log's entries; None stands for all.

    A status below 10 stands for its hundred: 4 for 400 to 499. A path matches targets that begin
    with it.
    """

    developer_id: str | None = None
    operation_id: str | None = None
    method: str | None = None
    status: int | None = None
    path: str | None = None

    @property
    def statuses(self) -> tuple[int, int]:
        """The lowest and the highest status."""
        if self.status is None:
            return 0, 999
        if self.status < 10:  # noqa: PLR2004 - a hundred of statuses
            return self.status * _STATUS_CLASS, self.status * _STATUS_CLASS + _STATUS_CLASS - 1
        return self.status, self.status

    def admits(self, record: Record) -> bool:
        """Return whether an entry matches."""
        lowest, highest = self.statuses
        return (
            self.developer_id in (None, record.developer_id)
            and self.operation_id in (None, record.operation_id)
            and self.method in (None, record.method)
            and lowest <= record.status <= highest
            and (self.path is None or record.target.startswith(self.path.encode()))
        )


_ALL = LogFilter()


class RequestLog(Protocol):
    """A log of requests."""

    def note(self, record: Record) -> None:
        """Note a request; called for each one, so it must be cheap."""
        ...

    def entries(
        self, wanted: LogFilter = _ALL, *, after: int = 0, limit: int = 100
    ) -> list[LoggedRequest]:
        """Return the latest entries, the oldest of them first; only those after a number."""
        ...

    def follow(self, wanted: LogFilter = _ALL, *, after: int = 0) -> AsyncIterator[LoggedRequest]:
        """Yield entries as they come, and first those that lie after a number."""
        ...

    def clear(self, developer_id: str | None = None) -> None:
        """Delete the entries of a developer, or all."""
        ...


class RingLog:
    """The log of one process, in its memory."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._records: collections.deque[tuple[int, Record]] = collections.deque(maxlen=capacity)
        self._numbers = itertools.count(1)
        self._followers: set[asyncio.Event] = set()

    def note(self, record: Record) -> None:
        """Note a request."""
        self._records.append((next(self._numbers), record))
        for follower in self._followers:
            follower.set()

    def entries(
        self, wanted: LogFilter = _ALL, *, after: int = 0, limit: int = 100
    ) -> list[LoggedRequest]:
        """Return the latest entries, the oldest of them first; only those after a number."""
        newest_first = (
            (number, record)
            for number, record in reversed(self._records)
            if number > after and wanted.admits(record)
        )
        found = list(itertools.islice(newest_first, limit))
        return [_shown(number, record) for number, record in reversed(found)]

    async def follow(
        self, wanted: LogFilter = _ALL, *, after: int = 0
    ) -> AsyncIterator[LoggedRequest]:
        """Yield entries as they come, and first those that lie after a number."""
        news = asyncio.Event()
        self._followers.add(news)
        try:
            while True:
                news.clear()
                last = self._records[-1][0] if self._records else after
                for entry in self.entries(wanted, after=after, limit=len(self._records)):
                    yield entry
                after = max(after, last)
                await news.wait()
        finally:
            self._followers.discard(news)

    def clear(self, developer_id: str | None = None) -> None:
        """Delete the entries of a developer, or all."""
        kept = [
            entry
            for entry in self._records
            if developer_id is not None and entry[1].developer_id != developer_id
        ]
        self._records.clear()
        self._records.extend(kept)


class StoredLog:
    """The log of several processes, in the store that they share.

    Entries are written in batches, so that no request waits for it.
    """

    def __init__(self, rows: RequestLogRows) -> None:
        self._rows = rows
        self._pending: list[Record] = []
        self._flush_at: asyncio.TimerHandle | None = None

    def note(self, record: Record) -> None:
        """Note a request."""
        self._pending.append(record)
        if self._flush_at is None:
            loop = asyncio.get_running_loop()
            self._flush_at = loop.call_later(_FLUSH_SECONDS, self.flush)

    def flush(self) -> None:
        """Write pending entries."""
        if self._flush_at is not None:
            self._flush_at.cancel()
            self._flush_at = None
        pending, self._pending = self._pending, []
        if pending:
            # The client has got an error already; the log may miss the entry.
            with contextlib.suppress(StoreError):
                self._rows.add(map(_row, pending))

    def entries(
        self, wanted: LogFilter = _ALL, *, after: int = 0, limit: int = 100
    ) -> list[LoggedRequest]:
        """Return the latest entries, the oldest of them first; only those after a number."""
        self.flush()
        columns = {
            "caller": wanted.developer_id,
            "operation": wanted.operation_id,
            "method": wanted.method,
        }
        equal = {column: value for column, value in columns.items() if value is not None}
        asked = limit if wanted.path is None else CAPACITY
        rows = self._rows.latest(equal, wanted.statuses, after=after, limit=asked)
        entries = [LoggedRequest(number=number, **json.loads(text)) for number, text in rows]
        path = wanted.path or ""
        return [entry for entry in entries if entry.target.startswith(path)][-limit:]

    async def follow(
        self, wanted: LogFilter = _ALL, *, after: int = 0
    ) -> AsyncIterator[LoggedRequest]:
        """Yield entries as they come, and first those that lie after a number."""
        while True:
            for entry in self.entries(wanted, after=after, limit=CAPACITY):
                after = entry.number
                yield entry
            # The other processes cannot wake this one.
            await asyncio.sleep(_FLUSH_SECONDS)

    def clear(self, developer_id: str | None = None) -> None:
        """Delete the entries of a developer, or all."""
        self.flush()
        self._rows.clear(developer_id)


def _shown(number: int, record: Record) -> LoggedRequest:
    at = dt.datetime.fromtimestamp(record.at, dt.UTC).replace(tzinfo=None)
    return LoggedRequest(
        number=number,
        at=at.isoformat(timespec="microseconds"),
        method=record.method,
        target=redacted_target(record.target.decode("latin-1")),
        operation_id=record.operation_id,
        developer_id=record.developer_id or None,
        status=record.status,
        milliseconds=round(record.seconds * 1000, 3),
        request_id=record.request_id,
        request_body=_shown_body(record.request_body),
        response_body=_shown_body(record.response_body),
    )


def _shown_body(body: bytes) -> str | None:
    return redacted(body.decode("utf-8", "replace")) if body else None


def _row(record: Record) -> tuple[str, str | None, str, int, str]:
    shown = dataclasses.asdict(_shown(0, record))
    del shown["number"]
    text = json.dumps(shown, ensure_ascii=False)
    return record.developer_id, record.operation_id, record.method, record.status, text
