# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``iq.comments``: Comments under contents."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from ...client import AsyncCaller, AsyncPager, Caller, Pager
from ...types import UNSET, Unset

if TYPE_CHECKING:
    from ...models.comment import Comment
    from ...models.comment_list import CommentList

__all__ = ["AsyncComments", "Comments"]


class Comments:
    """Comments under contents."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        account_id: str,
        content_id: str,
        from_date: datetime.date | None | Unset = UNSET,
        to_date: datetime.date | None | Unset = UNSET,
        filters: str | None | Unset = UNSET,
        limit: int | None | Unset = UNSET,
        offset: int | None | Unset = UNSET,
    ) -> Pager[Comment, CommentList]:
        """List comments.

        Lists the comments under one content item, newest first (ASSUMPTION).

        Args:
            account_id: The account whose data to list.
            content_id: The content item whose comments to list.
            from_date: Only comments written on or after this day.
            to_date: Only comments written on or before this day.
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
            >>> for comment in iq.comments.list(
            ...     account_id="5e1c8f07-93ab-4d26-8a15-c40be7d2f391",
            ...     content_id="2c6b9e01-4a7d-4f35-9d82-e1f04c8b7a53",
            ... ):
            ...     print(comment.id)
        """
        from .list_ import OPERATION, build_request

        return self._caller.paginate(
            OPERATION,
            build_request(
                account_id=account_id,
                content_id=content_id,
                from_date=from_date,
                to_date=to_date,
                filters=filters,
                limit=limit,
                offset=offset,
            ),
        )


class AsyncComments:
    """Comments under contents."""

    __slots__ = ("_caller",)

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        account_id: str,
        content_id: str,
        from_date: datetime.date | None | Unset = UNSET,
        to_date: datetime.date | None | Unset = UNSET,
        filters: str | None | Unset = UNSET,
        limit: int | None | Unset = UNSET,
        offset: int | None | Unset = UNSET,
    ) -> AsyncPager[Comment, CommentList]:
        """List comments.

        Lists the comments under one content item, newest first (ASSUMPTION).

        Args:
            account_id: The account whose data to list.
            content_id: The content item whose comments to list.
            from_date: Only comments written on or after this day.
            to_date: Only comments written on or before this day.
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
            >>> async for comment in iq.comments.list(
            ...     account_id="5e1c8f07-93ab-4d26-8a15-c40be7d2f391",
            ...     content_id="2c6b9e01-4a7d-4f35-9d82-e1f04c8b7a53",
            ... ):
            ...     print(comment.id)
        """
        from .list_ import OPERATION, build_request

        return self._caller.paginate(
            OPERATION,
            build_request(
                account_id=account_id,
                content_id=content_id,
                from_date=from_date,
                to_date=to_date,
                filters=filters,
                limit=limit,
                offset=offset,
            ),
        )
