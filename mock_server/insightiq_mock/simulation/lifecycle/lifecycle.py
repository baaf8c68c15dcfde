"""The life of an account (evidence.md#sync-cadence, #account-lifecycle, #events-of-a-new-connection).

::

    connect ──► CONNECTED ──► disconnect ──► NOT_CONNECTED
                 ▲    │                           │
                 │    └──► session ends ──► SESSION_EXPIRED
                 └───────────── connect ──────────┘

While it is connected, each product goes NOT_SYNCED → IN_PROGRESS → SYNCED soon after connecting; then
a scheduled sync comes every day at the minute of the connection.
"""

from __future__ import annotations

import datetime as dt
import typing

from insightiq_mock.db import Kind

from .accounts import Accounts
from .connecting import connect_account
from .engagement import grow_contents, publish
from .errors import AccountStateError, LifecycleError
from .products import begin, block_of, is_any_followed, product_named, product_of
from .schedule import first_syncs, is_poll, next_sync_at, session_end, soon
from .syncs import Syncs
from .visit import Window, parsed_moment

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from insightiq_mock.simulation.jobs import Job
    from insightiq_mock.simulation.simulation import Simulation

    from .visit import Visit

__all__ = ["Lifecycle"]

_PLAN: typing.Final = "syncs.plan"
_BEGIN: typing.Final = "sync.begin"
_FIRST: typing.Final = "sync.first"
_SCHEDULED: typing.Final = "sync.scheduled"
_REFRESH: typing.Final = "sync.refresh"
_HISTORIC: typing.Final = "sync.historic"

_OF_CONNECTION: typing.Final = (_BEGIN, _FIRST, _SCHEDULED, _REFRESH, _HISTORIC)

# Most worlds of tests end before: they need no plan of what comes after.
_PLAN_AFTER: typing.Final = dt.timedelta(minutes=1)

_MINUTE: typing.Final = dt.timedelta(minutes=1)


class Lifecycle:
    """The life of the accounts of a simulation."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._accounts = Accounts(simulation)
        self._syncs = Syncs(simulation, self._accounts)
        for kind, run in self._jobs().items():
            simulation.on_change(kind, run)

    def _jobs(self) -> Mapping[str, Callable[[Job], None]]:
        return {
            _PLAN: self._plan,
            _BEGIN: self._begin_first,
            _FIRST: self._first,
            _SCHEDULED: self._scheduled,
            _REFRESH: self._refresh,
            _HISTORIC: self._historic,
        }

    def begin(self, developer_id: str) -> None:
        """Let the accounts of a freshly seeded world be synced from now on."""
        due_at = self._simulation.now(developer_id) + _PLAN_AFTER
        self._simulation.schedule(developer_id, due_at=due_at, kind=_PLAN, payload={})

    def connect(
        self,
        developer_id: str,
        *,
        user_id: str,
        work_platform_id: str,
        products: Sequence[str],
        handle: str | None = None,
    ) -> dict[str, typing.Any]:
        """Connect an account, or connect it again; see `connect_account`."""
        with self._simulation.store.transaction():
            at = self._simulation.now(developer_id)
            account = connect_account(
                self._simulation,
                self._accounts,
                developer_id,
                user_id=user_id,
                work_platform_id=work_platform_id,
                products=products,
                handle=handle,
                at=at,
            )
            self._simulation.cancel(developer_id, account["id"], _OF_CONNECTION)
            self._schedule_first(developer_id, account, at)
            self._schedule_next(developer_id, account, at)
            return account

    def disconnect(
        self, developer_id: str, account_id: str, *, source: str
    ) -> dict[str, typing.Any]:
        """Cut an account off and return it."""
        return self._end(developer_id, account_id, "NOT_CONNECTED", source)

    def expire(self, developer_id: str, account_id: str) -> dict[str, typing.Any]:
        """End the platform's session of an account, and return the account."""
        return self._end(developer_id, account_id, "SESSION_EXPIRED", None)

    def sync(self, developer_id: str, account_id: str, product: str) -> None:
        """Sync a product of an account now; the name is that of ``data`` or of SDK tokens."""
        found = product_named(product)
        if found is None:
            msg = f"There is no product {product!r}; use for example 'identity' or 'ENGAGEMENT'."
            raise LifecycleError(msg)
        with self._simulation.store.transaction():
            account = self._connected(developer_id, account_id)
            at = self._simulation.now(developer_id)
            self._syncs.product(developer_id, account, found, at)

    def grow(self, developer_id: str, account_id: str) -> None:
        """Let a day's worth of attention come upon an account's contents now."""
        with self._simulation.store.transaction():
            visit = self._visit_now(developer_id, account_id, "grow")
            visit.tell_items("CONTENTS.UPDATED", grow_contents(visit, days=1.0))

    def add_contents(self, developer_id: str, account_id: str, count: int) -> list[str]:
        """Let the creator publish items within the last minute, and return their ids."""
        with self._simulation.store.transaction():
            visit = self._visit_now(developer_id, account_id, "add contents")
            steps = range(count)
            moments = [
                (visit.at - _MINUTE * step / max(count, 1)).replace(microsecond=0) for step in steps
            ]
            ids = publish(visit, moments)
            visit.tell_items("CONTENTS.ADDED", ids)
            return ids

    def request_refresh(
        self, developer_id: str, account: Mapping[str, typing.Any], kind: Kind
    ) -> None:
        """Let an account's data of a kind be synced soon."""
        self._request(developer_id, account, _REFRESH, {"kind": kind.value})

    def request_historic(
        self, developer_id: str, account: Mapping[str, typing.Any], kind: Kind, from_date: str
    ) -> bool:
        """Let an account's older data of a kind be fetched soon; tell whether there may be any."""
        block = block_of(account, product_of(kind))
        reaches_back_to = None if block is None else block.get("data_available_from")
        if reaches_back_to is None or from_date >= reaches_back_to[:10]:
            return False
        payload = {"kind": kind.value, "from_date": from_date}
        self._request(developer_id, account, _HISTORIC, payload)
        return True

    def _request(
        self,
        developer_id: str,
        account: Mapping[str, typing.Any],
        job: str,
        payload: Mapping[str, typing.Any],
    ) -> None:
        due_at = soon(self._simulation.stream(developer_id), self._simulation.now(developer_id))
        self._simulation.schedule(
            developer_id, due_at=due_at, kind=job, payload={"account_id": account["id"], **payload}
        )

    def _end(
        self, developer_id: str, account_id: str, status: str, source: str | None
    ) -> dict[str, typing.Any]:
        with self._simulation.store.transaction():
            account = self._accounts.account(developer_id, account_id)
            at = self._simulation.now(developer_id)
            self._accounts.end(developer_id, account, status, at, source)
            self._simulation.cancel(developer_id, account_id, _OF_CONNECTION)
            return account

    def _connected(self, developer_id: str, account_id: str) -> dict[str, typing.Any]:
        account = self._accounts.account(developer_id, account_id)
        if account["status"] != "CONNECTED":
            message = f"Account {account_id} is {account['status']}; connect it again first."
            raise AccountStateError(account_id, account["status"], message)
        return account

    def _visit_now(self, developer_id: str, account_id: str, name: str) -> Visit:
        account = self._connected(developer_id, account_id)
        at = self._simulation.now(developer_id)
        # A second call at the same frozen moment must find something else.
        name = f"{name} {self._simulation.new_id(developer_id)}"
        return self._syncs.visit(developer_id, account, Window(at, at, at), name=name)

    def _schedule_first(
        self, developer_id: str, account: Mapping[str, typing.Any], at: dt.datetime
    ) -> None:
        stream = self._simulation.stream(developer_id)
        for product, begin_at, end_at in first_syncs(account, stream, at):
            payload = {"account_id": account["id"], "product": product.name}
            for due_at, kind in ((begin_at, _BEGIN), (end_at, _FIRST)):
                self._simulation.schedule(developer_id, due_at=due_at, kind=kind, payload=payload)

    def _schedule_next(
        self, developer_id: str, account: Mapping[str, typing.Any], after: dt.datetime
    ) -> None:
        due_at = next_sync_at(account, parsed_moment(account["updated_at"]), after)
        payload = {"account_id": account["id"]}
        self._simulation.schedule(developer_id, due_at=due_at, kind=_SCHEDULED, payload=payload)

    def _plan(self, job: Job) -> None:
        """Schedule what comes next for every connected account of a seeded world."""
        for account in self._accounts.every(job.developer_id):
            if account["status"] != "CONNECTED" or self._is_planned(job, account):
                continue
            if all(block["last_sync_at"] is None for block in account["data"].values()):
                self._schedule_first(job.developer_id, account, job.due_at)
            self._schedule_next(job.developer_id, account, job.due_at)

    def _is_planned(self, job: Job, account: Mapping[str, typing.Any]) -> bool:
        """Whether the account was connected since the world began, or was so once again."""
        return self._simulation.has_job(job.developer_id, account["id"], _SCHEDULED)

    def _begin_first(self, job: Job) -> None:
        account = self._accounts.connected(job.developer_id, job.payload["account_id"])
        product = product_named(job.payload["product"])
        block = account and product and block_of(account, product)
        if account and block:
            begin(block)
            self._accounts.save(job.developer_id, account)

    def _first(self, job: Job) -> None:
        account = self._accounts.connected(job.developer_id, job.payload["account_id"])
        product = product_named(job.payload["product"])
        if account and product:
            self._syncs.product(job.developer_id, account, product, job.due_at)

    def _scheduled(self, job: Job) -> None:
        account = self._accounts.connected(job.developer_id, job.payload["account_id"])
        if account is None:
            return
        # Where nobody looks, nobody notices that the session has ended.
        if is_any_followed(account) and self._has_lost_session(job, account):
            return
        connected_at = parsed_moment(account["updated_at"])
        poll = is_poll(account, connected_at, job.due_at)
        self._schedule_next(job.developer_id, account, job.due_at)
        self._syncs.scheduled(job.developer_id, account, job.due_at, is_poll=poll)

    def _refresh(self, job: Job) -> None:
        account = self._accounts.connected(job.developer_id, job.payload["account_id"])
        if account is None or self._has_lost_session(job, account):
            return
        kind = Kind(job.payload["kind"])
        product = product_of(kind)
        block = block_of(account, product)
        if block is None or block["status"] != "SYNCED":
            return
        self._syncs.product(job.developer_id, account, product, job.due_at, kinds=(kind,))
        audience = product_named("identity.audience")
        # A refresh of the profile is the only way to ask for the audience (evidence.md#operations).
        if kind is Kind.PROFILE and audience is not None:
            self._syncs.product(job.developer_id, account, audience, job.due_at)

    def _historic(self, job: Job) -> None:
        account = self._accounts.connected(job.developer_id, job.payload["account_id"])
        if account is None or self._has_lost_session(job, account):
            return
        kind = Kind(job.payload["kind"])
        from_date = dt.date.fromisoformat(job.payload["from_date"])
        self._syncs.historic(job.developer_id, account, kind, from_date, job.due_at)

    def _has_lost_session(self, job: Job, account: dict[str, typing.Any]) -> bool:
        """Notice that the platform's session has ended, and tell it."""
        days = self._simulation.developer(job.developer_id).settings.facebook_session_days
        end_at = session_end(account, parsed_moment(account["updated_at"]), days)
        if end_at is None or job.due_at < end_at:
            return False
        self._accounts.end(job.developer_id, account, "SESSION_EXPIRED", job.due_at)
        self._simulation.cancel(job.developer_id, account["id"], _OF_CONNECTION)
        return True
