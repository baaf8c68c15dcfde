"""Errors of the control API's client."""

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


def responding(response: httpx.Response) -> MockControl:
    """A control of something that gives one response to everything."""
    return MockControl("http://127.0.0.1:4010", transport=httpx.MockTransport(lambda _: response))


def test_missing_server_is_said_with_what_to_do() -> None:
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
    with pytest.raises(ControlError, match="is no URL; give one like"), MockControl(url) as control:
        control.health()


@pytest.mark.parametrize(
    "url", ["http://ada:s3cret@127.0.0.1:4010", "http://ada:s3cret@x:port", "ada:s3cret@127.0.0.1"]
)
def test_address_with_password_is_rejected_unsaid(url: str) -> None:
    with pytest.raises(ControlError, match="holds a user or a password") as error, MockControl(url):
        pass
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, text="<html>"),
        httpx.Response(404, text="not here"),
        httpx.Response(500, json={"error": "text"}),
        httpx.Response(502, json=["x"]),
    ],
)
def test_non_mock_server_is_said(response: httpx.Response) -> None:
    with responding(response) as control, pytest.raises(ControlError, match="give another address"):
        control.health()


def test_broken_connection_is_said() -> None:

    def die(request: httpx.Request) -> httpx.Response:
        message = "went away"
        raise httpx.RemoteProtocolError(message, request=request)

    with (
        MockControl(transport=httpx.MockTransport(die)) as control,
        pytest.raises(ControlConnectionError, match="did not respond properly: went away"),
    ):
        control.health()


def test_errors_survive_pickling() -> None:
    rejected = ControlStatusError("No.", 404, "incorrect_account_id", "id")
    again = pickle.loads(pickle.dumps(rejected))
    assert (str(again), again.status, again.code, again.request_id) == (
        "No.",
        404,
        "incorrect_account_id",
        "id",
    )


def test_names_in_paths_are_escaped(control: MockControl) -> None:
    with pytest.raises(ControlStatusError) as rejected:
        control.for_developer("default/reset?x=").clock()
    assert (rejected.value.status, rejected.value.code) == (404, "incorrect_developer_id")


def test_token_stands_in_no_repr() -> None:
    with MockControl(token="very-secret-token") as control:
        assert "very-secret-token" not in repr(control)
        assert "very-secret-token" not in repr(vars(control))


def test_secrets_of_developers_stand_in_no_repr(control: MockControl) -> None:
    developer = control.developer()
    assert developer.secrets[0] not in repr(developer)
