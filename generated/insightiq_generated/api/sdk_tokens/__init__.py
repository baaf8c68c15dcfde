# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``iq.sdk_tokens``: Tokens for the Connect SDK."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...client import AsyncCaller, Caller

if TYPE_CHECKING:
    from ...models.product import Product, ProductText
    from ...models.sdk_token import SdkToken

__all__ = ["AsyncSdkTokens", "SdkTokens"]


class SdkTokens:
    """Tokens for the Connect SDK."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(self, *, user_id: str, products: Sequence[Product | ProductText]) -> SdkToken:
        """Create an SDK token.

        Makes a token with which the Connect SDK lets a user connect accounts. It lives for one
        week.

        Args:
            user_id: The user that will connect an account.
            products: The products to ask the creator for. 1 or more items.

        Returns:
            The token.

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
            >>> from insightiq.models import Product
            >>> sdk_token = iq.sdk_tokens.create(
            ...     user_id="0d9f3a52-6c1e-4b7a-9e43-2f8a5d7c1b60",
            ...     products=[
            ...         Product.IDENTITY,
            ...         Product.IDENTITY_AUDIENCE,
            ...         Product.ENGAGEMENT,
            ...         Product.ENGAGEMENT_AUDIENCE,
            ...         Product.INCOME,
            ...     ],
            ... )
        """
        from .create import OPERATION, build_request

        return self._caller.call(OPERATION, build_request(user_id=user_id, products=products))


class AsyncSdkTokens:
    """Tokens for the Connect SDK."""

    __slots__ = ("_caller",)

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def create(self, *, user_id: str, products: Sequence[Product | ProductText]) -> SdkToken:
        """Create an SDK token.

        Makes a token with which the Connect SDK lets a user connect accounts. It lives for one
        week.

        Args:
            user_id: The user that will connect an account.
            products: The products to ask the creator for. 1 or more items.

        Returns:
            The token.

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
            >>> from insightiq.models import Product
            >>> sdk_token = await iq.sdk_tokens.create(
            ...     user_id="0d9f3a52-6c1e-4b7a-9e43-2f8a5d7c1b60",
            ...     products=[
            ...         Product.IDENTITY,
            ...         Product.IDENTITY_AUDIENCE,
            ...         Product.ENGAGEMENT,
            ...         Product.ENGAGEMENT_AUDIENCE,
            ...         Product.INCOME,
            ...     ],
            ... )
        """
        from .create import OPERATION, build_request

        return await self._caller.call(OPERATION, build_request(user_id=user_id, products=products))
