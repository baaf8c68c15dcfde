"""So many requests in a second, so many at once."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import pathlib
import types
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from insightiq_mock.context import ApiError, RequestContext, Response
from insightiq_mock.db import Store
from insightiq_mock.db.limits import Counts, LocalCounts, SharedCounts
from insightiq_mock.simulation import Settings, Simulation
from insightiq_mock.web.limits import RateLimiter, Tenants

SMALL = Settings(requests_per_second=2, concurrent_requests=100)
EMPTY = b'{"data":[]}'


def statuses(surrounded: Any, number: int, path: str = "/v1/things", **options: Any) -> list[int]:
    """Send requests one after another and return what came back."""
    return [surrounded.call("GET", path, **options).status_code for _ in range(number)]


def test_eleventh_request_of_second_is_rejected(surrounded: Any) -> None:
    assert statuses(surrounded, 10) == [200] * 10
    rejected = surrounded.call("GET", "/v1/things")
    assert rejected.status_code == 429
    assert rejected.headers["retry-after"] == "1"
    assert rejected.json()["error"]["code"] == "rate_limit_exceeded"
    assert rejected.json()["error"]["request_id"] == rejected.headers["request-id"]


def test_window_is_second_of_clock_and_does_not_slide(surrounded: Any) -> None:
    surrounded.seconds = 1_780_000_000.99
    assert statuses(surrounded, 11) == [200] * 10 + [429]
    surrounded.seconds = 1_780_000_001.0
    assert statuses(surrounded, 11) == [200] * 10 + [429]
    surrounded.seconds = 1_780_000_001.999
    assert statuses(surrounded, 1) == [429]


def test_waiting_as_long_as_reported_is_enough(surrounded: Any) -> None:
    for fraction in (0.0, 0.001, 0.5, 0.999):
        surrounded.seconds = int(surrounded.seconds) + 10 + fraction
        assert statuses(surrounded, 11)[-1] == 429
        surrounded.seconds += 1
        assert statuses(surrounded, 1) == [200]


def test_whatever_becomes_of_request_it_counts(surrounded: Any) -> None:
    assert statuses(surrounded, 5, "/v1/things?limit=0") == [400] * 5
    assert statuses(surrounded, 5, "/v1/pages/1") == [200] * 5
    assert statuses(surrounded, 1) == [429]


def test_what_belongs_to_no_one_counts_for_no_one(
    surrounded: Any, credentials: tuple[str, str]
) -> None:
    for _ in range(15):
        assert surrounded.call("GET", "/v1/things", auth=(credentials[0], "x")).status_code == 401
        assert surrounded.call("GET", "/v1/nothing").status_code == 404
        assert surrounded.call("GET", "/v1/status", auth=None).status_code == 200
        assert surrounded.call("GET", "/_mock/health").status_code == 200
    assert statuses(surrounded, 10) == [200] * 10


def test_developers_are_counted_apart(surrounded: Any) -> None:
    surrounded.simulation.create_developer(client_id="other", client_secret="secret")
    assert statuses(surrounded, 11)[-1] == 429
    assert statuses(surrounded, 10, auth=("other", "secret")) == [200] * 10


def test_limits_are_settings(surrounded: Any) -> None:
    surrounded.set(requests_per_second=3)
    assert statuses(surrounded, 4) == [200] * 3 + [429]
    surrounded.set(requests_per_second=5)
    assert statuses(surrounded, 2) == [200, 429]
    surrounded.set(limits_enabled=False)
    assert statuses(surrounded, 30) == [200] * 30


def test_window_follows_shifted_clock(surrounded: Any) -> None:
    surrounded.seconds = 1_780_000_000.7
    surrounded.set(date_shift_seconds=0.25)
    assert statuses(surrounded, 10) == [200] * 10
    surrounded.seconds = 1_780_000_000.75
    response = surrounded.call("GET", "/v1/things")
    assert (response.status_code, response.headers["date"][-6:]) == (200, "41 GMT")


def concurrently(surrounded: Any, number: int, **options: Any) -> list[httpx.Response]:
    """Send requests at the same time."""

    async def send() -> list[httpx.Response]:
        transport = httpx.ASGITransport(surrounded.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://mock") as client:
            calls = (client.get("/v1/things", **options) for _ in range(number))
            return await asyncio.gather(*calls)

    return asyncio.run(send())


def test_only_so_many_get_responses_at_once(
    make_surrounded: Callable[..., Any], credentials: tuple[str, str]
) -> None:
    together = 0

    async def handle(call: RequestContext) -> Response:
        nonlocal together
        together += 1
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        together -= 1
        return Response(200, EMPTY)

    surrounded = make_surrounded({"things.list": handle})
    surrounded.set(requests_per_second=1000, concurrent_requests=3)
    for _ in range(2):
        responses = concurrently(surrounded, 8, auth=credentials)
        assert sorted(response.status_code for response in responses) == [200] * 3 + [429] * 5
        rejected = next(response for response in responses if response.status_code == 429)
        assert rejected.json()["error"]["code"] == "concurrency_limit_exceeded"
        assert rejected.headers["retry-after"] == "1"


def test_request_that_fails_gives_its_place_back(make_surrounded: Callable[..., Any]) -> None:

    def handle(call: RequestContext) -> Response:
        raise ApiError(404, "RECORD_NOT_FOUND", "incorrect_thing_id", call.operation_id)

    surrounded = make_surrounded({"things.get": handle})
    surrounded.set(requests_per_second=1000, concurrent_requests=1)
    path = "/v1/things/11111111-1111-4111-8111-111111111111"
    assert statuses(surrounded, 3, path) == [404] * 3
    assert statuses(surrounded, 3, "/v1/things?limit=0") == [400] * 3
    assert surrounded.call("GET", "/v1/things", headers={"Prefer": "code=500"}).status_code == 500
    assert statuses(surrounded, 2) == [200, 200]


@pytest.fixture(params=["local", "shared"])
def counts(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Counts:
    """Both ways of counting."""
    return LocalCounts() if request.param == "local" else SharedCounts(tmp_path / "counts", 0)


def test_both_ways_of_counting_agree(counts: Counts) -> None:
    assert counts.enter("a", 7) == (1, 1)
    assert counts.enter("a", 7) == (2, 2)
    assert counts.enter("b", 7) == (1, 1)
    counts.leave("a")
    assert counts.enter("a", 8) == (1, 2)
    counts.leave("a")
    counts.leave("a")
    counts.leave("b")
    assert counts.enter("a", 8) == (2, 1)


def test_rejected_request_is_not_open(counts: Counts) -> None:
    tenants = types.SimpleNamespace(settings=lambda _developer_id: SMALL)
    limiter = RateLimiter(
        tenants,  # type: ignore[arg-type] # enough of it
        counts,
        seconds=lambda: 5.5,
        world_time=lambda _: dt.datetime(2026, 6, 1, tzinfo=dt.UTC),
    )
    admitted = [RequestContext(developer_id="a") for _ in range(2)]
    for context in admitted:
        limiter.admit(context)
    for _ in range(3):
        with pytest.raises(ApiError) as caught:
            limiter.admit(RequestContext(developer_id="a"))
        assert caught.value.status == 429
    for context in admitted:
        limiter.release(context)
    assert counts.enter("a", 6) == (1, 1)


def test_many_developers_do_not_fill_memory(counts: Counts) -> None:
    counts.enter("busy", 1)
    for number in range(5000):
        counts.enter(f"developer {number}", 100 + number)
        counts.leave(f"developer {number}")
    assert counts.enter("busy", 6000) == (1, 2)


def test_processes_share_windows_and_open_requests(tmp_path: pathlib.Path) -> None:
    first, second = (SharedCounts(tmp_path / "counts", number) for number in range(2))
    assert first.enter("a", 1) == (1, 1)
    assert second.enter("a", 1) == (2, 2)
    first.leave("a")
    assert second.enter("a", 1) == (3, 2)
    first.close()
    second.close()


def test_what_killed_process_left_open_is_given_back(tmp_path: pathlib.Path) -> None:
    killed, other = (SharedCounts(tmp_path / "counts", number) for number in range(2))
    killed.enter("a", 1)
    killed.enter("a", 1)
    assert other.enter("a", 1) == (3, 3)
    replacement = SharedCounts(tmp_path / "counts", 0)
    assert replacement.enter("a", 1) == (4, 2)


@pytest.mark.parametrize("number", [-1, 32])
def test_there_is_room_for_so_many_processes(tmp_path: pathlib.Path, number: int) -> None:
    with pytest.raises(ValueError, match="from 0 to 31"):
        SharedCounts(tmp_path / "counts", number)


def status(surrounded: Any, client_id: str, secret: str) -> int:
    """Call with credentials and return the status."""
    found: int = surrounded.call("GET", "/v1/things", auth=(client_id, secret)).status_code
    return found


def test_rotation_counts_at_once(surrounded: Any) -> None:
    surrounded.simulation.create_developer(client_id="dev", client_secret="old")
    assert [status(surrounded, "dev", secret) for secret in ("old", "old", "new")] == [
        200,
        200,
        401,
    ]
    surrounded.simulation.rotate_secret("dev", "new")
    assert [status(surrounded, "dev", secret) for secret in ("old", "new", "new")] == [
        200,
        200,
        200,
    ]
    surrounded.simulation.retire_old_secret("dev")
    assert [status(surrounded, "dev", secret) for secret in ("old", "new")] == [401, 200]


def test_deleted_developer_is_stranger(surrounded: Any) -> None:
    surrounded.simulation.create_developer(client_id="dev", client_secret="secret")
    assert status(surrounded, "dev", "secret") == 200
    surrounded.simulation.delete_developer("dev")
    assert status(surrounded, "dev", "secret") == 401
    surrounded.simulation.create_developer(client_id="dev", client_secret="other")
    assert [status(surrounded, "dev", secret) for secret in ("secret", "other")] == [401, 200]


def test_remembered_credentials_do_not_open_repeated_header(
    surrounded: Any, credentials: tuple[str, str]
) -> None:
    assert status(surrounded, *credentials) == 200
    right = "Basic " + base64.b64encode(":".join(credentials).encode()).decode()
    for headers in (
        [("Authorization", "Basic eDp5"), ("Authorization", right)],
        [("Authorization", right), ("Authorization", right)],
    ):
        response = surrounded.call("GET", "/v1/things", auth=None, headers=headers)
        assert response.status_code == 401


def test_repeated_header_of_another_name_changes_nothing(
    surrounded: Any, credentials: tuple[str, str]
) -> None:
    for _ in range(2):
        headers = [("X-Other", "1"), ("X-Other", "2")]
        response = surrounded.call("GET", "/v1/things", auth=credentials, headers=headers)
        assert response.status_code == 200


@pytest.mark.parametrize("change", ["rotate", "settings", "delete"])
def test_changes_of_another_process_are_noticed(tmp_path: pathlib.Path, change: str) -> None:
    path = tmp_path / "mock.db"
    with Store.open(path) as one, Store.open(path) as two:
        for store in (one, two):
            store.share()
        mine, yours = Simulation(one), Tenants(Simulation(two))
        mine.create_developer(client_id="dev", client_secret="old")
        assert yours.permitted(b"header") is None
        assert yours.check("dev", "old")
        yours.remember(b"header", "dev")
        assert yours.permitted(b"header") == "dev"
        assert yours.settings("dev").requests_per_second == 10
        if change == "rotate":
            mine.rotate_secret("dev", "new")
        elif change == "settings":
            mine.update_settings("dev", {"requests_per_second": 3})
            assert yours.settings("dev").requests_per_second == 3
        else:
            mine.delete_developer("dev")
            assert not yours.check("dev", "old")
        assert yours.permitted(b"header") is None
