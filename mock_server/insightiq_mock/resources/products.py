"""Products: the blocks of an account's ``data`` (evidence.md#user-and-sdk-token, #account-data, #sync-cadence)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing

from insightiq_mock.db import format_date, format_timestamp

from .platforms import Supported

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .platforms import Platform

__all__ = [
    "PRODUCTS",
    "Block",
    "Product",
    "add_blocks",
    "begin_sync",
    "block_of",
    "finish_sync",
    "is_any_followed",
    "is_followed",
    "product_named",
]

Block: typing.TypeAlias = dict[str, typing.Any]

_WINDOW: typing.Final = dt.timedelta(days=90)


@dataclasses.dataclass(frozen=True, slots=True)
class Product:
    """One product.

    Attributes:
        name: Path of its block in ``account.data``, with dots; jobs and resources use it.
        asked_as: Its name in SDK tokens.
        supported: Its flag at the platform.
        has_history: Whether its data reach back in time.
        first_sync: Range of the seconds between the end of the previous product's first sync and
            the end of its own.
    """

    name: str
    asked_as: str
    supported: Supported
    has_history: bool
    first_sync: tuple[float, float]


# In the order of evidence.md#events-of-a-new-connection.
PRODUCTS: typing.Final = (
    Product("identity", "IDENTITY", Supported.IDENTITY, False, (1.0, 10.0)),
    Product(
        "identity.audience", "IDENTITY.AUDIENCE", Supported.IDENTITY_AUDIENCE, False, (2.0, 8.0)
    ),
    Product("engagement", "ENGAGEMENT", Supported.ENGAGEMENT, True, (6.0, 25.0)),
    Product("engagement.audience", "ENGAGEMENT.AUDIENCE", Supported.COMMENTS, True, (3.0, 12.0)),
    Product("income", "INCOME", Supported.INCOME, True, (3.0, 12.0)),
    Product("activity", "ACTIVITY", Supported.ACTIVITY, True, (2.0, 8.0)),
    Product("publish", "PUBLISH.CONTENT", Supported.PUBLISH, False, (0.5, 1.0)),
)

_BY_NAME: typing.Final[Mapping[str, Product]] = {
    name: product for product in PRODUCTS for name in (product.name, product.asked_as)
}

# A product whose block lies in another's needs that one.
_OUTER: typing.Final = {
    "IDENTITY.AUDIENCE": "IDENTITY",
    "ENGAGEMENT.AUDIENCE": "ENGAGEMENT",
}


def product_named(name: str) -> Product | None:
    """Return the product of a name, as ``account.data`` or as SDK tokens spell it."""
    return _BY_NAME.get(name)


def block_of(account: Mapping[str, typing.Any], product: Product) -> Block | None:
    """Return the block of a product of an account, or None where it was not asked for."""
    block: typing.Any = account["data"]
    for key in product.name.split("."):
        block = block.get(key)
        if block is None:
            return None
    return typing.cast("Block", block)


def add_blocks(
    account: dict[str, typing.Any],
    platform: Platform,
    products: Iterable[str],
    *,
    show_unsupported: bool,
) -> None:
    """Give an account a block for each product asked for; those it has already stay.

    Products that the platform does not give are left out (evidence.md#account-data), or shown as such where the
    developer's settings say so.
    """
    asked = {name for each in products for name in (each, _OUTER.get(each, each))}
    for product in PRODUCTS:
        is_supported = product.supported in platform.supported
        if product.asked_as not in asked or not (is_supported or show_unsupported):
            continue
        *outer, key = product.name.split(".")
        place = account["data"]
        for each in outer:
            place = place[each]
        place.setdefault(
            key, _new_block(product, "NOT_SYNCED" if is_supported else "NOT_SUPPORTED")
        )


def begin_sync(block: Block) -> None:
    """Record that a first sync has begun."""
    block["status"] = "IN_PROGRESS"


def finish_sync(product: Product, block: Block, at: dt.datetime, connected_on: dt.date) -> None:
    """Record that a sync has ended, and how far it reached back (evidence.md#sync-cadence)."""
    block["status"] = "SYNCED"
    if "last_sync_at" in block:
        block["last_sync_at"] = format_timestamp(at)
    if product.has_history:
        block["refresh_since"] = format_date(at.date() - _WINDOW)
        if block["data_available_from"] is None:
            block["data_available_from"] = format_date(connected_on - _WINDOW)


def is_followed(block: Block) -> bool:
    """Return whether scheduled syncs include a product: under ON_DEMAND none do (evidence.md#open-question-24)."""
    return block["status"] == "SYNCED" and block.get("monitor_type") == "STANDARD"


def is_any_followed(account: Mapping[str, typing.Any]) -> bool:
    """Return whether scheduled syncs include any product of an account."""
    blocks = (block_of(account, product) for product in PRODUCTS)
    return any(block is not None and is_followed(block) for block in blocks)


def _new_block(product: Product, status: str) -> Block:
    if product.name == "publish":
        return {"status": status}
    block: Block = {"status": status, "monitor_type": "STANDARD", "last_sync_at": None}
    if product.has_history:
        block |= {"refresh_since": None, "data_available_from": None}
    return block
