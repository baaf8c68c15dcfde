"""``iq.accounts``, with ``wait_until_synced``."""

from __future__ import annotations

import typing

from insightiq._waiting import DEFAULT_TIMEOUT, NAME, until_synced
from insightiq_generated.api import accounts as generated

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from insightiq._drivers import AsyncioCaller, ThreadCaller
    from insightiq_generated.models.account import Account
    from insightiq_generated.models.product import Product, ProductText

__all__ = ["Accounts", "AsyncAccounts"]


class Accounts(generated.Accounts):
    """Creators' accounts on platforms."""

    __slots__ = ("_driver",)

    def __init__(self, driver: ThreadCaller) -> None:
        super().__init__(driver)
        self._driver = driver

    def wait_until_synced(
        self,
        account_id: str,
        *,
        products: Sequence[Product | ProductText] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> Account:
        """Wait until the data of an account has been fetched from its platform.

        Asks again and again, after 2 seconds first and then ever more seldom, up to every 30. A
        webhook tells the same without asking; prefer one where a server of yours can be reached.

        Args:
            account_id: Identifier of the account.
            products: What to wait for; without it, all of IDENTITY, ENGAGEMENT, INCOME and ACTIVITY
                that the account has.
            timeout: Seconds to wait at most.

        Returns:
            The account as it is then.

        Raises:
            SyncTimeoutError: Something is not synced yet; the error names the states.
            SyncImpossibleError: It will not be: the account is not connected any more, or does not
                have a product.
            InsightIQError: A call failed.

        Example:
            >>> account = iq.accounts.wait_until_synced(account_id, products=["ENGAGEMENT"])
        """
        return self._driver.run(
            NAME, lambda calls: until_synced(calls, account_id, products, timeout)
        )


class AsyncAccounts(generated.AsyncAccounts):
    """Creators' accounts on platforms."""

    __slots__ = ("_driver",)

    def __init__(self, driver: AsyncioCaller) -> None:
        super().__init__(driver)
        self._driver = driver

    async def wait_until_synced(
        self,
        account_id: str,
        *,
        products: Sequence[Product | ProductText] | None = None,
        timeout: float = DEFAULT_TIMEOUT,  # noqa: ASYNC109 - as for threads; its error says more
    ) -> Account:
        """Wait until the data of an account has been fetched from its platform.

        See ``Accounts.wait_until_synced``.

        Args:
            account_id: Identifier of the account.
            products: What to wait for; without it, all of IDENTITY, ENGAGEMENT, INCOME and ACTIVITY
                that the account has.
            timeout: Seconds to wait at most.

        Returns:
            The account as it is then.

        Raises:
            SyncTimeoutError: Something is not synced yet; the error names the states.
            SyncImpossibleError: It will not be.
            InsightIQError: A call failed.

        Example:
            >>> account = await iq.accounts.wait_until_synced(account_id, products=["ENGAGEMENT"])
        """
        return await self._driver.run(
            NAME, lambda calls: until_synced(calls, account_id, products, timeout)
        )
