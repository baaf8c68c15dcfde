"""``users.get_or_create``."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from insightiq import errors
from insightiq.testing import connection_lost, connection_refused, response

EXISTS = response(400, json={"error": {"code": "user_exists_with_external_id"}})
EXISTS_TOO = response(400, json={"error": {"code": "user_already_exists"}})


def user(name: str = "Ada") -> Any:
    """Return a response with a user."""
    stamp = "2026-11-01T10:00:00.000000"
    body = {
        "id": "u-1",
        "name": name,
        "external_id": "crm/42",
        "created_at": stamp,
        "updated_at": stamp,
        "status": "ACTIVE",
    }
    return response(json=body)


def get_or_create(played: Any) -> Any:
    """Call it through either client."""
    result = played.client.users.get_or_create(name="Ada", external_id="crm/42")

    async def waiting() -> Any:
        return await result

    return asyncio.run(waiting()) if asyncio.iscoroutine(result) else result


CREATE, LOOK_UP = "POST /v1/users", "GET /v1/users/external_id/crm%2F42"


@pytest.mark.parametrize(
    ("script", "sent", "name"),
    [
        ([user()], [CREATE], "Ada"),
        ([EXISTS, user("Old")], [CREATE, LOOK_UP], "Old"),
        ([response(409), user("Old")], [CREATE, LOOK_UP], "Old"),
        ([EXISTS_TOO, user("Old")], [CREATE, LOOK_UP], "Old"),
        ([connection_lost(), user()], [CREATE, LOOK_UP], "Ada"),
        ([response(500), user()], [CREATE, LOOK_UP], "Ada"),
        ([response(201, content="{"), user()], [CREATE, LOOK_UP], "Ada"),
        ([response(502), response(503), user()], [CREATE, LOOK_UP, LOOK_UP], "Ada"),
        ([connection_refused(), user()], [CREATE, CREATE], "Ada"),
        ([connection_lost(), response(404), user()], [CREATE, LOOK_UP, CREATE], "Ada"),
        (
            [connection_lost(), response(404), EXISTS, user()],
            [CREATE, LOOK_UP, CREATE, LOOK_UP],
            "Ada",
        ),
    ],
    ids=[
        "new",
        "exists",
        "conflict",
        "exists, by another code",
        "response lost",
        "server error",
        "response unreadable",
        "lookup retried",
        "not sent",
        "never arrived",
        "created by somebody else meanwhile",
    ],
)
def test_get_or_create_outcomes(play: Any, script: list[Any], sent: list[str], name: str) -> None:
    played = play(script)
    assert get_or_create(played).name == name
    assert [f"{one.method} {one.path}" for one in played.transport.requests] == sent


@pytest.mark.parametrize(
    ("script", "kind", "sent"),
    [
        ([response(401)], errors.AuthenticationError, 1),
        ([response(400, json={"error": {"code": "other"}})], errors.BadRequestError, 1),
        ([EXISTS, response(404)], errors.BadRequestError, 2),
        ([connection_lost(), response(403)], errors.PermissionDeniedError, 2),
        (
            [connection_lost(), response(404), connection_lost(), response(404)],
            errors.APIConnectionError,
            4,
        ),
    ],
    ids=["credentials", "arguments", "hidden", "lookup rejected", "nothing arrives"],
)
def test_other_errors_of_creation_are_raised(
    play: Any, script: list[Any], kind: type[Exception], sent: int
) -> None:
    played = play(script)
    with pytest.raises(kind):
        get_or_create(played)
    assert played.sent == sent
