"""Figures of our own server alone: fresh tenants, deep pages, memory under many requests."""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import time
import typing
import urllib.parse

from contenders import CONTENDERS, Contender, Running, running
from load import Case, Load, authorization

from insightiq_mock.db import Store
from insightiq_mock.resources import make_simulation

if typing.TYPE_CHECKING:
    from contenders import Stage

__all__ = ["Figure", "deep_page", "fresh_tenant", "memory_growth", "widen_limits"]

_TENANTS = 30
_PAGES = 40
_DEEP_OFFSET = 900_000
_SECONDS_BETWEEN_COUNTS = 5


class Figure(typing.NamedTuple):
    """One line of the second table: what, how much, and how much it may be."""

    name: str
    value: str
    target: str
    is_met: bool


def widen_limits(url: str, credentials: tuple[str, str]) -> None:
    """Let our own server count requests without ever rejecting one."""
    body = {"requests_per_second": 1_000_000, "concurrent_requests": 1_000_000}
    path = f"/_mock/developers/{credentials[0]}/settings"
    status, response = _send(url, "PATCH", path, body, credentials)
    if status != http.HTTPStatus.OK:
        sys.stderr.write(f"bench-mock: the limits were not widened: {status} {response!r}\n")


def fresh_tenant() -> Figure:
    """Make developers with a small world, each in a store that holds the others."""
    with Store.open(None) as store:
        simulation = make_simulation(store)
        simulation.create_developer()
        durations: list[float] = []
        for _ in range(_TENANTS):
            started_at = time.perf_counter()
            simulation.create_developer()
            durations.append(1_000 * (time.perf_counter() - started_at))
    median = statistics.median(durations)
    return Figure(
        "a fresh tenant with the small world", f"{median:.1f} ms", "≤ 20 ms", median <= 20
    )


def deep_page(stage: Stage) -> Figure:
    """Compare pages of a hundred items at both ends of the account with a million."""
    ours = CONTENDERS[0]
    large = Contender(ours.name, lambda *given: [*ours.command(*given), "--world", "large"])
    with running(large, stage) as server:
        widen_limits(server.url, stage.credentials)
        account_id = _largest_account(server.url, stage)
        path = f"/v1/social/contents?account_id={account_id}&limit=100&offset="
        durations: dict[int, list[float]] = {0: [], _DEEP_OFFSET: []}
        # In turns: a bad second of the machine hits both.
        for number in range(_PAGES):
            for offset, taken in durations.items():
                taken.append(_seconds(server.url, f"{path}{offset + number}", stage))
    near, deep = (1_000 * statistics.median(each) for each in durations.values())
    return Figure(
        f"page of 100 at offset {_DEEP_OFFSET:,} against offset 0",
        f"{deep:.1f} ms / {near:.1f} ms = {deep / near:.2f} x",
        "≤ 2 x",
        deep <= 2 * near,
    )


def memory_growth(server: Running, load: Load, case: Case, requests: int) -> Figure:
    """Send many requests to a server and compare its memory at half time and at the end."""
    idle = server.memory() or 0.0
    half_way = _response(load, case, requests / 2)
    half = server.memory() or 0.0
    responses = half_way + _response(load, case, requests / 2)
    end = server.memory() or 0.0
    return Figure(
        f"memory idle / after {half_way:,.0f} / after {responses:,.0f} requests, MB",
        f"{idle:.0f} / {half:.0f} / {end:.0f}",
        "≤ 90 MB, no growth",
        idle <= 90 and end <= half * 1.02,
    )


def _response(load: Load, case: Case, requests: float) -> float:
    """Let so many requests be responses, or a few more; return how many those were."""
    responses = 0.0
    while responses < requests:
        run = load.run(case, _SECONDS_BETWEEN_COUNTS)
        if run.failed:
            msg = f"{run.failed} requests for {case.path} failed."
            raise RuntimeError(msg)
        responses += run.per_second * _SECONDS_BETWEEN_COUNTS
    return responses


def _largest_account(url: str, stage: Stage) -> str:
    for offset in range(0, 1_000, 100):
        page = _ask(url, f"/v1/accounts?limit=100&offset={offset}", stage)["data"]
        for account in page:
            if account["data"].get("engagement", {}).get("monitor_type") == "ON_DEMAND":
                found: str = account["id"]
                return found
    msg = "the large world has no account without daily syncs"
    raise RuntimeError(msg)


def _seconds(url: str, path: str, stage: Stage) -> float:
    started_at = time.perf_counter()
    items = len(_ask(url, path, stage)["data"])
    duration = time.perf_counter() - started_at
    assert items == 100, f"{path} gave {items} items"
    return duration


def _ask(url: str, path: str, stage: Stage) -> typing.Any:
    status, value = _send(url, "GET", path, None, stage.credentials)
    assert status == http.HTTPStatus.OK, f"{path} responses {status}"
    return value


def _send(
    url: str, method: str, path: str, body: object, credentials: tuple[str, str]
) -> tuple[int, typing.Any]:
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=10)
    headers = {"Authorization": authorization(credentials), "Content-Type": "application/json"}
    try:
        data = None if body is None else json.dumps(body).encode()
        connection.request(method, path, data, headers)
        response = connection.getresponse()
        text = response.read()
    finally:
        connection.close()
    try:
        return response.status, json.loads(text)
    except ValueError:
        return response.status, None
