"""The life of an account (evidence.md#sync-cadence, #account-lifecycle, #events-of-a-new-connection)."""

from __future__ import annotations

from .errors import (
    AccountStateError,
    LifecycleError,
    ProductsUnsupportedError,
    UnknownResourceError,
)
from .lifecycle import Lifecycle

__all__ = [
    "AccountStateError",
    "Lifecycle",
    "LifecycleError",
    "ProductsUnsupportedError",
    "UnknownResourceError",
]
