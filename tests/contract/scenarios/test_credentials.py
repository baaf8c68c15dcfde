"""Credentials: the right ones are accepted, everything near to them is not."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import httpx
import pytest
from contract_suite.servers import Server

from insightiq import errors

PATH = "/v1/work-platforms"
OTHER = "0b0c5a6e-54a7-4a3f-8a3e-2c5f0e5d9a11"

pytestmark = pytest.mark.scenarios


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def near_misses(user: str, password: str) -> Iterator[tuple[str, str | None]]:
    """Yield headers that are not quite right, each with a name."""
    right = basic(user, password)
    yield "no credentials", None
    yield "an empty header", ""
    for what, wrong in {
        "another": OTHER,
        "an empty": "",
        "a cut": password[:-1],
        "half of the": password[: len(password) // 2],
        "a longer": f"{password}0",
        "the doubled": password * 2,
        "an upper-case": password.upper(),
        "an unhyphenated": password.replace("-", ""),
        "an indented": f" {password}",
        "a beheaded": password[1:],
        "the client id as": user,
    }.items():
        yield f"{what} password", basic(user, wrong)
    yield "another client id", basic(OTHER, password)
    yield "no client id", basic("", password)
    yield "id and password exchanged", basic(password, user)
    yield "another scheme", right.replace("Basic", "Bearer")
    yield "the password as a bearer token", f"Bearer {password}"
    yield "no scheme", right.removeprefix("Basic ")
    yield "credentials that are not encoded", f"Basic {user}:{password}"
    yield "damaged encoding", f"{right[:-3]}*!"


@pytest.mark.writes
def test_only_right_credentials_are_accepted(server: Server) -> None:
    """Anything else gives 401 and the challenge of Basic, and does not repeat the secret."""
    with httpx.Client(base_url=server.base_url, transport=server.transport()) as client:
        for what, header in near_misses(*server.auth):
            headers = {} if header is None else {"Authorization": header}
            response = client.get(PATH, headers=headers)
            assert response.status_code == 401, what
            challenge = response.headers.get("www-authenticate", "")
            assert challenge.lower().startswith("basic"), f"{what}: the challenge {challenge!r}"
            assert server.client_secret not in response.text, f"{what}: the 401 shows the secret"
        for scheme in ("basic", "BASIC"):
            right = basic(*server.auth).replace("Basic", scheme)
            assert client.get(PATH, headers={"Authorization": right}).is_success, scheme


@pytest.mark.writes
def test_client_reports_wrong_credentials(server: Server) -> None:
    """A typed error without the secret, after one request."""
    secret = "a-secret-that-no-one-may-see-0123456789"
    before = server.recording.count
    with server.client(client_secret=secret) as client:
        with pytest.raises(errors.AuthenticationError) as caught:
            client.users.list().first()
        assert secret not in repr(client), "repr() of the client shows the secret"
    assert secret not in f"{caught.value} {vars(caught.value)}", "the error shows the secret"
    assert caught.value.request_id, "the error has no request id"
    assert server.recording.count == before + 1, "wrong credentials were sent again"
