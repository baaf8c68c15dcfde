"""Kinds of resources, and the syncs of an account that collect them."""

from __future__ import annotations

import dataclasses
import enum
import typing

import orjson

from insightiq_mock.db import Column, Record, Selection, encode, format_timestamp
from insightiq_mock.simulation import RandomStream

from .seed_accounts import (
    account_path,
    creator_of,
    first_followers,
    observed,
    stored_account,
)

if typing.TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from insightiq_mock.simulation import Simulation

    from .seed_accounts import SeedAccount

__all__ = ["Json", "Resource", "SyncContext", "SyncScope", "SyncWindow", "start_sync"]

Json: typing.TypeAlias = dict[str, typing.Any]

_ALL: typing.Final = 1_000_000
_MOST_IDS: typing.Final = 100

_UNKNOWN_FOLLOWERS: typing.Final = 500
"""On platforms whose profile counts none."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One kind of resource: everything about it but the operations, see `bindings`.

    Attributes:
        kind: The noun under which it is stored, and that error codes and messages use.
        order: The key by which lists are sorted, newest first (evidence.md#pagination: accounts by
            ``updated_at``, contents by ``published_at``; the others as evidence.md#open-question-11
            proposes). Date windows apply to it.
        columns: Values that are stored beside the JSON, so that queries find them, by the path of
            their key.
        filters: Query parameters by which its list may be narrowed; an unknown value gives an empty
            list (evidence.md#open-question-5), or 400 where a setting says so. Parameters that no
            resource names, such as ``filters`` and the ``type`` of social payouts, have no effect
            (evidence.md#open-question-10).
        any_case: Filters whose values are names, compared without case: an ASSUMPTION, as the vendor
            itself ships the name of a platform in lower case.
        of_account: Whether its list requires ``account_id``; an unknown one gives 404
            (evidence.md#open-question-5).
        of_content: Whether it requires ``content_id`` too; one that is not the account's gives 404.
        window: Query parameters of its list with the first and the last day, both inclusive.
        bare_metadata: Whether the list's metadata is null when the caller passes neither limit nor
            offset, as that of webhooks is (evidence.md#pagination).
        product: Name of the product whose sync brings it.
        sync: Collects it in a sync.
        seed: Makes an account's seed data, given the account and what was made before, by kind.
        seed_number: Number of the kind in the ids of seed data; it must never change.
    """

    kind: str
    _: dataclasses.KW_ONLY
    order: str
    columns: Mapping[Column, str] = dataclasses.field(default_factory=dict[Column, str])
    filters: Mapping[str, Column] = dataclasses.field(default_factory=dict[str, Column])
    any_case: frozenset[str] = frozenset()
    of_account: bool = False
    of_content: bool = False
    window: tuple[str, str] | None = None
    bare_metadata: bool = False
    product: str | None = None
    sync: Callable[[SyncContext], None] | None = None
    seed: Callable[[SeedAccount, Mapping[str, list[Json]]], Iterable[Json]] | None = None
    seed_number: int = -1

    def record(self, resource: Mapping[str, typing.Any], *, sort_key: str | None = None) -> Record:
        """Make the record of a resource.

        Args:
            resource: Its JSON value, keys in the order in which they are sent.
            sort_key: Overrides ``order``, for lists whose order is no date.

        Raises:
            TypeError: The resource holds text that UTF-8 cannot carry.
        """
        return Record(
            kind=self.kind,
            id=resource["id"],
            sort_key=resource[self.order] if sort_key is None else sort_key,
            body=encode(resource),
            columns={column: _value(resource, path) for column, path in self.columns.items()},
        )


class SyncScope(enum.Enum):
    """The resources that a sync looks for."""

    FIRST = enum.auto()
    """Everything: nothing of the product is known yet."""
    ROUTINE = enum.auto()
    """New resources, and those that have changed in the last 90 days."""
    POLL = enum.auto()
    """The youngest items alone, for stories."""
    HISTORIC = enum.auto()
    """Older resources than are known."""


@dataclasses.dataclass(frozen=True, slots=True)
class SyncWindow:
    """The moment of a sync, and the time of the resources that are new to it.

    Attributes:
        at: The moment of the sync: everything found gets this moment.
        since: Resources that appeared after this moment are new ...
        until: ... up to this one; before ``at`` only where older ones are looked for.
        scope: The resources that it looks for.
    """

    at: dt.datetime
    since: dt.datetime
    until: dt.datetime
    scope: SyncScope = SyncScope.ROUTINE


@dataclasses.dataclass(frozen=True, slots=True)
class SyncContext:
    """One sync of an account.

    Attributes:
        simulation: The simulation.
        developer_id: The owner of the account.
        path: Path of the account's random streams.
        account: The account's JSON; the caller of `start_sync` stores its state.
        seed_account: The same account as generators know it; its timeline spans the window.
        stream: Random stream of this sync alone.
        window: Its moment, and the time of the resources that are new to it.
    """

    simulation: Simulation
    developer_id: str
    path: tuple[str, ...]
    account: Json
    seed_account: SeedAccount
    stream: RandomStream
    window: SyncWindow

    @property
    def at(self) -> dt.datetime:
        """The moment of the sync."""
        return self.window.at

    @property
    def since(self) -> dt.datetime:
        """Resources that appeared after this moment are new."""
        return self.window.since

    @property
    def until(self) -> dt.datetime:
        """Resources that appeared up to this moment are new."""
        return self.window.until

    @property
    def is_first(self) -> bool:
        """Whether nothing of the product is known yet."""
        return self.window.scope is SyncScope.FIRST

    @property
    def is_poll(self) -> bool:
        """Whether it looks at the youngest items alone."""
        return self.window.scope is SyncScope.POLL

    @property
    def is_historic(self) -> bool:
        """Whether it looks for older resources than are known."""
        return self.window.scope is SyncScope.HISTORIC

    def stored(
        self, resource: Resource, *, since: dt.datetime | None = None, most: int = _ALL
    ) -> list[Json]:
        """Return the account's resources of a kind, newest first; from a day on, if given."""
        store, account_id = self.simulation.store, self.account["id"]
        if Column.ACCOUNT_ID not in resource.columns:
            # One per account, whose id is its natural key.
            body = store.find(self.developer_id, resource.kind, account_id)
            return [] if body is None else [orjson.loads(body)]
        selection = Selection(
            limit=most,
            equal={Column.ACCOUNT_ID: account_id},
            from_date=None if since is None else since.date().isoformat(),
        )
        bodies = store.page(self.developer_id, resource.kind, selection)
        return [orjson.loads(body) for body in bodies]

    def add(self, resource: Resource, values: Sequence[Mapping[str, typing.Any]]) -> list[str]:
        """Store new resources, and return their ids."""
        if values:
            records = [resource.record(value) for value in values]
            self.simulation.store.add(self.developer_id, records)
        return [value["id"] for value in values]

    def replace(self, resource: Resource, value: Mapping[str, typing.Any]) -> None:
        """Store the new state of a resource."""
        self.simulation.store.replace(self.developer_id, resource.record(value))

    def add_and_emit(
        self, resource: Resource, event: str, values: Iterable[Mapping[str, typing.Any]]
    ) -> None:
        """Store generated resources as new at this moment, and emit their event."""
        self.emit_items(event, self.add(resource, [self.seen(each) for each in values]))

    def seen(self, value: Mapping[str, typing.Any]) -> Json:
        """Return a generated resource as this sync finds it: new at this moment."""
        moment = format_timestamp(self.at)
        return {**value, "created_at": moment, "updated_at": moment}

    def emit(self, event: str, **more: str) -> None:
        """Emit an event about the account (evidence.md#webhook-events)."""
        last_updated_time = format_timestamp(self.at)
        data = {**self._ids(), **more, "last_updated_time": last_updated_time}
        self.simulation.emit(self.developer_id, event, data)

    def emit_items(self, event: str, ids: Iterable[str]) -> None:
        """Emit an event about new or changed items: at most 100 in each (evidence.md#webhook-payload)."""
        every = list(dict.fromkeys(ids))
        last_updated_time = format_timestamp(self.at)
        for first in range(0, len(every), _MOST_IDS):
            items = every[first : first + _MOST_IDS]
            data = {**self._ids(), "last_updated_time": last_updated_time, "items": items}
            self.simulation.emit(self.developer_id, event, data)

    def _ids(self) -> dict[str, str]:
        return {"account_id": self.account["id"], "user_id": self.account["user"]["id"]}


def start_sync(
    simulation: Simulation, developer_id: str, account: Json, window: SyncWindow, *, name: str
) -> SyncContext:
    """Start a sync; its random values depend on account, moment and name alone."""
    store, developer = simulation.store, simulation.developer(developer_id)
    body = store.get(developer_id, "user", account["user"]["id"])
    assert body is not None, "an account without its user"
    path = account_path(developer.seed, account["id"])
    seed_account = stored_account(
        path,
        creator_of(developer, orjson.loads(body)),
        account,
        _followers(simulation, developer_id, path, account),
    )
    stream = RandomStream(*path, name, window.at.isoformat())
    return SyncContext(
        simulation=simulation,
        developer_id=developer_id,
        path=path,
        account=account,
        seed_account=observed(seed_account, stream, window.until, window.since.date()),
        stream=stream,
        window=window,
    )


def _followers(
    simulation: Simulation, developer_id: str, path: tuple[str, ...], account: Json
) -> int:
    selection = Selection(limit=1, equal={Column.ACCOUNT_ID: account["id"]})
    for body in simulation.store.page(developer_id, "profile", selection):
        reputation = orjson.loads(body)["reputation"]
        count = reputation["follower_count"] or reputation["subscriber_count"]
        return count or _UNKNOWN_FOLLOWERS
    return first_followers(path)


def _value(resource: Mapping[str, typing.Any], path: str) -> str:
    value: typing.Any = resource
    for key in path.split("."):
        value = value[key]
    return str(value)
