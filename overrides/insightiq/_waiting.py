"""Waiting for an account's data by asking for its state, ever more seldom."""

from __future__ import annotations

import typing
from collections.abc import Iterable

from insightiq._effects import Sleep
from insightiq._timeouts import is_duration, shown
from insightiq.errors import ConfigurationError, SyncImpossibleError, SyncTimeoutError
from insightiq_generated.types import path_segment

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from insightiq._drivers import Calls
    from insightiq._effects import Steps
    from insightiq_generated.models.account import Account

__all__ = ["DEFAULT_TIMEOUT", "NAME", "until_synced"]

NAME: typing.Final = "accounts.wait_until_synced"
DEFAULT_TIMEOUT: typing.Final = 600.0
# Seconds between two questions: a first fetch takes minutes, and each question costs quota.
_FIRST_PAUSE, _GROWTH, _LONGEST_PAUSE = 2.0, 1.5, 30.0

# Where the state of a product stands in an account.
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


def until_synced(
    calls: Calls, account_id: str, products: Sequence[str] | None, timeout: float
) -> Steps[Account]:
    """Ask for the account until all ``products`` are synced."""
    from insightiq_generated.api.accounts import get  # noqa: PLC0415 - loaded when first used

    # Checked here, where it has another name than in the operation that is called.
    path_segment(account_id, f"{NAME}: account_id")
    wanted = None if products is None else _names(products)
    _check(timeout)
    request = get.build_request(account_id)
    end = calls.clock.monotonic() + timeout
    pause = _FIRST_PAUSE
    while True:
        account = yield from calls.call(get.OPERATION, request)
        states = _states(account, wanted)
        _refuse_the_impossible(account, states)
        if all(state == "SYNCED" for state in states.values()):
            return account
        left = end - calls.clock.monotonic()
        if left <= 0:
            raise _too_late(account_id, states, timeout)
        yield Sleep(min(pause, left))
        pause = min(pause * _GROWTH, _LONGEST_PAUSE)


def _names(products: Sequence[str]) -> list[str]:
    given = typing.cast("object", products)
    if not isinstance(given, Iterable):
        msg = f"{NAME}: products must be a list of texts, not {type(given).__name__}."
        raise ConfigurationError(msg, operation=NAME)
    # One text is a sequence of texts, too.
    names = [products] if isinstance(products, str) else list(products)
    names = [str(getattr(each, "value", each)) for each in names]
    unknown = [each for each in names if each not in _PLACES]
    if unknown or not names:
        msg = (
            f"{NAME}: products={unknown or names!r} cannot be waited for; give some of "
            f"{', '.join(_PLACES)}."
        )
        raise ConfigurationError(msg, operation=NAME)
    return names


def _check(timeout: object) -> None:
    nothing = not isinstance(timeout, bool) and timeout == 0
    if not nothing and not is_duration(timeout):
        msg = f"{NAME}: timeout={shown(timeout)}: give a number of seconds from 0."
        raise ConfigurationError(msg, operation=NAME)


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


def _refuse_the_impossible(account: Account, states: Mapping[str, str]) -> None:
    status = str(getattr(account.status, "value", account.status))
    never = {name: state for name, state in states.items() if state in _NEVER}
    if status in _CUT_OFF:
        msg = f"{NAME}: account {account.id} is {status}; the creator has to connect it again."
    elif never:
        msg = (
            f"{NAME}: account {account.id} has no {_told(never)}; its platform has no such data, "
            "or the creator was not asked for it."
        )
    else:
        return
    raise SyncImpossibleError(msg, status=status, states=states)


def _too_late(account_id: str, states: Mapping[str, str], timeout: float) -> SyncTimeoutError:
    msg = (
        f"{NAME}: account {account_id} is not synced after {timeout:g} seconds: {_told(states)}. "
        "Wait longer with timeout=…, or have a webhook tell you."
    )
    return SyncTimeoutError(msg, states=states)


def _told(states: Mapping[str, str]) -> str:
    return ", ".join(f"{name} ({state})" for name, state in states.items())
