"""An account with so many items that they are computed from their rank rather than kept.

Rank 0 is the newest. Each item has a slot of equal length and lies at some second of it: so the
item of a rank, the rank of an id and the ranks of a date window are all found without counting. The
store holds no more than what has been changed or added since.
"""

from __future__ import annotations

import bisect
import datetime as dt
import functools
import operator
import typing

import orjson

from insightiq_mock.db import Column, Kind, Record, Selection, encode, format_timestamp

from .blueprint import noted_channel
from .contents import make_content
from .identifiers import open_id

if typing.TYPE_CHECKING:
    from insightiq_mock.db import Store

    from .channels import Channel

__all__ = ["Archive"]

_MOST_ADDED: typing.Final = 1_000_000_000

_SCATTER: typing.Final = 2_654_435_761
"""Neighbouring multiples of this prime lie far from each other within a slot."""


class Archive:
    """The contents of one such account: computed, changed and added ones."""

    def __init__(self, store: Store, developer_id: str, note: bytes) -> None:
        self._store = store
        self._developer_id = developer_id
        self._items = _items(note)

    def computes(self, content_id: str) -> bool:
        """Tell whether the id is that of an item of a rank."""
        return self._items.rank_of(content_id) is not None

    def owns(self, content_id: str) -> bool:
        """Tell whether the id is that of an item of the account."""
        return self.computes(content_id) or self._store.belongs_to_account(
            self._developer_id, Kind.ARCHIVE_ADDITION, content_id, self._items.account_id
        )

    def get(self, content_id: str) -> bytes | None:
        """Return the item of an id that `computes` knows."""
        changed = self._store.get(self._developer_id, Kind.ARCHIVE_CHANGE, content_id)
        rank = self._items.rank_of(content_id)
        return self._items.body(rank) if changed is None and rank is not None else changed

    def change(self, record: Record) -> None:
        """Keep the new state of an item that `computes` knows; its place in lists stays."""
        self._store.remove(self._developer_id, Kind.ARCHIVE_CHANGE, record.id)
        change = Record(Kind.ARCHIVE_CHANGE, record.id, record.sort_key, record.body, {})
        self._store.add(self._developer_id, [change])

    def page(self, selection: Selection) -> list[bytes]:
        """Return a page of computed and added items together, newest first."""
        ranks = self._items.ranks_between(selection.from_date, selection.to_date)
        added_before = self._added_before(selection, ranks)
        first = min(ranks.start + selection.offset - added_before, ranks.stop)
        computed = self._computed(range(first, min(first + selection.limit, ranks.stop)))
        added = self._added(selection, added_before, selection.limit)
        merged = sorted([*added, *computed], key=operator.itemgetter(0), reverse=True)
        return [body for _, body in merged[: selection.limit]]

    def _computed(self, ranks: range) -> list[tuple[str, bytes]]:
        ids = [self._items.id(rank) for rank in ranks]
        bodies = self._store.get_many(self._developer_id, Kind.ARCHIVE_CHANGE, ids)
        changed = {orjson.loads(body)["id"]: body for body in bodies}
        return [
            (self._items.sort_key(rank), changed.get(content_id) or self._items.body(rank))
            for rank, content_id in zip(ranks, ids, strict=True)
        ]

    def _added(self, selection: Selection, offset: int, limit: int) -> list[tuple[str, bytes]]:
        bodies = self._store.page(
            self._developer_id,
            Kind.ARCHIVE_ADDITION,
            Selection(
                limit=limit,
                offset=offset,
                equal={Column.ACCOUNT_ID: self._items.account_id},
                from_date=selection.from_date,
                to_date=selection.to_date,
            ),
        )
        return [(orjson.loads(body)["published_at"], body) for body in bodies]

    def _added_before(self, selection: Selection, ranks: range) -> int:
        """Count the added items among the first ``offset`` of all: by halving, as they are in order."""
        if not selection.offset or not self._added(selection, 0, 1):
            return 0

        def lies_behind(number: int) -> bool:
            added = self._added(selection, number, 1)
            if not added:
                return True
            newer = self._items.count_newer_than(added[0][0]) - ranks.start
            return number + newer >= selection.offset

        numbers = range(min(selection.offset, _MOST_ADDED))
        return bisect.bisect_left(numbers, True, key=lies_behind)


class _Items:
    """The computed items."""

    def __init__(self, channel: Channel) -> None:
        syncs = channel.timeline.syncs
        assert syncs is not None, "an account without a sync has nothing in its archive"
        self.account_id = channel.id
        self._channel = channel
        self._syncs = syncs
        self._count = channel.role.archived
        self._stream = channel.stream.child("archive")
        self._end = syncs.engagement_at.replace(microsecond=0)
        first = dt.datetime.combine(syncs.available_from, dt.time(), dt.UTC)
        self._slot = int((self._end - first).total_seconds()) // self._count

    def id(self, rank: int) -> str:
        """Return the id of the item of a rank."""
        return self._channel.ids.of(Kind.CONTENT, rank)

    def rank_of(self, content_id: str) -> int | None:
        """Return the rank of the item of an id, or None where the id belongs to none of them."""
        address = open_id(content_id)
        if address is None or address.kind is not Kind.CONTENT or address.serial >= self._count:
            return None
        return address.serial if self.id(address.serial) == content_id else None

    def sort_key(self, rank: int) -> str:
        """Return when the item of a rank was published, as the wire writes it."""
        return format_timestamp(self._published_at(rank))

    def body(self, rank: int) -> bytes:
        """Return the item of a rank as it is sent."""
        stream = self._stream.child(str(rank))
        published_at = self._published_at(rank)
        return encode(make_content(stream, self._channel, self._syncs, self.id(rank), published_at))

    def count_newer_than(self, sort_key: str) -> int:
        """Count the items that were published later."""
        return bisect.bisect_left(
            range(self._count), True, key=lambda rank: self.sort_key(rank) <= sort_key
        )

    def ranks_between(self, from_date: str | None, to_date: str | None) -> range:
        """Return the ranks of the items of a window, both days inclusive."""
        start = 0 if to_date is None else self.count_newer_than(f"{to_date}T24")
        stop = self._count
        if from_date is not None:
            stop = bisect.bisect_left(
                range(self._count), True, key=lambda rank: self.sort_key(rank) < from_date
            )
        return range(start, max(start, stop))

    def _published_at(self, rank: int) -> dt.datetime:
        within_slot = rank * _SCATTER % self._slot
        return self._end - dt.timedelta(seconds=rank * self._slot + within_slot)


@functools.lru_cache(maxsize=64)
def _items(note: bytes) -> _Items:
    return _Items(noted_channel(note))
