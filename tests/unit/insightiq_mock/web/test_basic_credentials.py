"""Who gets in."""

from __future__ import annotations

import base64
from collections.abc import Callable

import httpx
import orjson
import pytest

from insightiq_mock.context import RequestContext, Response
from insightiq_mock.openapi.stack import OneDeveloper

Server = Callable[..., httpx.Response]


def basic(text: str | bytes) -> dict[str, str]:
    """Make the header for ``text``."""
    raw = text.encode() if isinstance(text, str) else text
    return {"Authorization": f"Basic {base64.b64encode(raw).decode()}"}


def test_the_right_pair_gets_in_and_names_the_developer(
    make_server: Callable[..., Server], credentials: tuple[str, str]
) -> None:
    """The handler learns whose world the call is about."""
    calls: list[RequestContext] = []

    def handle(call: RequestContext) -> Response:
        calls.append(call)
        return Response(200, orjson.dumps({"data": []}))

    response = make_server({"things.list": handle})("GET", "/v1/things")
    assert response.status_code == 200
    assert [call.developer_id for call in calls] == [credentials[0]]


def test_the_scheme_may_be_written_in_any_case(
    server: Server, credentials: tuple[str, str]
) -> None:
    """Scheme names are case-insensitive; credentials are not."""
    header = basic(":".join(credentials))["Authorization"].replace("Basic", "bAsIc")
    assert server("GET", "/v1/things", auth=None, headers={"Authorization": header}).is_success


@pytest.mark.parametrize(
    "text",
    [
        "{id}:wrong",
        "{id}:{short_secret}",
        "{id}:{secret}x",
        "{id}:{lower_secret}",
        "{upper_id}:{secret}",
        "{secret}:{id}",
        "wrong:{secret}",
        ":{secret}",
        "{id}:",
        "{id}{secret}",
        "{id}:{secret}é",
        " {id}:{secret}",
        "",
    ],
)
def test_a_wrong_pair_is_401(server: Server, credentials: tuple[str, str], text: str) -> None:
    """Both halves count, to the last letter and its case."""
    client_id, secret = credentials
    sent = text.format(
        id=client_id,
        secret=secret,
        upper_id=client_id.upper(),
        lower_secret=secret.lower(),
        short_secret=secret[:-1],
    )
    assert sent != f"{client_id}:{secret}"
    assert server("GET", "/v1/things", auth=None, headers=basic(sent)).status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic ",
        "Basic %%%%",
        "Basic AAA",
        "Basic \u00fc",
        "Basic OWExYjZjMWUt MDAwMA==",
        "Bearer {encoded}",
        "{encoded}",
        "Basic\t{encoded}",
        "Basic {encoded}!",
        "Basic {encoded}, Basic {encoded}",
        f"Basic {base64.b64encode(bytes([255, 58, 255])).decode()}",
    ],
)
def test_a_malformed_header_is_401(
    server: Server, credentials: tuple[str, str], header: str
) -> None:
    """Base64 is decoded strictly, and no other scheme is understood."""
    encoded = base64.b64encode(":".join(credentials).encode()).decode()
    text = header.replace("{encoded}", encoded).encode("latin-1")
    response = server("GET", "/v1/things", auth=None, headers=[(b"Authorization", text)])
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "invalid_credentials"


def test_no_credentials_are_401_with_a_challenge(server: Server) -> None:
    """The challenge is what HTTP asks for, and what the document declares."""
    response = server("GET", "/v1/things", auth=None)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith('Basic realm="')


def test_two_headers_are_401(server: Server, credentials: tuple[str, str]) -> None:
    """Nobody should have to guess which of two counts."""
    right = basic(":".join(credentials))["Authorization"]
    headers = [("Authorization", right), ("Authorization", right)]
    assert server("GET", "/v1/things", auth=None, headers=headers).status_code == 401


def test_credentials_are_checked_before_the_request_is_read(server: Server) -> None:
    """A stranger learns nothing about what would be valid."""
    response = server("POST", "/v1/things", auth=("x", "y"), content=b"{")
    assert response.status_code == 401


def test_an_open_operation_needs_no_credentials(server: Server) -> None:
    """An empty security list in the document opens an operation, right credentials or not."""
    assert server("GET", "/v1/status", auth=None).status_code == 200
    assert server("GET", "/v1/status", auth=("x", "y")).status_code == 200


def test_a_secret_is_never_repeated(server: Server, credentials: tuple[str, str]) -> None:
    """What was sent as a secret is in no answer."""
    response = server("GET", "/v1/things", auth=(credentials[0], "a-secret-guess"))
    assert "a-secret-guess" not in response.text


def test_the_check_compares_both_halves_whole() -> None:
    """No half alone opens the door."""
    check = OneDeveloper("id", "secret")
    assert check("id", "secret")
    assert not check("id", "other")
    assert not check("other", "secret")
    assert not check("idsecret", "")
