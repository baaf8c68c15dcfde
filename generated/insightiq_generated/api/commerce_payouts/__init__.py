# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``iq.commerce_payouts``: Payouts of shops."""

from __future__ import annotations

import builtins
import datetime
from typing import TYPE_CHECKING

from ...client import AsyncCaller, AsyncPager, BulkResult, Caller, Pager
from ...types import UNSET, Unset

if TYPE_CHECKING:
    from ...models.fetch_historic_accepted import FetchHistoricAccepted
    from ...models.payout import Payout
    from ...models.payout_list import PayoutList
    from ...models.refresh_accepted import RefreshAccepted

__all__ = ["AsyncCommercePayouts", "CommercePayouts"]


class CommercePayouts:
    """Payouts of shops."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, id: str) -> Payout:
        """Get a commerce payout.

        Returns one commerce payout.

        Args:
            id: Identifier of the commerce payout.

        Returns:
            The payout.

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
            >>> payout = iq.commerce_payouts.get("e6f1840d-a25b-4c97-8d03-1c7b9f4e6285")
        """
        from .get import OPERATION, build_request

        return self._caller.call(OPERATION, build_request(id))

    def list(
        self,
        *,
        account_id: str,
        payout_from_date: datetime.date,
        payout_to_date: datetime.date,
        limit: int | None | Unset = UNSET,
        offset: int | None | Unset = UNSET,
    ) -> Pager[Payout, PayoutList]:
        """List commerce payouts.

        Lists the commerce payouts of an account, newest first (ASSUMPTION).

        Args:
            account_id: The account whose data to list.
            payout_from_date: Only payouts paid on or after this day.
            payout_to_date: Only payouts paid on or before this day.
            limit: Page size: items of each request, 1 to 100; 100 where left out. The list has all
                pages; `take` gives fewer items.
            offset: Rows to skip; 0 where left out. 0 or more.

        Returns:
            The items of all pages, fetched as they are needed.

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
            >>> import datetime
            >>> for payout in iq.commerce_payouts.list(
            ...     account_id="5e1c8f07-93ab-4d26-8a15-c40be7d2f391",
            ...     payout_from_date=datetime.date(2026, 1, 1),
            ...     payout_to_date=datetime.date(2026, 4, 26),
            ... ):
            ...     print(payout.id)
        """
        from .list_ import OPERATION, build_request

        return self._caller.paginate(
            OPERATION,
            build_request(
                account_id=account_id,
                payout_from_date=payout_from_date,
                payout_to_date=payout_to_date,
                limit=limit,
                offset=offset,
            ),
        )

    def refresh(self, *, account_id: str) -> RefreshAccepted:
        """Refresh commerce payouts.

        Asks for the payouts of the last 12 months to be fetched from the platform anew. The
        response only acknowledges: the data arrives later and is announced by webhooks.

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
            >>> refresh_accepted = iq.commerce_payouts.refresh(
            ...     account_id="5e1c8f07-93ab-4d26-8a15-c40be7d2f391"
            ... )
        """
        from .refresh import OPERATION, build_request

        return self._caller.call(OPERATION, build_request(account_id=account_id))

    def fetch_historic(self, *, account_id: str, from_date: datetime.date) -> FetchHistoricAccepted:
        """Fetch older commerce payouts.

        Asks for the commerce payouts of an account since a day to be fetched, further back than the
        usual window. The response only acknowledges: the data arrives later and is announced by
        webhooks.

        Args:
            account_id: The account.
            from_date: First day to fetch; data is fetched from there to today.

        Returns:
            The fetch was accepted; its result arrives by webhook, or shows in the account's
            `data_available_from`.

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
            >>> import datetime
            >>> fetch_historic_accepted = iq.commerce_payouts.fetch_historic(
            ...     account_id="5e1c8f07-93ab-4d26-8a15-c40be7d2f391",
            ...     from_date=datetime.date(2025, 1, 1),
            ... )
        """
        from .fetch_historic import OPERATION, build_request

        return self._caller.call(
            OPERATION, build_request(account_id=account_id, from_date=from_date)
        )

    def search(self, *, ids: builtins.list[str]) -> BulkResult[Payout]:
        """Look commerce payouts up.

        Returns up to 100 commerce payouts by their identifiers, as a notification names them.

        Args:
            ids: Identifiers of the items. 1 to 100 items.

        Returns:
            What was found, in the order of `ids`, and what was not. More than 100 are asked for in
            several requests.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> payout_search_result = iq.commerce_payouts.search(
            ...     ids=["d05e7b31-92c6-4f84-8a3d-6e1f0b5c7d29"]
            ... )
        """
        from .search import OPERATION, build_request

        return self._caller.bulk(OPERATION, build_request(ids=ids))


class AsyncCommercePayouts:
    """Payouts of shops."""

    __slots__ = ("_caller",)

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def get(self, id: str) -> Payout:
        """Get a commerce payout.

        Returns one commerce payout.

        Args:
            id: Identifier of the commerce payout.

        Returns:
            The payout.

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
            >>> payout = await iq.commerce_payouts.get("e6f1840d-a25b-4c97-8d03-1c7b9f4e6285")
        """
        from .get import OPERATION, build_request

        return await self._caller.call(OPERATION, build_request(id))

    def list(
        self,
        *,
        account_id: str,
        payout_from_date: datetime.date,
        payout_to_date: datetime.date,
        limit: int | None | Unset = UNSET,
        offset: int | None | Unset = UNSET,
    ) -> AsyncPager[Payout, PayoutList]:
        """List commerce payouts.

        Lists the commerce payouts of an account, newest first (ASSUMPTION).

        Args:
            account_id: The account whose data to list.
            payout_from_date: Only payouts paid on or after this day.
            payout_to_date: Only payouts paid on or before this day.
            limit: Page size: items of each request, 1 to 100; 100 where left out. The list has all
                pages; `take` gives fewer items.
            offset: Rows to skip; 0 where left out. 0 or more.

        Returns:
            The items of all pages, fetched as they are needed.

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
            >>> import datetime
            >>> async for payout in iq.commerce_payouts.list(
            ...     account_id="5e1c8f07-93ab-4d26-8a15-c40be7d2f391",
            ...     payout_from_date=datetime.date(2026, 1, 1),
            ...     payout_to_date=datetime.date(2026, 4, 26),
            ... ):
            ...     print(payout.id)
        """
        from .list_ import OPERATION, build_request

        return self._caller.paginate(
            OPERATION,
            build_request(
                account_id=account_id,
                payout_from_date=payout_from_date,
                payout_to_date=payout_to_date,
                limit=limit,
                offset=offset,
            ),
        )

    async def refresh(self, *, account_id: str) -> RefreshAccepted:
        """Refresh commerce payouts.

        Asks for the payouts of the last 12 months to be fetched from the platform anew. The
        response only acknowledges: the data arrives later and is announced by webhooks.

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
            >>> refresh_accepted = await iq.commerce_payouts.refresh(
            ...     account_id="5e1c8f07-93ab-4d26-8a15-c40be7d2f391"
            ... )
        """
        from .refresh import OPERATION, build_request

        return await self._caller.call(OPERATION, build_request(account_id=account_id))

    async def fetch_historic(
        self, *, account_id: str, from_date: datetime.date
    ) -> FetchHistoricAccepted:
        """Fetch older commerce payouts.

        Asks for the commerce payouts of an account since a day to be fetched, further back than the
        usual window. The response only acknowledges: the data arrives later and is announced by
        webhooks.

        Args:
            account_id: The account.
            from_date: First day to fetch; data is fetched from there to today.

        Returns:
            The fetch was accepted; its result arrives by webhook, or shows in the account's
            `data_available_from`.

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
            >>> import datetime
            >>> fetch_historic_accepted = await iq.commerce_payouts.fetch_historic(
            ...     account_id="5e1c8f07-93ab-4d26-8a15-c40be7d2f391",
            ...     from_date=datetime.date(2025, 1, 1),
            ... )
        """
        from .fetch_historic import OPERATION, build_request

        return await self._caller.call(
            OPERATION, build_request(account_id=account_id, from_date=from_date)
        )

    async def search(self, *, ids: builtins.list[str]) -> BulkResult[Payout]:
        """Look commerce payouts up.

        Returns up to 100 commerce payouts by their identifiers, as a notification names them.

        Args:
            ids: Identifiers of the items. 1 to 100 items.

        Returns:
            What was found, in the order of `ids`, and what was not. More than 100 are asked for in
            several requests.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> payout_search_result = await iq.commerce_payouts.search(
            ...     ids=["d05e7b31-92c6-4f84-8a3d-6e1f0b5c7d29"]
            ... )
        """
        from .search import OPERATION, build_request

        return await self._caller.bulk(OPERATION, build_request(ids=ids))
