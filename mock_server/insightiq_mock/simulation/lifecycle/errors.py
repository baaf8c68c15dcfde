"""What can be wrong with a wish about an account.

LifecycleError
├── UnknownResourceError      there is no such account, user or platform
├── ProductsUnsupportedError  the platform gives none of the products
└── AccountStateError         it is there, but not in a state for that
"""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from insightiq_mock.db import Kind

__all__ = [
    "AccountStateError",
    "LifecycleError",
    "ProductsUnsupportedError",
    "UnknownResourceError",
]


class LifecycleError(Exception):
    """A wish about an account cannot be fulfilled; the message says why."""


class UnknownResourceError(LifecycleError):
    """There is no such thing.

    Attributes:
        kind: What was looked for.
        resource_id: Under which id.
    """

    def __init__(self, kind: Kind, resource_id: str) -> None:
        super().__init__(f"There is no {kind.replace('_', ' ')} {resource_id!r}.")
        self.kind = kind
        self.resource_id = resource_id


class ProductsUnsupportedError(LifecycleError):
    """The platform gives none of the products that were asked for."""

    def __init__(self, platform: str, products: Sequence[str]) -> None:
        what = f"none of the products {', '.join(products)}" if products else "no products"
        super().__init__(f"{platform} gives {what}; look at the products of the work platform.")


class AccountStateError(LifecycleError):
    """The account is in a state in which that is not possible.

    Attributes:
        account_id: Which account.
        status: The state of its connection.
    """

    def __init__(self, account_id: str, status: str, message: str) -> None:
        super().__init__(message)
        self.account_id = account_id
        self.status = status
