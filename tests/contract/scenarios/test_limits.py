"""Rate limits: so many requests in a second, so many at once (evidence.md#rate-limits)."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable

import httpx
import pytest
from contract_suite.servers import Server

PATH = "/v1/work-platforms"
LIMIT = 3
SENT = 12
# At least one of so many bursts lies within a second.
BURSTS = 4

Another = Callable[..., Server]

pytestmark = [pytest.mark.scenarios, pytest.mark.needs_control]


@pytest.fixture
def limited(another: Another) -> Another:
    """A function that makes a developer with limits."""
    if not _is_limiting(another):
        pytest.skip("the server limits nothing; start it without --no-limits")

    def make(**settings: object) -> Server:
        return another(limits_enabled=True, **settings)

    return make


def _is_limiting(another: Another) -> bool:
    """Whether a developer's limits apply: a mock over HTTP may have been started without."""
    server = another(limits_enabled=True, requests_per_second=1)
    if server.tenant is not None:
        return True
    # In a row, some share a second on the slowest of machines.
    return 429 in statuses(server, SENT)


def statuses(server: Server, count: int) -> list[int]:
    with server.http() as http:
        return [http.get(PATH).status_code for _ in range(count)]


def shift(server: Server, seconds: float) -> None:
    """Move the clock of the limits instead of waiting."""
    assert server.control is not None
    server.control.update_settings(date_shift_seconds=seconds)


def test_too_many_requests_are_rejected_until_retry_after(limited: Another) -> None:
    server = limited(requests_per_second=LIMIT)
    with server.http() as http:
        responses = [http.get(PATH) for _ in range(SENT)]
        seconds = len({each.headers["date"] for each in responses}) + 1
        accepted = sum(each.status_code == 200 for each in responses)
        rejected = [each for each in responses if each.status_code == 429]
        assert accepted + len(rejected) == SENT
        assert LIMIT <= accepted <= LIMIT * seconds, (
            f"{accepted} in {seconds} s at {LIMIT} a second"
        )
        for each in rejected:
            wait = each.headers.get("retry-after", "")
            assert wait.isdigit(), f"Retry-After is {wait!r}, not whole seconds"
            assert int(wait) > 0
            assert each.json()["error"]["http_status_code"] == 429
            # By no more than that: a client that waits as long as it should must be accepted.
        if rejected:
            shift(server, float(rejected[-1].headers["retry-after"]))
            assert http.get(PATH).status_code == 200, "after Retry-After"


def test_second_takes_exactly_limit(limited: Another) -> None:
    """Bursts of one too many: one that lies within a second loses exactly one request."""
    # A rejected request is not open: no more than one is, whatever the limit of the second does.
    server = limited(requests_per_second=LIMIT, concurrent_requests=2)
    accepted: list[int] = []
    for number in range(1, BURSTS + 1):
        accepted.append(statuses(server, LIMIT + 1).count(200))
        shift(server, 2.0 * number)
    assert min(accepted) == LIMIT, f"with a limit of {LIMIT}, {accepted} of {LIMIT + 1} in bursts"


def test_rejected_request_does_nothing(limited: Another) -> None:
    server = limited(requests_per_second=1)
    assert server.control is not None
    with server.http() as http:
        bodies = [{"name": "x", "external_id": f"limited-{number}"} for number in range(4)]
        created = [http.post("/v1/users", json=body).is_success for body in bodies]
        server.control.update_settings(limits_enabled=False)
        paths = [f"/v1/users/external_id/{body['external_id']}" for body in bodies]
        assert [http.get(path).is_success for path in paths] == created, "users that exist"


def test_limits_count_per_developer(limited: Another) -> None:
    one, other = limited(requests_per_second=1), limited(requests_per_second=1)
    statuses(one, 3)
    assert statuses(other, 1) == [200], "another developer's first request"


def test_only_so_many_requests_are_open_at_once(limited: Another) -> None:
    server = limited(requests_per_second=1000, concurrent_requests=2)
    assert server.control is not None
    server.control.add_fault(operation="work_platforms.list", delay=0.3)

    def get(http: httpx.Client) -> int:
        return http.get(PATH).status_code

    with server.http() as http, concurrent.futures.ThreadPoolExecutor(5) as pool:
        found = sorted(pool.map(get, [http] * 5))
    assert found == [200] * 2 + [429] * 3, "five slow requests, of which two may be open"
    server.control.clear_faults()
    assert statuses(server, 1) == [200], "after all have ended"


def test_disabled_limits_limit_nothing(server: Server) -> None:
    assert set(statuses(server, 40)) == {200}
