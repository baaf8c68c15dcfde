"""The database: resources as the JSON that is sent, developers, jobs, deliveries and logs.

::

    tables.py      the tables (SQLAlchemy Core)
    sqlite.py      a connection to SQLite, and all that only SQLite has
    database.py    transactions and statements over a connection
    store.py       resources of developers; a repository per module for everything else
"""

from __future__ import annotations

from .developers import DeveloperRow, Developers
from .jobs import JobRow, Jobs
from .records import (
    Column,
    Record,
    Selection,
    VirtualRows,
    encode,
    format_date,
    format_timestamp,
)
from .snapshots import Snapshots
from .sqlite import StoreError, owned_database
from .store import DuplicateKeyError, Store

__all__ = [
    "Column",
    "DeveloperRow",
    "Developers",
    "DuplicateKeyError",
    "JobRow",
    "Jobs",
    "Record",
    "Selection",
    "Snapshots",
    "Store",
    "StoreError",
    "VirtualRows",
    "encode",
    "format_date",
    "format_timestamp",
    "owned_database",
]
