"""Accounts as the lifecycle reads and writes them, and the state of their connections."""

from __future__ import annotations

import typing

import orjson

from insightiq_mock.db import Column, Kind, Selection, format_timestamp, record_of

from .creators import account_path, creator_of, first_followers, stored_channel
from .errors import AccountStateError, UnknownResourceError

if typing.TYPE_CHECKING:
    import datetime as dt

    from insightiq_mock.simulation.simulation import Simulation
    from insightiq_mock.world.channels import Channel

__all__ = ["Accounts"]

_FOLLOWERS_UNTOLD: typing.Final = 500
"""On platforms whose profile counts none."""

_END_EVENTS: typing.Final = {
    "NOT_CONNECTED": "ACCOUNTS.DISCONNECTED",
    "SESSION_EXPIRED": "SESSION.EXPIRED",
}

_EVERY: typing.Final = 1_000_000


class Accounts:
    """The accounts of a simulation; changes belong into a transaction of the store."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    def load(self, developer_id: str, kind: Kind, resource_id: str) -> dict[str, typing.Any]:
        """Return a resource.

        Raises:
            UnknownResourceError: There is no such one.
        """
        body = self._simulation.store.get(developer_id, kind, resource_id)
        if body is None:
            raise UnknownResourceError(kind, resource_id)
        resource: dict[str, typing.Any] = orjson.loads(body)
        return resource

    def account(self, developer_id: str, account_id: str) -> dict[str, typing.Any]:
        """Return an account.

        Raises:
            UnknownResourceError: There is no such one.
        """
        return self.load(developer_id, Kind.ACCOUNT, account_id)

    def connected(self, developer_id: str, account_id: str) -> dict[str, typing.Any] | None:
        """Return an account that is connected; None for any other."""
        body = self._simulation.store.get(developer_id, Kind.ACCOUNT, account_id)
        if body is None:
            return None
        account: dict[str, typing.Any] = orjson.loads(body)
        return account if account["status"] == "CONNECTED" else None

    def every(self, developer_id: str, **equal: str) -> list[dict[str, typing.Any]]:
        """Return accounts, of a user and on a platform if given, last changed first."""
        selection = Selection(
            limit=_EVERY, equal={Column(name): value for name, value in equal.items()}
        )
        bodies = self._simulation.store.page(developer_id, Kind.ACCOUNT, selection)
        return [orjson.loads(body) for body in bodies]

    def add(self, developer_id: str, account: dict[str, typing.Any]) -> None:
        """Keep a new account."""
        self._simulation.store.add(developer_id, [record_of(Kind.ACCOUNT, account)])

    def save(self, developer_id: str, account: dict[str, typing.Any]) -> None:
        """Keep the new state of an account."""
        self._simulation.store.replace(developer_id, record_of(Kind.ACCOUNT, account))

    def end(
        self,
        developer_id: str,
        account: dict[str, typing.Any],
        status: str,
        at: dt.datetime,
        source: str | None = None,
    ) -> None:
        """End a connection and tell it.

        Raises:
            AccountStateError: It has ended already.
        """
        if account["status"] in {"NOT_CONNECTED", status}:
            message = f"Account {account['id']} is {account['status']} already."
            raise AccountStateError(account["id"], account["status"], message)
        account["status"] = status
        account["disconnection_source"] = source
        account["updated_at"] = format_timestamp(at)
        self.save(developer_id, account)
        self.tell(developer_id, account, _END_EVENTS[status])

    def tell(self, developer_id: str, account: dict[str, typing.Any], event: str) -> None:
        """Tell that the state of a connection has changed (evidence.md#webhook-events)."""
        data = {
            "account_id": account["id"],
            "user_id": account["user"]["id"],
            "last_updated_time": account["updated_at"],
        }
        self._simulation.emit(developer_id, event, data)

    def channel(
        self, developer_id: str, account: dict[str, typing.Any]
    ) -> tuple[tuple[str, ...], Channel]:
        """Return what the makers of `world` know an account as, and the name of its chance."""
        developer = self._simulation.developer(developer_id)
        user = self.load(developer_id, Kind.USER, account["user"]["id"])
        path = account_path(developer.seed, account["id"])
        followers = self._followers(developer_id, path, account)
        return path, stored_channel(path, creator_of(developer, user), account, followers)

    def _followers(
        self, developer_id: str, path: tuple[str, ...], account: dict[str, typing.Any]
    ) -> int:
        selection = Selection(limit=1, equal={Column.ACCOUNT_ID: account["id"]})
        for body in self._simulation.store.page(developer_id, Kind.PROFILE, selection):
            reputation = orjson.loads(body)["reputation"]
            count = reputation["follower_count"] or reputation["subscriber_count"]
            return count or _FOLLOWERS_UNTOLD
        return first_followers(path)
