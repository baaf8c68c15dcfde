"""Virtual rows: resources that a store does not hold, but makes or computes when they are read.

An account with a marker `UNSEEDED_ACCOUNT` has no row of its resources yet; they are all stored at the
first read. An account with a marker `VIRTUAL_CONTENTS` has so many contents that they are computed from
their rank. Rank 0 is the newest. Each item has a slot of equal length and lies at some second of it: so
the item of a rank, the rank of an id and the ranks of a date window are all found without counting. The
store holds only the items that were changed or added since.
"""

from __future__ import annotations

import bisect
import dataclasses
import datetime as dt
import functools
import operator
import typing

import orjson

from insightiq_mock.db import Column, Record, Selection, encode, format_timestamp

from .contents import CONTENTS, make_content
from .identifiers import decode_id
from .seed import (
    UNSEEDED_ACCOUNT,
    VIRTUAL_CONTENTS,
    account_of_marker,
    account_records,
    is_of_world,
)

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from insightiq_mock.db import Store

    from .resource import Resource
    from .seed_accounts import SeedAccount

__all__ = ["VirtualRows"]

_ADDED: typing.Final = "added_content"
_CHANGED: typing.Final = "changed_content"

_MOST_ADDED: typing.Final = 1_000_000_000

_SCATTER: typing.Final = 2_654_435_761
"""Neighbouring multiples of this prime lie far from each other within a slot."""

_EVERY: typing.Final = Selection(limit=1_000_000)


class VirtualRows:
    """Serves the rows that a store of seeded worlds does not hold.

    Args:
        store: The store.
        resources: All kinds of resources.
    """

    def __init__(self, store: Store, resources: Iterable[Resource]) -> None:
        self._store = store
        self._resources = {each.kind: each for each in resources if each.seed is not None}

    def make_account(self, developer_id: str, account_id: str) -> bool:
        """Store the resources that a seeded account lacks; return whether it lacked any.

        The second of two callers, in whichever thread or process, finds them stored.
        """
        marker = self._store.get(developer_id, UNSEEDED_ACCOUNT, account_id)
        if marker is not None:
            self._make_rows(developer_id, marker)
        return marker is not None

    def prepare(self, developer_id: str, kind: str, resource_id: str) -> bool:
        """Store the account's resources; return whether there may be a row or a computed resource now."""
        resource = self._resources.get(kind)
        if resource is None:
            return False
        marker = self._marker_of_owner(developer_id, UNSEEDED_ACCOUNT, resource, resource_id)
        if marker is not None:
            self._make_rows(developer_id, marker)
        return True

    def prepare_key(self, developer_id: str, kind: str, natural_key: str) -> bool:
        """Store the account's resources; return whether there may be a row of the natural key now."""
        resource = self._resources.get(kind)
        if resource is None or resource.columns.get(Column.NATURAL_KEY) != "account.id":
            return False
        self.make_account(developer_id, natural_key)
        return True

    def prepare_page(self, developer_id: str, kind: str, selection: Selection) -> bool:
        """Store the resources that the page selects from; return whether there may be more on it now."""
        if kind not in self._resources:
            return False
        account_id = selection.equal.get(Column.ACCOUNT_ID)
        content_id = selection.equal.get(Column.CONTENT_ID)
        if account_id is not None:
            self.make_account(developer_id, account_id)
        elif content_id is not None:
            self.prepare(developer_id, CONTENTS.kind, content_id)
        else:
            for marker in self._store.page(developer_id, UNSEEDED_ACCOUNT, _EVERY):
                self._make_rows(developer_id, marker)
        return True

    def get(self, developer_id: str, kind: str, resource_id: str) -> bytes | None:
        """Return a computed resource, or None where there is none."""
        if kind != CONTENTS.kind:
            return None
        contents = self._contents_with(developer_id, resource_id)
        if contents is not None:
            return contents.get(resource_id)
        return self._store.get(developer_id, _ADDED, resource_id)

    def page(self, developer_id: str, kind: str, selection: Selection) -> list[bytes]:
        """Return a page of computed resources."""
        account_id = selection.equal.get(Column.ACCOUNT_ID)
        if kind != CONTENTS.kind or account_id is None:
            return []
        contents = self._contents(developer_id, account_id)
        return [] if contents is None else contents.page(selection)

    def owns(self, developer_id: str, kind: str, resource_id: str, account_id: str) -> bool:
        """Return whether there is such a computed resource and it is one of the account's."""
        contents = self._contents(developer_id, account_id) if kind == CONTENTS.kind else None
        return contents is not None and contents.owns(resource_id)

    def admit(self, developer_id: str, records: Iterable[Record]) -> Iterable[Record]:
        """Return new records as they are to be stored; called before each write of new ones."""
        records = list(records)
        owners = {
            record.columns[Column.ACCOUNT_ID]
            for record in records
            if record.kind in self._resources and Column.ACCOUNT_ID in record.columns
        }
        if not owners:
            return records
        for account_id in owners:
            self.make_account(developer_id, account_id)
        computed = {
            account_id
            for account_id in owners
            if self._store.get(developer_id, VIRTUAL_CONTENTS, account_id) is not None
        }
        return [
            dataclasses.replace(record, kind=_ADDED)
            if record.kind == CONTENTS.kind and record.columns[Column.ACCOUNT_ID] in computed
            else record
            for record in records
        ]

    def replace(self, developer_id: str, record: Record) -> None:
        """Store the new state of a resource of which the store has no row."""
        if record.kind != CONTENTS.kind:
            return
        contents = self._contents_with(developer_id, record.id)
        if contents is not None:
            contents.change(record)
        else:
            self._store.replace(developer_id, dataclasses.replace(record, kind=_ADDED))

    def _make_rows(self, developer_id: str, marker: bytes) -> None:
        account = account_of_marker(marker)
        # Before the transaction: other writers should not wait for that.
        records = list(account_records(self._resources.values(), account))
        with self._store.transaction():
            if self._store.remove(developer_id, UNSEEDED_ACCOUNT, account.id):
                self._store.add(developer_id, records)

    def _contents(self, developer_id: str, account_id: str) -> VirtualContents | None:
        marker = self._store.get(developer_id, VIRTUAL_CONTENTS, account_id)
        return None if marker is None else VirtualContents(self._store, developer_id, marker)

    def _contents_with(self, developer_id: str, content_id: str) -> VirtualContents | None:
        marker = self._marker_of_owner(developer_id, VIRTUAL_CONTENTS, CONTENTS, content_id)
        if marker is None:
            return None
        contents = VirtualContents(self._store, developer_id, marker)
        return contents if contents.computes(content_id) else None

    def _marker_of_owner(
        self, developer_id: str, marker_kind: str, resource: Resource, resource_id: str
    ) -> bytes | None:
        address = decode_id(resource_id)
        if address is None or address.seed_number != resource.seed_number:
            return None
        marker = self._store.find(developer_id, marker_kind, str(address.account_number))
        if marker is None or not is_of_world(marker, address, resource, resource_id):
            return None
        return marker


class VirtualContents:
    """The contents of one account: computed, changed and added ones."""

    def __init__(self, store: Store, developer_id: str, marker: bytes) -> None:
        self._store = store
        self._developer_id = developer_id
        self._items = _items(marker)

    def computes(self, content_id: str) -> bool:
        """Return whether the id is that of a computed item."""
        return self._items.rank_of(content_id) is not None

    def owns(self, content_id: str) -> bool:
        """Return whether the id is that of an item of the account."""
        return self.computes(content_id) or self._store.belongs_to_account(
            self._developer_id, _ADDED, content_id, self._items.account_id
        )

    def get(self, content_id: str) -> bytes | None:
        """Return the item of an id that `computes` knows."""
        changed = self._store.get(self._developer_id, _CHANGED, content_id)
        rank = self._items.rank_of(content_id)
        return self._items.body(rank) if changed is None and rank is not None else changed

    def change(self, record: Record) -> None:
        """Keep the new state of an item that `computes` knows; its place in lists stays."""
        self._store.remove(self._developer_id, _CHANGED, record.id)
        change = Record(_CHANGED, record.id, record.sort_key, record.body, {})
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
        bodies = self._store.get_many(self._developer_id, _CHANGED, ids)
        changed = {orjson.loads(body)["id"]: body for body in bodies}
        return [
            (self._items.sort_key(rank), changed.get(content_id) or self._items.body(rank))
            for rank, content_id in zip(ranks, ids, strict=True)
        ]

    def _added(self, selection: Selection, offset: int, limit: int) -> list[tuple[str, bytes]]:
        bodies = self._store.page(
            self._developer_id,
            _ADDED,
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


class _ComputedItems:
    """The contents of an account, computed from their rank."""

    def __init__(self, account: SeedAccount) -> None:
        syncs = account.timeline.syncs
        assert syncs is not None, "an account without a sync has no virtual contents"
        self.account_id = account.id
        self._account = account
        self._syncs = syncs
        self._count = account.spec.virtual_contents
        self._stream = account.stream.child("archive")
        self._end = syncs.engagement_at.replace(microsecond=0)
        first = dt.datetime.combine(syncs.available_from, dt.time(), dt.UTC)
        self._slot = int((self._end - first).total_seconds()) // self._count

    def id(self, rank: int) -> str:
        """Return the id of the item of a rank."""
        return self._account.ids.of(CONTENTS, rank)

    def rank_of(self, content_id: str) -> int | None:
        """Return the rank of the item of an id, or None where the id belongs to none of them."""
        address = decode_id(content_id)
        if (
            address is None
            or address.seed_number != CONTENTS.seed_number
            or address.serial >= self._count
        ):
            return None
        return address.serial if self.id(address.serial) == content_id else None

    def sort_key(self, rank: int) -> str:
        """Return when the item of a rank was published, as the wire writes it."""
        return format_timestamp(self._published_at(rank))

    def body(self, rank: int) -> bytes:
        """Return the item of a rank as it is sent."""
        stream = self._stream.child(str(rank))
        published_at = self._published_at(rank)
        return encode(make_content(stream, self._account, self._syncs, self.id(rank), published_at))

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
def _items(marker: bytes) -> _ComputedItems:
    return _ComputedItems(account_of_marker(marker))
