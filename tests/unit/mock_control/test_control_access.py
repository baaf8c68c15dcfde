"""Who may use the control API."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from insightiq_mock.control import ControlRefusedError, MockControl
from insightiq_mock.credentials import credentials_from_seed
from insightiq_mock.server import assemble
from insightiq_mock.store import Store
from insightiq_mock.testing import MockTransport
from insightiq_mock.testing.private_loop import PrivateLoop
from insightiq_mock.web import default_document_path, load_document

TOKEN = "a-long-enough-token"


@pytest.fixture(scope="module")
def guarded() -> Iterator[MockTransport]:
    """A server whose control API asks for a token."""
    loop = PrivateLoop("guarded")
    with Store.open(None) as store:
        document = load_document(default_document_path())
        sandbox = assemble(document, store, credentials_from_seed(1), seed=1, control_token=TOKEN)
        yield MockTransport(sandbox, loop)
        loop.close()


@pytest.fixture
def stranger(guarded: MockTransport) -> httpx.Client:
    """Somebody on another machine."""
    return httpx.Client(base_url="http://mock.example.com", transport=guarded)


def test_bearer_of_the_token_may_call(guarded: MockTransport) -> None:
    """The client sends the token that it is given."""
    with MockControl("http://mock.example.com", token=TOKEN, transport=guarded) as control:
        assert control.developer().is_default


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong-token-of-some-length"},
        {"Authorization": "Bearer"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer \u00e9"},
        [("Authorization", f"Bearer {TOKEN}"), ("Authorization", f"Bearer {TOKEN}")],
    ],
)
def test_others_are_refused(
    stranger: httpx.Client, headers: dict[str, str] | list[tuple[str, str]]
) -> None:
    """Without the very token there is a 401 with a challenge, which does not repeat the token."""
    encoded = httpx.Headers(headers, encoding="utf-8")
    answer = stranger.get("/_mock/developers", headers=encoded)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    assert TOKEN not in answer.text


def test_credentials_of_the_api_do_not_open_the_control_api(guarded: MockTransport) -> None:
    """Whoever may call the API is not thereby allowed to change worlds."""
    credentials = credentials_from_seed(1)
    auth = (credentials.client_id, credentials.client_secret)
    with httpx.Client(base_url="http://mock.example.com", auth=auth, transport=guarded) as client:
        assert client.get("/v1/users").status_code == 200
        assert client.get("/_mock/settings").status_code in (401, 404)
        assert client.get("/_mock/developers/default/settings").status_code == 401


def test_health_and_inboxes_need_no_token(stranger: httpx.Client) -> None:
    """Whoever watches the server, or sends notifications, has no token; reading an inbox needs it."""
    assert stranger.get("/_mock/health").json()["status"] == "ok"
    assert stranger.post("/_mock/inbox/mine", json={}).status_code == 200
    assert stranger.get("/_mock/inbox/mine").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example:4010"},
        {"Host": "127.0.0.1.evil.example"},
    ],
)
def test_foreign_pages_are_kept_out_of_an_open_server(
    raw: httpx.Client, headers: dict[str, str]
) -> None:
    """A page that somebody visits cannot reset the mock server of their machine."""
    answer = raw.post("/_mock/developers/default/reset", headers=headers)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "foreign_origin"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost:3000"},
        {"Origin": "http://[::1]:3000"},
        {"Host": "127.0.0.1:4010"},
        {"Host": "[::1]:4010"},
        {"Host": "mock"},
    ],
)
def test_own_pages_and_names_are_let_in(raw: httpx.Client, headers: dict[str, str]) -> None:
    """Front ends under development on this machine may use it."""
    assert raw.get("/_mock/developers", headers=headers).status_code == 200


def test_refusal_is_the_servers_sentence(guarded: MockTransport) -> None:
    """Who forgets the token is told how to send it."""
    with (
        MockControl("http://mock.example.com", transport=guarded) as control,
        pytest.raises(ControlRefusedError, match="Authorization: Bearer <token>") as refused,
    ):
        control.developers()
    assert refused.value.status == 401
