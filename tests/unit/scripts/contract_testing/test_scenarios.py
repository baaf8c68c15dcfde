"""Layer S against servers that are broken on purpose, each in one way."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import openapi_document
import pytest
from contract_testing.layers import scenarios
from contract_testing.recording import Recording
from contract_testing.run import Finding, Run
from contract_testing.servers import MockInProcess, Server
from published_document import DOCUMENT

OPERATIONS = {each.id: each for each in openapi_document.operations(DOCUMENT)}


@dataclasses.dataclass
class Answered:
    """An answer that can be changed."""

    request: httpx.Request
    status: int
    headers: dict[str, str]
    body: Any


Change = Callable[[Answered], None]


class BreakingTransport(httpx.BaseTransport):
    """Changes the answers of another transport."""

    def __init__(self, inner: httpx.BaseTransport, change: Change) -> None:
        self._inner = inner
        self._change = change

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send, and change what comes back."""
        response = self._inner.handle_request(request)
        content = response.read()
        response.close()
        headers = {key: text for key, text in response.headers.items() if key != "content-length"}
        body = json.loads(content) if content else None
        answer = Answered(request, response.status_code, headers, body)
        self._change(answer)
        sent = b"" if answer.body is None else json.dumps(answer.body).encode()
        return httpx.Response(answer.status, headers=answer.headers, stream=httpx.ByteStream(sent))


class BreakingMock(MockInProcess):
    """A mock in this process whose answers are changed."""

    def __init__(self, change: Change) -> None:
        super().__init__()
        self._change = change

    def transport(self) -> httpx.BaseTransport:
        """Return a transport that changes answers, of the API and not of the control API."""
        return BreakingTransport(super().transport(), self._change)


@contextlib.contextmanager
def server_of(mock: MockInProcess) -> Iterator[Server]:
    """A developer of a mock, for the length of a block."""
    server = mock.server(Recording())
    try:
        yield server
    finally:
        server.close()
        mock.close()


def played(mock: MockInProcess, topic: str, *operations: str) -> list[Finding]:
    """What the scenarios of one topic find."""
    with server_of(mock) as server:
        run = Run(
            layer="S",
            document=DOCUMENT,
            operations=[OPERATIONS[each] for each in operations] or list(OPERATIONS.values()),
            seed=1,
            examples=0,
            server=server,
            topics=(topic,),
        )
        scenarios.LAYER.run(run)
        return run.findings


def is_list(request: httpx.Request, path: str) -> bool:
    """Whether a request asks for a page of the list at ``path``."""
    return request.method == "GET" and request.url.path == path


LAST_ROW: list[Any] = []


def page_repeats_last_item(answer: Answered) -> None:
    """The second page begins with the last row of the first."""
    offset = int(answer.request.url.params.get("offset", 0))
    if is_list(answer.request, "/v1/social/contents") and answer.body.get("data"):
        if offset == 7:
            answer.body["data"] = [*LAST_ROW, *answer.body["data"][:-1]]
        LAST_ROW[:] = answer.body["data"][-1:]


def limit_is_ignored(answer: Answered) -> None:
    """A page has a row less than asked for."""
    if is_list(answer.request, "/v1/users") and answer.status == 200:
        answer.body["data"] = answer.body["data"][:2]


def pages_are_reversed(answer: Answered) -> None:
    """Each page is sorted the other way round than the list."""
    if is_list(answer.request, "/v1/social/contents") and answer.status == 200:
        answer.body["data"].reverse()


def pages_are_capped(answer: Answered) -> None:
    """A page has at most five rows, whatever was asked for; the metadata does not say so."""
    if is_list(answer.request, "/v1/social/contents") and answer.status == 200:
        answer.body["data"] = answer.body["data"][:5]


def pages_are_shuffled(answer: Answered) -> None:
    """Every page is the first, and begins elsewhere each time."""
    if is_list(answer.request, "/v1/users") and answer.status == 200:
        offset = int(answer.request.url.params.get("offset", 0))
        rows = answer.body["data"]
        SHUFFLED[:] = SHUFFLED or rows
        turn = offset % max(len(SHUFFLED), 1)
        answer.body["data"] = [*SHUFFLED[turn:], *SHUFFLED[:turn]]


SHUFFLED: list[Any] = []


def last_day_is_lost(answer: Answered) -> None:
    """A window ends before its last day."""
    last = answer.request.url.params.get("to_date")
    if is_list(answer.request, "/v1/social/contents") and last:
        answer.body["data"] = [
            row for row in answer.body["data"] if row["published_at"][:10] != last
        ]


def another_row(answer: Answered) -> None:
    """A get by id answers with the data of another row."""
    if answer.request.url.path.startswith("/v1/users/") and answer.status == 200:
        answer.body = {**answer.body, "name": "somebody else"}


def token_lives_for_a_day(answer: Answered) -> None:
    """expires_at is another time than the token's own."""
    if answer.request.url.path == "/v1/sdk-tokens" and answer.status == 201:
        answer.body["expires_at"] = "2026-11-02T12:00:00.000000"


def put_merges(answer: Answered) -> None:
    """An update keeps the events that were there."""
    if answer.request.method == "PUT" and answer.status == 200:
        answer.body["events"] = [*answer.body["events"], "CONTENTS.UPDATED"]


def password_prefix_is_enough(answer: Answered) -> None:
    """Any credentials are let in."""
    if answer.status == 401:
        answer.status = 200


def no_retry_after(answer: Answered) -> None:
    """A 429 does not say when to come back."""
    answer.headers.pop("retry-after", None)


def secret_in_a_header(answer: Answered) -> None:
    """An answer repeats the credentials."""
    answer.headers["x-debug"] = answer.request.headers.get("authorization", "")


def one_request_id(answer: Answered) -> None:
    """All answers have one request-id."""
    answer.headers["request-id"] = "c7a1e5d0-3b92-4f68-8d17-0e4f6b2a9c35"


def local_time(answer: Answered) -> None:
    """New users are created an hour late."""
    if answer.request.url.path == "/v1/users" and answer.status == 201:
        hour = int(answer.body["created_at"][11:13])
        answer.body["created_at"] = (
            f"{answer.body['created_at'][:11]}{hour + 1:02}{answer.body['created_at'][13:]}"
        )


def error_status_differs(answer: Answered) -> None:
    """An error says another status than its own."""
    if answer.status == 404:
        answer.body["error"]["status_code"] = 400


def search_loses_order(answer: Answered) -> None:
    """A search answers in an order of its own."""
    if answer.request.url.path.endswith("/search") and answer.status == 200:
        answer.body["data"].reverse()


def reversed_window_is_empty(answer: Answered) -> None:
    """A window that ends before it begins gives an empty list."""
    query = answer.request.url.params
    if answer.status == 400 and query.get("from_date", "") > query.get("to_date", "~"):
        answer.status, answer.body = 200, {"data": []}


def unknown_account_is_empty(answer: Answered) -> None:
    """The contents of an account that does not exist are an empty list."""
    if answer.status == 404 and is_list(answer.request, "/v1/social/contents"):
        answer.status, answer.body = 200, {"data": []}


def capitals_are_unknown(answer: Answered) -> None:
    """An id in capitals is not found."""
    text = answer.request.url.path.rpartition("/")[2]
    if text != text.lower():
        answer.status = 404


BROKEN: list[tuple[Change, str, tuple[str, ...], str]] = [
    (page_repeats_last_item, "paging", ("contents.list",), "page 2 of 7 rows repeats as its item"),
    (limit_is_ignored, "paging", ("users.list",), "users.list: "),
    (pages_are_reversed, "paging", ("contents.list",), "rows are on no page of 7"),
    (pages_are_capped, "paging", ("contents.list",), "a page with no limit at offset 0 has 5 rows"),
    (pages_are_shuffled, "paging", ("users.list",), "users.list: "),
    (last_day_is_lost, "filters", ("contents.list",), "to_date="),
    (another_row, "lookups", ("users.get", "users.list"), "differs from its row in the list"),
    (capitals_are_unknown, "lookups", ("users.get",), "in capitals is answered with 404"),
    (search_loses_order, "lookups", ("contents.search",), "the server gives"),
    (reversed_window_is_empty, "filters", ("contents.list",), "answered with 200, not with 400"),
    (unknown_account_is_empty, "filters", ("contents.list",), "answered with 200, not with 404"),
    (token_lives_for_a_day, "tokens", (), "expires_at is"),
    (put_merges, "registry", (), "webhooks.update: the answer says"),
    (password_prefix_is_enough, "credentials", (), "is answered with 200, not with 401"),
    (no_retry_after, "limits", (), "its Retry-After is None"),
    (local_time, "moments", ("users.create", "users.list"), "the client reads"),
]


@pytest.mark.parametrize(
    ("change", "topic", "operations", "text"), BROKEN, ids=[each[0].__name__ for each in BROKEN]
)
def test_a_broken_server_is_seen(
    change: Change, topic: str, operations: tuple[str, ...], text: str
) -> None:
    """A scenario of the topic says what is wrong, in words."""
    found = played(BreakingMock(change), topic, *operations)
    assert any(text in each.message for each in found), [each.message for each in found]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (secret_in_a_header, "repeats the credentials"),
        (one_request_id, "belong to several answers"),
        (error_status_differs, "the error says that its status is"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_every_answer_keeps_is_seen(change: Change, text: str) -> None:
    """Rules over all answers see one that breaks them, whatever scenario it belongs to."""
    with server_of(BreakingMock(change)) as server:
        run = Run("S", DOCUMENT, [OPERATIONS["users.get"], OPERATIONS["users.list"]], 1, 0, server)
        run.topics = ("lookups", "answers")
        scenarios.LAYER.run(run)
        assert any(text in each.message for each in run.findings), run.findings


def test_a_server_that_is_only_read_gets_no_scenario_that_writes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Against a server of the vendor nothing is written, and the report says what was left out."""
    with server_of(MockInProcess()) as server:
        server.read_only = True
        # The vendor's quota, which such a server's client keeps, would take ten seconds here.
        monkeypatch.setattr(Server, "client", functools.partialmethod(Server.client, quota=None))
        run = Run("S", DOCUMENT, list(OPERATIONS.values()), 1, 0, server)
        run.topics = ("users", "deliveries", "moments")
        scenarios.LAYER.run(run)
        assert not run.findings
        assert {each.method for each in server.recording.exchanges} == {"GET"}
        assert len(run.not_applicables) > 10
        assert "only read" in run.not_applicables[0].reason


def test_a_server_without_control_keeps_the_scenarios_that_need_none() -> None:
    """Without a control API, writing is still tried, and the rest is named with its reason."""
    with server_of(MockInProcess()) as server:
        plain = Server(
            server.base_url, server.client_id, server.client_secret, NoWorlds(server), Recording()
        )
        run = Run("S", DOCUMENT, list(OPERATIONS.values()), 1, 0, plain)
        run.topics = ("users", "lifecycle")
        scenarios.LAYER.run(run)
        assert {each.reason for each in run.not_applicables} == {
            "the scenario needs the control API of our mock server, and this server has none"
        }
        assert len({each.rule for each in run.cases}) > 3


class NoWorlds:
    """The origin of a server that makes no worlds."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def transport(self) -> httpx.BaseTransport:
        """The server's own."""
        return self._server.origin.transport()

    def async_transport(self) -> httpx.AsyncBaseTransport:
        """The server's own."""
        return self._server.origin.async_transport()

    def fresh(self, recording: Recording, settings: object) -> None:
        """No world."""

    def close(self) -> None:
        """Nothing to close."""
