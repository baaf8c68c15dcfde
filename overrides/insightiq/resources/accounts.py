"""``iq.accounts``, with ``wait_until_synced``."""

from __future__ import annotations

import typing
from collections.abc import Iterable

from insightiq._config import is_duration, shown
from insightiq.errors import ConfigurationError, SyncImpossibleError, SyncTimeoutError
from insightiq_generated.api import accounts as generated
from insightiq_generated.types import path_segment

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from insightiq._call import AsyncDriver, Calls, Steps, SyncDriver
    from insightiq_generated.models.account import Account
    from insightiq_generated.models.product import Product, ProductText

__all__ = ["Accounts", "AsyncAccounts"]

_NAME: typing.Final = "accounts.wait_until_synced"
_DEFAULT_TIMEOUT: typing.Final = 600.0
# Seconds between two requests: a first sync takes minutes, and each request costs quota.
_FIRST_PAUSE, _GROWTH, _LONGEST_PAUSE = 2.0, 1.5, 30.0

# Place of a product's state in an account.
_PLACES: Mapping[str, tuple[str, ...]] = {
    "IDENTITY": ("identity",),
    "IDENTITY.AUDIENCE": ("identity", "audience"),
    "ENGAGEMENT": ("engagement",),
    "ENGAGEMENT.AUDIENCE": ("engagement", "audience"),
    "INCOME": ("income",),
    "PUBLISH.CONTENT": ("publish",),
    "ACTIVITY": ("activity",),
}
_USUAL = ("IDENTITY", "ENGAGEMENT", "INCOME", "ACTIVITY")
_ABSENT = "ABSENT"
_NEVER = frozenset({_ABSENT, "NOT_SUPPORTED"})
_CUT_OFF = frozenset({"NOT_CONNECTED", "SESSION_EXPIRED"})


class Accounts(generated.Accounts):
    """Creators' accounts on platforms."""

    __slots__ = ("_driver",)

    def __init__(self, driver: SyncDriver) -> None:
        super().__init__(driver)
        self._driver = driver

    def wait_until_synced(
        self,
        account_id: str,
        *,
        products: Sequence[Product | ProductText] | None = None,
        timeout: float = _DEFAULT_TIMEOUT,
    ) -> Account:
        """Wait until the data of an account has been fetched from its platform.

        Gets the account after 2 seconds, then at growing intervals of up to 30. Prefer a webhook
        if the API can reach a server of yours.

        Args:
            account_id: Identifier of the account.
            products: Products to wait for; without it, all of IDENTITY, ENGAGEMENT, INCOME and ACTIVITY
                that the account has.
            timeout: Seconds to wait at most.

        Returns:
            The account.

        Raises:
            SyncTimeoutError: A product is not synced yet; the error names the states.
            SyncImpossibleError: The products will not be synced: the account is not connected any more, or does not
                have a product.
            InsightIQError: A call failed.

        Example:
            >>> account = iq.accounts.wait_until_synced(account_id, products=["ENGAGEMENT"])
        """
        return self._driver.run(
            _NAME, lambda calls: _until_synced(calls, account_id, products, timeout)
        )


class AsyncAccounts(generated.AsyncAccounts):
    """Creators' accounts on platforms."""

    __slots__ = ("_driver",)

    def __init__(self, driver: AsyncDriver) -> None:
        super().__init__(driver)
        self._driver = driver

    async def wait_until_synced(
        self,
        account_id: str,
        *,
        products: Sequence[Product | ProductText] | None = None,
        timeout: float = _DEFAULT_TIMEOUT,
    ) -> Account:
        """Wait until the data of an account has been fetched from its platform.

        See ``Accounts.wait_until_synced``.

        Example:
            >>> account = await iq.accounts.wait_until_synced(account_id, products=["ENGAGEMENT"])
        """
        return await self._driver.run(
            _NAME, lambda calls: _until_synced(calls, account_id, products, timeout)
        )


def _until_synced(
    calls: Calls, account_id: str, products: Sequence[str] | None, timeout: float
) -> Steps[Account]:
    """Get the account until all ``products`` are synced."""
    from insightiq_generated.api.accounts import get

    # Checked here, so that the error names this method.
    path_segment(account_id, f"{_NAME}: account_id")
    wanted = None if products is None else _names(products)
    _check_timeout(timeout)
    request = get.build_request(account_id)
    end = calls.clock.monotonic() + timeout
    pause = _FIRST_PAUSE
    while True:
        account = yield from calls.call(get.OPERATION, request)
        states = _states(account, wanted)
        _check_possible(account, states)
        if all(state == "SYNCED" for state in states.values()):
            return account
        left = end - calls.clock.monotonic()
        if left <= 0:
            raise _too_late(account_id, states, timeout)
        yield calls.sleep(min(pause, left))
        pause = min(pause * _GROWTH, _LONGEST_PAUSE)


def _names(products: Sequence[str]) -> list[str]:
    given = typing.cast("object", products)
    if not isinstance(given, Iterable):
        msg = f"{_NAME}: products must be a list of texts, not {type(given).__name__}."
        raise ConfigurationError(msg, operation=_NAME)
    # A text is a sequence of texts, too.
    names = [products] if isinstance(products, str) else list(products)
    names = [str(getattr(each, "value", each)) for each in names]
    unknown = [each for each in names if each not in _PLACES]
    if unknown or not names:
        msg = (
            f"{_NAME}: products={unknown or names!r} cannot be waited for; give some of "
            f"{', '.join(_PLACES)}."
        )
        raise ConfigurationError(msg, operation=_NAME)
    return names


def _check_timeout(timeout: object) -> None:
    zero = not isinstance(timeout, bool) and timeout == 0
    if not zero and not is_duration(timeout):
        msg = f"{_NAME}: timeout={shown(timeout)}: give a number of seconds from 0."
        raise ConfigurationError(msg, operation=_NAME)


def _states(account: Account, wanted: Sequence[str] | None) -> dict[str, str]:
    states = {name: _state(account, _PLACES[name]) for name in wanted or _USUAL}
    if wanted is not None:
        return states
    return {name: state for name, state in states.items() if state not in _NEVER}


def _state(account: Account, place: tuple[str, ...]) -> str:
    found: object = account.data
    for name in (*place, "status"):
        found = getattr(found, name, None)
    return str(getattr(found, "value", found)) if isinstance(found, str) else _ABSENT


def _check_possible(account: Account, states: Mapping[str, str]) -> None:
    status = str(getattr(account.status, "value", account.status))
    never = {name: state for name, state in states.items() if state in _NEVER}
    if status in _CUT_OFF:
        msg = f"{_NAME}: account {account.id} is {status}; the creator has to connect it again."
    elif never:
        msg = (
            f"{_NAME}: account {account.id} has no {_listed(never)}; its platform has no such data, "
            "or the creator did not grant access to it."
        )
    else:
        return
    raise SyncImpossibleError(msg, status=status, states=states)


def _too_late(account_id: str, states: Mapping[str, str], timeout: float) -> SyncTimeoutError:
    msg = (
        f"{_NAME}: account {account_id} is not synced after {timeout:g} seconds: {_listed(states)}. "
        "Wait longer with timeout=…, or use a webhook."
    )
    return SyncTimeoutError(msg, states=states)


def _listed(states: Mapping[str, str]) -> str:
    return ", ".join(f"{name} ({state})" for name, state in states.items())
