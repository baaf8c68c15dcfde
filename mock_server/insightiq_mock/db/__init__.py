"""The mock server's memory: resources as the JSON text that is sent, kept per developer.

Nothing outside this package knows SQL. Everything else talks to `Store` in terms of kinds, records
and selections.
"""

from __future__ import annotations

from .database_file import StoreError, owned_database
from .developers import DeveloperRow, Developers
from .jobs import JobRow, Jobs
from .kinds import Column, Kind, Record, record_of
from .snapshots import Snapshots
from .store import DuplicateKeyError, Selection, Store
from .supply import Supply
from .wire import encode, format_date, format_timestamp

__all__ = [
    "Column",
    "DeveloperRow",
    "Developers",
    "DuplicateKeyError",
    "JobRow",
    "Jobs",
    "Kind",
    "Record",
    "Selection",
    "Snapshots",
    "Store",
    "StoreError",
    "Supply",
    "encode",
    "format_date",
    "format_timestamp",
    "owned_database",
    "record_of",
]
