"""Resources with methods written by hand, on top of the generated ones.

The two classes are the table: a property here takes the place of the generated resource of that
name. The methods are built on the generated operations themselves, so that one that leaves the
document is a type error here and not a surprise in a user's program.
"""

from __future__ import annotations

import functools
import typing

from insightiq.errors import ConfigurationError
from insightiq_generated import types
from insightiq_generated.api import AsyncResources, Resources

if typing.TYPE_CHECKING:
    from insightiq._drivers import AsyncioCaller, ThreadCaller
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

    _driver: ThreadCaller

    @functools.cached_property
    def accounts(self) -> Accounts:
        """Creators' accounts on platforms."""
        from insightiq.resources.accounts import (  # noqa: PLC0415 - loaded when first used
            Accounts,
        )

        return Accounts(self._driver)

    @functools.cached_property
    def users(self) -> Users:
        """Creators as your application knows them."""
        from insightiq.resources.users import Users  # noqa: PLC0415 - loaded when first used

        return Users(self._driver)


class AsyncExtendedResources(AsyncResources):
    """All resources, for asyncio; a subclass sets ``_driver``, which is its ``_caller``, too."""

    _driver: AsyncioCaller

    @functools.cached_property
    def accounts(self) -> AsyncAccounts:
        """Creators' accounts on platforms."""
        from insightiq.resources.accounts import (  # noqa: PLC0415 - loaded when first used
            AsyncAccounts,
        )

        return AsyncAccounts(self._driver)

    @functools.cached_property
    def users(self) -> AsyncUsers:
        """Creators as your application knows them."""
        from insightiq.resources.users import AsyncUsers  # noqa: PLC0415 - loaded when first used

        return AsyncUsers(self._driver)
