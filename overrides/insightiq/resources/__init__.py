"""Resources with hand-written methods, on top of the generated ones.

A property of these classes replaces the generated resource of that name. The methods use the
generated operations, so that an operation that leaves the document is a type error here.
"""

from __future__ import annotations

import functools
import typing

from insightiq.errors import ConfigurationError
from insightiq_generated import types
from insightiq_generated.api import AsyncResources, Resources

if typing.TYPE_CHECKING:
    from insightiq._call import AsyncDriver, SyncDriver
    from insightiq.resources.accounts import Accounts, AsyncAccounts
    from insightiq.resources.users import AsyncUsers, Users

__all__ = ["AsyncExtendedResources", "ExtendedResources"]


def _argument_error(operation: str, text: str) -> ConfigurationError:
    # Options and raw requests belong to no operation of the document.
    return ConfigurationError(text, operation=operation if "." in operation else None)


# The generated package cannot import this one, and its callers should have one error to catch.
types.argument_error = _argument_error


class ExtendedResources(Resources):
    """All resources; a subclass sets ``_driver``, which is its ``_caller``, too."""

    _driver: SyncDriver

    @functools.cached_property
    def accounts(self) -> Accounts:
        """Creators' accounts on platforms."""
        from insightiq.resources.accounts import (
            Accounts,
        )

        return Accounts(self._driver)

    @functools.cached_property
    def users(self) -> Users:
        """Creators as your application knows them."""
        from insightiq.resources.users import Users

        return Users(self._driver)


class AsyncExtendedResources(AsyncResources):
    """All resources, for asyncio; a subclass sets ``_driver``, which is its ``_caller``, too."""

    _driver: AsyncDriver

    @functools.cached_property
    def accounts(self) -> AsyncAccounts:
        """Creators' accounts on platforms."""
        from insightiq.resources.accounts import (
            AsyncAccounts,
        )

        return AsyncAccounts(self._driver)

    @functools.cached_property
    def users(self) -> AsyncUsers:
        """Creators as your application knows them."""
        from insightiq.resources.users import AsyncUsers

        return AsyncUsers(self._driver)
