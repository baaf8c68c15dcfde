"""Example values for the requests of each operation, from the world of one developer."""

from __future__ import annotations

import datetime as dt
import itertools
import typing

import orjson

from insightiq_mock.context import ApiError, RequestContext

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from insightiq_mock.context import Handler
    from insightiq_mock.simulation import Simulation

__all__ = ["ExampleRequests", "Values"]

Values: typing.TypeAlias = dict[str, object]

_SHOWN_IDS: typing.Final = 3
_PERIOD: typing.Final = dt.timedelta(days=365)
_CONTENTS_WITH_COMMENTS: typing.Final = 20
_MOST_ACCOUNTS: typing.Final = 100

# Names of parameters and of keys of bodies.
_FIRST_DAYS: typing.Final = (
    "from_date",
    "transaction_from_date",
    "payout_from_date",
    "balance_from_date",
)
_LAST_DAYS: typing.Final = (
    "to_date",
    "transaction_to_date",
    "payout_to_date",
    "balance_to_date",
)

# Their resources belong to no account, and no other operation needs their values.
_WITHOUT_ACCOUNT: typing.Final = frozenset({"users", "webhooks", "work_platforms"})


class ExampleRequests:
    """Finds values that make requests succeed: ids of resources that exist, and days with data.

    Args:
        handlers: The handlers, by operation id.
        simulation: The simulation.
        developer_id: The owner of the world.
        webhook_url: An address that accepts notifications.
    """

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        simulation: Simulation,
        developer_id: str,
        webhook_url: str,
    ) -> None:
        self._handlers = handlers
        self._simulation = simulation
        self._developer_id = developer_id
        self._webhook_url = webhook_url

    def values(self) -> dict[str, Values]:
        """Return values by operation id, and by the name of a parameter or of a key of the body."""
        accounts = self._accounts()
        found = {
            resource: self._found(resource, accounts)
            for resource in dict.fromkeys(name.partition(".")[0] for name in self._handlers)
        }
        values = {name: dict(found[name.partition(".")[0]]) for name in self._handlers}
        values["users.create"] = {"external_id": self._free_external_id()}
        values["webhooks.send"] = {
            "account_id": found["profiles"].get("account_id"),
            "user_id": found["profiles"].get("user_id"),
            "profile_id": found["profiles"].get("id"),
        }
        values["accounts.disconnect"] = {"id": _least_needed(accounts, found)}
        return {
            name: {key: value for key, value in each.items() if value}
            for name, each in values.items()
        }

    def _found(self, resource: str, accounts: list[dict[str, typing.Any]]) -> Values:
        if resource in _WITHOUT_ACCOUNT:
            values: Values = {"url": self._webhook_url} if resource == "webhooks" else {}
            rows = self._rows(f"{resource}.list", {"limit": 1})
            return values | _of(rows)
        for account in accounts:
            about = self._about(account)
            if resource == "audience":
                # A bare object.
                if self._body("audience.get", about) is not None:
                    return about
                continue
            for query in self._queries(resource, about):
                rows = self._rows(f"{resource}.list", {**query, "limit": _SHOWN_IDS})
                if rows:
                    return query | _of(rows)
        return self._about(accounts[0]) if accounts else {}

    def _queries(self, resource: str, about: Values) -> Iterator[Values]:
        if resource != "comments":
            yield about
            return
        for content in self._rows("contents.list", {**about, "limit": _CONTENTS_WITH_COMMENTS}):
            yield {**about, "content_id": content["id"]}

    def _about(self, account: Mapping[str, typing.Any]) -> Values:
        last_day = self._simulation.now(self._developer_id).date()
        return {
            "account_id": account["id"],
            "user_id": account["user"]["id"],
            "work_platform_id": account["work_platform"]["id"],
            **dict.fromkeys(_FIRST_DAYS, (last_day - _PERIOD).isoformat()),
            **dict.fromkeys(_LAST_DAYS, last_day.isoformat()),
        }

    def _accounts(self) -> list[dict[str, typing.Any]]:
        """Return accounts, connected ones first."""
        rows = self._rows("accounts.list", {"limit": _MOST_ACCOUNTS})
        return sorted(rows, key=lambda account: account["status"] != "CONNECTED")

    def _free_external_id(self) -> str:
        names = (f"crm-{number}" for number in itertools.count(42))
        return next(name for name in names if not self._is_user(name))

    def _is_user(self, external_id: str) -> bool:
        path = {"external_id": external_id}
        return self._body("users.get_by_external_id", {}, path) is not None

    def _rows(self, operation_id: str, query: Values) -> list[dict[str, typing.Any]]:
        body = self._body(operation_id, query)
        return [] if body is None else orjson.loads(body)["data"]

    def _body(
        self, operation_id: str, query: Values, path: Mapping[str, str] | None = None
    ) -> bytes | None:
        handle = self._handlers.get(operation_id)
        if handle is None:
            # Some resources have no list.
            return None
        try:
            context = RequestContext(
                operation_id=operation_id,
                developer_id=self._developer_id,
                path=path or {},
                query=query,
            )
            return handle(context).body
        except ApiError:
            return None


def _of(rows: list[dict[str, typing.Any]]) -> Values:
    """Return the values that name the first of some rows; a search names all of them."""
    if not rows:
        return {}
    named = {key: rows[0].get(key) for key in ("id", "external_id", "type")}
    return {**named, "ids": [row["id"] for row in rows]}


def _least_needed(accounts: list[dict[str, typing.Any]], found: Mapping[str, Values]) -> str | None:
    """Return the connected account that the other examples need least."""
    connected: list[str] = [each["id"] for each in accounts if each["status"] == "CONNECTED"]
    wanted = {value for values in found.values() for value in values.values() if _is_text(value)}
    return next((each for each in reversed(connected) if each not in wanted), None) or next(
        reversed(connected), None
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str)
