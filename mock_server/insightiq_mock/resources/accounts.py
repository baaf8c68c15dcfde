"""Accounts: handlers, seed data, and their life (evidence.md#account, #account-lifecycle, #sync-cadence).

::

    connect ──► CONNECTED ──► disconnect ──► NOT_CONNECTED
                 ▲    │                           │
                 │    └──► session ends ──► SESSION_EXPIRED
                 └───────────── connect ──────────┘

While it is connected, each product goes NOT_SYNCED → IN_PROGRESS → SYNCED soon after connecting; then a
scheduled sync comes every day at the minute of the connection.
"""

from __future__ import annotations

import typing

import orjson

from insightiq_mock.context import RequestContext, Response
from insightiq_mock.db import Column, Selection, encode, format_date, format_timestamp

from . import errors
from .errors import (
    AccountError,
    AccountStateError,
    ProductsUnsupportedError,
    UnknownResourceError,
)
from .handlers import compose, load
from .platforms import PLATFORMS
from .products import PRODUCTS, add_blocks, block_of, product_named
from .resource import Resource
from .seed_accounts import account_path, creator_of, new_account
from .sync_schedule import FIRST, SYNC_JOBS, schedule_first, schedule_next
from .work_platforms import WORK_PLATFORMS

if typing.TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from insightiq_mock.simulation import Simulation

    from .platforms import Platform
    from .resource import Json
    from .seed_accounts import SeedAccount

__all__ = [
    "ACCOUNTS",
    "connect",
    "connected_account",
    "disconnect",
    "disconnect_account",
    "end_connection",
    "every_account",
    "expire",
    "make_account",
    "save_account",
    "sync_product",
    "update_account",
]

_DISCONNECTED_KEYS: typing.Final = (
    "id",
    "created_at",
    "updated_at",
    "user",
    "work_platform",
    "status",
)

_MONITORING_TYPES: typing.Final = ("STANDARD", "ON_DEMAND")

_END_EVENTS: typing.Final = {
    "NOT_CONNECTED": "ACCOUNTS.DISCONNECTED",
    "SESSION_EXPIRED": "SESSION.EXPIRED",
}

_EVERY: typing.Final = 1_000_000

ACCOUNTS: typing.Final = Resource(
    "account",
    order="updated_at",
    columns={Column.USER_ID: "user.id", Column.WORK_PLATFORM_ID: "work_platform.id"},
    filters={"user_id": Column.USER_ID, "work_platform_id": Column.WORK_PLATFORM_ID},
)


def update_account(simulation: Simulation, resource: Resource, context: RequestContext) -> Response:
    """Set how products are monitored, and return the account.

    ``monitoring_type`` of the request becomes ``monitor_type`` of the response; products that the
    account lacks and unknown keys are ignored (evidence.md#open-question-12). ``updated_at``
    stays: it moves with the state of the connection alone (evidence.md#sync-cadence).
    """
    with simulation.store.transaction():
        account = load(simulation, context, resource.kind, context.path["id"])
        _merge_monitoring(account["data"], context.body.get("data") or {})
        record = compose(resource, account)
        simulation.store.replace(context.developer_id, record)
        return Response(200, record.body)


def disconnect_account(
    simulation: Simulation, resource: Resource, context: RequestContext
) -> Response:
    """Disconnect an account; its data stay readable, and it stays in the list (evidence.md#account-lifecycle)."""
    with simulation.store.transaction():
        account_id = load(simulation, context, resource.kind, context.path["id"])["id"]
        try:
            account = disconnect(simulation, context.developer_id, account_id)
        except AccountStateError as error:
            raise errors.account_already_disconnected(account_id) from error
    return Response(200, encode({key: account[key] for key in _DISCONNECTED_KEYS}))


def _merge_monitoring(block: Json, change: Mapping[str, typing.Any]) -> None:
    for key, wanted in change.items():
        if key == "monitoring_type" and "monitor_type" in block and wanted in _MONITORING_TYPES:
            block["monitor_type"] = wanted
        elif isinstance(wanted, dict) and isinstance(block.get(key), dict):
            _merge_monitoring(block[key], typing.cast("Json", wanted))


def make_account(account: SeedAccount) -> Json:
    """Make the account, keys in wire order."""
    timeline = account.timeline
    return {
        "id": account.id,
        "created_at": format_timestamp(timeline.created_at),
        "updated_at": format_timestamp(timeline.updated_at),
        "user": account.creator.reference,
        "work_platform": account.platform.reference,
        "username": account.username,
        "platform_username": account.username,
        "profile_pic_url": account.image_url,
        "status": account.spec.status.value,
        "platform_profile_name": account.profile_name,
        "platform_profile_id": account.profile_id,
        "platform_profile_published_at": account.profile_published_at,
        "disconnection_source": account.spec.disconnected_by,
        "data": _data(account),
    }


def _data(account: SeedAccount) -> Json:
    """Return a block per product that the platform gives; others are left out (evidence.md#account-data)."""
    syncs = account.timeline.syncs
    seeded = [product for product in PRODUCTS if product.name not in {"activity", "publish"}]
    data: Json = {}
    value: Json = {"data": data}
    names = [product.asked_as for product in seeded]
    add_blocks(value, account.platform, names, show_unsupported=False)
    for product in seeded:
        block = block_of(value, product)
        if block is None:
            continue
        block["monitor_type"] = account.spec.monitor_type
        if syncs is not None:
            is_identity = product.name.startswith("identity")
            synced_at = syncs.identity_at if is_identity else syncs.engagement_at
            block |= {"status": "SYNCED", "last_sync_at": format_timestamp(synced_at)}
            if product.has_history:
                block["refresh_since"] = format_date(syncs.refresh_since)
                block["data_available_from"] = format_date(syncs.available_from)
    return data


def connect(
    simulation: Simulation,
    developer_id: str,
    *,
    user_id: str,
    work_platform_id: str,
    products: Sequence[str],
    handle: str | None = None,
) -> Json:
    """Connect an account and return it; one that was connected before keeps its id and its data.

    There is one account per user and profile: without a handle it is the profile that the user's
    creator has on the platform, always the same (evidence.md#events-of-a-new-connection).

    Raises:
        UnknownResourceError: The user or the platform is unknown.
        ProductsUnsupportedError: The platform has none of the products.
    """
    with simulation.store.transaction():
        at = simulation.now(developer_id)
        user = _load(simulation, developer_id, "user", user_id)
        platform = next((each for each in PLATFORMS.values() if each.id == work_platform_id), None)
        if platform is None:
            raise UnknownResourceError(WORK_PLATFORMS.kind, work_platform_id)
        _require_supported(platform, products)
        developer = simulation.developer(developer_id)
        path = account_path(developer.seed, user["id"])
        seed_account = new_account(path, creator_of(developer, user), platform, at, handle)
        known = _known_account(simulation, developer_id, seed_account, handle)
        account: Json = known or {**make_account(seed_account), "data": {}}
        account |= {
            "status": "CONNECTED",
            "updated_at": format_timestamp(at),
            "disconnection_source": None,
        }
        shows_unsupported = developer.settings.unsupported_products == "not_supported"
        add_blocks(account, platform, products, show_unsupported=shows_unsupported)
        if known is None:
            simulation.store.add(developer_id, [ACCOUNTS.record(account)])
        else:
            save_account(simulation, developer_id, account)
        _emit(simulation, developer_id, account, "ACCOUNTS.CONNECTED")
        simulation.cancel(developer_id, account["id"], SYNC_JOBS)
        schedule_first(simulation, developer_id, account, at)
        schedule_next(simulation, developer_id, account, at)
        return account


def disconnect(
    simulation: Simulation, developer_id: str, account_id: str, *, source: str = "DEVELOPER_API"
) -> Json:
    """Disconnect an account and return it.

    Raises:
        UnknownResourceError: There is no such account.
        AccountStateError: It is disconnected already.
    """
    with simulation.store.transaction():
        account = _load(simulation, developer_id, "account", account_id)
        at = simulation.now(developer_id)
        end_connection(simulation, developer_id, account, "NOT_CONNECTED", at, source)
        return account


def expire(simulation: Simulation, developer_id: str, account_id: str) -> Json:
    """End the platform's session of an account, and return the account.

    Raises:
        UnknownResourceError: There is no such account.
        AccountStateError: It is not connected.
    """
    with simulation.store.transaction():
        account = _load(simulation, developer_id, "account", account_id)
        at = simulation.now(developer_id)
        end_connection(simulation, developer_id, account, "SESSION_EXPIRED", at)
        return account


def sync_product(simulation: Simulation, developer_id: str, account_id: str, product: str) -> None:
    """Sync a product of an account now; the name is that of ``data`` or of SDK tokens.

    Raises:
        AccountError: There is no such product or account, or the account is not connected.
    """
    if product_named(product) is None:
        msg = f"There is no product {product!r}; use for example 'identity' or 'ENGAGEMENT'."
        raise AccountError(msg)
    with simulation.store.transaction():
        connected_account(simulation, developer_id, account_id)
        simulation.run_now(developer_id, FIRST, {"account_id": account_id, "product": product})


def connected_account(simulation: Simulation, developer_id: str, account_id: str) -> Json:
    """Return an account that is connected.

    Raises:
        UnknownResourceError: There is no such account.
        AccountStateError: It is not connected.
    """
    account = _load(simulation, developer_id, "account", account_id)
    if account["status"] != "CONNECTED":
        message = f"Account {account_id} is {account['status']}; connect it again first."
        raise AccountStateError(account_id, account["status"], message)
    return account


def every_account(simulation: Simulation, developer_id: str, **equal: str) -> list[Json]:
    """Return accounts, of a user and on a platform if given, last changed first."""
    selection = Selection(
        limit=_EVERY, equal={Column(name): value for name, value in equal.items()}
    )
    bodies = simulation.store.page(developer_id, "account", selection)
    return [orjson.loads(body) for body in bodies]


def save_account(simulation: Simulation, developer_id: str, account: Json) -> None:
    """Store the new state of an account."""
    simulation.store.replace(developer_id, ACCOUNTS.record(account))


def end_connection(  # noqa: PLR0917 - the new state of a connection
    simulation: Simulation,
    developer_id: str,
    account: Json,
    status: str,
    at: dt.datetime,
    source: str | None = None,
) -> None:
    """End a connection, emit its event, and cancel the account's syncs.

    Raises:
        AccountStateError: It has ended already.
    """
    if account["status"] in {"NOT_CONNECTED", status}:
        message = f"Account {account['id']} is {account['status']} already."
        raise AccountStateError(account["id"], account["status"], message)
    account["status"] = status
    account["disconnection_source"] = source
    account["updated_at"] = format_timestamp(at)
    save_account(simulation, developer_id, account)
    _emit(simulation, developer_id, account, _END_EVENTS[status])
    simulation.cancel(developer_id, account["id"], SYNC_JOBS)


def _load(simulation: Simulation, developer_id: str, kind: str, resource_id: str) -> Json:
    body = simulation.store.get(developer_id, kind, resource_id)
    if body is None:
        raise UnknownResourceError(kind, resource_id)
    resource: Json = orjson.loads(body)
    return resource


def _emit(simulation: Simulation, developer_id: str, account: Json, event: str) -> None:
    """Emit an event about the state of a connection (evidence.md#webhook-events)."""
    data = {
        "account_id": account["id"],
        "user_id": account["user"]["id"],
        "last_updated_time": account["updated_at"],
    }
    simulation.emit(developer_id, event, data)


def _known_account(
    simulation: Simulation, developer_id: str, wanted: SeedAccount, handle: str | None
) -> Json | None:
    """Return the account that the user has of that profile already."""
    user_id, platform_id = wanted.creator.user["id"], wanted.platform.id
    known = every_account(simulation, developer_id, user_id=user_id, work_platform_id=platform_id)
    if handle is not None:
        known = [each for each in known if each["username"] == wanted.username]
    # Without a handle it is the oldest.
    return min(known, key=lambda account: account["created_at"], default=None)


def _require_supported(platform: Platform, products: Sequence[str]) -> None:
    asked = [product_named(name) for name in products]
    if not any(each is not None and each.supported in platform.supported for each in asked):
        raise ProductsUnsupportedError(platform.name.value, products)
