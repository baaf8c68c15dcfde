"""Limits and faults over HTTP: what only a real server with a real connection can show."""

from __future__ import annotations

import asyncio
import email.utils
import time
from collections import Counter

import httpx
import pytest
from demonstration.mock_process import MockProcess
from mock_tenants import Tenant, make_tenant

USERS = "/v1/users?limit=1"


@pytest.fixture
def limited(shared_server: MockProcess) -> Tenant:
    """A developer with the usual limits."""
    return make_tenant(shared_server.url, limits_enabled=True)


def client(server: Tenant) -> httpx.Client:
    """Make a client of a developer."""
    return httpx.Client(base_url=server.url, auth=(server.client_id, server.client_secret))


async def burst(server: Tenant, number: int, prefer: str | None = None) -> list[httpx.Response]:
    """Send requests at the same time."""
    headers = {} if prefer is None else {"Prefer": prefer}
    auth = (server.client_id, server.client_secret)
    async with httpx.AsyncClient(base_url=server.url, auth=auth, headers=headers) as client:
        return await asyncio.gather(*(client.get(USERS) for _ in range(number)))


def at_the_beginning_of_a_second() -> None:
    """Wait for it: what follows is to fall into one window."""
    time.sleep(1.02 - time.time() % 1)


def test_ten_requests_in_second_and_no_more(limited: Tenant) -> None:
    """In one second of the clock that the Date header shows; the next one begins afresh."""
    with client(limited) as http:
        for _ in range(10):
            at_the_beginning_of_a_second()
            first = [http.get(USERS) for _ in range(13)]
            if len({response.headers["date"] for response in first}) == 1:
                break
        else:
            pytest.fail("in ten attempts the machine did not send 13 requests within a second")
        statuses = Counter(response.status_code for response in first)
        assert statuses == {200: 10, 429: 3}
        rejected = first[-1]
        time.sleep(int(rejected.headers["retry-after"]))
        assert http.get(USERS).status_code == 200


def test_only_so_many_at_once(limited: Tenant) -> None:
    """A slow response is an open request."""
    at_the_beginning_of_a_second()
    first = asyncio.run(burst(limited, 10, "delay=1.2"))
    assert Counter(response.status_code for response in first) == {200: 10}

    async def overlapping() -> tuple[list[httpx.Response], list[httpx.Response]]:
        slow = asyncio.create_task(burst(limited, 10, "delay=1.5"))
        await asyncio.sleep(1.1)
        late = await burst(limited, 2)
        return await slow, late

    at_the_beginning_of_a_second()
    slow, late = asyncio.run(overlapping())
    assert Counter(response.status_code for response in slow) == {200: 10}
    codes = {response.json()["error"]["code"] for response in late}
    assert codes == {"concurrency_limit_exceeded"}


def test_limits_can_be_switched_off(tenant: Tenant) -> None:
    """For those whose tests are about something else."""
    responses = asyncio.run(burst(tenant, 60))
    assert Counter(response.status_code for response in responses) == {200: 60}


def test_date_is_that_of_this_very_second(tenant: Tenant) -> None:
    """A client that learns the windows from it must not hear of the one before."""
    with client(tenant) as http:
        for _ in range(40):
            before = int(time.time())
            shown = email.utils.parsedate_to_datetime(http.get(USERS).headers["date"]).timestamp()
            assert before <= shown <= int(time.time())


def test_reset_connection_is_reset(tenant: Tenant) -> None:
    """The operating system says so; the next call is as usual."""
    with client(tenant) as http:
        with pytest.raises(httpx.ReadError, match="reset"):
            http.get(USERS, headers={"Prefer": "fault=reset"})
        assert http.get(USERS).status_code == 200


def test_truncated_body_ends_before_its_length(tenant: Tenant) -> None:
    """The head promises more than comes."""
    with client(tenant) as http:
        with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
            http.get(USERS, headers={"Prefer": "fault=truncate"})
        assert http.get(USERS).status_code == 200


def test_truncated_head_request_gets_its_head(tenant: Tenant) -> None:
    """There is no body to cut, so the head arrives whole."""
    with client(tenant) as http:
        response = http.head(USERS, headers={"Prefer": "fault=truncate"})
        assert response.status_code == 200
        assert response.headers["preference-applied"] == "fault=truncate"


def test_slow_body_outlasts_impatient_client(tenant: Tenant) -> None:
    """The head comes at once; a patient client gets it all."""
    with client(tenant) as http:
        whole = http.get("/v1/work-platforms").content
        preference = {"Prefer": "fault=slow-body; seconds=1"}
        began = time.monotonic()
        with http.stream("GET", "/v1/work-platforms", headers=preference) as response:
            head = time.monotonic() - began
            pieces = list(response.iter_raw())
        assert head < 0.5 < time.monotonic() - began
        assert len(pieces) > 5
        assert b"".join(pieces) == whole
        with pytest.raises(httpx.ReadTimeout):
            http.get(
                USERS, headers={"Prefer": "fault=slow-body; seconds=60"}, timeout=httpx.Timeout(0.5)
            )


def test_faults_leave_no_error_in_log(tenant: Tenant, shared_server: MockProcess) -> None:
    """They were asked for."""
    before = shared_server.stderr_text()
    with client(tenant) as http:
        for fault in ("reset", "truncate", "malformed", "html"):
            try:
                http.get(USERS, headers={"Prefer": f"fault={fault}"})
            except httpx.HTTPError:
                continue
    assert shared_server.stderr_text() == before
