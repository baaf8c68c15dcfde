"""Several processes that serve together: exact limits, one state, deaths survived."""

from __future__ import annotations

import asyncio
import concurrent.futures
import datetime as dt
import os
import pathlib
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest
from demonstration.mock_process import MockProcess
from mock_tenants import Tenant, make_tenant

from insightiq_mock.control import MockControl

USERS = "/v1/users?limit=1"


@pytest.fixture(scope="module")
def server() -> Iterator[MockProcess]:
    """Two processes behind one port."""
    with MockProcess("--workers", "2") as process:
        yield process


def children(pid: int) -> list[int]:
    """Return the processes that ``pid`` has started."""
    listed = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
    if not listed.exists():
        pytest.skip("this system does not list a process's children")
    return [int(child) for child in listed.read_text().split()]


async def gather(tenant: Tenant, number: int, method: str = "GET") -> list[httpx.Response]:
    """Send requests at the same time, so each over a connection of its own."""
    auth = (tenant.client_id, tenant.client_secret)

    async def one(client: httpx.AsyncClient, index: int) -> httpx.Response:
        if method == "GET":
            return await client.get(USERS)
        user = {"name": "Parallel", "external_id": f"parallel-{index}"}
        return await client.post("/v1/users", json=user)

    async with httpx.AsyncClient(base_url=tenant.url, auth=auth) as client:
        return await asyncio.gather(*(one(client, index) for index in range(number)))


def test_limit_is_exact_across_processes(server: MockProcess) -> None:
    """In each second of the server exactly ten are responded to, whichever process gets them."""
    tenant = make_tenant(server.url, limits_enabled=True)
    deadline = time.monotonic() + 3
    sent = 0
    calls: dict[int, dict[str, str]] = {}

    def listed() -> list[dict[str, str]]:
        """Read what is new in the log, which keeps only so much, and return all that was read."""
        after = max(calls, default=0)
        query = {"developer": tenant.client_id, "limit": "1000", "after": str(after)}
        found = httpx.get(f"{server.url}/_mock/requests", params=query).json()["data"]
        calls.update({call["number"]: call for call in found})
        return [call for call in calls.values() if call["operation"] == "users.list"]

    while time.monotonic() < deadline:
        sent += len(asyncio.run(gather(tenant, 25)))
        listed()
    # The other process writes its entries down a moment later.
    while len(listed()) < sent and time.monotonic() < deadline + 10:
        pass
    counted = listed()
    assert len(counted) == sent
    moments = {
        status: [
            dt.datetime.fromisoformat(call["at"]) for call in counted if call["status"] == status
        ]
        for status in (200, 429)
    }
    # A request that came in the last moments of a second may have been counted in the next one.
    late = dt.timedelta(seconds=0.2)
    earliest = Counter(at.replace(microsecond=0) for at in moments[200])
    latest = Counter((at + late).replace(microsecond=0) for at in moments[200])
    rejected = {at.replace(microsecond=0) for at in moments[429] if at.microsecond < 800_000}
    assert len(rejected) >= 2
    for second in rejected:
        certain = sum(
            1
            for at in moments[200]
            if at.replace(microsecond=0) == second == (at + late).replace(microsecond=0)
        )
        assert certain <= 10 <= earliest[second] + latest[second] - certain, second
    # Over all of the time no second gave more.
    assert len(moments[200]) <= 10 * len(earliest | latest)


def test_both_processes_respond_from_one_state(server: MockProcess) -> None:
    tenant = make_tenant(server.url)
    auth = (tenant.client_id, tenant.client_secret)
    created = asyncio.run(gather(tenant, 30, "POST"))
    assert Counter(response.status_code for response in created) == {201: 30}
    ids = {response.json()["id"] for response in created}
    assert len(ids) == 30
    request_ids = [response.headers["request-id"] for response in created]
    assert len(set(request_ids)) == 30
    again = asyncio.run(gather(tenant, 30, "POST"))
    assert {response.status_code for response in again} == {400}
    for _ in range(6):
        with httpx.Client(base_url=server.url, auth=auth) as client:
            listed = client.get("/v1/users?limit=100").json()["data"]
            assert ids <= {user["id"] for user in listed}


def test_everything_due_has_happened_when_advance_returns(server: MockProcess) -> None:
    """Whichever process gets the calls: no notification is sent later, or twice."""
    tenant = make_tenant(server.url)
    auth = (tenant.client_id, tenant.client_secret)
    with MockControl(server.url, developer=tenant.client_id) as control:
        control.set_clock("frozen")
        events = ["ACCOUNTS.CONNECTED", "PROFILES.ADDED", "CONTENTS.ADDED", "CONTENTS.UPDATED"]
        webhook = {"url": f"{server.url}/_mock/inbox/workers", "events": events}
        assert httpx.post(f"{server.url}/v1/webhooks", json=webhook, auth=auth).status_code == 201
        for platform in ("Instagram", "TikTok", "YouTube"):
            control.connect(platform)
        for _ in range(3):
            control.advance(days=1)
            sent = len(control.deliveries(limit=1000))
            assert sent > 0
            assert control.advance().jobs == ()
            assert len(control.deliveries(limit=1000)) == sent
        notifications = [each.json()["id"] for each in control.inbox("workers", limit=1000)]
        assert len(notifications) == len(set(notifications)) == sent


def test_parallel_advances_add_up_over_processes(server: MockProcess) -> None:
    """Each moves the clock by its amount, and no reader of either process sees it go back."""
    tenant = make_tenant(server.url)

    def control() -> MockControl:
        # Of its own: so that each has a connection, and the processes share them.
        return MockControl(server.url, developer=tenant.client_id)

    with control() as one:
        start = one.set_clock("frozen").now
        for platform in ("Instagram", "TikTok"):
            one.connect(platform)
    ended = threading.Event()
    seen: list[dt.datetime] = []

    def watch() -> None:
        while not ended.is_set():
            with control() as watching:
                seen.append(watching.clock().now)

    def advance(_number: int) -> list[str]:
        with control() as mine:
            return [repr(job) for job in mine.advance(days=1).jobs]

    watcher = threading.Thread(target=watch)
    watcher.start()
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        jobs = [job for jobs in pool.map(advance, range(6)) for job in jobs]
    ended.set()
    watcher.join()
    assert seen == sorted(seen)
    assert len(jobs) == len(set(jobs)) > 50
    with control() as one:
        assert one.clock().now == start + dt.timedelta(days=6)
        assert one.advance().jobs == ()


def test_killed_process_is_replaced(server: MockProcess) -> None:
    """The other one responds meanwhile; what the dead one held open is given back."""
    before = children(server.pid)
    assert len(before) == 2
    os.kill(before[0], signal.SIGKILL)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and (
        before[0] in children(server.pid) or len(children(server.pid)) < 2
    ):
        time.sleep(0.05)
    assert len(children(server.pid)) == 2
    responses = asyncio.run(gather(make_tenant(server.url), 20))
    assert Counter(response.status_code for response in responses) == {200: 20}


def test_stopping_parent_stops_all() -> None:
    """In good order, and no one is left behind; not even when the parent is killed."""
    for number, code in ((signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGKILL, -9)):
        with MockProcess("--workers", "2") as server:
            workers = children(server.pid)
            os.kill(server.pid, number)
            assert server.wait() == code
            deadline = time.monotonic() + 10
            while any(pathlib.Path(f"/proc/{worker}").exists() for worker in workers):
                assert time.monotonic() < deadline, "a worker outlived its parent"
                time.sleep(0.05)
