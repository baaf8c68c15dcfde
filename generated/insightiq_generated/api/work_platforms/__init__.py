# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``iq.work_platforms``: Platforms that creators can connect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...client import AsyncCaller, AsyncPager, Caller, Pager
from ...types import UNSET, Unset

if TYPE_CHECKING:
    from ...models.work_platform import WorkPlatform
    from ...models.work_platform_list import WorkPlatformList

__all__ = ["AsyncWorkPlatforms", "WorkPlatforms"]


class WorkPlatforms:
    """Platforms that creators can connect."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, id: str) -> WorkPlatform:
        """Get a work platform.

        Returns one platform and the products that are available for it.

        Args:
            id: Identifier of the work platform.

        Returns:
            The work platform.

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
            >>> work_platform = iq.work_platforms.get("14d9ddf5-51c6-415e-bde6-f8ed36ad7054")
        """
        from .get import OPERATION, build_request

        return self._caller.call(OPERATION, build_request(id))

    def list(
        self,
        *,
        name: str | None | Unset = UNSET,
        limit: int | None | Unset = UNSET,
        offset: int | None | Unset = UNSET,
    ) -> Pager[WorkPlatform, WorkPlatformList]:
        """List work platforms.

        Lists the platforms that your developer account can use.

        Args:
            name: Only the platform of exactly this name.
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
            >>> for work_platform in iq.work_platforms.list():
            ...     print(work_platform.id)
        """
        from .list_ import OPERATION, build_request

        return self._caller.paginate(
            OPERATION, build_request(name=name, limit=limit, offset=offset)
        )


class AsyncWorkPlatforms:
    """Platforms that creators can connect."""

    __slots__ = ("_caller",)

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def get(self, id: str) -> WorkPlatform:
        """Get a work platform.

        Returns one platform and the products that are available for it.

        Args:
            id: Identifier of the work platform.

        Returns:
            The work platform.

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
            >>> work_platform = await iq.work_platforms.get("14d9ddf5-51c6-415e-bde6-f8ed36ad7054")
        """
        from .get import OPERATION, build_request

        return await self._caller.call(OPERATION, build_request(id))

    def list(
        self,
        *,
        name: str | None | Unset = UNSET,
        limit: int | None | Unset = UNSET,
        offset: int | None | Unset = UNSET,
    ) -> AsyncPager[WorkPlatform, WorkPlatformList]:
        """List work platforms.

        Lists the platforms that your developer account can use.

        Args:
            name: Only the platform of exactly this name.
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
            >>> async for work_platform in iq.work_platforms.list():
            ...     print(work_platform.id)
        """
        from .list_ import OPERATION, build_request

        return self._caller.paginate(
            OPERATION, build_request(name=name, limit=limit, offset=offset)
        )
