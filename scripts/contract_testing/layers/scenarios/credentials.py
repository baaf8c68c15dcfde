"""Credentials: the right ones open, everything near to them does not."""

from __future__ import annotations

import base64
import typing

import httpx

from contract_testing.layers.scenarios.scene import Needs, Scenarios, broken, hold
from insightiq import errors

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_testing.layers.scenarios.scene import Scene
    from contract_testing.servers import Server

__all__ = ["SCENARIOS"]

SCENARIOS = Scenarios()

_PATH: typing.Final = "/v1/work-platforms"
_OK: typing.Final = 200
_UNAUTHORIZED: typing.Final = 401
_SOMEBODY: typing.Final = "0b0c5a6e-54a7-4a3f-8a3e-2c5f0e5d9a11"


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _near(server: Server) -> Iterator[tuple[str, str | None]]:
    """Yield what is not quite the right header, with words for it."""
    user, password = server.auth
    right = _basic(user, password)
    yield "no credentials", None
    yield "a wrong password", _basic(user, _SOMEBODY)
    yield "an empty password", _basic(user, "")
    yield "the password without its last character", _basic(user, password[:-1])
    yield "the first half of the password", _basic(user, password[: len(password) // 2])
    yield "the password with one character more", _basic(user, f"{password}0")
    yield "the password twice", _basic(user, password * 2)
    yield "the password in capitals", _basic(user, password.upper())
    yield "the password without hyphens", _basic(user, password.replace("-", ""))
    yield "the password behind a blank", _basic(user, f" {password}")
    yield "the password without its first character", _basic(user, password[1:])
    yield "another client id", _basic(_SOMEBODY, password)
    yield "no client id", _basic("", password)
    yield "id and password exchanged", _basic(password, user)
    yield "the client id as password", _basic(user, user)
    yield "another scheme", right.replace("Basic", "Bearer")
    yield "the password as a bearer token", f"Bearer {password}"
    yield "no scheme", right.removeprefix("Basic ")
    yield "credentials that are not encoded", f"Basic {user}:{password}"
    yield "damaged encoding", f"{right[:-3]}*!"
    yield "an empty header", ""


@SCENARIOS.rule("only the right credentials open the API", Needs.WRITING)
def near_misses(scene: Scene) -> None:
    """All kinds of near misses: 401, the challenge, and the body of an error."""
    server = scene.server
    with httpx.Client(base_url=server.base_url, transport=server.transport()) as client:
        for what, header in _near(server):
            headers = {} if header is None else {"Authorization": header}
            answer = client.get(_PATH, headers=headers)
            hold(
                answer.status_code == _UNAUTHORIZED,
                f"{what} is answered with {answer.status_code}, not with 401",
            )
            challenge = answer.headers.get("www-authenticate", "")
            hold(
                challenge.lower().startswith("basic"),
                f"{what}: the 401 has the challenge {challenge!r}, none for Basic",
            )
            hold(
                server.client_secret not in answer.text,
                f"{what}: the 401 repeats the client secret",
            )
        for what, scheme in (("in lower case", "basic"), ("in capitals", "BASIC")):
            right = _basic(*server.auth).replace("Basic", scheme)
            answer = client.get(_PATH, headers={"Authorization": right})
            hold(answer.is_success, f"the scheme {what} is answered with {answer.status_code}")


@SCENARIOS.rule("one developer's secret does not open another's world", Needs.CONTROL)
def crossed(scene: Scene) -> None:
    """The id of one with the secret of the other."""
    other = scene.another()
    for user, password in (
        (scene.server.client_id, other.server.client_secret),
        (other.server.client_id, scene.server.client_secret),
    ):
        answer = scene.http.get(_PATH, auth=(user, password))
        hold(
            answer.status_code == _UNAUTHORIZED,
            f"the secret of another developer is answered with {answer.status_code}, not with 401",
        )


@SCENARIOS.rule(
    "while a secret is changed, the old one and the new one open the API", Needs.CONTROL
)
def both_secrets(scene: Scene) -> None:
    """During a rotation both, before it and after it one."""
    old, new = scene.server.client_secret, "4e8b0d27-61fa-4c95-b3d8-7a15c0e92f46"
    for what, is_changing, accepted in (
        ("before a rotation", None, {old}),
        ("during a rotation", True, {old, new}),
        ("after a rotation", False, {new}),
    ):
        if is_changing is not None:
            _ = scene.control.rotate_secret(new) if is_changing else scene.control.retire_secret()
        for name, secret in (("old", old), ("new", new)):
            status = scene.http.get(_PATH, auth=(scene.server.client_id, secret)).status_code
            wanted = _OK if secret in accepted else _UNAUTHORIZED
            hold(status == wanted, f"{what}, the {name} secret is answered with {status}")


@SCENARIOS.rule(
    "the client says that its credentials are wrong, without showing them", Needs.WRITING
)
def client_says_so(scene: Scene) -> None:
    """Through the client: a typed error, one request, no secret."""
    secret = "a-secret-that-nobody-may-see-0123456789"  # noqa: S105 - invented
    before = scene.server.recording.count
    with scene.server.client(client_secret=secret) as client:
        try:
            client.users.list().first()
        except errors.AuthenticationError as error:
            hold(secret not in f"{error} {vars(error)}", "the error of a 401 shows the secret")
            hold(error.request_id, "the error of a 401 has no request id")
        else:
            broken("a wrong secret raised nothing")
        hold(secret not in repr(client), "repr() of the client shows the secret")
    sent = scene.server.recording.count - before
    hold(sent == 1, f"wrong credentials were sent {sent} times; they stay wrong")
