"""Users: each external_id once, found by it, listed first when new."""

from __future__ import annotations

import typing

from contract_testing.layers.scenarios.scene import Needs, Scenarios, broken, hold
from insightiq import errors

if typing.TYPE_CHECKING:
    from contract_testing.layers.scenarios.scene import Scene

__all__ = ["SCENARIOS"]

SCENARIOS = Scenarios()

_AWKWARD: typing.Final = ("a/b?c#d %2F", "Zoë ✨ 하은", "..a", "null", "x" * 100, "a+b&c=d")


@SCENARIOS.rule("a new user is there as it was created", Needs.WRITING, about=("users.create",))
def created_users(scene: Scene) -> None:
    """Created, got by both ids, listed once and first."""
    for number, external_id in enumerate(map(scene.own, _AWKWARD)):
        name = f"Ada Example {number} ✨"
        if scene.server.control is not None:
            # A clock that stands still gives all users one time, and lists no order.
            scene.server.control.advance(minutes=1)
        user = scene.iq.users.create(name=name, external_id=external_id)
        hold(
            (user.name, user.external_id) == (name, external_id),
            f"users.create: sent {(name, external_id)}, the answer says "
            f"{(user.name, user.external_id)}",
        )
        hold(user.status == "ACTIVE", f"users.create: a new user is {user.status}")
        for way, found in (
            ("users.get", scene.iq.users.get(user.id)),
            ("users.get_by_external_id", scene.iq.users.get_by_external_id(external_id)),
            ("the first of users.list", scene.iq.users.list().first()),
        ):
            hold(found == user, f"{way} gives {found!r:.120} where {user!r:.120} was created")


@SCENARIOS.rule("an external_id belongs to one user", Needs.WRITING, about=("users.create",))
def external_ids_are_unique(scene: Scene) -> None:
    """Created twice, it is refused and changes nothing."""
    once = scene.own("once")
    first = scene.iq.users.create(name="first", external_id=once)
    before = [user.id for user in scene.iq.users.list()]
    try:
        second = scene.iq.users.create(name="second", external_id=once)
    except errors.BadRequestError as error:
        hold(
            error.code == "user_exists_with_external_id",
            f"users.create: the second user of an external_id is refused with {error.code}, not "
            "with user_exists_with_external_id",
        )
    else:
        msg = f"users.create: the external_id {once!r} has two users, {first.id} and {second.id}"
        broken(msg)
    after = [user.id for user in scene.iq.users.list()]
    hold(
        after == before, f"users.create: a refused user is in the list: {set(after) - set(before)}"
    )
    found = scene.iq.users.get_by_external_id(once)
    hold(found == first, f"users.get_by_external_id: {once!r} gives {found!r:.100}")


@SCENARIOS.rule(
    "blanks around an external_id belong to it",
    # An assumption: nothing says that the API strips them.
    Needs.CONTROL,
    about=("users.get_by_external_id",),
)
def blanks_count(scene: Scene) -> None:
    """A padded id is kept and found as it is, and leads to no other user."""
    padded = scene.iq.users.create(name="padded", external_id=" padded ")
    plain = scene.iq.users.create(name="plain", external_id="plain")
    for external_id, wanted in ((" padded ", padded), ("plain", plain)):
        found = scene.iq.users.get_by_external_id(external_id)
        hold(
            found == wanted,
            f"users.get_by_external_id: {external_id!r} gives {found.external_id!r}",
        )
    for external_id in ("padded", " padded", " plain", "plain "):
        try:
            found = scene.iq.users.get_by_external_id(external_id)
        except errors.NotFoundError:
            continue
        broken(f"users.get_by_external_id: {external_id!r} gives {found.external_id!r}")


@SCENARIOS.rule(
    "get_or_create gives one user however often it is called",
    Needs.WRITING,
    about=("users.create",),
)
def get_or_create(scene: Scene) -> None:
    """Twice, with another name the second time."""
    mine = scene.own("mine")
    first = scene.iq.users.get_or_create(name="first", external_id=mine)
    again = scene.iq.users.get_or_create(name="second", external_id=mine)
    hold(again == first, f"users.get_or_create gives {again!r:.100} after {first!r:.100}")
    count = sum(user.external_id == mine for user in scene.iq.users.list())
    hold(count == 1, f"users.get_or_create made {count} users of one external_id")


@SCENARIOS.rule(
    "a user without a name or an external_id is refused", Needs.WRITING, about=("users.create",)
)
def incomplete_users(scene: Scene) -> None:
    """Nothing is created of what the document forbids."""
    before = [user.id for user in scene.iq.users.list()]
    for body in (
        {"name": "x"},
        {"external_id": "x"},
        {"name": "", "external_id": "x"},
        {"name": "x", "external_id": ""},
        {"name": None, "external_id": "x"},
        {"name": "x", "external_id": "y" * 101},
        {"name": 1, "external_id": "x"},
    ):
        answer = scene.http.post("/v1/users", json=body)
        hold(
            answer.status_code == 400,  # noqa: PLR2004 - what the document has for it
            f"users.create: {body} is answered with {answer.status_code}, not with 400",
        )
    after = [user.id for user in scene.iq.users.list()]
    hold(after == before, "users.create: what was refused is in the list all the same")


@SCENARIOS.rule(
    "an external_id of nobody is not found", Needs.READING, about=("users.get_by_external_id",)
)
def unknown_external_id(scene: Scene) -> None:
    """An id of nobody, the beginning of one that exists, and one in other letters."""
    known = [row["external_id"] for row in scene.rows.of("users.list").rows]
    near = [text for each in known[:1] for text in (each[:-1], each.swapcase())]
    candidates = ["nobody of that name", *near]
    for external_id in [each for each in candidates if each and each not in known]:
        try:
            found = scene.iq.users.get_by_external_id(external_id)
        except errors.NotFoundError:
            continue
        msg = (
            f"users.get_by_external_id: {external_id!r} is nobody's and gives {found.external_id!r}"
        )
        broken(msg)
