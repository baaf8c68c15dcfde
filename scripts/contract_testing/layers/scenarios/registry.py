"""The addresses that notifications go to: created, replaced as a whole, deleted."""

from __future__ import annotations

import typing

from contract_testing.layers.scenarios.scene import Needs, Scenarios, broken, hold
from insightiq import errors

if typing.TYPE_CHECKING:
    from contract_testing.layers.scenarios.scene import Scene

__all__ = ["SCENARIOS"]

SCENARIOS = Scenarios()

_EVENTS: typing.Final = ("CONTENTS.ADDED", "ACCOUNTS.CONNECTED", "PROFILES_AUDIENCE.UPDATED")
_URL: typing.Final = "https://receiver.invalid/registry"


@SCENARIOS.rule(
    "a new webhook is there as it was created", Needs.WRITING, about=("webhooks.create",)
)
def created_webhooks(scene: Scene) -> None:
    """Created, got and listed; the events keep their order."""
    hook = scene.iq.webhooks.create(url=_URL, events=list(_EVENTS), name="mine")
    told = (hook.url, tuple(hook.events), hook.name, hook.is_active)
    hold(told == (_URL, _EVENTS, "mine", True), f"webhooks.create: the answer says {told}")
    hold(
        scene.iq.webhooks.get(hook.id) == hook,
        "webhooks.get gives another webhook than was created",
    )
    listed = [each for each in scene.iq.webhooks.list() if each.id == hook.id]
    hold(listed == [hook], f"webhooks.list has the new webhook {len(listed)} times, or changed")


@SCENARIOS.rule(
    "an update replaces a webhook as a whole", Needs.WRITING, about=("webhooks.update",)
)
def replaced_webhooks(scene: Scene) -> None:
    """What is left out goes back to its default; id and time of creation stay."""
    hook = scene.iq.webhooks.create(url=_URL, events=list(_EVENTS), name="mine")
    other = scene.iq.webhooks.create(url=f"{_URL}/other", events=list(_EVENTS), name="other")
    if scene.server.control is not None:
        scene.server.control.advance(minutes=5)
    update = scene.iq.webhooks.update
    off = update(hook.id, url=f"{_URL}/2", events=[_EVENTS[1]], name="changed", is_active=False)
    told = (off.url, tuple(off.events), off.name, off.is_active)
    hold(
        told == (f"{_URL}/2", _EVENTS[1:2], "changed", False),
        f"webhooks.update: the answer says {told}; events and all else have to be what was sent",
    )
    hold(
        (off.id, off.created_at) == (hook.id, hook.created_at),
        "webhooks.update changed the id or the time of creation",
    )
    hold(
        scene.server.control is None or off.updated_at > hook.updated_at,
        f"webhooks.update left updated_at at {off.updated_at}",
    )
    hold(scene.iq.webhooks.get(hook.id) == off, "webhooks.get gives what was before the update")
    on = update(hook.id, url=f"{_URL}/3", events=[_EVENTS[2]])
    hold(
        on.is_active, "webhooks.update without is_active leaves a webhook off; it defaults to true"
    )
    hold(
        on.name != "changed", "webhooks.update without a name keeps the old one; it has to replace"
    )
    hold(
        scene.iq.webhooks.get(other.id) == other, "webhooks.update changed another webhook as well"
    )


@SCENARIOS.rule(
    "the list of webhooks says which page it is only when it was asked for one",
    # Seen of the real API; the document allows numbers as well.
    Needs.CONTROL,
    about=("webhooks.list",),
)
def metadata_of_webhooks(scene: Scene) -> None:
    """Without limit and offset all metadata are null, with one of them they are echoed."""
    bare = scene.get("/v1/webhooks")["metadata"]
    hold(
        set(bare.values()) == {None},
        f"webhooks.list: asked for no page, the metadata says {bare}; all of it has to be null",
    )
    told = scene.get("/v1/webhooks", limit=7)["metadata"]
    hold(
        (told["offset"], told["limit"]) == (0, 7),
        f"webhooks.list: asked for limit 7, the metadata says {told}",
    )


@SCENARIOS.rule(
    "a deleted webhook is gone, and only that one", Needs.WRITING, about=("webhooks.delete",)
)
def deleted_webhooks(scene: Scene) -> None:
    """Got, listed, updated and deleted again, it is not found."""
    hook = scene.iq.webhooks.create(url=_URL, events=list(_EVENTS), name="mine")
    other = scene.iq.webhooks.create(url=f"{_URL}/other", events=list(_EVENTS), name="other")
    # The quietest way to be wrong: to answer 204 and to keep it.
    scene.iq.webhooks.delete(hook.id)
    for what, again in (
        ("got", lambda: scene.iq.webhooks.get(hook.id)),
        ("updated", lambda: scene.iq.webhooks.update(hook.id, url=_URL, events=list(_EVENTS))),
        ("deleted", lambda: scene.iq.webhooks.delete(hook.id)),
    ):
        try:
            again()
        except errors.NotFoundError:
            continue
        broken(f"webhooks.delete: a deleted webhook can be {what}")
    listed = [each.id for each in scene.iq.webhooks.list()]
    hold(hook.id not in listed, "webhooks.delete: a deleted webhook is in the list")
    hold(other.id in listed, "webhooks.delete took another webhook away as well")


@SCENARIOS.rule(
    "a webhook that cannot be is refused",
    Needs.WRITING,
    about=("webhooks.create", "webhooks.update"),
)
def impossible_webhooks(scene: Scene) -> None:
    """No events, unknown events, no address: nothing is created, nothing changed."""
    hook = scene.iq.webhooks.create(url=_URL, events=list(_EVENTS), name="mine")
    before = scene.iq.webhooks.list().to_list()
    bodies: tuple[dict[str, object], ...] = (
        {"url": _URL, "name": "x"},
        {"url": _URL, "name": "x", "events": []},
        {"url": _URL, "name": "x", "events": ["EVERYTHING.HAPPENED"]},
        {"name": "x", "events": list(_EVENTS)},
        {"url": "no address", "name": "x", "events": list(_EVENTS)},
        {"url": _URL, "name": "x", "events": list(_EVENTS), "is_active": "perhaps"},
    )
    for body in bodies:
        for send, path in (
            (scene.http.post, "/v1/webhooks"),
            (scene.http.put, f"/v1/webhooks/{hook.id}"),
        ):
            if send == scene.http.post and "is_active" in body:
                continue
            answer = send(path, json=body)
            hold(
                answer.status_code == 400,  # noqa: PLR2004 - what the document has for it
                f"{answer.request.method} {body} is answered with {answer.status_code}, not with 400",
            )
    hold(
        hook in before and scene.iq.webhooks.list().to_list() == before,
        "what was refused changed the list of webhooks",
    )
