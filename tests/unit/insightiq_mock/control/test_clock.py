"""The clock through the control API."""

from __future__ import annotations

import asyncio
import concurrent.futures
import datetime as dt
import json
import threading

import httpx
import pytest

from insightiq_mock.control import ClockAdvanced, ControlStatusError, MockControl
from insightiq_mock.control.clock import duration
from insightiq_mock.testing import MockApplication, MockTenant
from insightiq_mock.testing.transports import scope_of

JANUARY_31 = dt.datetime(2027, 1, 31, 12, tzinfo=dt.UTC)


def test_frozen_clock_stands_still_until_it_is_advanced(control: MockControl) -> None:
    before = control.clock()
    assert before.mode == "frozen"
    advanced = control.advance(days=1, hours=2, minutes=3, seconds=4.5)
    assert advanced.clock.now - before.now == dt.timedelta(days=1, hours=2, minutes=3, seconds=4.5)
    assert control.clock() == advanced.clock


@pytest.mark.parametrize(
    ("months", "end"),
    [(1, (2027, 2, 28)), (2, (2027, 3, 31)), (11, (2027, 12, 31)), (13, (2028, 2, 29))],
)
def test_months_are_those_of_calendar(months: int, end: tuple[int, int, int]) -> None:
    assert JANUARY_31 + duration(JANUARY_31, {"months": months}) == dt.datetime(
        *end, 12, tzinfo=dt.UTC
    )


def test_months_reach_clock(control: MockControl) -> None:
    before = control.clock().now
    assert control.advance(months=1).clock.now - before == duration(before, {"months": 1})


def test_clock_runs_at_factor(control: MockControl) -> None:
    clock = control.set_clock("running", at=JANUARY_31, factor=1000)
    assert (clock.mode, clock.factor) == ("running", 1000.0)
    assert clock.now >= JANUARY_31


def test_real_clock_shows_time_of_wall(control: MockControl) -> None:
    shown = control.set_clock("real").now
    assert abs(shown - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"mode": "real", "at": JANUARY_31}, "cannot be set to a moment"),
        ({"mode": "frozen", "factor": 2.0}, "factor goes with mode running"),
        ({"mode": "stopped"}, "is not one of"),
    ],
)
def test_impossible_clocks_are_rejected(
    control: MockControl, arguments: dict[str, object], message: str
) -> None:
    with pytest.raises(ControlStatusError, match=message) as rejected:
        control.set_clock(**arguments)  # type: ignore[arg-type] # what the test is about
    assert rejected.value.status == 400


def test_moment_without_zone_is_rejected_at_once(control: MockControl) -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        control.set_clock("frozen", at=dt.datetime(2027, 1, 1))  # noqa: DTZ001 - what the test is about


@pytest.mark.parametrize("parts", [{"days": -1}, {"months": 1200, "days": 36600 * 99}])
def test_impossible_advances_are_rejected(control: MockControl, parts: dict[str, int]) -> None:
    before = control.clock()
    with pytest.raises(ControlStatusError) as rejected:
        control.advance(**parts)
    assert rejected.value.status == 400
    assert control.clock() == before


def test_what_is_due_happens_in_order_before_response(
    tenant: MockTenant, control: MockControl, api: httpx.Client
) -> None:
    receiver = tenant.receiver()
    events = ["ACCOUNTS.CONNECTED", "PROFILES.ADDED", "CONTENTS.ADDED"]
    api.post("/v1/webhooks", json={"name": "w", "url": receiver.url, "events": events})
    account = control.connect("TikTok", products=["IDENTITY", "ENGAGEMENT"])
    jobs = control.advance(hours=1).jobs
    assert [job.due_at for job in jobs] == sorted(job.due_at for job in jobs)
    synced = api.get(f"/v1/accounts/{account['id']}").json()["data"]
    assert {synced["identity"]["status"], synced["engagement"]["status"]} == {"SYNCED"}
    assert [notification.event for notification in receiver.received][:2] == events[:2]


def test_api_reports_time_of_clock(control: MockControl, api: httpx.Client) -> None:
    control.set_clock("frozen", at=JANUARY_31)
    user = api.post("/v1/users", json={"name": "Ada", "external_id": "a"}).json()
    assert user["created_at"] == "2027-01-31T12:00:00.000000"


def test_parallel_advances_add_up(tenant: MockTenant, api: httpx.Client) -> None:
    control = tenant.control
    receiver = tenant.receiver()
    events = ["CONTENTS.ADDED", "CONTENTS.UPDATED", "PROFILES.UPDATED", "PROFILES.ADDED"]
    assert api.post("/v1/webhooks", json={"url": receiver.url, "events": events}).status_code == 201
    for platform in ("Instagram", "TikTok", "YouTube"):
        control.connect(platform)
    start = control.clock().now
    ended = threading.Event()
    seen: list[dt.datetime] = []

    def watch() -> None:
        while not ended.is_set():
            seen.append(control.clock().now)

    watcher = threading.Thread(target=watch)
    watcher.start()
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        advances = list(pool.map(lambda _: control.advance(days=1), range(6)))
    ended.set()
    watcher.join()
    assert seen == sorted(seen)
    assert control.clock().now == start + dt.timedelta(days=6)
    jobs = [job for advance in advances for job in advance.jobs]
    texts = [json.dumps([job.kind, str(job.due_at), dict(job.payload)]) for job in jobs]
    assert len(texts) == len(set(texts)) > 100
    deliveries = tenant.deliveries
    assert {each.verdict for each in deliveries} == {"delivered"}
    assert len(receiver.received) == len(deliveries) == sum(job.kind == "deliver" for job in jobs)
    assert control.advance().jobs == ()


def test_long_advance_goes_on_in_parts(control: MockControl, raw: httpx.Client) -> None:
    control.connect("Instagram")
    start = control.clock().now
    path = f"/_mock/developers/{control.developer().id}/clock/advance"
    first = raw.post(path, json={"days": 20, "max_jobs": 3}).json()
    assert (len(first["jobs"]), first["complete"]) == (3, False)
    reached = dt.datetime.fromisoformat(first["clock"]["now"])
    assert first["jobs"][-1]["due_at"] == first["clock"]["now"]
    left = dt.timedelta(seconds=first["remaining_seconds"])
    assert reached + left == start + dt.timedelta(days=20)
    parts: list[ClockAdvanced] = []
    last = control.advance(seconds=first["remaining_seconds"], progress=parts.append)
    assert last.complete
    assert parts == []
    assert last.clock.now == start + dt.timedelta(days=20)


def test_advance_of_century_takes_several_calls(
    control: MockControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("insightiq_mock.control.clock._MOST_JOBS", 40)
    control.connect("Instagram")
    start = control.clock().now

    class LeftError(Exception):
        pass

    parts: list[ClockAdvanced] = []

    def leave(part: ClockAdvanced) -> None:
        parts.append(part)
        if len(parts) == 3:
            raise LeftError

    with pytest.raises(LeftError):
        control.advance(months=1200, progress=leave)
    assert [len(part.jobs) for part in parts] == [40, 40, 40]
    assert control.clock() == parts[-1].clock
    assert control.clock().now < start + dt.timedelta(days=60)


def test_advance_stops_when_its_caller_leaves(tenant: MockTenant, api: httpx.Client) -> None:
    control = tenant.control
    reached, left = threading.Event(), threading.Event()

    def respond(_notification: object) -> int:
        reached.set()
        left.wait(10)
        return 200

    receiver = tenant.receiver(respond)
    api.post("/v1/webhooks", json={"url": receiver.url, "events": ["CONTENTS.ADDED"]})
    control.connect("Instagram")
    start = control.clock().now

    async def leave() -> None:
        path = f"/_mock/developers/{tenant.client_id}/clock/advance"
        async with httpx.AsyncClient(
            base_url=tenant.base_url, transport=tenant.async_transport()
        ) as client:
            call = asyncio.create_task(client.post(path, json={"days": 300}))
            await asyncio.to_thread(reached.wait, 10)
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)

    asyncio.run(leave())
    left.set()
    stopped = control.clock().now
    assert start < stopped < start + dt.timedelta(days=1)
    assert control.advance(days=1).clock.now == stopped + dt.timedelta(days=1)
    assert {each.verdict for each in tenant.deliveries} == {"delivered"}


def test_advance_notices_that_its_caller_hung_up(
    application: MockApplication, tenant: MockTenant, api: httpx.Client
) -> None:
    reached = threading.Event()
    left = threading.Event()

    def respond(_notification: object) -> int:
        reached.set()
        left.wait(4)
        return 200

    receiver = tenant.receiver(respond)
    api.post("/v1/webhooks", json={"url": receiver.url, "events": ["CONTENTS.ADDED"]})
    tenant.control.connect("Instagram")
    start = tenant.control.clock().now
    path = f"{tenant.base_url}/_mock/developers/{tenant.client_id}/clock/advance"
    body = b'{"days": 300}'
    headers = {"content-type": "application/json", "host": "localhost"}
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> dict[str, object]:
        message = next(messages, None)
        if message is None:
            await asyncio.to_thread(reached.wait, 10)
            return {"type": "http.disconnect"}
        return message

    sent: list[object] = []

    async def send(message: object) -> None:
        sent.append(message)

    scope = scope_of(httpx.Request("POST", path, content=body, headers=headers))
    application.loop.run(application.asgi(scope, receive, send))  # type: ignore[arg-type] # plain dictionaries
    left.set()
    assert sent == []
    assert start < tenant.control.clock().now < start + dt.timedelta(days=1)


def test_clock_cannot_be_turned_back(control: MockControl) -> None:
    now = control.clock().now
    with pytest.raises(ControlStatusError, match="cannot be turned back"):
        control.set_clock("frozen", at=now - dt.timedelta(seconds=1))
    assert control.set_clock("running", at=now).now >= now


@pytest.mark.parametrize(
    ("start", "now"),
    [
        ("fixed", "2026-11-01T12:00:00+00:00"),
        ("2025-02-03", "2025-02-03T00:00:00+00:00"),
        ("2025-02-03T04:05:06+02:00", "2025-02-03T02:05:06+00:00"),
    ],
)
def test_world_begins_where_it_is_reported(
    application: MockApplication, start: str, now: str
) -> None:
    with application.fresh_tenant(start=start) as tenant:
        assert tenant.control.developer().start == start
        shown = [tenant.control.clock().now.isoformat(), newest_content(tenant)]
        assert shown[0] == now
        assert shown[1][:10] <= now[:10]
        assert shown[1] > (tenant.control.clock().now - dt.timedelta(days=3)).isoformat()
        tenant.control.advance(days=9)
        tenant.control.reset()
        assert [tenant.control.clock().now.isoformat(), newest_content(tenant)] == shown


def test_world_of_now_has_recent_contents(application: MockApplication) -> None:
    wall = dt.datetime.now(dt.UTC)
    with application.fresh_tenant(start="now", clock="running") as tenant:
        assert abs(tenant.control.clock().now - wall) < dt.timedelta(minutes=5)
        newest = dt.datetime.fromisoformat(newest_content(tenant)).replace(tzinfo=dt.UTC)
        assert wall - dt.timedelta(days=4) < newest <= tenant.control.clock().now


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"start": "tomorrow"}, "'tomorrow' is no start of a world"),
        ({"start": "1999-12-31"}, "cannot start at"),
        ({"start": "9999-12-31"}, "cannot show"),
        ({"start": "fixed", "clock": "real"}, "A real clock starts now"),
    ],
)
def test_impossible_starts_are_rejected(
    application: MockApplication, options: dict[str, str], match: str
) -> None:
    with pytest.raises(ControlStatusError, match=match):
        application.tenant(**options)


def newest_content(tenant: MockTenant) -> str:
    """Return when the newest item of the account with the most was published."""
    with httpx.Client(
        base_url=tenant.base_url, auth=tenant.auth, transport=tenant.transport()
    ) as api:
        accounts = api.get("/v1/accounts?limit=100").json()["data"]
        moments = [
            item["published_at"]
            for account in accounts
            if account["status"] == "CONNECTED"
            for item in api.get(f"/v1/social/contents?limit=1&account_id={account['id']}").json()[
                "data"
            ]
        ]
    return max(moments)


def test_running_clock_leaves_no_notification_behind(tenant: MockTenant, api: httpx.Client) -> None:
    # One that no sync sends of itself.
    event = "CONTENTS.PUBLISH_SUCCESS"
    url = tenant.receiver().url
    api.post("/v1/webhooks", json={"name": "w", "url": url, "events": [event]})
    for _ in range(5):
        tenant.control.trigger(event)
    # So fast that the clock is past the target when the first try has ended.
    tenant.control.set_clock("running", factor=10_000)
    tenant.control.advance(seconds=0)
    assert len(tenant.deliveries) == 5
