"""What a notification made by hand is about: ids from the developer's own world."""

from __future__ import annotations

import typing

import orjson

from insightiq_mock.control.refusals import unknown_account, unknown_event
from insightiq_mock.db import Column, Kind, Selection, format_timestamp

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from insightiq_mock.openapi import Document
    from insightiq_mock.simulation import Simulation

__all__ = ["EventData"]

_ITEMS: typing.Final = 5

# What the ids of an event are ids of; transactions and payouts are social or commerce (evidence.md#webhook-events), and
# one notification holds one sort: as syncs send it, social rather than commerce.
_KINDS: typing.Final[Mapping[str, tuple[Kind, ...]]] = {
    "CONTENTS": (Kind.CONTENT,),
    "CONTENTS_COMMENTS": (Kind.CONTENT,),
    "CONTENT-GROUPS": (Kind.CONTENT_GROUP,),
    "TRANSACTIONS": (Kind.SOCIAL_TRANSACTION, Kind.COMMERCE_TRANSACTION),
    "PAYOUTS": (Kind.SOCIAL_PAYOUT, Kind.COMMERCE_PAYOUT),
    "BALANCES": (Kind.COMMERCE_BALANCE,),
}


class EventData:
    """Knows the document's events, and finds data for them."""

    def __init__(self, document: Document, simulation: Simulation) -> None:
        self._simulation = simulation
        self._store = simulation.store
        self._examples = dict(_examples(document))

    def check(self, event: str) -> None:
        """Refuse an event that the document does not know.

        Raises:
            ApiError: 400, with the closest name.
        """
        if event not in self._examples:
            raise unknown_event(event, self._examples)

    def plausible(
        self, developer_id: str, event: str, account_id: str | None
    ) -> tuple[dict[str, typing.Any], list[str]]:
        """Return data of ``event`` as the API would send it, and the keys whose ids lead nowhere.

        What the world has nothing for, such as the jobs of operations outside the document, is
        taken from the document's example.
        """
        data = dict(self._examples[event])
        found: dict[str, typing.Any] = {}
        account = None
        if "account_id" in data:
            account = self._account(developer_id, event, account_id)
        if account is not None:
            found |= {"account_id": account["id"], "user_id": account["user"]["id"]}
            profiles = self._ids(developer_id, Kind.PROFILE, account["id"])
            if "profile_id" in data and profiles:
                found["profile_id"] = profiles[0]
            items = self._items(developer_id, event, account["id"])
            if "items" in data and items:
                found["items"] = items
            if "last_updated_time" in data:
                data["last_updated_time"] = format_timestamp(self._simulation.now(developer_id))
        ids = {name for name in data if name.endswith("_id") or name == "items"}
        return data | found, sorted(ids - found.keys())

    def receivers(self, developer_id: str, event: str) -> list[str]:
        """Return the addresses of the active webhooks that ask for ``event``."""
        webhooks = self._resources(developer_id, Kind.WEBHOOK, {}, 1_000_000)
        return [
            webhook["url"]
            for webhook in webhooks
            if webhook["is_active"] and event in webhook["events"]
        ]

    def _account(
        self, developer_id: str, event: str, account_id: str | None
    ) -> dict[str, typing.Any] | None:
        if account_id is not None:
            body = self._store.get(developer_id, Kind.ACCOUNT, account_id)
            if body is None:
                raise unknown_account(account_id)
            account: dict[str, typing.Any] = orjson.loads(body)
            return account
        accounts = list(self._resources(developer_id, Kind.ACCOUNT, {}, 100))
        connected = [each for each in accounts if each["status"] == "CONNECTED"]
        for kind in _KINDS.get(_family(event), (Kind.PROFILE,)):
            for each in connected:
                if self._ids(developer_id, kind, each["id"]):
                    return each
        return next(iter(connected or accounts), None)

    def _items(self, developer_id: str, event: str, account_id: str) -> list[str]:
        every = (
            self._ids(developer_id, kind, account_id) for kind in _KINDS.get(_family(event), ())
        )
        return next((ids for ids in every if ids), list[str]())

    def _ids(self, developer_id: str, kind: Kind, account_id: str) -> list[str]:
        equal = {Column.ACCOUNT_ID: account_id}
        return [each["id"] for each in self._resources(developer_id, kind, equal, _ITEMS)]

    def _resources(
        self, developer_id: str, kind: Kind, equal: Mapping[Column, str], limit: int
    ) -> Iterator[dict[str, typing.Any]]:
        selection = Selection(limit=limit, equal=equal)
        return map(orjson.loads, self._store.page(developer_id, kind, selection))


def _family(event: str) -> str:
    return event.partition(".")[0]


def _examples(document: Document) -> Iterator[tuple[str, dict[str, typing.Any]]]:
    """Yield each event of the document with an example of its data."""
    for schema in document.data.get("components", {}).get("schemas", {}).values():
        discriminator = schema.get("discriminator", {})
        if discriminator.get("propertyName") != "event":
            continue
        for event, reference in discriminator.get("mapping", {}).items():
            properties = document.resolve({"$ref": reference}).get("properties", {})
            yield event, properties.get("data", {}).get("example", {})
