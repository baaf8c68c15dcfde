# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``iq.profiles``: Profiles of connected accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...client import AsyncCaller, AsyncPager, Caller, Pager
from ...types import UNSET, Unset

if TYPE_CHECKING:
    from ...models.profile import Profile
    from ...models.profile_list import ProfileList
    from ...models.refresh_accepted import RefreshAccepted

__all__ = ["AsyncProfiles", "Profiles"]


class Profiles:
    """Profiles of connected accounts."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, id: str) -> Profile:
        """Get a profile.

        Returns one profile.

        Args:
            id: Identifier of the profile.

        Returns:
            The profile.

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
            >>> profile = iq.profiles.get("7b20f6c4-1d85-4e9a-b3f7-58c6a90e2d14")
        """
        from .get import OPERATION, build_request

        return self._caller.call(OPERATION, build_request(id))

    def list(
        self,
        *,
        account_id: str | None | Unset = UNSET,
        user_id: str | None | Unset = UNSET,
        work_platform_id: str | None | Unset = UNSET,
        limit: int | None | Unset = UNSET,
        offset: int | None | Unset = UNSET,
    ) -> Pager[Profile, ProfileList]:
        """List profiles.

        Lists profiles. An account whose profile has not been fetched yet has none.

        Args:
            account_id: Only what belongs to this account.
            user_id: Only what belongs to this user.
            work_platform_id: Only what comes from this platform.
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
            >>> for profile in iq.profiles.list():
            ...     print(profile.id)
        """
        from .list_ import OPERATION, build_request

        return self._caller.paginate(
            OPERATION,
            build_request(
                account_id=account_id,
                user_id=user_id,
                work_platform_id=work_platform_id,
                limit=limit,
                offset=offset,
            ),
        )

    def refresh(self, *, account_id: str) -> RefreshAccepted:
        """Refresh a profile.

        Asks for the profile and the audience of an account to be fetched from the platform anew.
        The response only acknowledges: the data arrives later and is announced by webhooks.

        Args:
            account_id: The account.

        Returns:
            The refresh was accepted; its result arrives by webhook, or shows in the account's
            `last_sync_at`.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            PermissionDeniedError: 403: The account is not connected (code `account_disconnected`).
            NotFoundError: 404: There is no such resource, or it is not yours.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> refresh_accepted = iq.profiles.refresh(
            ...     account_id="5e1c8f07-93ab-4d26-8a15-c40be7d2f391"
            ... )
        """
        from .refresh import OPERATION, build_request

        return self._caller.call(OPERATION, build_request(account_id=account_id))


class AsyncProfiles:
    """Profiles of connected accounts."""

    __slots__ = ("_caller",)

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def get(self, id: str) -> Profile:
        """Get a profile.

        Returns one profile.

        Args:
            id: Identifier of the profile.

        Returns:
            The profile.

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
            >>> profile = await iq.profiles.get("7b20f6c4-1d85-4e9a-b3f7-58c6a90e2d14")
        """
        from .get import OPERATION, build_request

        return await self._caller.call(OPERATION, build_request(id))

    def list(
        self,
        *,
        account_id: str | None | Unset = UNSET,
        user_id: str | None | Unset = UNSET,
        work_platform_id: str | None | Unset = UNSET,
        limit: int | None | Unset = UNSET,
        offset: int | None | Unset = UNSET,
    ) -> AsyncPager[Profile, ProfileList]:
        """List profiles.

        Lists profiles. An account whose profile has not been fetched yet has none.

        Args:
            account_id: Only what belongs to this account.
            user_id: Only what belongs to this user.
            work_platform_id: Only what comes from this platform.
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
            >>> async for profile in iq.profiles.list():
            ...     print(profile.id)
        """
        from .list_ import OPERATION, build_request

        return self._caller.paginate(
            OPERATION,
            build_request(
                account_id=account_id,
                user_id=user_id,
                work_platform_id=work_platform_id,
                limit=limit,
                offset=offset,
            ),
        )

    async def refresh(self, *, account_id: str) -> RefreshAccepted:
        """Refresh a profile.

        Asks for the profile and the audience of an account to be fetched from the platform anew.
        The response only acknowledges: the data arrives later and is announced by webhooks.

        Args:
            account_id: The account.

        Returns:
            The refresh was accepted; its result arrives by webhook, or shows in the account's
            `last_sync_at`.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            PermissionDeniedError: 403: The account is not connected (code `account_disconnected`).
            NotFoundError: 404: There is no such resource, or it is not yours.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> refresh_accepted = await iq.profiles.refresh(
            ...     account_id="5e1c8f07-93ab-4d26-8a15-c40be7d2f391"
            ... )
        """
        from .refresh import OPERATION, build_request

        return await self._caller.call(OPERATION, build_request(account_id=account_id))
