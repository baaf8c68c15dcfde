"""The life of an account (facts A.8, C.4.3, D.5)."""

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
