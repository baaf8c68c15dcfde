"""Sync jobs: the jobs that sync accounts at their time (evidence.md#sync-cadence, #events-of-a-new-connection)."""

from __future__ import annotations

import datetime as dt
import typing

import orjson

from insightiq_mock.db import format_date

from .accounts import end_connection, every_account, save_account
from .products import (
    PRODUCTS,
    begin_sync,
    block_of,
    finish_sync,
    is_any_followed,
    is_followed,
    product_named,
)
from .resource import SyncScope, SyncWindow, start_sync
from .seed_accounts import parsed_moment
from .sync_schedule import (
    BEGIN,
    FETCH_HISTORIC,
    FIRST,
    PLAN,
    REFRESH,
    SCHEDULED,
    is_poll,
    schedule_first,
    schedule_next,
    session_end,
)

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from insightiq_mock.simulation import Job, Simulation

    from .products import Product
    from .resource import Json, Resource

__all__ = ["SyncJobs"]

_WINDOW: typing.Final = dt.timedelta(days=90)


class SyncJobs:
    """Runs the sync jobs of a simulation; each runs inside a transaction of the store.

    Args:
        simulation: The simulation.
        resources: The kinds that are synced, in the order in which a product brings them
            (evidence.md#events-of-a-new-connection).
    """

    def __init__(self, simulation: Simulation, resources: Iterable[Resource]) -> None:
        self._simulation = simulation
        self._synced = {each.kind: each for each in resources if each.sync is not None}
        jobs = {
            PLAN: self._plan,
            BEGIN: self._begin_first,
            FIRST: self._first,
            SCHEDULED: self._scheduled,
            REFRESH: self._refresh,
            FETCH_HISTORIC: self._fetch_historic,
        }
        for kind, run in jobs.items():
            simulation.on_change(kind, run)

    def _plan(self, job: Job) -> None:
        """Schedule the syncs of every connected account of a seeded world."""
        for account in every_account(self._simulation, job.developer_id):
            # An account that was connected since the world began has its jobs already.
            is_planned = self._simulation.has_job(job.developer_id, account["id"], SCHEDULED)
            if account["status"] != "CONNECTED" or is_planned:
                continue
            if all(block["last_sync_at"] is None for block in account["data"].values()):
                schedule_first(self._simulation, job.developer_id, account, job.due_at)
            schedule_next(self._simulation, job.developer_id, account, job.due_at)

    def _begin_first(self, job: Job) -> None:
        account = self._connected(job)
        product = product_named(job.payload["product"])
        block = account and product and block_of(account, product)
        if account and block:
            begin_sync(block)
            save_account(self._simulation, job.developer_id, account)

    def _first(self, job: Job) -> None:
        account = self._connected(job)
        product = product_named(job.payload["product"])
        if account and product:
            self._sync(job, account, product)

    def _scheduled(self, job: Job) -> None:
        account = self._connected(job)
        if account is None:
            return
        # Where nothing is synced, nothing notices that the session has ended.
        if is_any_followed(account) and self._has_lost_session(job, account):
            return
        poll = is_poll(account, parsed_moment(account["updated_at"]), job.due_at)
        schedule_next(self._simulation, job.developer_id, account, job.due_at)
        for product in PRODUCTS:
            block = block_of(account, product)
            if block is None or not is_followed(block):
                continue
            if not poll:
                self._sync(job, account, product)
            elif product.name == "engagement":
                self._sync(job, account, product, kinds=("content",), is_poll=True)

    def _refresh(self, job: Job) -> None:
        account = self._connected(job)
        if account is None or self._has_lost_session(job, account):
            return
        kind = job.payload["kind"]
        product = self._product_of(kind)
        block = block_of(account, product)
        if block is None or block["status"] != "SYNCED":
            return
        self._sync(job, account, product, kinds=(kind,))
        audience = product_named("identity.audience")
        # A refresh of the profile is the only way to ask for the audience (evidence.md#operations).
        if kind == "profile" and audience is not None:
            self._sync(job, account, audience)

    def _fetch_historic(self, job: Job) -> None:
        account = self._connected(job)
        if account is None or self._has_lost_session(job, account):
            return
        kind = job.payload["kind"]
        from_date = dt.date.fromisoformat(job.payload["from_date"])
        block = block_of(account, self._product_of(kind))
        if block is None or block.get("data_available_from") is None:
            return
        until = parsed_moment(block["data_available_from"])
        since = dt.datetime.combine(from_date, dt.time(), dt.UTC)
        if since >= until:
            return
        block["data_available_from"] = format_date(from_date)
        save_account(self._simulation, job.developer_id, account)
        window = SyncWindow(job.due_at, since, until, SyncScope.HISTORIC)
        self._collect(job, account, window, f"historic {kind}", (kind,))

    def _sync(
        self,
        job: Job,
        account: Json,
        product: Product,
        *,
        kinds: tuple[str, ...] | None = None,
        is_poll: bool = False,
    ) -> None:
        """Sync a product of an account, or only some kinds of it, and store the account's state."""
        block = block_of(account, product)
        if block is None or block["status"] == "NOT_SUPPORTED":
            return
        at = job.due_at
        last_sync_at = block.get("last_sync_at")
        finish_sync(product, block, at, parsed_moment(account["created_at"]).date())
        first_day = block.get("data_available_from") or format_date(at.date() - _WINDOW)
        since = parsed_moment(last_sync_at or first_day)
        scope = SyncScope.ROUTINE if last_sync_at else SyncScope.FIRST
        window = SyncWindow(at, min(since, at), at, SyncScope.POLL if is_poll else scope)
        save_account(self._simulation, job.developer_id, account)
        if kinds is None:
            kinds = tuple(
                kind for kind, each in self._synced.items() if each.product == product.name
            )
        self._collect(job, account, window, product.name, kinds)

    def _collect(
        self, job: Job, account: Json, window: SyncWindow, name: str, kinds: Iterable[str]
    ) -> None:
        context = start_sync(self._simulation, job.developer_id, account, window, name=name)
        for kind in kinds:
            sync = self._synced[kind].sync
            assert sync is not None, "only resources with a sync are kept"
            sync(context)

    def _product_of(self, kind: str) -> Product:
        product = product_named(self._synced[kind].product or "")
        assert product is not None, f"no product brings {kind}"
        return product

    def _connected(self, job: Job) -> Json | None:
        """Return the account of a job if it is still connected."""
        body = self._simulation.store.get(job.developer_id, "account", job.payload["account_id"])
        account: Json | None = None if body is None else orjson.loads(body)
        return account if account and account["status"] == "CONNECTED" else None

    def _has_lost_session(self, job: Job, account: Json) -> bool:
        """Notice that the platform's session has ended, and end the connection."""
        days = self._simulation.developer(job.developer_id).settings.facebook_session_days
        end_at = session_end(account, parsed_moment(account["updated_at"]), days)
        if end_at is None or job.due_at < end_at:
            return False
        end_connection(self._simulation, job.developer_id, account, "SESSION_EXPIRED", job.due_at)
        return True
