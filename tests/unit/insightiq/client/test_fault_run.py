"""Ten thousand calls against a server that fails at random, from a seed."""

from __future__ import annotations

import asyncio
import collections
import gc
import json
import os
import pathlib
import random
from collections.abc import Callable
from typing import Any

import pytest

import insightiq
from insightiq import errors
from insightiq.quota import Quota
from insightiq.testing import (
    FakeClock,
    ScriptedTransport,
    SentRequest,
    connection_lost,
    connection_refused,
    delayed,
    response,
    timed_out,
)

CALLS = 5_000
TASKS = 40
STAMP = "2026-11-01T10:00:00.000000"
HTML = "<html><body>Bad Gateway</body></html>"
WISHES = ["0", "1", "2", "-5", "soon", "1e99", "Mon, 23 Nov 2026 10:00:03 GMT"]


def user(external_id: str) -> dict[str, Any]:
    """Return a user as the API sends it."""
    return {
        "id": f"id-{external_id}",
        "name": "Ada",
        "external_id": external_id,
        "created_at": STAMP,
        "updated_at": STAMP,
        "status": "ACTIVE",
    }


class Server:
    """Creates users, and fails at random: before it acts, after it has acted, or unknown."""

    def __init__(self, seed: int, clock: FakeClock) -> None:
        self._random = random.Random(seed)
        self.created: collections.Counter[str] = collections.Counter()
        self.met: collections.Counter[str] = collections.Counter()
        self.transport = ScriptedTransport(self.serve, clock=clock)

    def serve(self, request: SentRequest) -> Any:
        """Respond to one request."""
        # The transport's record of ten thousand requests would be the memory that is looked for.
        self.transport.requests.clear()
        faults: list[tuple[str, Callable[[], Any]]] = [
            ("429", self._error(429)),
            ("503 rejected", self._error(503)),
            ("rejected", connection_refused),
            ("500", lambda: self._perhaps(request, response(500, json={}))),
            ("502", lambda: self._perhaps(request, response(502, content=HTML))),
            ("503", lambda: self._perhaps(request, response(503, content=HTML))),
            ("504", lambda: self._perhaps(request, response(504, content=""))),
            ("520", lambda: self._perhaps(request, response(520, content="error code: 520"))),
            ("408", lambda: self._perhaps(request, response(408, json={}))),
            ("reset", lambda: self._perhaps(request, connection_lost())),
            ("timeout", lambda: self._perhaps(request, timed_out())),
            ("too slow", lambda: delayed(45, self._act(request))),
            ("slow", lambda: delayed(self._random.uniform(0.1, 20), self._act(request))),
            ("truncated", lambda: self._truncated(request)),
            ("html", lambda: self._html(request)),
        ]
        if self._random.random() < 0.7:
            return self._act(request)
        name, fault = self._random.choice(faults)
        self.met[name] += 1
        return fault()

    def _act(self, request: SentRequest) -> Any:
        if request.method == "GET":
            key = request.path.rsplit("/", 1)[-1]
            by_own_id = "/external_id/" in request.path
            if by_own_id and not self.created[key]:
                return response(404, json={"error": {"code": "incorrect_user_id"}})
            return response(json=user(key.removeprefix("id-")))
        key = request.json["external_id"]
        if key.startswith("unique") and self.created[key]:
            return response(400, json={"error": {"code": "user_exists_with_external_id"}})
        self.created[key] += 1
        return response(201, json=user(key))

    def _perhaps(self, request: SentRequest, failure: Any) -> Any:
        """Fail, without showing whether the user was created."""
        if self._random.random() < 0.5:
            self._act(request)
        return failure

    def _error(self, status: int) -> Callable[[], Any]:
        return lambda: response(status, headers={"retry-after": self._random.choice(WISHES)})

    def _truncated(self, request: SentRequest) -> Any:
        content = self._act(request).content
        return response(200, content=content[: self._random.randrange(1, len(content))])

    def _html(self, request: SentRequest) -> Any:
        self._act(request)
        return response(200, content=HTML)


class Account:
    """Results of the calls, to compare with the state of the server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.outcomes: collections.Counter[str] = collections.Counter()

    def enter(self, kind: str, key: str, outcome: Any) -> None:
        """Check one call."""
        done = self._server.created[key]
        name = type(outcome).__name__
        self.outcomes[name] += 1
        if isinstance(outcome, insightiq.models.User):
            assert outcome.external_id == key, "an response went to another call"
            assert kind == "get" or done == 1, "lost or doubled"
            return
        assert isinstance(outcome, errors.InsightIQError), f"not typed: {outcome!r}"
        assert type(outcome) is not errors.InsightIQError
        assert outcome.operation is not None
        assert outcome.operation.startswith("users.")
        assert 1 <= outcome.attempts <= 4
        assert str(outcome).isprintable()
        if kind == "get":
            assert not outcome.maybe_applied
        elif kind == "create":
            assert done <= 1, "doubled"
            assert outcome.maybe_applied or done == 0, "carried out, but the error denies it"


def plan(number: int) -> tuple[str, str]:
    """Return what call ``number`` does, and to which user."""
    kind = ("get", "create", "get_or_create")[number % 3]
    return kind, f"unique-{number}" if kind == "get_or_create" else f"user-{number}"


def begin(iq: Any, kind: str, key: str) -> Any:
    """Make a call."""
    if kind == "get":
        return iq.users.get(f"id-{key}")
    if kind == "create":
        return iq.users.create(name="Ada", external_id=key)
    return iq.users.get_or_create(name="Ada", external_id=key)


def run_sync(server: Server, clock: FakeClock, account: Account, calls: range) -> None:
    """Make the calls one after the other."""
    with insightiq.InsightIQ(
        client_id="id", client_secret="s3", transport=server.transport, clock=clock
    ) as iq:
        for number in calls:
            kind, key = plan(number)
            try:
                outcome = begin(iq, kind, key)
            except Exception as error:
                outcome = error
            account.enter(kind, key, outcome)


def run_async(server: Server, clock: FakeClock, account: Account, calls: range) -> None:
    """Make the calls in many tasks at once, on one quota."""

    async def work(iq: insightiq.AsyncInsightIQ, numbers: range) -> None:
        for number in numbers:
            kind, key = plan(number)
            try:
                outcome = await begin(iq, kind, key)
            except Exception as error:
                outcome = error
            account.enter(kind, key, outcome)

    async def main() -> None:
        quota = Quota(requests_per_second=100, concurrency=TASKS, clock=clock)
        async with insightiq.AsyncInsightIQ(
            client_id="id",
            client_secret="s3",
            transport=server.transport,
            clock=clock,
            quota=quota,
        ) as iq:
            await asyncio.gather(*(work(iq, calls[first::TASKS]) for first in range(TASKS)))

    asyncio.run(main())


def open_files() -> int | None:
    """Return how many files this process has open, where that can be known."""
    folder = pathlib.Path("/proc/self/fd")
    return len(os.listdir(folder)) if folder.is_dir() else None  # noqa: PTH208 - counted only


@pytest.mark.parametrize("run", [run_sync, run_async])
def test_faults_neither_lose_nor_repeat_calls(run: Any) -> None:
    clock = FakeClock()
    server = Server(20261123, clock)
    account = Account(server)
    run(server, clock, account, range(300))
    clock.sleeps.clear()
    gc.collect()
    files, objects = open_files(), len(gc.get_objects())
    run(server, clock, account, range(300, 300 + CALLS))
    clock.sleeps.clear()
    server.created.clear()
    gc.collect()
    assert open_files() == files
    assert len(gc.get_objects()) - objects < 500
    assert len(server.met) == 15, "each fault was met"
    assert min(server.met.values()) > 20
    assert sum(account.outcomes.values()) == 300 + CALLS
    assert account.outcomes["User"] > 0.8 * CALLS
    assert json.dumps(account.outcomes)
    assert len(account.outcomes) >= 6, "several kinds of errors were raised"
