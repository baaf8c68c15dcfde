# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``iq.audience``: Demographics of an account's audience."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...client import AsyncCaller, Caller

if TYPE_CHECKING:
    from ...models.audience import Audience as AudienceModel

__all__ = ["AsyncAudience", "Audience"]


class Audience:
    """Demographics of an account's audience."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, *, account_id: str) -> AudienceModel:
        """Get the audience of an account.

        Returns the demographics of an account's audience. Before they have been fetched there are
        none (ASSUMPTION: 404). The response is the object itself, not a list.

        Args:
            account_id: The account whose data to list.

        Returns:
            The demographics.

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
            >>> audience = iq.audience.get(account_id="5e1c8f07-93ab-4d26-8a15-c40be7d2f391")
        """
        from .get import OPERATION, build_request

        return self._caller.call(OPERATION, build_request(account_id=account_id))


class AsyncAudience:
    """Demographics of an account's audience."""

    __slots__ = ("_caller",)

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def get(self, *, account_id: str) -> AudienceModel:
        """Get the audience of an account.

        Returns the demographics of an account's audience. Before they have been fetched there are
        none (ASSUMPTION: 404). The response is the object itself, not a list.

        Args:
            account_id: The account whose data to list.

        Returns:
            The demographics.

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
            >>> audience = await iq.audience.get(account_id="5e1c8f07-93ab-4d26-8a15-c40be7d2f391")
        """
        from .get import OPERATION, build_request

        return await self._caller.call(OPERATION, build_request(account_id=account_id))
