"""A simulation on a wall clock that tests hold, one developer in it, and the document's schemas."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import functools
import json
import re
import typing

import jsonschema_rs
import pytest
from published_document import DOCUMENT

from insightiq_mock.db import Selection, Store
from insightiq_mock.resources import accounts, make_simulation
from insightiq_mock.resources.platforms import PLATFORMS, PlatformName
from insightiq_mock.resources.users import USERS
from insightiq_mock.simulation import WORLD_EPOCH, Simulation

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from insightiq_mock.simulation import Job

WALL = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
DEVELOPER = "11111111-1111-4111-8111-111111111111"

ALL_PRODUCTS = (
    "IDENTITY",
    "IDENTITY.AUDIENCE",
    "ENGAGEMENT",
    "ENGAGEMENT.AUDIENCE",
    "INCOME",
    "PUBLISH.CONTENT",
    "ACTIVITY",
)

_FORMATS = {
    "date-time-local": lambda text: dt.datetime.fromisoformat(text).tzinfo is None,
    "date": lambda text: re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None,
}


@dataclasses.dataclass
class Wall:
    """The machine's time, as the tests want it."""

    now: dt.datetime = WALL

    def __call__(self) -> dt.datetime:
        """Return it."""
        return self.now


@dataclasses.dataclass(frozen=True)
class Event:
    """An event, and the developer's time of it."""

    name: str
    data: dict[str, typing.Any]
    at: dt.datetime


class World:
    """One developer of a simulation."""

    def __init__(
        self, simulation: Simulation, *, developer_id: str = DEVELOPER, world: str = "empty"
    ) -> None:
        self.simulation = simulation
        self.developer_id = developer_id
        self.events: list[Event] = []
        self.users = 0
        simulation.create_developer(client_id=developer_id, world=world, clock="frozen")
        simulation.subscribe(self._note)

    def _note(self, developer_id: str, name: str, data: typing.Any) -> None:
        if developer_id == self.developer_id:
            self.events.append(Event(name, dict(data), self.now))

    @property
    def now(self) -> dt.datetime:
        """The developer's present moment."""
        return self.simulation.now(self.developer_id)

    def advance(self, **amount: float) -> list[Job]:
        """Move the clock on."""
        by = dt.timedelta(**amount)
        return list(asyncio.run(self.simulation.advance(self.developer_id, by)).jobs)

    def add_user(self, name: str = "Ann") -> str:
        """Make a user."""
        self.users += 1
        user_id = self.simulation.new_id(self.developer_id)
        user = {
            "name": name,
            "external_id": f"ann-{self.users}",
            "id": user_id,
            "created_at": "2026-10-01T00:00:00.000000",
            "updated_at": "2026-10-01T00:00:00.000000",
            "status": "ACTIVE",
        }
        self.simulation.store.add(self.developer_id, [USERS.record(user)])
        return user_id

    def connect(
        self,
        platform: str,
        products: Sequence[str] = ALL_PRODUCTS,
        *,
        user_id: str | None = None,
        handle: str | None = None,
    ) -> dict[str, typing.Any]:
        """Connect an account."""
        return accounts.connect(
            self.simulation,
            self.developer_id,
            user_id=user_id or self.add_user(),
            work_platform_id=PLATFORMS[PlatformName(platform)].id,
            products=products,
            handle=handle,
        )

    def account(self, account_id: str) -> dict[str, typing.Any]:
        """Return an account as it is now."""
        body = self.simulation.store.get(self.developer_id, "account", account_id)
        assert body is not None
        return json.loads(body)

    def every(self, kind: str, account_id: str | None = None) -> list[dict[str, typing.Any]]:
        """Return all resources of a kind, newest first; of one account, if given."""
        selection = Selection(limit=1_000_000)
        bodies = self.simulation.store.page(self.developer_id, kind, selection)
        resources = [json.loads(body) for body in bodies]
        return [
            each for each in resources if account_id is None or each["account"]["id"] == account_id
        ]

    def emitted(self, *names: str) -> list[Event]:
        """Return the events of those names."""
        return [event for event in self.events if event.name in names]


class Contract:
    """The components of the document."""

    def __init__(self) -> None:
        self._components = self._as_json_schema(DOCUMENT["components"])

    def _as_json_schema(self, node: typing.Any) -> typing.Any:
        if isinstance(node, list):
            return [self._as_json_schema(each) for each in node]
        if not isinstance(node, dict):
            return node
        rewritten = {
            key: self._as_json_schema(value) for key, value in node.items() if key != "nullable"
        }
        if node.get("nullable") is True and isinstance(node.get("type"), str):
            rewritten["type"] = [node["type"], "null"]
        return rewritten

    def check(self, name: str, value: typing.Any) -> None:
        """Fail unless the value is what the component describes."""
        self._validator(name).validate(value)

    @functools.cache  # noqa: B019 - one object, for the whole run
    def _validator(self, name: str) -> jsonschema_rs.Validator:
        return jsonschema_rs.Draft202012Validator(
            {"$ref": f"#/components/schemas/{name}", "components": self._components},
            formats=_FORMATS,
            validate_formats=True,
        )


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The document."""
    return Contract()


@pytest.fixture
def wall() -> Wall:
    """The machine's time."""
    return Wall()


@pytest.fixture
def simulation(wall: Wall) -> Iterator[Simulation]:
    """A simulation without developers."""
    with Store.open(None) as store:
        yield make_simulation(store, wall_clock=wall)


@pytest.fixture
def world(simulation: Simulation) -> World:
    """A developer who owns nothing, whose clock stands at the present of seeded worlds."""
    return World(simulation)


@pytest.fixture
def seeded(simulation: Simulation) -> World:
    """A developer with the small world, whose clock stands at its present."""
    return World(simulation, world="small")


@pytest.fixture
def epoch() -> dt.datetime:
    """The present of seeded worlds."""
    return WORLD_EPOCH
