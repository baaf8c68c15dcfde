"""One visit at a platform: for whom, when, what to look for, and where to put what is found."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import typing

import orjson

from insightiq_mock.db import Column, Kind, Selection, format_timestamp, record_of

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from insightiq_mock.simulation.simulation import Simulation
    from insightiq_mock.world.channels import Channel
    from insightiq_mock.world.stream import Stream

__all__ = ["Reach", "Visit", "Window", "parsed_moment"]

_ALL: typing.Final = 1_000_000
_MOST_IDS: typing.Final = 100

_BY_NATURAL_KEY: typing.Final = (Kind.AUDIENCE,)


def parsed_moment(text: str) -> dt.datetime:
    """Read a timestamp of the wire as an aware moment."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


class Reach(enum.Enum):
    """What a visit looks for."""

    FIRST = enum.auto()
    """Everything: nothing of the product is known yet."""
    ROUTINE = enum.auto()
    """What is new, and what has changed in the last 90 days."""
    POLL = enum.auto()
    """The youngest items alone, for stories."""
    HISTORIC = enum.auto()
    """Older things than are known."""


@dataclasses.dataclass(frozen=True, slots=True)
class Window:
    """When a visit takes place, and what is new to it.

    Attributes:
        at: When it takes place: everything found bears this moment.
        since: Things that appeared after this moment are new ...
        until: ... up to this one; before ``at`` only where older things are looked for.
        reach: What it looks for.
    """

    at: dt.datetime
    since: dt.datetime
    until: dt.datetime
    reach: Reach = Reach.ROUTINE


@dataclasses.dataclass(frozen=True, slots=True)
class Visit:
    """A visit.

    Attributes:
        simulation: Where it takes place.
        developer_id: In whose world.
        path: Names the chance that hangs on the account.
        account: Of which account; whoever makes the visit keeps its state.
        channel: The same account as the makers of `world` know it; its timeline spans the window.
        stream: Chance of this visit alone.
        window: When it takes place, and what is new to it.
    """

    simulation: Simulation
    developer_id: str
    path: tuple[str, ...]
    account: dict[str, typing.Any]
    channel: Channel
    stream: Stream
    window: Window

    @property
    def at(self) -> dt.datetime:
        """When it takes place."""
        return self.window.at

    @property
    def since(self) -> dt.datetime:
        """Things that appeared after this moment are new."""
        return self.window.since

    @property
    def until(self) -> dt.datetime:
        """Things that appeared up to this moment are new."""
        return self.window.until

    @property
    def is_first(self) -> bool:
        """Whether nothing of the product is known yet."""
        return self.window.reach is Reach.FIRST

    @property
    def is_poll(self) -> bool:
        """Whether it looks at the youngest items alone."""
        return self.window.reach is Reach.POLL

    @property
    def is_historic(self) -> bool:
        """Whether it looks for older things than are known."""
        return self.window.reach is Reach.HISTORIC

    @property
    def account_id(self) -> str:
        """Id of the account."""
        account_id: str = self.account["id"]
        return account_id

    @property
    def sells(self) -> bool:
        """Whether the account carries commerce data; only a seeded one does (see `world`)."""
        return bool(self.stored(Kind.COMMERCE_BALANCE, most=1))

    def stored(
        self, kind: Kind, *, since: dt.datetime | None = None, most: int = _ALL
    ) -> list[dict[str, typing.Any]]:
        """Return the account's resources of a kind, newest first; from a day on, if given."""
        store = self.simulation.store
        if kind in _BY_NATURAL_KEY:
            body = store.find(self.developer_id, kind, self.account_id)
            return [] if body is None else [orjson.loads(body)]
        selection = Selection(
            limit=most,
            equal={Column.ACCOUNT_ID: self.account_id},
            from_date=None if since is None else since.date().isoformat(),
        )
        return [orjson.loads(body) for body in store.page(self.developer_id, kind, selection)]

    def comments_under(self, content_id: str) -> int:
        """Return how many comments on an item are known."""
        selection = Selection(limit=_ALL, equal={Column.CONTENT_ID: content_id})
        return len(self.simulation.store.page(self.developer_id, Kind.COMMENT, selection))

    def add(self, kind: Kind, resources: Sequence[Mapping[str, typing.Any]]) -> list[str]:
        """Keep what was found, and return the ids."""
        if resources:
            records = [record_of(kind, resource) for resource in resources]
            self.simulation.store.add(self.developer_id, records)
        return [resource["id"] for resource in resources]

    def replace(self, kind: Kind, resource: Mapping[str, typing.Any]) -> None:
        """Keep the new state of what was known."""
        self.simulation.store.replace(self.developer_id, record_of(kind, resource))

    def seen(self, resource: Mapping[str, typing.Any]) -> dict[str, typing.Any]:
        """Return a resource of the makers as this visit finds it: new at this moment."""
        moment = format_timestamp(self.at)
        return {**resource, "created_at": moment, "updated_at": moment}

    def tell(self, event: str, **more: str) -> None:
        """Tell that something about the account happened (evidence.md#webhook-events)."""
        self.simulation.emit(self.developer_id, event, self._data(more))

    def tell_items(self, event: str, ids: Iterable[str]) -> None:
        """Tell which items are new or changed: at most 100 in one notification (evidence.md#webhook-payload)."""
        every = list(dict.fromkeys(ids))
        for first in range(0, len(every), _MOST_IDS):
            data = self._data({"items": every[first : first + _MOST_IDS]})
            self.simulation.emit(self.developer_id, event, data)

    def _data(self, more: Mapping[str, typing.Any]) -> dict[str, typing.Any]:
        last = {"last_updated_time": format_timestamp(self.at)}
        identity = {"account_id": self.account_id, "user_id": self.account["user"]["id"]}
        if "items" in more:
            return {**identity, **last, **more}
        return {**identity, **more, **last}
