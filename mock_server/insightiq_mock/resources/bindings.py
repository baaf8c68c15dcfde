"""Bindings: the resources, and the handler of each operation.

A new kind of resource needs a module of its own and two lines here.
"""

from __future__ import annotations

import functools
import typing

from insightiq_mock.simulation import Simulation, wall_clock

from .accounts import ACCOUNTS, disconnect_account, update_account
from .audience import AUDIENCE, get_audience
from .comments import COMMENTS
from .commerce import COMMERCE_BALANCES, COMMERCE_PAYOUTS, COMMERCE_TRANSACTIONS
from .content_groups import CONTENT_GROUPS
from .contents import CONTENTS
from .handlers import fetch_historic, get_one, list_page, refresh, search
from .profiles import PROFILES
from .sdk_tokens import create_sdk_token
from .seed import seed_world
from .social_income import SOCIAL_PAYOUTS, SOCIAL_TRANSACTIONS
from .sync_jobs import SyncJobs
from .sync_schedule import plan_world
from .users import USERS, create_user, find_user
from .virtual_rows import VirtualRows
from .webhooks import (
    WEBHOOKS,
    create_webhook,
    delete_webhook,
    send_notification,
    update_webhook,
)
from .work_platforms import WORK_PLATFORMS

if typing.TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from insightiq_mock.context import Handler
    from insightiq_mock.db import Store
    from insightiq_mock.simulation import Developer

    from .handlers import ResourceHandler
    from .resource import Resource

__all__ = ["OPERATIONS", "RESOURCES", "SYNCED", "make_handlers", "make_simulation"]

# By the first half of operation ids. A sync brings the kinds of a product in this order
# (evidence.md#events-of-a-new-connection).
RESOURCES: typing.Final[Mapping[str, Resource]] = {
    "work_platforms": WORK_PLATFORMS,
    "users": USERS,
    "sdk_tokens": USERS,
    "accounts": ACCOUNTS,
    "profiles": PROFILES,
    "audience": AUDIENCE,
    "contents": CONTENTS,
    "content_groups": CONTENT_GROUPS,
    "comments": COMMENTS,
    "social_transactions": SOCIAL_TRANSACTIONS,
    "commerce_transactions": COMMERCE_TRANSACTIONS,
    "social_payouts": SOCIAL_PAYOUTS,
    "commerce_payouts": COMMERCE_PAYOUTS,
    "commerce_balances": COMMERCE_BALANCES,
    "webhooks": WEBHOOKS,
}

SYNCED: typing.Final[Mapping[str, ResourceHandler]] = {
    "get": get_one,
    "list": list_page,
    "refresh": refresh,
    "fetch_historic": fetch_historic,
    "search": search,
}
"""The operations of resources that are collected from a platform over time."""

OPERATIONS: typing.Final[Mapping[str, Mapping[str, ResourceHandler]]] = {
    "work_platforms": {"get": get_one, "list": list_page},
    "users": {
        "get": get_one,
        "list": list_page,
        "create": create_user,
        "get_by_external_id": find_user,
    },
    "sdk_tokens": {"create": create_sdk_token},
    "accounts": {
        "get": get_one,
        "update": update_account,
        "list": list_page,
        "disconnect": disconnect_account,
    },
    "profiles": {"get": get_one, "list": list_page, "refresh": refresh},
    "audience": {"get": get_audience},
    "contents": SYNCED,
    "content_groups": SYNCED,
    "comments": {"list": list_page},
    "social_transactions": SYNCED,
    "social_payouts": SYNCED,
    "commerce_transactions": SYNCED,
    "commerce_payouts": SYNCED,
    "commerce_balances": SYNCED,
    "webhooks": {
        "get": get_one,
        "update": update_webhook,
        "delete": delete_webhook,
        "list": list_page,
        "create": create_webhook,
        "send": send_notification,
    },
}


def make_simulation(
    store: Store,
    *,
    wall_clock: Callable[[], dt.datetime] = wall_clock,
    resources: Mapping[str, Resource] = RESOURCES,
) -> Simulation:
    """Make the simulation of a store, with seeded worlds whose accounts are synced."""
    simulation = Simulation(store, wall_clock=wall_clock)
    kinds = tuple(dict.fromkeys(resources.values()))
    SyncJobs(simulation, kinds)
    store.virtual_rows = VirtualRows(store, kinds)

    def fill(developer: Developer, present: dt.datetime) -> None:
        seed_world(
            store,
            developer_id=developer.id,
            seed=developer.seed,
            size=developer.world,
            now=present,
        )
        plan_world(simulation, developer.id)

    simulation.on_new_world(fill)
    return simulation


def make_handlers(
    simulation: Simulation,
    *,
    resources: Mapping[str, Resource] = RESOURCES,
    operations: Mapping[str, Mapping[str, ResourceHandler]] = OPERATIONS,
) -> dict[str, Handler]:
    """Return the handler of each operation id of the document."""
    return {
        f"{name}.{method}": functools.partial(handle, simulation, resources[name])
        for name, methods in operations.items()
        for method, handle in methods.items()
    }
