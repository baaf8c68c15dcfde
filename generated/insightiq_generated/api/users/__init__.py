# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``iq.users``: Creators as your application knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...client import AsyncCaller, AsyncPager, Caller, Pager
from ...types import UNSET, Unset

if TYPE_CHECKING:
    from ...models.user import User
    from ...models.user_list import UserList

__all__ = ["AsyncUsers", "Users"]


class Users:
    """Creators as your application knows them."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, id: str) -> User:
        """Get a user.

        Returns one user.

        Args:
            id: Identifier of the user.

        Returns:
            The user.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            NotFoundError: 404: There is no such resource, or it is not yours.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> user = iq.users.get("0d9f3a52-6c1e-4b7a-9e43-2f8a5d7c1b60")
        """
        from .get import OPERATION, build_request

        return self._caller.call(OPERATION, build_request(id))

    def list(
        self, *, limit: int | None | Unset = UNSET, offset: int | None | Unset = UNSET
    ) -> Pager[User, UserList]:
        """List users.

        Lists users, newest first (ASSUMPTION).

        Args:
            limit: Page size: items of each request, 1 to 100; 100 where left out. The list has all
                pages; `take` gives fewer items.
            offset: Rows to skip; 0 where left out. 0 or more.

        Returns:
            The items of all pages, fetched as they are needed.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> for user in iq.users.list():
            ...     print(user.id)
        """
        from .list_ import OPERATION, build_request

        return self._caller.paginate(OPERATION, build_request(limit=limit, offset=offset))

    def create(self, *, name: str, external_id: str | int) -> User:
        """Create a user.

        Creates a user. `external_id` is unique: creating the same one again is rejected, so a retry
        after a lost response makes no second user and gets an error.

        Args:
            name: Name of the user. 1 to 100 characters.
            external_id: Your own identifier of the user, 1 to 100 characters; a whole number is
                kept and returned as text. A second user with the same value is rejected; use no
                personal data.

        Returns:
            The user.

        Raises:
            BadRequestError: 400: The request does not fit this document, or a user with this
                `external_id` exists (code `user_exists_with_external_id`).
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> user = iq.users.create(name="Ada Example", external_id="crm-42")
        """
        from .create import OPERATION, build_request

        return self._caller.call(OPERATION, build_request(name=name, external_id=external_id))

    def get_by_external_id(self, external_id: str) -> User:
        """Get a user by your own identifier.

        Returns the user that was created with this `external_id`.

        Args:
            external_id: Your own identifier of the user. 1 to 100 characters.

        Returns:
            The user.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            NotFoundError: 404: There is no such resource, or it is not yours.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> user = iq.users.get_by_external_id("crm-42")
        """
        from .get_by_external_id import OPERATION, build_request

        return self._caller.call(OPERATION, build_request(external_id))


class AsyncUsers:
    """Creators as your application knows them."""

    __slots__ = ("_caller",)

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def get(self, id: str) -> User:
        """Get a user.

        Returns one user.

        Args:
            id: Identifier of the user.

        Returns:
            The user.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            NotFoundError: 404: There is no such resource, or it is not yours.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> user = await iq.users.get("0d9f3a52-6c1e-4b7a-9e43-2f8a5d7c1b60")
        """
        from .get import OPERATION, build_request

        return await self._caller.call(OPERATION, build_request(id))

    def list(
        self, *, limit: int | None | Unset = UNSET, offset: int | None | Unset = UNSET
    ) -> AsyncPager[User, UserList]:
        """List users.

        Lists users, newest first (ASSUMPTION).

        Args:
            limit: Page size: items of each request, 1 to 100; 100 where left out. The list has all
                pages; `take` gives fewer items.
            offset: Rows to skip; 0 where left out. 0 or more.

        Returns:
            The items of all pages, fetched as they are needed.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> async for user in iq.users.list():
            ...     print(user.id)
        """
        from .list_ import OPERATION, build_request

        return self._caller.paginate(OPERATION, build_request(limit=limit, offset=offset))

    async def create(self, *, name: str, external_id: str | int) -> User:
        """Create a user.

        Creates a user. `external_id` is unique: creating the same one again is rejected, so a retry
        after a lost response makes no second user and gets an error.

        Args:
            name: Name of the user. 1 to 100 characters.
            external_id: Your own identifier of the user, 1 to 100 characters; a whole number is
                kept and returned as text. A second user with the same value is rejected; use no
                personal data.

        Returns:
            The user.

        Raises:
            BadRequestError: 400: The request does not fit this document, or a user with this
                `external_id` exists (code `user_exists_with_external_id`).
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> user = await iq.users.create(name="Ada Example", external_id="crm-42")
        """
        from .create import OPERATION, build_request

        return await self._caller.call(OPERATION, build_request(name=name, external_id=external_id))

    async def get_by_external_id(self, external_id: str) -> User:
        """Get a user by your own identifier.

        Returns the user that was created with this `external_id`.

        Args:
            external_id: Your own identifier of the user. 1 to 100 characters.

        Returns:
            The user.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            NotFoundError: 404: There is no such resource, or it is not yours.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> user = await iq.users.get_by_external_id("crm-42")
        """
        from .get_by_external_id import OPERATION, build_request

        return await self._caller.call(OPERATION, build_request(external_id))
