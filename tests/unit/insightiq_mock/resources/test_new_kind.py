"""A new kind of resource takes a module of its own and two lines of the bindings."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import typing

import pytest

from insightiq_mock.context import ApiError, RequestContext
from insightiq_mock.db import Column, Store, format_timestamp
from insightiq_mock.resources import make_handlers, make_simulation
from insightiq_mock.resources.bindings import OPERATIONS, RESOURCES, SYNCED
from insightiq_mock.resources.resource import Resource

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from insightiq_mock.resources.resource import Json, SyncContext
    from insightiq_mock.resources.seed_accounts import SeedAccount

# The module of the family.


def _make_podcasts(account: SeedAccount, _: Mapping[str, list[Json]]) -> Iterator[Json]:
    for number in range(3 if account.timeline.syncs else 0):
        published_at = account.timeline.created_at - dt.timedelta(days=number)
        yield {
            "id": account.ids.of(PODCASTS, number),
            "created_at": format_timestamp(published_at),
            "updated_at": format_timestamp(published_at),
            **account.references,
            "title": account.stream.child(f"podcast {number}").choice(("News", "Talk", "Music")),
            "published_at": format_timestamp(published_at),
        }


def _sync_podcasts(context: SyncContext) -> None:
    podcast = {
        "id": context.stream.uuid(),
        **context.seed_account.references,
        "title": "New",
        "published_at": format_timestamp(context.until),
    }
    context.add_and_emit(PODCASTS, "PODCASTS.ADDED", [podcast])


PODCASTS = Resource(
    "podcast",
    order="published_at",
    columns={Column.ACCOUNT_ID: "account.id"},
    filters={"account_id": Column.ACCOUNT_ID},
    of_account=True,
    window=("from_date", "to_date"),
    product="engagement",
    sync=_sync_podcasts,
    seed=_make_podcasts,
    seed_number=9,
)

# The two lines of the bindings.

BOUND = {**RESOURCES, "podcasts": PODCASTS}
BOUND_OPERATIONS = {**OPERATIONS, "podcasts": SYNCED}


class Api:
    """Calls the handlers of a developer with a small world, whose clock stands still."""

    def __init__(self, store: Store) -> None:
        self.simulation = make_simulation(store, resources=BOUND)
        self.simulation.create_developer(client_id="ann", clock="frozen")
        self.events: list[str] = []
        self.simulation.subscribe(lambda _, event, __: self.events.append(event))
        self.handlers = make_handlers(self.simulation, resources=BOUND, operations=BOUND_OPERATIONS)
        accounts = self.call("accounts.list", query={"limit": 100})["data"]
        self.account_id = next(
            each["id"] for each in accounts if each["work_platform"]["name"] == "YouTube"
        )

    def call(self, operation_id: str, **request: typing.Any) -> typing.Any:
        """Return the body of a response."""
        context = RequestContext(operation_id=operation_id, developer_id="ann", **request)
        return json.loads(self.handlers[operation_id](context).body)

    def list(self, **query: typing.Any) -> list[Json]:
        """Return the account's podcasts."""
        return self.call("podcasts.list", query={"account_id": self.account_id, **query})["data"]

    def pass_seconds(self, seconds: float) -> None:
        """Advance the clock."""
        asyncio.run(self.simulation.advance("ann", dt.timedelta(seconds=seconds)))


@pytest.fixture
def api() -> Iterator[Api]:
    """The handlers of all kinds, the new one included."""
    with Store.open(None) as store:
        yield Api(store)


def test_seed_data_is_listed_and_got(api: Api) -> None:
    podcasts = api.list()
    assert len(podcasts) == 3
    assert podcasts == sorted(podcasts, key=lambda each: each["published_at"], reverse=True)
    day = podcasts[1]["published_at"][:10]
    assert api.list(from_date=day, to_date=day) == [podcasts[1]]
    assert api.call("podcasts.get", path={"id": podcasts[2]["id"]}) == podcasts[2]
    ids = [podcasts[2]["id"], podcasts[0]["id"]]
    assert api.call("podcasts.search", body={"ids": ids})["data"] == [podcasts[2], podcasts[0]]


def test_seed_data_is_found_by_id_before_any_list(api: Api) -> None:
    with Store.open(None) as store:
        podcast = Api(store).list()[0]
    assert api.call("podcasts.get", path={"id": podcast["id"]}) == podcast


def test_unknown_id_gives_404_with_noun(api: Api) -> None:
    with pytest.raises(ApiError, match="no podcast with id") as caught:
        api.call("podcasts.get", path={"id": "99999999-9999-4999-8999-999999999999"})
    assert (caught.value.status, caught.value.code) == (404, "incorrect_podcast_id")


def test_refresh_syncs_it_and_emits_event(api: Api) -> None:
    api.call("podcasts.refresh", body={"account_id": api.account_id})
    api.pass_seconds(10)
    assert api.list()[0]["title"] == "New"
    assert api.events == ["PODCASTS.ADDED"]


def test_fetch_historic_syncs_older_window(api: Api) -> None:
    before = len(api.list())
    body = {"account_id": api.account_id, "from_date": "2020-01-01"}
    api.call("podcasts.fetch_historic", body=body)
    api.pass_seconds(10)
    assert len(api.list()) == before + 1
    assert api.list()[-1]["title"] == "New"


def test_daily_sync_of_product_includes_it(api: Api) -> None:
    api.pass_seconds(2 * 86_400)
    assert [each["title"] for each in api.list()].count("New") == 2
