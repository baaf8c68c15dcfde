# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``iq.accounts``: Creators' accounts on platforms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...client import AsyncCaller, AsyncPager, Caller, Pager
from ...types import UNSET, Unset

if TYPE_CHECKING:
    from ...models.account import Account
    from ...models.account_list import AccountList
    from ...models.account_update_data import AccountUpdateData
    from ...models.disconnected_account import DisconnectedAccount

__all__ = ["AsyncAccounts", "Accounts"]


class Accounts:
    """Creators' accounts on platforms."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, id: str) -> Account:
        """Get an account.

        Returns one account and the state of each of its products.

        Args:
            id: Identifier of the account.

        Returns:
            The account.

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
            >>> account = iq.accounts.get("5e1c8f07-93ab-4d26-8a15-c40be7d2f391")
        """
        from .get import OPERATION, build_request

        return self._caller.call(OPERATION, build_request(id))

    def update(self, id: str, *, data: AccountUpdateData) -> Account:
        """Change the monitoring of an account.

        Sets how often the data of each product is fetched. Requests say `monitoring_type`,
        responses `monitor_type`. What is left out stays as it is (ASSUMPTION).

        Args:
            id: Identifier of the account.
            data: The products to change.

        Returns:
            The account.

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
            >>> from insightiq.models import (
            ...     AccountUpdateData,
            ...     MonitoringSetting,
            ...     MonitoringSettingWithAudience,
            ...     MonitoringType,
            ... )
            >>> account = iq.accounts.update(
            ...     "5e1c8f07-93ab-4d26-8a15-c40be7d2f391",
            ...     data=AccountUpdateData(
            ...         identity=MonitoringSettingWithAudience(
            ...             monitoring_type=MonitoringType.ON_DEMAND,
            ...             audience=MonitoringSetting(monitoring_type=MonitoringType.ON_DEMAND),
            ...         ),
            ...         engagement=MonitoringSettingWithAudience(
            ...             monitoring_type=MonitoringType.ON_DEMAND,
            ...             audience=MonitoringSetting(monitoring_type=MonitoringType.ON_DEMAND),
            ...         ),
            ...         income=MonitoringSetting(monitoring_type=MonitoringType.ON_DEMAND),
            ...     ),
            ... )
        """
        from .update import OPERATION, build_request

        return self._caller.call(OPERATION, build_request(id, data=data))

    def list(
        self,
        *,
        user_id: str | None | Unset = UNSET,
        work_platform_id: str | None | Unset = UNSET,
        limit: int | None | Unset = UNSET,
        offset: int | None | Unset = UNSET,
    ) -> Pager[Account, AccountList]:
        """List accounts.

        Lists accounts, the most recently changed connection first. Disconnected accounts stay in
        the list.

        Args:
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
            >>> for account in iq.accounts.list():
            ...     print(account.id)
        """
        from .list_ import OPERATION, build_request

        return self._caller.paginate(
            OPERATION,
            build_request(
                user_id=user_id, work_platform_id=work_platform_id, limit=limit, offset=offset
            ),
        )

    def disconnect(self, id: str) -> DisconnectedAccount:
        """Disconnect an account.

        Ends the connection of an account. Its data stays, nothing new is fetched. The response is
        short; get the account for the rest.

        Args:
            id: Identifier of the account.

        Returns:
            The account, now disconnected.

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
            >>> disconnected_account = iq.accounts.disconnect(
            ...     "5e1c8f07-93ab-4d26-8a15-c40be7d2f391"
            ... )
        """
        from .disconnect import OPERATION, build_request

        return self._caller.call(OPERATION, build_request(id))


class AsyncAccounts:
    """Creators' accounts on platforms."""

    __slots__ = ("_caller",)

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def get(self, id: str) -> Account:
        """Get an account.

        Returns one account and the state of each of its products.

        Args:
            id: Identifier of the account.

        Returns:
            The account.

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
            >>> account = await iq.accounts.get("5e1c8f07-93ab-4d26-8a15-c40be7d2f391")
        """
        from .get import OPERATION, build_request

        return await self._caller.call(OPERATION, build_request(id))

    async def update(self, id: str, *, data: AccountUpdateData) -> Account:
        """Change the monitoring of an account.

        Sets how often the data of each product is fetched. Requests say `monitoring_type`,
        responses `monitor_type`. What is left out stays as it is (ASSUMPTION).

        Args:
            id: Identifier of the account.
            data: The products to change.

        Returns:
            The account.

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
            >>> from insightiq.models import (
            ...     AccountUpdateData,
            ...     MonitoringSetting,
            ...     MonitoringSettingWithAudience,
            ...     MonitoringType,
            ... )
            >>> account = await iq.accounts.update(
            ...     "5e1c8f07-93ab-4d26-8a15-c40be7d2f391",
            ...     data=AccountUpdateData(
            ...         identity=MonitoringSettingWithAudience(
            ...             monitoring_type=MonitoringType.ON_DEMAND,
            ...             audience=MonitoringSetting(monitoring_type=MonitoringType.ON_DEMAND),
            ...         ),
            ...         engagement=MonitoringSettingWithAudience(
            ...             monitoring_type=MonitoringType.ON_DEMAND,
            ...             audience=MonitoringSetting(monitoring_type=MonitoringType.ON_DEMAND),
            ...         ),
            ...         income=MonitoringSetting(monitoring_type=MonitoringType.ON_DEMAND),
            ...     ),
            ... )
        """
        from .update import OPERATION, build_request

        return await self._caller.call(OPERATION, build_request(id, data=data))

    def list(
        self,
        *,
        user_id: str | None | Unset = UNSET,
        work_platform_id: str | None | Unset = UNSET,
        limit: int | None | Unset = UNSET,
        offset: int | None | Unset = UNSET,
    ) -> AsyncPager[Account, AccountList]:
        """List accounts.

        Lists accounts, the most recently changed connection first. Disconnected accounts stay in
        the list.

        Args:
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
            >>> async for account in iq.accounts.list():
            ...     print(account.id)
        """
        from .list_ import OPERATION, build_request

        return self._caller.paginate(
            OPERATION,
            build_request(
                user_id=user_id, work_platform_id=work_platform_id, limit=limit, offset=offset
            ),
        )

    async def disconnect(self, id: str) -> DisconnectedAccount:
        """Disconnect an account.

        Ends the connection of an account. Its data stays, nothing new is fetched. The response is
        short; get the account for the rest.

        Args:
            id: Identifier of the account.

        Returns:
            The account, now disconnected.

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
            >>> disconnected_account = await iq.accounts.disconnect(
            ...     "5e1c8f07-93ab-4d26-8a15-c40be7d2f391"
            ... )
        """
        from .disconnect import OPERATION, build_request

        return await self._caller.call(OPERATION, build_request(id))
