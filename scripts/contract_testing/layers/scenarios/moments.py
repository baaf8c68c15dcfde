"""Times: without a zone on the wire, in UTC everywhere (evidence.md#values)."""

from __future__ import annotations

import datetime as dt
import re
import typing

import openapi_document

from contract_testing.described import is_array
from contract_testing.layers.scenarios.scene import Needs, Scenarios, hold
from contract_testing.zones import far_from_utc
from insightiq import models

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

from contract_testing.layers.scenarios.scene import Scene

__all__ = ["SCENARIOS"]

Json: typing.TypeAlias = typing.Any

SCENARIOS = Scenarios()

_NAIVE: typing.Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}")
_USER: typing.Final = {
    "name": "Ada",
    "external_id": "ada",
    "id": "0d9f3a52-6c1e-4b7a-9e43-2f8a5d7c1b60",
    "created_at": "2026-02-28T20:45:30.000250",
    "updated_at": "2026-02-28T20:45:30.000250",
    "status": "ACTIVE",
}
_KEYS: typing.Final = re.compile(r".*_at|refresh_since|data_available_from")


def _moments(value: Json, path: str = "") -> Iterator[tuple[str, str]]:
    if openapi_document.is_object(value):
        for key, inner in value.items():
            if isinstance(inner, str) and _KEYS.fullmatch(key):
                yield f"{path}/{key}", inner
            else:
                yield from _moments(inner, f"{path}/{key}")
    elif is_array(value):
        for item in value:
            yield from _moments(item, path)


@SCENARIOS.rule("times are written without a zone and with six digits of a second")
def spelling(scene: Scene) -> None:
    """In the rows of every list."""
    for listed in scene.rows.kept():
        for path, text in _moments(listed.rows[:20]):
            hold(
                _NAIVE.fullmatch(text),
                f"{listed.name}: {path} is {text!r}; expected 2026-04-26T09:31:07.482915",
            )


@SCENARIOS.rule(
    "the server writes its time in UTC, and the client reads it so",
    Needs.CONTROL,
    about=("users.create",),
)
def both_ways(scene: Scene) -> None:
    """Server and client in a zone far from UTC; the clock stands still."""
    with far_from_utc():
        now = scene.control.clock().now
        user = scene.iq.users.create(name="now", external_id="now")
        token = scene.iq.sdk_tokens.create(user_id=user.id, products=["IDENTITY"])
        hold(
            user.created_at == now,
            f"users.create: the server's clock shows {now}, the client reads {user.created_at}",
        )
        hold(user.created_at.utcoffset() == dt.timedelta(0), "the client gives times without UTC")
        hold(
            token.expires_at == now + dt.timedelta(days=7),
            f"sdk_tokens.create: made at {now}, the client reads that it expires {token.expires_at}",
        )
        text = scene.get(f"/v1/users/{user.id}")["created_at"]
        wanted = now.replace(tzinfo=None).isoformat(timespec="microseconds")
        hold(text == wanted, f"users.get: created at {wanted} UTC, the server writes {text}")
        hold(user.to_dict()["created_at"] == wanted, "to_dict() writes another time than was read")


@SCENARIOS.rule("a time of another zone is written in UTC", Needs.NOTHING)
def other_zones(_: Scene) -> None:
    """What a program gives to a model: the same moment, without a zone."""
    east = dt.timezone(dt.timedelta(hours=5, minutes=30))
    moment = dt.datetime(2026, 3, 1, 2, 15, 30, 250, east)
    user = models.User(
        name="Ada",
        external_id="ada",
        id="0d9f3a52-6c1e-4b7a-9e43-2f8a5d7c1b60",
        created_at=moment,
        updated_at=moment,
        status=models.UserStatus.ACTIVE,
    )
    told, wanted = user.to_dict()["created_at"], "2026-02-28T20:45:30.000250"
    hold(told == wanted, f"{moment.isoformat()} is written as {told}; expected {wanted}")


@SCENARIOS.rule("a time with a zone is read as its moment", Needs.NOTHING)
def zones_are_read(_: Scene) -> None:
    """What an answer should not have, and a proxy or a later version may bring."""
    moment = dt.datetime(2026, 2, 28, 20, 45, 30, 250, dt.UTC)
    for text in ("2026-03-01T02:15:30.000250+05:30", "2026-02-28T20:45:30.000250Z"):
        user = models.User.from_dict({**_USER, "created_at": text})
        hold(user.created_at == moment, f"{text} is read as {user.created_at!r}")


@SCENARIOS.rule("days are days in UTC", Needs.CONTROL, about=("contents.list",))
def days(scene: Scene) -> None:
    """Far from UTC, a window of the client holds the rows of that day in UTC."""
    listed = scene.rows.of("contents.list")
    late = max(listed.rows, key=lambda row: row["published_at"][11:])
    early = min(listed.rows, key=lambda row: row["published_at"][11:])
    with far_from_utc():
        for row in (late, early):
            day = dt.date.fromisoformat(row["published_at"][:10])
            with scene.rows.server.client() as client:
                found = client.contents.list(
                    account_id=listed.query["account_id"], from_date=day, to_date=day
                )
                ids = [each.id for each in found]
            hold(
                row["id"] in ids,
                f"contents.list: {row['published_at']} is not in the window of {day}",
            )
