"""Looking back at what was called."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import orjson
import pytest

from insightiq_mock.context import RequestContext, Response
from insightiq_mock.db import Store
from insightiq_mock.db.request_log import RequestLogRows
from insightiq_mock.structured_log import redacted, redacted_target
from insightiq_mock.web.request_log import (
    LogFilter,
    LoggedRequest,
    Record,
    RequestLog,
    RingLog,
    StoredLog,
)

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMSJ9.c2lnbmF0dXJl"


def record(**values: Any) -> Record:
    """Make an entry."""
    usual: dict[str, Any] = {
        "at": 1_780_000_000.25,
        "method": "GET",
        "target": b"/v1/things?limit=1",
        "operation_id": "things.list",
        "developer_id": "me",
        "status": 200,
        "seconds": 0.0015,
        "request_id": "an-id",
        "request_body": b"",
        "response_body": b'{"data":[]}',
    }
    return Record(**{**usual, **values})


@pytest.fixture(params=["ring", "stored"])
def make_log(request: pytest.FixtureRequest) -> Iterator[Callable[[int], RequestLog]]:
    with Store.open(None) as store:

        def make(capacity: int) -> RequestLog:
            if request.param == "ring":
                return RingLog(capacity)
            return StoredLog(RequestLogRows(store, capacity))

        yield make


async def noted(log: RequestLog, *records: Record) -> None:
    """Note requests as a server does."""
    for each in records:
        log.note(each)


def test_request_is_logged_with_what_came_of_it(
    make_surrounded: Callable[..., Any], credentials: tuple[str, str]
) -> None:

    def handle(call: RequestContext) -> Response:
        return Response(201, orjson.dumps({"id": "x", "name": call.body["name"]}))

    surrounded = make_surrounded({"things.create": handle})
    body = {"name": "Ada", "external_id": "7"}
    response = surrounded.call("POST", "/v1/things?unknown=1", json=body)
    (entry,) = surrounded.log.entries()
    assert entry == LoggedRequest(
        number=1,
        at="2026-05-28T20:26:40.250000",
        method="POST",
        target="/v1/things?unknown=1",
        operation_id="things.create",
        developer_id=credentials[0],
        status=response.status_code,
        milliseconds=0.0,
        request_id=response.headers["request-id"],
        request_body=response.request.content.decode(),
        response_body=response.text,
    )


def test_errors_and_strangers_are_logged_too(surrounded: Any) -> None:
    surrounded.call("GET", "/v1/nothing")
    surrounded.call("GET", "/v1/things", auth=("x", "y"))
    surrounded.call("GET", "/v1/things?limit=0")
    entries = [(e.status, e.operation_id, e.developer_id) for e in surrounded.log.entries()]
    developer = surrounded.simulation.developers()[0].id
    assert entries == [
        (404, None, None),
        (401, "things.list", None),
        (400, "things.list", developer),
    ]


def test_long_body_is_cut_off(surrounded: Any) -> None:
    surrounded.call("POST", "/v1/things", json={"name": "a", "external_id": "x" * 100_000})
    (entry,) = surrounded.log.entries()
    assert len(entry.request_body) == 2048
    assert len(entry.response_body) <= 2048


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (LogFilter(), [1, 2, 3, 4]),
        (LogFilter(developer_id="you"), [2]),
        (LogFilter(operation_id="things.create"), [3]),
        (LogFilter(method="POST"), [3]),
        (LogFilter(status=404), [2]),
        (LogFilter(status=4), [2, 4]),
        (LogFilter(path="/v1/things"), [1, 3]),
        (LogFilter(developer_id="me", status=2), [1, 3]),
        (LogFilter(developer_id="no one"), []),
    ],
)
def test_entries_are_filtered(make_log: Any, wanted: LogFilter, numbers: list[int]) -> None:
    log = make_log(10)
    asyncio.run(
        noted(
            log,
            record(),
            record(developer_id="you", status=404, target=b"/v1/users", operation_id="users.list"),
            record(method="POST", operation_id="things.create", status=201),
            record(status=400, target=b"/v1/nothing", operation_id=None),
        )
    )
    assert [entry.number for entry in log.entries(wanted)] == numbers


def test_latest_are_shown_and_oldest_forgotten(make_log: Any) -> None:
    log = make_log(5)
    asyncio.run(noted(log, *(record() for _ in range(8))))
    assert [entry.number for entry in log.entries()] == [4, 5, 6, 7, 8]
    assert [entry.number for entry in log.entries(limit=2)] == [7, 8]
    assert [entry.number for entry in log.entries(after=6)] == [7, 8]


def test_developer_s_entries_can_be_forgotten(make_log: Any) -> None:
    log = make_log(5)
    asyncio.run(noted(log, record(), record(developer_id="you"), record()))
    log.clear("me")
    assert [entry.number for entry in log.entries()] == [2]
    log.clear()
    assert log.entries() == []


def test_following_yields_what_was_and_what_comes(make_log: Any) -> None:
    log = make_log(100)

    async def read(entries: AsyncIterator[LoggedRequest], number: int) -> list[int]:
        return [(await anext(entries)).number for _ in range(number)]

    async def follow() -> None:
        log.note(record())
        log.note(record(status=500))
        everything, errors = log.follow(), log.follow(LogFilter(status=5), after=2)
        assert await read(everything, 2) == [1, 2]
        coming = asyncio.gather(read(everything, 3), read(errors, 2))
        await asyncio.sleep(0)
        for status in (500, 200, 500):
            log.note(record(status=status))
        assert await asyncio.wait_for(coming, 5) == [[3, 4, 5], [3, 5]]
        await everything.aclose()
        await errors.aclose()

    asyncio.run(follow())


def test_two_processes_log_into_one_store(tmp_path: Any) -> None:
    path = tmp_path / "mock.db"
    with Store.open(path) as one, Store.open(path) as two:
        mine, yours = (StoredLog(RequestLogRows(store, 10)) for store in (one, two))

        async def note() -> None:
            mine.note(record())
            yours.note(record(status=404))
            mine.flush()
            assert [entry.status for entry in yours.entries()] == [200, 404]

        asyncio.run(note())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            f'{{"sdk_token":"{TOKEN}","expires_at":"x"}}',
            '{"sdk_token":"[hidden]","expires_at":"x"}',
        ),
        ('{"client_secret": "a\\"b", "name": "n"}', '{"client_secret": "[hidden]", "name": "n"}'),
        ('{"sdk_token":"eyJcut', '{"sdk_token":"[hidden]'),
        (f"see {TOKEN}.", "see [hidden]."),
        ("sent Basic QWxhZGRpbjpvcGVu and", "sent Basic [hidden] and"),
        ('{"name":"Basic idea"}', '{"name":"Basic idea"}'),
        ('{"Authorization":"Basic eA=="}', '{"Authorization":"[hidden]"}'),
        ('{"id":"11111111-1111-4111-8111-111111111111"}',) * 2,
    ],
)
def test_secrets_are_hidden(text: str, shown: str) -> None:
    assert redacted(text) == shown


def test_secrets_in_query_are_hidden() -> None:
    target = redacted_target("/v1/x?limit=1&token=abc&client_secret=d+e&page=2")
    assert target == "/v1/x?limit=1&token=%5Bhidden%5D&client_secret=%5Bhidden%5D&page=2"


def test_credentials_and_tokens_never_get_into_log(
    make_surrounded: Callable[..., Any], credentials: tuple[str, str]
) -> None:

    def handle(call: RequestContext) -> Response:
        thing = {"id": "11111111-1111-4111-8111-111111111111", "name": "n", "sdk_token": TOKEN}
        return Response(201, orjson.dumps(thing))

    surrounded = make_surrounded({"things.create": handle})
    surrounded.call("POST", "/v1/things", json={"name": "a", "external_id": "b"})
    shown = str([dataclasses.asdict(entry) for entry in surrounded.log.entries()])
    assert credentials[1] not in shown
    assert TOKEN not in shown
    assert "[hidden]" in shown
