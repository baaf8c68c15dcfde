"""A world in memory, and a caller that holds every response against the document."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import functools
import json
import re
import typing

import jsonschema_rs
import openapi_document
import pytest
from published_document import DOCUMENT

from insightiq_mock.context import ApiError, RequestContext
from insightiq_mock.db import Selection, Store
from insightiq_mock.resources import make_handlers, make_simulation
from insightiq_mock.simulation import Simulation

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from insightiq_mock.context import Handler

DEVELOPER = "11111111-1111-4111-8111-111111111111"

NOW = dt.datetime(2026, 11, 1, 15, 30, 45, 123456, tzinfo=dt.UTC)

_FORMATS = {
    "date-time-local": lambda text: dt.datetime.fromisoformat(text).tzinfo is None,
    "date": lambda text: re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None,
}


def _as_json_schema(node: typing.Any) -> typing.Any:
    """Rewrite a part of the document: ``nullable`` beside ``type`` becomes a second type."""
    if isinstance(node, list):
        return [_as_json_schema(each) for each in node]
    if not isinstance(node, dict):
        return node
    rewritten = {key: _as_json_schema(value) for key, value in node.items() if key != "nullable"}
    if node.get("nullable") is True and isinstance(node.get("type"), str):
        rewritten["type"] = [node["type"], "null"]
    return rewritten


class Contract:
    """The document, as far as responses are concerned."""

    def __init__(self) -> None:
        self._document = DOCUMENT
        self._components = _as_json_schema(self._document["components"])
        self.operations = {
            operation.id: operation for operation in openapi_document.operations(self._document)
        }

    def check(self, operation_id: str, status: int, body: bytes | None) -> typing.Any:
        """Fail unless the operation may respond like this; return the parsed body."""
        responses = self.operations[operation_id].data["responses"]
        assert str(status) in responses, f"{operation_id} documents no {status}"
        response = openapi_document.resolve(self._document, responses[str(status)])
        if "content" not in response:
            assert not body
            return None
        assert body is not None
        value = json.loads(body)
        schema = response["content"]["application/json"]["schema"]
        self._validator(schema["$ref"]).validate(value)
        return value

    def check_component(self, name: str, value: typing.Any) -> None:
        """Fail unless the value is what the component describes."""
        self._validator(f"#/components/schemas/{name}").validate(value)

    def documents(self, operation_id: str, status: int) -> bool:
        """Return whether the operation may respond with the status."""
        return str(status) in self.operations[operation_id].data["responses"]

    @functools.cache  # noqa: B019 - one object, for the whole run
    def _validator(self, reference: str) -> jsonschema_rs.Validator:
        return jsonschema_rs.Draft202012Validator(
            {"$ref": reference, "components": self._components},
            formats=_FORMATS,
            validate_formats=True,
        )


@dataclasses.dataclass
class Api:
    """Calls handlers as the web layer does, for one developer, whose clock stands still."""

    simulation: Simulation
    contract: Contract
    developer_id: str = DEVELOPER

    def __post_init__(self) -> None:
        self.handlers: dict[str, Handler] = make_handlers(self.simulation)

    @property
    def store(self) -> Store:
        return self.simulation.store

    @property
    def now(self) -> dt.datetime:
        """The developer's present moment."""
        return self.simulation.now(self.developer_id)

    def pass_time(self, **amount: float) -> None:
        """Move the clock on, and let happen what comes due."""
        asyncio.run(self.simulation.advance(self.developer_id, dt.timedelta(**amount)))

    def response(
        self,
        operation_id: str,
        *,
        path: Mapping[str, str] | None = None,
        body: typing.Any = None,
        **query: typing.Any,
    ) -> typing.Any:
        """Return the parsed response, which must fit the document."""
        call = RequestContext(
            operation_id=operation_id,
            developer_id=self.developer_id,
            path=path or {},
            query=query,
            body=body,
        )
        response = self.handlers[operation_id](call)
        return self.contract.check(operation_id, response.status, response.body)

    def error(self, operation_id: str, **arguments: typing.Any) -> tuple[int, str, str]:
        """Return status, type and code of a rejection, whose status must be documented."""
        with pytest.raises(ApiError) as caught:
            self.response(operation_id, **arguments)
        assert self.contract.documents(operation_id, caught.value.status)
        assert caught.value.message.endswith(".")
        return caught.value.status, caught.value.type, caught.value.code

    def every(self, kind: str) -> list[typing.Any]:
        """Return all of the developer's resources of a kind, straight from the store."""
        bodies = self.store.page(self.developer_id, kind, Selection(limit=1_000_000))
        return [json.loads(body) for body in bodies]

    def account(self, platform: str, status: str = "CONNECTED") -> typing.Any:
        """Return the account of the platform that has most history, in the given state."""
        accounts = [
            account
            for account in self.every("account")
            if account["work_platform"]["name"] == platform and account["status"] == status
        ]
        return min(accounts, key=lambda account: account["created_at"])

    def as_developer(self, developer_id: str) -> Api:
        """Return the same server seen by another developer, who owns nothing yet."""
        if not self.simulation.has_developer(developer_id):
            make_developer(self.simulation, developer_id, "empty")
        return Api(self.simulation, self.contract, developer_id)


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The document."""
    return Contract()


def make_developer(
    simulation: Simulation, developer_id: str = DEVELOPER, world: str = "small", seed: int = 7
) -> None:
    """Make a developer whose clock stands still at ``NOW``."""
    simulation.create_developer(client_id=developer_id, seed=seed, world=world, clock="frozen")
    simulation.set_clock(developer_id, mode="frozen", at=NOW)


@pytest.fixture(scope="session")
def _shared_world(contract: Contract) -> Iterator[Api]:
    with Store.open(None) as store:
        simulation = make_simulation(store, wall_clock=lambda: NOW)
        make_developer(simulation)
        yield Api(simulation, contract)


@pytest.fixture
def world(_shared_world: Api) -> Api:
    """A seeded world that tests only read."""
    return _shared_world


@pytest.fixture(scope="session", params=[7, 8, 9])
def any_world(request: pytest.FixtureRequest, contract: Contract) -> Iterator[Api]:
    """Worlds of several seeds that tests only read."""
    with Store.open(None) as store:
        simulation = make_simulation(store, wall_clock=lambda: NOW)
        make_developer(simulation, seed=request.param)
        yield Api(simulation, contract)


@pytest.fixture
def own_world(contract: Contract) -> Iterator[Api]:
    """A seeded world of the test's own, to be changed."""
    with Store.open(None) as store:
        simulation = make_simulation(store, wall_clock=lambda: NOW)
        make_developer(simulation)
        yield Api(simulation, contract)


@pytest.fixture
def empty(contract: Contract) -> Iterator[Api]:
    """A developer who owns nothing yet."""
    with Store.open(None) as store:
        simulation = make_simulation(store, wall_clock=lambda: NOW)
        make_developer(simulation, world="empty")
        yield Api(simulation, contract)
