# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``iq.contents``: Items that creators published."""

from __future__ import annotations

import builtins
import datetime
from typing import TYPE_CHECKING

from ...client import AsyncCaller, AsyncPager, BulkResult, Caller, Pager
from ...types import UNSET, Unset

if TYPE_CHECKING:
    from ...models.content import Content
    from ...models.content_list import ContentList
    from ...models.fetch_historic_accepted import FetchHistoricAccepted
    from ...models.refresh_accepted import RefreshAccepted

__all__ = ["AsyncContents", "Contents"]


class Contents:
    """Items that creators published."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, id: str) -> Content:
        """Get a content item.

        Returns one content item.

        Args:
            id: Identifier of the content item.

        Returns:
            The content item.

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
            >>> content = iq.contents.get("2c6b9e01-4a7d-4f35-9d82-e1f04c8b7a53")
        """
        from .get import OPERATION, build_request

        return self._caller.call(OPERATION, build_request(id))

    def list(
        self,
        *,
        account_id: str,
        from_date: datetime.date | None | Unset = UNSET,
        to_date: datetime.date | None | Unset = UNSET,
        filters: str | None | Unset = UNSET,
        limit: int | None | Unset = UNSET,
        offset: int | None | Unset = UNSET,
    ) -> Pager[Content, ContentList]:
        """List contents.

        Lists the contents of an account, the most recently published first.

        Args:
            account_id: The account whose data to list.
            from_date: Only what was published on or after this day.
            to_date: Only what was published on or before this day.
            filters: An expression that narrows the list. The vendor offers the key but publishes no
                grammar; the text is passed on as it is.
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
            >>> for content in iq.contents.list(account_id="5e1c8f07-93ab-4d26-8a15-c40be7d2f391"):
            ...     print(content.id)
        """
        from .list_ import OPERATION, build_request

        return self._caller.paginate(
            OPERATION,
            build_request(
                account_id=account_id,
                from_date=from_date,
                to_date=to_date,
                filters=filters,
                limit=limit,
                offset=offset,
            ),
        )

    def refresh(self, *, account_id: str) -> RefreshAccepted:
        """Refresh contents.

        Asks for the contents of the last 90 days to be fetched from the platform anew. The response
        only acknowledges: the data arrives later and is announced by webhooks.

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
            >>> refresh_accepted = iq.contents.refresh(
            ...     account_id="5e1c8f07-93ab-4d26-8a15-c40be7d2f391"
            ... )
        """
        from .refresh import OPERATION, build_request

        return self._caller.call(OPERATION, build_request(account_id=account_id))

    def fetch_historic(self, *, account_id: str, from_date: datetime.date) -> FetchHistoricAccepted:
        """Fetch older contents.

        Asks for the contents of an account since a day to be fetched, further back than the usual
        window. The response only acknowledges: the data arrives later and is announced by webhooks.

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
            >>> fetch_historic_accepted = iq.contents.fetch_historic(
            ...     account_id="5e1c8f07-93ab-4d26-8a15-c40be7d2f391",
            ...     from_date=datetime.date(2025, 1, 1),
            ... )
        """
        from .fetch_historic import OPERATION, build_request

        return self._caller.call(
            OPERATION, build_request(account_id=account_id, from_date=from_date)
        )

    def search(self, *, ids: builtins.list[str]) -> BulkResult[Content]:
        """Look contents up.

        Returns up to 100 contents by their identifiers, as a notification names them.

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
            >>> content_search_result = iq.contents.search(
            ...     ids=["2c6b9e01-4a7d-4f35-9d82-e1f04c8b7a53"]
            ... )
        """
        from .search import OPERATION, build_request

        return self._caller.bulk(OPERATION, build_request(ids=ids))


class AsyncContents:
    """Items that creators published."""

    __slots__ = ("_caller",)

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def get(self, id: str) -> Content:
        """Get a content item.

        Returns one content item.

        Args:
            id: Identifier of the content item.

        Returns:
            The content item.

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
            >>> content = await iq.contents.get("2c6b9e01-4a7d-4f35-9d82-e1f04c8b7a53")
        """
        from .get import OPERATION, build_request

        return await self._caller.call(OPERATION, build_request(id))

    def list(
        self,
        *,
        account_id: str,
        from_date: datetime.date | None | Unset = UNSET,
        to_date: datetime.date | None | Unset = UNSET,
        filters: str | None | Unset = UNSET,
        limit: int | None | Unset = UNSET,
        offset: int | None | Unset = UNSET,
    ) -> AsyncPager[Content, ContentList]:
        """List contents.

        Lists the contents of an account, the most recently published first.

        Args:
            account_id: The account whose data to list.
            from_date: Only what was published on or after this day.
            to_date: Only what was published on or before this day.
            filters: An expression that narrows the list. The vendor offers the key but publishes no
                grammar; the text is passed on as it is.
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
            >>> async for content in iq.contents.list(
            ...     account_id="5e1c8f07-93ab-4d26-8a15-c40be7d2f391"
            ... ):
            ...     print(content.id)
        """
        from .list_ import OPERATION, build_request

        return self._caller.paginate(
            OPERATION,
            build_request(
                account_id=account_id,
                from_date=from_date,
                to_date=to_date,
                filters=filters,
                limit=limit,
                offset=offset,
            ),
        )

    async def refresh(self, *, account_id: str) -> RefreshAccepted:
        """Refresh contents.

        Asks for the contents of the last 90 days to be fetched from the platform anew. The response
        only acknowledges: the data arrives later and is announced by webhooks.

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
            >>> refresh_accepted = await iq.contents.refresh(
            ...     account_id="5e1c8f07-93ab-4d26-8a15-c40be7d2f391"
            ... )
        """
        from .refresh import OPERATION, build_request

        return await self._caller.call(OPERATION, build_request(account_id=account_id))

    async def fetch_historic(
        self, *, account_id: str, from_date: datetime.date
    ) -> FetchHistoricAccepted:
        """Fetch older contents.

        Asks for the contents of an account since a day to be fetched, further back than the usual
        window. The response only acknowledges: the data arrives later and is announced by webhooks.

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
            >>> fetch_historic_accepted = await iq.contents.fetch_historic(
            ...     account_id="5e1c8f07-93ab-4d26-8a15-c40be7d2f391",
            ...     from_date=datetime.date(2025, 1, 1),
            ... )
        """
        from .fetch_historic import OPERATION, build_request

        return await self._caller.call(
            OPERATION, build_request(account_id=account_id, from_date=from_date)
        )

    async def search(self, *, ids: builtins.list[str]) -> BulkResult[Content]:
        """Look contents up.

        Returns up to 100 contents by their identifiers, as a notification names them.

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
            >>> content_search_result = await iq.contents.search(
            ...     ids=["2c6b9e01-4a7d-4f35-9d82-e1f04c8b7a53"]
            ... )
        """
        from .search import OPERATION, build_request

        return await self._caller.bulk(OPERATION, build_request(ids=ids))
