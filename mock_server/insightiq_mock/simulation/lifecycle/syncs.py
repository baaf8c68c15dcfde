"""Syncs: which products a visit concerns, what it collects, and how the account shows it."""

from __future__ import annotations

import datetime as dt
import typing

from insightiq_mock.db import Kind, format_date
from insightiq_mock.world.stream import Stream

from . import engagement, identity, income
from .creators import observed
from .products import PRODUCTS, block_of, finish, is_followed, product_of
from .visit import Reach, Visit, Window, parsed_moment

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from insightiq_mock.simulation.simulation import Simulation

    from .accounts import Accounts
    from .products import Product

__all__ = ["Syncs"]

_WINDOW: typing.Final = dt.timedelta(days=90)

_COLLECTORS: typing.Final[Mapping[Kind, Callable[[Visit], None]]] = {
    Kind.PROFILE: identity.collect_profile,
    Kind.AUDIENCE: identity.collect_audience,
    Kind.CONTENT: engagement.collect_contents,
    Kind.CONTENT_GROUP: engagement.collect_groups,
    Kind.COMMENT: engagement.collect_comments,
    Kind.SOCIAL_TRANSACTION: income.collect_social_transactions,
    Kind.SOCIAL_PAYOUT: income.collect_social_payouts,
    Kind.COMMERCE_TRANSACTION: income.collect_commerce_transactions,
    Kind.COMMERCE_PAYOUT: income.collect_commerce_payouts,
    Kind.COMMERCE_BALANCE: income.collect_balances,
}


class Syncs:
    """Carries syncs out; every method is called inside a transaction of the store."""

    def __init__(self, simulation: Simulation, accounts: Accounts) -> None:
        self._simulation = simulation
        self._accounts = accounts

    def product(  # noqa: PLR0913 - what limits a sync goes by keyword
        self,
        developer_id: str,
        account: dict[str, typing.Any],
        product: Product,
        at: dt.datetime,
        *,
        kinds: Iterable[Kind] | None = None,
        is_poll: bool = False,
    ) -> None:
        """Sync a product of an account, whose new state is kept.

        Args:
            developer_id: Whose it is.
            account: The account's JSON.
            product: What to sync.
            at: The moment of it.
            kinds: Only these kinds of resources; None for all of the product.
            is_poll: Whether it looks for the youngest items alone.
        """
        block = block_of(account, product)
        if block is None or block["status"] == "NOT_SUPPORTED":
            return
        connected_on = parsed_moment(account["created_at"]).date()
        last_sync_at = block.get("last_sync_at")
        finish(product, block, at, connected_on)
        first_day = block.get("data_available_from") or format_date(at.date() - _WINDOW)
        since = parsed_moment(last_sync_at or first_day)
        reach = Reach.POLL if is_poll else Reach.ROUTINE if last_sync_at else Reach.FIRST
        window = Window(at, min(since, at), at, reach)
        visit = self.visit(developer_id, account, window, name=product.name)
        self._accounts.save(developer_id, account)
        for kind in kinds or product.kinds:
            _COLLECTORS[kind](visit)

    def scheduled(
        self, developer_id: str, account: dict[str, typing.Any], at: dt.datetime, *, is_poll: bool
    ) -> None:
        """Sync what a schedule concerns: every product under STANDARD monitoring."""
        for product in PRODUCTS:
            block = block_of(account, product)
            if block is None or not is_followed(block):
                continue
            if is_poll and product.name != "engagement":
                continue
            kinds = (Kind.CONTENT,) if is_poll else None
            self.product(developer_id, account, product, at, kinds=kinds, is_poll=is_poll)

    def historic(
        self,
        developer_id: str,
        account: dict[str, typing.Any],
        kind: Kind,
        from_date: dt.date,
        at: dt.datetime,
    ) -> None:
        """Fetch an account's older data of a kind."""
        product = product_of(kind)
        block = block_of(account, product)
        if block is None or block.get("data_available_from") is None:
            return
        until = parsed_moment(block["data_available_from"])
        since = dt.datetime.combine(from_date, dt.time(), dt.UTC)
        if since >= until:
            return
        block["data_available_from"] = format_date(from_date)
        self._accounts.save(developer_id, account)
        window = Window(at, since, until, Reach.HISTORIC)
        visit = self.visit(developer_id, account, window, name=f"historic {kind}")
        _COLLECTORS[kind](visit)

    def visit(
        self, developer_id: str, account: dict[str, typing.Any], window: Window, *, name: str
    ) -> Visit:
        """Begin a visit; its chance hangs on account, moment and name alone."""
        path, channel = self._accounts.channel(developer_id, account)
        stream = Stream(*path, name, window.at.isoformat())
        return Visit(
            simulation=self._simulation,
            developer_id=developer_id,
            path=path,
            account=account,
            channel=observed(channel, stream, window.until, window.since.date()),
            stream=stream,
            window=window,
        )
