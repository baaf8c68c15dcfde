"""Schedule of syncs (evidence.md#sync-cadence, #events-of-a-new-connection).

The first ones run soon after a connection, then one at the same minute every day, and those that are
requested.
"""

from __future__ import annotations

import datetime as dt
import typing

from .platforms import PlatformName
from .products import PRODUCTS, block_of, product_named
from .seed_accounts import parsed_moment

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from insightiq_mock.simulation import RandomStream, Simulation

    from .products import Product
    from .resource import Resource

__all__ = [
    "BEGIN",
    "FETCH_HISTORIC",
    "FIRST",
    "PLAN",
    "REFRESH",
    "SCHEDULED",
    "SYNC_JOBS",
    "is_poll",
    "plan_world",
    "request_historic",
    "request_refresh",
    "schedule_first",
    "schedule_next",
    "session_end",
]

# Kinds of jobs.
PLAN: typing.Final = "syncs.plan"
BEGIN: typing.Final = "sync.begin"
FIRST: typing.Final = "sync.first"
SCHEDULED: typing.Final = "sync.scheduled"
REFRESH: typing.Final = "sync.refresh"
FETCH_HISTORIC: typing.Final = "sync.historic"

SYNC_JOBS: typing.Final = (BEGIN, FIRST, SCHEDULED, REFRESH, FETCH_HISTORIC)
"""Jobs of one account, which end with its connection."""

# Most worlds of tests end before: they need no plan of what comes after.
_PLAN_AFTER: typing.Final = dt.timedelta(minutes=1)

_DAY: typing.Final = dt.timedelta(days=1)
_STORY_POLL: typing.Final = dt.timedelta(hours=3)

_POLLED_FOR_STORIES: typing.Final = (
    PlatformName.INSTAGRAM.value,
    PlatformName.INSTAGRAM_DIRECT.value,
)

# Tokens that cannot be prolonged (evidence.md#platform-token-life). Instagram's are said to end alike, but on the wire
# all expired accounts were Facebook's, and Instagram's had lived for months.
_WITH_SESSIONS: typing.Final = (PlatformName.FACEBOOK.value,)


def plan_world(simulation: Simulation, developer_id: str) -> None:
    """Let the accounts of a new world be synced from now on."""
    due_at = simulation.now(developer_id) + _PLAN_AFTER
    simulation.schedule(developer_id, due_at=due_at, kind=PLAN, payload={})


def schedule_first(
    simulation: Simulation, developer_id: str, account: Mapping[str, typing.Any], at: dt.datetime
) -> None:
    """Schedule the first sync of each product of an account."""
    stream = simulation.stream(developer_id)
    for product, begin_at, end_at in _first_syncs(account, stream, at):
        payload = {"account_id": account["id"], "product": product.name}
        for due_at, kind in ((begin_at, BEGIN), (end_at, FIRST)):
            simulation.schedule(developer_id, due_at=due_at, kind=kind, payload=payload)


def schedule_next(
    simulation: Simulation, developer_id: str, account: Mapping[str, typing.Any], after: dt.datetime
) -> None:
    """Schedule the next daily sync of an account."""
    due_at = _next_sync_at(account, parsed_moment(account["updated_at"]), after)
    payload = {"account_id": account["id"]}
    simulation.schedule(developer_id, due_at=due_at, kind=SCHEDULED, payload=payload)


def request_refresh(
    simulation: Simulation,
    developer_id: str,
    account: Mapping[str, typing.Any],
    resource: Resource,
) -> None:
    """Let an account's resources of a kind be synced soon."""
    _request(simulation, developer_id, account, REFRESH, {"kind": resource.kind})


def request_historic(
    simulation: Simulation,
    developer_id: str,
    account: Mapping[str, typing.Any],
    resource: Resource,
    from_date: str,
) -> bool:
    """Let an account's older resources of a kind be fetched soon; return whether there may be any."""
    product = product_named(resource.product or "")
    block = None if product is None else block_of(account, product)
    reaches_back_to = None if block is None else block.get("data_available_from")
    if reaches_back_to is None or from_date >= reaches_back_to[:10]:
        return False
    payload = {"kind": resource.kind, "from_date": from_date}
    _request(simulation, developer_id, account, FETCH_HISTORIC, payload)
    return True


def _request(
    simulation: Simulation,
    developer_id: str,
    account: Mapping[str, typing.Any],
    job: str,
    payload: Mapping[str, typing.Any],
) -> None:
    due_at = _soon(simulation.stream(developer_id), simulation.now(developer_id))
    payload = {"account_id": account["id"], **payload}
    simulation.schedule(developer_id, due_at=due_at, kind=job, payload=payload)


def _first_syncs(
    account: Mapping[str, typing.Any], stream: RandomStream, at: dt.datetime
) -> Iterator[tuple[Product, dt.datetime, dt.datetime]]:
    """Yield each product of an account with the moments at which its first sync begins and ends.

    One after another, in the order of evidence.md#events-of-a-new-connection; all within about a minute (evidence.md#sync-cadence).
    """
    begin_at = at + _seconds(stream, 0.3, 0.9)
    for product in PRODUCTS:
        block = block_of(account, product)
        if block is None or block["status"] == "NOT_SUPPORTED":
            continue
        end_at = begin_at + _seconds(stream, *product.first_sync)
        yield product, begin_at, end_at
        begin_at = end_at


def _next_sync_at(
    account: Mapping[str, typing.Any], connected_at: dt.datetime, after: dt.datetime
) -> dt.datetime:
    """Return when an account's next scheduled sync is due: always at the minute of its connection."""
    step = _step(account)
    return connected_at + ((after - connected_at) // step + 1) * step


def is_poll(
    account: Mapping[str, typing.Any], connected_at: dt.datetime, due_at: dt.datetime
) -> bool:
    """Return whether a scheduled sync is one of those between two daily ones, which look for stories."""
    return _step(account) != _DAY and (due_at - connected_at) % _DAY != dt.timedelta()


def session_end(
    account: Mapping[str, typing.Any], connected_at: dt.datetime, days: int
) -> dt.datetime | None:
    """Return when the platform's session of an account ends; None if it is always prolonged."""
    if account["work_platform"]["name"] not in _WITH_SESSIONS:
        return None
    return connected_at + days * _DAY


def _soon(stream: RandomStream, at: dt.datetime) -> dt.datetime:
    """Return when a requested sync ends: a few seconds later."""
    return at + _seconds(stream, 2.0, 6.0)


def _step(account: Mapping[str, typing.Any]) -> dt.timedelta:
    return _STORY_POLL if account["work_platform"]["name"] in _POLLED_FOR_STORIES else _DAY


def _seconds(stream: RandomStream, low: float, high: float) -> dt.timedelta:
    return dt.timedelta(seconds=stream.between(low, high))
