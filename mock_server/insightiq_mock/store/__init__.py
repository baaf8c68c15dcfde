"""The mock server's memory: resources as the JSON text that is sent, kept per developer.

Nothing outside this package knows SQL. Everything else talks to `Store` in terms of kinds, records
and selections.
"""

from __future__ import annotations

from .kinds import Column, Kind, Record, record_of
from .store import DuplicateKeyError, Selection, Store, StoreError
from .wire import encode, format_date, format_timestamp

__all__ = [
    "Column",
    "DuplicateKeyError",
    "Kind",
    "Record",
    "Selection",
    "Store",
    "StoreError",
    "encode",
    "format_date",
    "format_timestamp",
    "record_of",
]
