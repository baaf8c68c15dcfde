"""Asking for data anew, or for older data: accepted at once, done later, and reported."""

from __future__ import annotations

import datetime as dt
import typing

from contract_testing.layers.scenarios import receiving
from contract_testing.layers.scenarios.lookups import NOBODY
from contract_testing.layers.scenarios.rows import widest_window
from contract_testing.layers.scenarios.scene import Needs, Scenarios, broken, hold
from insightiq import errors
from insightiq.testing import FakeClock

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from openapi_document import Operation

    from contract_testing.layers.scenarios.scene import Scene
    from contract_testing.run import Run
    from insightiq_mock.control import MockControl

__all__ = ["SCENARIOS"]

Json: typing.TypeAlias = typing.Any

SCENARIOS = Scenarios()

_YEARS: typing.Final = 2


class _WorldClock(FakeClock):
    """Moves the mock's world instead of waiting."""

    def __init__(self, control: MockControl) -> None:
        super().__init__()
        self._control = control

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self._control.advance(seconds=seconds)


def _of_verb(verb: str) -> typing.Callable[[Run], Iterable[Operation]]:
    return lambda run: [each for each in run.operations if each.verb == verb]


def _account_with(scene: Scene, operation: Operation) -> str | None:
    """Return a connected account that has rows of the operation's resource."""
    listing = f"{operation.resource}.list"
    shape = scene.rows.shapes[listing]
    for row in scene.iq.accounts.list():
        if row.status != "CONNECTED":
            continue
        window = widest_window(shape) if shape.window_required else {}
        query = {"account_id": row.id, **window}
        page = scene.get(shape.operation.path, **query, **{shape.limit: 1})
        if page[shape.items]:
            return row.id
    return None


def _synced(scene: Scene, account_id: str) -> dict[str, Json]:
    """Return when each product was synced, by its path."""
    found: dict[str, Json] = {}
    data = scene.get(f"/v1/accounts/{account_id}")["data"]
    for product, block in data.items():
        found[product] = block.get("last_sync_at")
        if "audience" in block:
            found[f"{product}.audience"] = block["audience"].get("last_sync_at")
    return found


@SCENARIOS.rule(
    "a refresh is accepted at once and done later", Needs.CONTROL, each=_of_verb("refresh")
)
def refreshes(scene: Scene, operation: Operation) -> None:
    """The echo, then a newer sync of a product of the account."""
    account_id = _account_with(scene, operation)
    hold(
        account_id is not None, f"{operation.id}: no connected account of this world has such rows"
    )
    assert account_id is not None
    before = _synced(scene, account_id)
    accepted = getattr(scene.iq, operation.resource).refresh(account_id=account_id)
    hold(
        accepted.to_dict() == {"account_id": account_id},
        f"{operation.id}: the answer says {accepted.to_dict()}",
    )
    scene.control.advance(minutes=5)
    after = _synced(scene, account_id)
    moved = [product for product in after if after[product] != before[product]]
    hold(
        moved, f"{operation.id}: five minutes after a refresh no product of the account was synced"
    )


@SCENARIOS.rule(
    "a refresh brings what the creator has published since, and reports it",
    Needs.CONTROL,
    about=("contents.refresh",),
)
def refreshed_contents(scene: Scene) -> None:
    """Afterwards the new contents are there, and each was reported once."""
    made = scene.control.connect("TikTok", products=["IDENTITY", "ENGAGEMENT"])
    scene.control.advance(hours=1)
    before = {row.id for row in scene.iq.contents.list(account_id=made["id"])}
    hook = receiving.register(scene, ["CONTENTS.ADDED"])
    new = scene.control.add_contents(made["id"], count=3)
    scene.iq.contents.refresh(account_id=made["id"])
    scene.control.advance(minutes=5)
    there = {row.id for row in scene.iq.contents.list(account_id=made["id"])}
    hold(
        set(new) <= there,
        f"contents.refresh brought {len(there & set(new))} of {len(new)} new contents",
    )
    told = [
        item
        for _, payload in receiving.told(scene, hook)
        if payload["data"]["account_id"] == made["id"]
        for item in payload["data"]["items"]
    ]
    # The creator may have published of their own accord since the first sync, too.
    hold(
        sorted(told) == sorted(there - before),
        f"CONTENTS.ADDED told of {len(told)} contents; {len(there - before)} are new",
    )


@SCENARIOS.rule(
    "older data is fetched back to the day asked for",
    Needs.CONTROL,
    each=_of_verb("fetch_historic"),
)
def histories(scene: Scene, operation: Operation) -> None:
    """The echo, older rows, and none that is older than asked for."""
    account_id = _account_with(scene, operation)
    hold(
        account_id is not None, f"{operation.id}: no connected account of this world has such rows"
    )
    assert account_id is not None
    shape = scene.rows.shapes[f"{operation.resource}.list"]
    assert shape.moment is not None
    window = widest_window(shape) if shape.window_required else {}
    query = {"account_id": account_id, **window}
    before = scene.rows_of(shape, query)
    oldest = min(row[shape.moment] for row in before)
    day = dt.date.fromisoformat(oldest[:10]) - dt.timedelta(days=365 * _YEARS)
    accepted = getattr(scene.iq, operation.resource).fetch_historic(
        account_id=account_id, from_date=day
    )
    hold(
        accepted.to_dict() == {"account_id": account_id, "from_date": day.isoformat()},
        f"{operation.id}: asked for {day}, the answer says {accepted.to_dict()}",
    )
    scene.control.advance(minutes=30)
    after = scene.rows_of(shape, query)
    ids = {row["id"] for row in after}
    hold(len(ids) == len(after), f"{operation.id} doubled rows")
    hold(
        ids >= {row["id"] for row in before},
        f"{operation.id}: rows that were there before are gone",
    )
    early = [row[shape.moment] for row in after if row[shape.moment][:10] < day.isoformat()]
    hold(not early, f"{operation.id}: asked for {day}, it brought a row of {early[:1]}")
    blocks = scene.get(f"/v1/accounts/{account_id}")["data"]
    starts = [
        block["data_available_from"] for block in blocks.values() if "data_available_from" in block
    ]
    hold(
        any(str(start)[:10] <= day.isoformat() for start in starts),
        f"{operation.id}: data_available_from is {starts}; data since {day} was asked for",
    )


def _asynchronous(run: Run) -> Iterable[Operation]:
    return [each for each in run.operations if each.verb in {"refresh", "fetch_historic"}]


@SCENARIOS.rule(
    "nothing is fetched of an account that is not there or cut off",
    Needs.CONTROL,
    each=_asynchronous,
)
def not_there(scene: Scene, operation: Operation) -> None:
    """404 for nobody's account, 403 for a disconnected one."""
    cut = next(each for each in scene.iq.accounts.list() if each.status == "NOT_CONNECTED")
    method = getattr(getattr(scene.iq, operation.resource), operation.verb)
    more = {"from_date": dt.date(2026, 1, 1)} if operation.verb == "fetch_historic" else {}
    for account_id, kind in (
        (NOBODY, errors.NotFoundError),
        (cut.id, errors.PermissionDeniedError),
    ):
        try:
            method(account_id=account_id, **more)
        except errors.APIStatusError as error:
            hold(
                isinstance(error, kind),
                f"{operation.id}: account {account_id} gives {error.status_code}, expected {kind.__doc__}",
            )
        else:
            broken(f"{operation.id} is accepted for account {account_id}")


@SCENARIOS.rule(
    "who waits for an account gets it when all of its products are synced",
    Needs.CONTROL,
    about=("accounts.get",),
)
def waiting(scene: Scene) -> None:
    """Right after a connection, with a clock that moves the world along."""
    made = scene.control.connect("TikTok", products=["IDENTITY", "ENGAGEMENT"])
    with scene.server.client(clock=_WorldClock(scene.control)) as client:
        account = client.accounts.wait_until_synced(made["id"])
    states = {product: block["status"] for product, block in account.data.to_dict().items()}
    hold(
        set(states.values()) == {"SYNCED"},
        f"accounts.wait_until_synced: it ended while the products were {states}",
    )
    hold(
        scene.iq.accounts.get(made["id"]) == account,
        "accounts.wait_until_synced: the account is not the one that accounts.get gives",
    )
