"""Resources of the API: handlers, seed data and syncs of each kind; state in, JSON text out.

`bindings` has the table of all kinds and operations.
"""

from __future__ import annotations

from .bindings import make_handlers, make_simulation
from .errors import (
    AccountError,
    AccountStateError,
    ProductsUnsupportedError,
    UnknownResourceError,
)
from .example_requests import ExampleRequests
from .identifiers import canonical_id
from .sdk_tokens import SdkToken, SdkTokenError

__all__ = [
    "AccountError",
    "AccountStateError",
    "ExampleRequests",
    "ProductsUnsupportedError",
    "SdkToken",
    "SdkTokenError",
    "UnknownResourceError",
    "canonical_id",
    "make_handlers",
    "make_simulation",
]
