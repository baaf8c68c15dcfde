"""A developer sees and changes what is theirs, and nothing of anybody else's."""

from __future__ import annotations

import typing

from contract_testing.layers.scenarios.rows import Rows, widest_window
from contract_testing.layers.scenarios.scene import Needs, Scenarios, hold

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from openapi_document import Operation

    from contract_testing.described import ListShape
    from contract_testing.layers.scenarios.scene import Scene

__all__ = ["SCENARIOS"]

Json: typing.TypeAlias = typing.Any

SCENARIOS = Scenarios()

_OK: typing.Final = 200
_NOT_FOUND: typing.Final = 404
_FEW: typing.Final = 2
# The catalogue of platforms is the same for everybody.
_COMMON: typing.Final = "work_platforms"


def _mine(scene: Scene) -> dict[str, list[str]]:
    """Return ids of the developer's rows, by resource."""
    for number in range(_FEW):
        scene.iq.webhooks.create(
            url="https://receiver.invalid/mine", events=["CONTENTS.ADDED"], name=f"m{number}"
        )
    rows = Rows(scene.document, scene.server, scene.iq)
    return {
        listed.name.partition(".")[0]: listed.ids[:_FEW]
        for listed in rows.kept()
        if listed.shape.has_id and listed.name != f"{_COMMON}.list"
    }


@SCENARIOS.rule("nobody reads what belongs to another developer", Needs.CONTROL)
def reading(scene: Scene) -> None:
    """Every get, list and search with the ids of somebody else."""
    mine, stranger = _mine(scene), scene.another()
    for operation in scene.run.operations:
        for request in _readings(scene, operation, mine):
            answer = _asked(stranger, request[0], request[1], **request[2])
            if answer is None:
                break
            rows: Json = answer.json().get("data", []) if answer.status_code == _OK else []
            is_list = operation.verb in {"list", "search"}
            hold(
                answer.status_code == _NOT_FOUND or (is_list and not rows),
                f"{operation.id} with {request[1]} {request[2]} of another developer gives "
                f"{answer.status_code} and {len(rows)} rows",
            )


def _asked(stranger: Scene, method: str, path: str, **sent: Json) -> httpx.Response | None:
    """Ask as another developer; return None where the document's example belongs to nobody."""
    recording = stranger.server.recording
    with recording.expecting_examples():
        answer = stranger.http.request(method, path, **sent)
    is_example = recording.latest is not None and recording.latest.is_from_example
    return None if is_example else answer


def _readings(
    scene: Scene, operation: Operation, mine: dict[str, list[str]]
) -> Iterator[tuple[str, str, dict[str, Json]]]:
    ids = mine.get(operation.resource, [])
    if operation.verb == "get" and operation.path.endswith("{id}"):
        for each in ids:
            yield "GET", operation.path.replace("{id}", each), {}
    elif "x-bulk" in operation.data and ids:
        yield "POST", operation.path, {"json": {operation.data["x-bulk"]["parameter"]: ids}}
    elif operation.verb in {"list", "get"}:
        shape = scene.rows.shapes.get(operation.id)
        for query in _queries(shape, mine):
            yield "GET", operation.path, {"params": query}


def _queries(shape: ListShape | None, mine: dict[str, list[str]]) -> Iterator[dict[str, str]]:
    window = widest_window(shape) if shape is not None else {}
    names = ("account_id",) if shape is None else tuple(shape.filters)
    parents = {name: f"{name.removesuffix('_id')}s" for name in (shape.parents if shape else ())}
    if not all(mine.get(resource) for resource in parents.values()):
        return
    required = {name: mine[resource][0] for name, resource in parents.items()}
    for name in names:
        resource = f"{name.removesuffix('_id')}s"
        if name.endswith("_id") and mine.get(resource):
            yield {**window, **required, name: mine[resource][0]}


@SCENARIOS.rule("nobody changes what belongs to another developer", Needs.CONTROL)
def writing(scene: Scene) -> None:
    """Every operation that changes something, with the ids of somebody else: 404, and no change."""
    mine, stranger = _mine(scene), scene.another()
    own = stranger.iq.users.list().first()
    assert own is not None
    before = _state(scene, mine)
    for operation in scene.run.operations:
        for path, body in _changes(operation, mine):
            answer = _asked(stranger, operation.method.upper(), path, json=body)
            hold(
                answer is None or answer.status_code == _NOT_FOUND,
                f"{operation.id} with the id of another developer's gives {answer and answer.status_code}",
            )
    scene.control.advance(minutes=5)
    changed = [key for key, value in _state(scene, mine).items() if value != before[key]]
    hold(not changed, f"another developer changed {changed}")


def _changes(operation: Operation, mine: dict[str, list[str]]) -> Iterator[tuple[str, Json]]:
    account, webhook, user = mine["accounts"][0], mine["webhooks"][0], mine["users"][0]
    webhook_body = {
        "url": "https://receiver.invalid/theirs",
        "events": ["CONTENTS.ADDED"],
        "name": "x",
    }
    bodies: dict[str, tuple[str, Json]] = {
        "accounts.update": (account, {"data": {"identity": {"monitoring_type": "ON_DEMAND"}}}),
        "accounts.disconnect": (account, None),
        "webhooks.update": (webhook, webhook_body),
        "webhooks.delete": (webhook, None),
        "sdk_tokens.create": ("", {"user_id": user, "products": ["IDENTITY"]}),
    }
    if operation.verb in {"refresh", "fetch_historic"}:
        more = {"from_date": "2026-01-01"} if operation.verb == "fetch_historic" else {}
        yield operation.path, {"account_id": account, **more}
    elif operation.id in bodies:
        each, body = bodies[operation.id]
        yield operation.path.replace("{id}", each), body


def _state(scene: Scene, mine: dict[str, list[str]]) -> dict[str, Json]:
    account = scene.get(f"/v1/accounts/{mine['accounts'][0]}")
    return {
        "accounts.status": account["status"],
        "accounts.updated_at": account["updated_at"],
        "monitoring": account["data"]["identity"]["monitor_type"],
        "webhooks": [hook.to_dict() for hook in scene.iq.webhooks.list()],
        "users": [user.id for user in scene.iq.users.list()],
    }


@SCENARIOS.rule(
    "two developers may use the same external_id", Needs.CONTROL, about=("users.create",)
)
def same_external_id(scene: Scene) -> None:
    """Unique within one developer's world, and not beyond."""
    other = scene.another()
    first = scene.iq.users.create(name="one", external_id="shared")
    second = other.iq.users.create(name="two", external_id="shared")
    hold(first.id != second.id, "two developers share a user of one external_id")
    for each, user in ((scene, first), (other, second)):
        found = each.iq.users.get_by_external_id("shared")
        hold(
            found == user,
            f"users.get_by_external_id gives {found.name!r} to the developer of {user.name!r}",
        )
