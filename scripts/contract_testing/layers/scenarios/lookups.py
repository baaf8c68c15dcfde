"""One row by its id, many rows by their ids: always the row that was asked for."""

from __future__ import annotations

import typing

import openapi_document

from contract_testing.layers.scenarios.scene import Needs, Scenarios, broken, hold
from insightiq import errors

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from openapi_document import Operation

    from contract_testing.layers.scenarios.scene import Scene
    from contract_testing.run import Run

__all__ = ["NOBODY", "SCENARIOS"]

SCENARIOS = Scenarios()

NOBODY: typing.Final = "00000000-0000-4000-8000-000000000000"
_SOME: typing.Final = 5
_ACCOUNTS: typing.Final = 20


def _listed(run: Run, operation: Operation) -> bool:
    # Of the whole document: also where the list itself is not tested, its rows are asked for.
    every = openapi_document.operations(run.document)
    return any(each.id == f"{operation.resource}.list" for each in every)


def _gets(run: Run) -> Iterable[Operation]:
    found = (
        each for each in run.operations if each.method == "get" and each.path.endswith("/{id}")
    )
    return (each for each in found if _listed(run, each))


def _searches(run: Run) -> Iterable[Operation]:
    return (each for each in run.operations if "x-bulk" in each.data and _listed(run, each))


@SCENARIOS.rule("an id leads to its own row, as the list shows it", each=_gets)
def gets_are_rows(scene: Scene, operation: Operation) -> None:
    """Rows of the list, one by one."""
    rows = scene.rows.of(f"{operation.resource}.list").rows
    for row in [*rows[:_SOME], *rows[-2:]]:
        got = scene.get(operation.path.replace("{id}", row["id"]))
        hold(
            got.get("id") == row["id"],
            f"{operation.id}: asked for {row['id']}, the answer is about {got.get('id')}",
        )
        differing = sorted(key for key in {*got, *row} if got.get(key) != row.get(key))
        hold(
            not differing,
            f"{operation.id}: {row['id']} differs from its row in the list under {differing}",
        )


@SCENARIOS.rule("an id in capitals leads to its row", each=_gets)
def capitals(scene: Scene, operation: Operation) -> None:
    """RFC 9562, 4: a UUID is read in letters of either size."""
    for each in scene.rows.of(f"{operation.resource}.list").ids[:1]:
        answer = scene.server.http().get(operation.path.replace("{id}", each.upper()))
        hold(
            answer.is_success and answer.json()["id"] == each,
            f"{operation.id}: {each} in capitals is answered with {answer.status_code}",
        )


@SCENARIOS.rule("an account whose audience was synced has it", about=("audience.get",))
def audiences(scene: Scene) -> None:
    """Accounts of the list, as far as they are connected."""
    for account in scene.iq.accounts.list().take(_ACCOUNTS):
        block = account.to_dict()["data"].get("identity", {}).get("audience", {})
        if block.get("status") != "SYNCED":
            continue
        found = scene.iq.audience.get(account_id=account.id).account.id
        hold(
            found == account.id,
            f"audience.get: asked for that of {account.id}, it is the one of {found}",
        )


@SCENARIOS.rule("an id of nobody is not found", each=_gets)
def nobody_is_not_found(scene: Scene, operation: Operation) -> None:
    """An id that was never given, and the ids of other kinds of rows."""
    method = getattr(scene.iq, operation.resource).get
    others = [
        listed.ids[0]
        for listed in scene.rows.kept()
        if listed.name != f"{operation.resource}.list" and listed.shape.has_id and listed.ids
    ]
    own = set(scene.rows.of(f"{operation.resource}.list").ids)
    for each in (NOBODY, *(other for other in others if other not in own)):
        try:
            found = method(each)
        except errors.NotFoundError as error:
            hold(
                error.code and error.type == "RECORD_NOT_FOUND",
                f"{operation.id}: the 404 has the type {error.type} and the code {error.code}",
            )
        else:
            msg = f"{operation.id}: {each} is the id of nobody of this kind, and gives {found.id}"
            broken(msg)


@SCENARIOS.rule(
    "a search gives the rows of its ids, in their order, and names the missing", each=_searches
)
def searches_are_rows(scene: Scene, operation: Operation) -> None:
    """Ids in an order of our own, twice each, with those of nobody between."""
    listed = scene.rows.of(f"{operation.resource}.list")
    search = getattr(scene.iq, operation.resource).search
    ids = listed.ids[:_SOME][::-1]
    result = search(ids=[NOBODY, *ids, *ids[:1]])
    found = [row.id for row in result]
    hold(
        found == ids,
        f"{operation.id}: asked for {len(ids)} rows, one of them twice, and for one of nobody: "
        f"{len(found)} came, in the order {found[:3]}…; expected {ids[:3]}…",
    )
    bulk = operation.data["x-bulk"]
    plain = scene.server.http().post(operation.path, json={bulk["parameter"]: ids})
    # Past the client, which puts them into the order that was asked for.
    order = [row["id"] for row in plain.json().get(bulk["items"], [])]
    hold(order == ids, f"{operation.id}: asked for {ids[:3]}…, the server gives {order[:3]}…")
    hold(result.missing == [NOBODY], f"{operation.id}: missing is {result.missing}, not [{NOBODY}]")
    rows = {row["id"]: row for row in listed.rows}
    for row in result:
        differing = [key for key, value in row.to_dict().items() if value != rows[row.id].get(key)]
        hold(
            not differing,
            f"{operation.id}: {row.id} differs from its row in the list under {differing}",
        )


@SCENARIOS.rule("an id that a search names twice comes once", each=_searches)
def doubled_ids(scene: Scene, operation: Operation) -> None:
    """Past the client, which would not send it twice."""
    if scene.server.control is None:
        # An ASSUMPTION about the API (evidence.md#open-questions), which only our own mock is held to.
        return
    bulk = operation.data["x-bulk"]
    ids = scene.rows.of(f"{operation.resource}.list").ids[:_SOME]
    with scene.server.http() as http:
        answer = http.post(operation.path, json={bulk["parameter"]: [*ids, *ids]})
    found = [row["id"] for row in answer.json().get(bulk["items"], [])]
    hold(
        found == ids, f"{operation.id}: of {len(ids)} ids, each sent twice, {len(found)} rows came"
    )


@SCENARIOS.rule("a search of many ids is split into as many as the API takes", each=_searches)
def large_searches(scene: Scene, operation: Operation) -> None:
    """Twice the largest number of ids, and some."""
    listed = scene.rows.of(f"{operation.resource}.list")
    most = operation.data["x-bulk"]["maximum"]
    nobody = [f"{NOBODY[:-4]}{number:04x}" for number in range(most + 3)]
    ids = listed.ids[: most + _SOME]
    before = scene.server.recording.count
    result = getattr(scene.iq, operation.resource).search(ids=[*nobody, *ids])
    sent = scene.server.recording.count - before
    wanted = -(-(len(nobody) + len(ids)) // most)
    hold(
        [row.id for row in result] == ids and result.missing == nobody,
        f"{operation.id}: of {len(ids)} ids behind {len(nobody)} of nobody, {len(result)} came and "
        f"{len(result.missing)} are missing",
    )
    hold(sent == wanted, f"{operation.id}: {len(nobody) + len(ids)} ids took {sent} requests")


@SCENARIOS.rule("a search of no ids, or of too many, is refused", Needs.WRITING, each=_searches)
def impossible_searches(scene: Scene, operation: Operation) -> None:
    """What the document forbids, past the client, which would split it."""
    bulk = operation.data["x-bulk"]
    for count in (0, bulk["maximum"] + 1):
        ids = [f"{NOBODY[:-4]}{number:04x}" for number in range(count)]
        answer = scene.http.post(operation.path, json={bulk["parameter"]: ids})
        hold(
            answer.status_code == 400,  # noqa: PLR2004 - what the document has for it
            f"{operation.id}: {count} ids are answered with {answer.status_code}, not with 400",
        )
