"""Retries of the client against a server that carries out what it receives."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import httpx
import pytest
from contract_suite.servers import Server

from insightiq import InsightIQ, errors
from insightiq.testing import FakeClock

URL = "https://receiver.invalid/retries"
EVENTS = ["CONTENTS.ADDED"]


pytestmark = [
    pytest.mark.scenarios,
    pytest.mark.writes,
    pytest.mark.operations("users.create", "webhooks.update", "webhooks.delete"),
]


class LosingTransport(httpx.BaseTransport):
    """Sends requests and loses the first response to one method."""

    def __init__(self, inner: httpx.BaseTransport, method: str) -> None:
        self._inner = inner
        self._method: str | None = method

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(request)
        if request.method == self._method:
            self._method = None
            response.read()
            msg = "the response was lost"
            raise httpx.ReadTimeout(msg, request=request)
        return response

    def close(self) -> None:
        self._inner.close()


Losing = Callable[[str], InsightIQ]


@pytest.fixture
def losing(server: Server) -> Losing:
    """A function that makes a client which loses the first response to a method."""

    def make(method: str) -> InsightIQ:
        transport = LosingTransport(server.transport(), method)
        return server.client(transport=transport, clock=FakeClock())

    return make


def test_creation_is_not_sent_twice(
    iq: InsightIQ, losing: Losing, own: Callable[[str], str]
) -> None:
    """One request, an error that says `maybe_applied`, one row; `get_or_create` finds it."""
    lost, found = own("lost"), own("found")
    with losing("POST") as client, pytest.raises(errors.APITimeoutError) as caught:
        client.users.create(name="lost", external_id=lost)
    assert caught.value.maybe_applied
    assert caught.value.attempts == 1
    with losing("POST") as client:
        user = client.users.get_or_create(name="found", external_id=found)
    created = [each for each in iq.users.list() if each.external_id in {lost, found}]
    assert sorted(each.external_id for each in created) == sorted([lost, found])
    assert user in created, "users.get_or_create gives another user"
    with losing("POST") as client, contextlib.suppress(errors.APIConnectionError):
        client.webhooks.create(url=URL, events=EVENTS, name=lost)
    count = sum(hook.name == lost for hook in iq.webhooks.list())
    assert count == 1, f"webhooks.create: the response was lost, and there are {count} webhooks"


def test_idempotent_request_is_sent_again(iq: InsightIQ, losing: Losing) -> None:
    hook = iq.webhooks.create(url=URL, events=EVENTS, name="r")
    with losing("GET") as client:
        assert client.webhooks.get(hook.id) == hook
    with losing("PUT") as client:
        client.webhooks.update(hook.id, url=f"{URL}/2", events=EVENTS, name="r")
    assert iq.webhooks.get(hook.id).url == f"{URL}/2", "webhooks.update changed nothing"
    with losing("DELETE") as client, contextlib.suppress(errors.NotFoundError):
        client.webhooks.delete(hook.id)
    assert hook.id not in [each.id for each in iq.webhooks.list()], "the webhook is still there"
