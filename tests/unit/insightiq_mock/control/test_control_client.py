"""What the client of the control API says when something is wrong."""

from __future__ import annotations

import pickle
import socket

import httpx
import pytest

from insightiq_mock.control import (
    ControlConnectionError,
    ControlError,
    ControlStatusError,
    MockControl,
)


def answering(answer: httpx.Response) -> MockControl:
    """A control of something that gives one answer to everything."""
    return MockControl("http://127.0.0.1:4010", transport=httpx.MockTransport(lambda _: answer))


def test_missing_server_is_said_with_what_to_do() -> None:
    """The sentence names the address, and how to start a server."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with (
            MockControl(url) as control,
            pytest.raises(ControlConnectionError, match="'insightiq-mock serve'") as error,
        ):
            control.health()
    assert url in str(error.value)


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1", "127.0.0.1:4010", "http://[", "http://", "http://x:port", ""]
)
def test_wrong_address_is_said(url: str) -> None:
    """What is no URL is refused with an example of one."""
    with pytest.raises(ControlError, match="is no URL; give one like"), MockControl(url) as control:
        control.health()


@pytest.mark.parametrize(
    "url", ["http://ada:s3cret@127.0.0.1:4010", "http://ada:s3cret@x:port", "ada:s3cret@127.0.0.1"]
)
def test_address_with_a_password_is_refused_unsaid(url: str) -> None:
    """It would be in each message about the server."""
    with pytest.raises(ControlError, match="holds a user or a password") as error, MockControl(url):
        pass
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>"),
        httpx.Response(404, text="not here"),
        httpx.Response(500, json={"error": "text"}),
        httpx.Response(502, json=["x"]),
    ],
)
def test_what_is_no_mock_server_is_said(answer: httpx.Response) -> None:
    """An answer of something else does not end in a traceback of the client."""
    with answering(answer) as control, pytest.raises(ControlError, match="give another address"):
        control.health()


def test_broken_connection_is_said() -> None:
    """A server that dies meanwhile is not called missing."""

    def die(request: httpx.Request) -> httpx.Response:
        message = "went away"
        raise httpx.RemoteProtocolError(message, request=request)

    with (
        MockControl(transport=httpx.MockTransport(die)) as control,
        pytest.raises(ControlConnectionError, match="did not answer properly: went away"),
    ):
        control.health()


def test_refusals_survive_pickling() -> None:
    """Test runners send errors from process to process."""
    refused = ControlStatusError("No.", 404, "incorrect_account_id", "id")
    again = pickle.loads(pickle.dumps(refused))  # noqa: S301 - made here
    assert (str(again), again.status, again.code, again.request_id) == (
        "No.",
        404,
        "incorrect_account_id",
        "id",
    )


def test_names_in_paths_are_escaped(control: MockControl) -> None:
    """A name with a slash names nothing else."""
    with pytest.raises(ControlStatusError) as refused:
        control.for_developer("default/reset?x=").clock()
    assert (refused.value.status, refused.value.code) == (404, "incorrect_developer_id")


def test_token_stands_in_no_repr() -> None:
    """Neither the client nor its parts show the token."""
    with MockControl(token="very-secret-token") as control:
        assert "very-secret-token" not in repr(control)
        assert "very-secret-token" not in repr(vars(control))


def test_secrets_of_developers_stand_in_no_repr(control: MockControl) -> None:
    """A developer can be printed in a log."""
    developer = control.developer()
    assert developer.secrets[0] not in repr(developer)
