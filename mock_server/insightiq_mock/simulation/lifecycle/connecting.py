"""Connecting an account, for the first time or again (evidence.md#account-lifecycle, #events-of-a-new-connection)."""

from __future__ import annotations

import typing

from insightiq_mock.db import Kind, format_timestamp

from .creators import account_path, creator_of, new_account, new_channel, platform_with_id
from .errors import ProductsUnsupportedError, UnknownResourceError
from .products import add_blocks, product_named

if typing.TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from insightiq_mock.simulation.simulation import Simulation
    from insightiq_mock.world.channels import Channel
    from insightiq_mock.world.platforms import Platform

    from .accounts import Accounts

__all__ = ["connect_account"]


def connect_account(  # noqa: PLR0913 - what a login consists of, all by keyword
    simulation: Simulation,
    accounts: Accounts,
    developer_id: str,
    *,
    user_id: str,
    work_platform_id: str,
    products: Sequence[str],
    handle: str | None,
    at: dt.datetime,
) -> dict[str, typing.Any]:
    """Connect an account and tell it; what was connected before keeps its id and its data.

    There is one account per user and profile: without a handle it is the profile that the user's
    creator has on the platform, always the same.

    Raises:
        UnknownResourceError: The user or the platform is unknown.
        ProductsUnsupportedError: The platform gives none of the products.
    """
    user = accounts.load(developer_id, Kind.USER, user_id)
    platform = platform_with_id(work_platform_id)
    if platform is None:
        raise UnknownResourceError(Kind.WORK_PLATFORM, work_platform_id)
    developer = simulation.developer(developer_id)
    shows_unsupported = developer.settings.unsupported_products == "not_supported"
    _require_supported(platform, products)
    path = account_path(developer.seed, user["id"])
    channel = new_channel(path, creator_of(developer, user), platform, at, handle)
    known = _known(accounts, developer_id, channel, handle)
    account = new_account(channel) if known is None else known
    account |= {
        "status": "CONNECTED",
        "updated_at": format_timestamp(at),
        "disconnection_source": None,
    }
    add_blocks(account, platform, products, show_unsupported=shows_unsupported)
    if known is None:
        accounts.add(developer_id, account)
    else:
        accounts.save(developer_id, account)
    accounts.tell(developer_id, account, "ACCOUNTS.CONNECTED")
    return account


def _known(
    accounts: Accounts, developer_id: str, channel: Channel, handle: str | None
) -> dict[str, typing.Any] | None:
    """The account that the user has of that profile already."""
    there = accounts.every(
        developer_id,
        user_id=channel.creator.user["id"],
        work_platform_id=channel.platform.id,
    )
    if handle is not None:
        there = [each for each in there if each["username"] == channel.username]
    # Without a handle it is the one of longest standing.
    return min(there, key=lambda account: account["created_at"], default=None)


def _require_supported(platform: Platform, products: Sequence[str]) -> None:
    asked = [product_named(name) for name in products]
    if not any(each is not None and each.supported in platform.supported for each in asked):
        raise ProductsUnsupportedError(platform.name.value, products)
