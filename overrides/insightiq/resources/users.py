"""``iq.users``, with ``get_or_create``."""

from __future__ import annotations

import typing

from insightiq import errors
from insightiq_generated.api import users as generated

if typing.TYPE_CHECKING:
    from insightiq._call import AsyncDriver, Calls, Steps, SyncDriver
    from insightiq_generated.models.user import User

__all__ = ["AsyncUsers", "Users"]

# See evidence.md#error-envelope. One integration met the second code.
_EXISTS = frozenset({"user_exists_with_external_id", "user_already_exists"})
_NAME = "users.get_or_create"


class Users(generated.Users):
    """Creators as your application knows them."""

    __slots__ = ("_driver",)

    def __init__(self, driver: SyncDriver) -> None:
        super().__init__(driver)
        self._driver = driver

    def get_or_create(self, *, name: str, external_id: str | int) -> User:
        """Create a user, or get the one that has this ``external_id`` already.

        Safe to retry. If the response to the creation was lost, the user is looked up,
        so that the call succeeds whether or not the server had received it.

        Args:
            name: Name of a new user; an existing one keeps its own.
            external_id: Your own identifier of the user; a number is kept as text.

        Returns:
            The user.

        Raises:
            InsightIQError: The user could be neither created nor found.

        Example:
            >>> user = iq.users.get_or_create(name="Ada Example", external_id="crm-42")
        """
        return self._driver.run(_NAME, lambda calls: _get_or_create(calls, name, external_id))


class AsyncUsers(generated.AsyncUsers):
    """Creators as your application knows them."""

    __slots__ = ("_driver",)

    def __init__(self, driver: AsyncDriver) -> None:
        super().__init__(driver)
        self._driver = driver

    async def get_or_create(self, *, name: str, external_id: str | int) -> User:
        """Create a user, or get the one that has this ``external_id`` already.

        See ``Users.get_or_create``.

        Example:
            >>> user = await iq.users.get_or_create(name="Ada Example", external_id="crm-42")
        """
        return await self._driver.run(_NAME, lambda calls: _get_or_create(calls, name, external_id))


def _get_or_create(calls: Calls, name: str, external_id: str | int) -> Steps[User]:
    from insightiq_generated.api.users import create, get_by_external_id

    creation = create.build_request(name=name, external_id=external_id)
    lookup = get_by_external_id.build_request(str(external_id))
    for last in (False, True):
        try:
            return (yield from calls.call(create.OPERATION, creation))
        except errors.InsightIQError as error:
            exists = _exists(error)
            if not (exists or error.maybe_applied):
                raise
            failed = error
        try:
            return (yield from calls.call(get_by_external_id.OPERATION, lookup))
        except errors.NotFoundError:
            # The lost creation never arrived: creating again makes no second user.
            if exists or last:
                raise failed from None
    raise AssertionError


def _exists(error: errors.InsightIQError) -> bool:
    if isinstance(error, errors.ConflictError):
        return True
    return isinstance(error, errors.APIStatusError) and error.code in _EXISTS
