"""Making the parts of worlds that a store does not hold yet, when they are first asked for."""

from __future__ import annotations

import dataclasses
import typing

from insightiq_mock.db import Column, Kind, Selection

from .archive import Archive
from .blueprint import belongings, is_of_world, noted_channel
from .identifiers import PART_KINDS, open_id

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from insightiq_mock.db import Record, Store

__all__ = ["WorldSupply", "materialise"]

_EVERY: typing.Final = Selection(limit=1_000_000)


def materialise(store: Store, developer_id: str, account_id: str) -> bool:
    """Make what an account of a seeded world lacks yet; tell whether anything was lacking.

    Whoever comes second, in whichever thread or process, finds it made.
    """
    note = store.get(developer_id, Kind.UNMADE_ACCOUNT, account_id)
    if note is None:
        return False
    _materialise(store, developer_id, note)
    return True


def _materialise(store: Store, developer_id: str, note: bytes) -> None:
    channel = noted_channel(note)
    # Before the transaction: nobody else should wait for that.
    records = list(belongings(channel))
    with store.transaction():
        if store.remove(developer_id, Kind.UNMADE_ACCOUNT, channel.id):
            store.add(developer_id, records)


class WorldSupply:
    """The `Supply` of a store that holds seeded worlds.

    An account with a note (`Kind.UNMADE_ACCOUNT`) has no row of its parts yet; they all come at
    once. Contents of an account with an `Archive` never lie under `Kind.CONTENT`, so that a store
    always asks for them.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def prepare(self, developer_id: str, kind: Kind, resource_id: str) -> bool:
        """Make what the id belongs to; tell whether there may be a row or a computed resource now."""
        if kind not in PART_KINDS:
            return False
        note = self._note_of_owner(developer_id, Kind.UNMADE_ACCOUNT, kind, resource_id)
        if note is not None:
            _materialise(self._store, developer_id, note)
        return True

    def prepare_key(self, developer_id: str, kind: Kind, natural_key: str) -> bool:
        """Make what the natural key belongs to; tell whether there may be a row now."""
        if kind is not Kind.AUDIENCE:
            return False
        # The natural key of an audience is the account.
        materialise(self._store, developer_id, natural_key)
        return True

    def prepare_page(self, developer_id: str, kind: Kind, selection: Selection) -> bool:
        """Make what the page selects from; tell whether there may be more on it now."""
        if kind not in PART_KINDS:
            return False
        account_id = selection.equal.get(Column.ACCOUNT_ID)
        content_id = selection.equal.get(Column.CONTENT_ID)
        if account_id is not None:
            materialise(self._store, developer_id, account_id)
        elif content_id is not None:
            self.prepare(developer_id, Kind.CONTENT, content_id)
        else:
            for note in self._store.page(developer_id, Kind.UNMADE_ACCOUNT, _EVERY):
                _materialise(self._store, developer_id, note)
        return True

    def get(self, developer_id: str, kind: Kind, resource_id: str) -> bytes | None:
        """Return a computed resource, or None where there is none."""
        if kind is not Kind.CONTENT:
            return None
        archive = self._archive_of_item(developer_id, resource_id)
        if archive is not None:
            return archive.get(resource_id)
        return self._store.get(developer_id, Kind.ARCHIVE_ADDITION, resource_id)

    def page(self, developer_id: str, kind: Kind, selection: Selection) -> list[bytes]:
        """Return a page of computed resources."""
        account_id = selection.equal.get(Column.ACCOUNT_ID)
        if kind is not Kind.CONTENT or account_id is None:
            return []
        archive = self._archive(developer_id, account_id)
        return [] if archive is None else archive.page(selection)

    def owns(self, developer_id: str, kind: Kind, resource_id: str, account_id: str) -> bool:
        """Tell whether there is such a computed resource and it is one of the account's."""
        archive = self._archive(developer_id, account_id) if kind is Kind.CONTENT else None
        return archive is not None and archive.owns(resource_id)

    def admit(self, developer_id: str, records: Iterable[Record]) -> Iterable[Record]:
        """Return the records as they are to be kept; it comes before every writing of new ones."""
        records = list(records)
        owners = {
            record.columns[Column.ACCOUNT_ID]
            for record in records
            if record.kind in PART_KINDS and Column.ACCOUNT_ID in record.columns
        }
        if not owners:
            return records
        for account_id in owners:
            materialise(self._store, developer_id, account_id)
        archived = {
            account_id
            for account_id in owners
            if self._store.get(developer_id, Kind.ARCHIVE, account_id) is not None
        }
        return [
            dataclasses.replace(record, kind=Kind.ARCHIVE_ADDITION)
            if record.kind is Kind.CONTENT and record.columns[Column.ACCOUNT_ID] in archived
            else record
            for record in records
        ]

    def replace(self, developer_id: str, record: Record) -> None:
        """Keep the new state of a resource of which the store has no row."""
        if record.kind is not Kind.CONTENT:
            return
        archive = self._archive_of_item(developer_id, record.id)
        if archive is not None:
            archive.change(record)
        else:
            addition = dataclasses.replace(record, kind=Kind.ARCHIVE_ADDITION)
            self._store.replace(developer_id, addition)

    def _archive(self, developer_id: str, account_id: str) -> Archive | None:
        note = self._store.get(developer_id, Kind.ARCHIVE, account_id)
        return None if note is None else Archive(self._store, developer_id, note)

    def _archive_of_item(self, developer_id: str, resource_id: str) -> Archive | None:
        note = self._note_of_owner(developer_id, Kind.ARCHIVE, Kind.CONTENT, resource_id)
        if note is None:
            return None
        archive = Archive(self._store, developer_id, note)
        return archive if archive.computes(resource_id) else None

    def _note_of_owner(
        self, developer_id: str, note_kind: Kind, kind: Kind, resource_id: str
    ) -> bytes | None:
        address = open_id(resource_id)
        if address is None or address.kind is not kind:
            return None
        note = self._store.find(developer_id, note_kind, str(address.account_number))
        return note if note is not None and is_of_world(note, address, resource_id) else None
