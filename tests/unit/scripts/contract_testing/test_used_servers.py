"""Servers of somebody else: used before, without control API, in a world that moves on."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any

import hypothesis.errors
import openapi_document
import pytest
from breaking import Breaking, Passing, foreign
from contract_testing import parts, servers
from contract_testing.layers import scenarios, sequences
from contract_testing.layers.scenarios import rows
from contract_testing.leftovers import Leftovers
from contract_testing.options import Options, Target
from contract_testing.recording import Recording
from contract_testing.routes import Routes
from contract_testing.run import Run
from contract_testing.servers import MockInProcess

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract_testing.servers import Server

DOCUMENT = openapi_document.load()
OPERATIONS = list(openapi_document.operations(DOCUMENT))


def played(server: Server, *topics: str, operations: tuple[str, ...] = ()) -> Run:
    """A run of some topics of layer S."""
    chosen = [each for each in OPERATIONS if not operations or each.id in operations]
    run = Run("S", DOCUMENT, chosen, 1, 0, server, topics=topics)
    parts.run_layer(scenarios.LAYER, run)
    return run


def test_what_earlier_runs_left_is_no_finding(mock: MockInProcess) -> None:
    """Users and webhooks of the first run stand in nobody's way in the second."""
    written = ("users.create", "sdk_tokens.create", "webhooks.create", "webhooks.update")
    with foreign(mock) as server:
        for _ in range(2):
            run = played(server, "users", "tokens", "registry", "retries", operations=written)
            assert [each.message for each in run.findings] == []
            assert len(run.cases) > 10


def test_what_can_be_deleted_is_deleted_in_the_end(mock: MockInProcess) -> None:
    """Webhooks of the run go, those of others stay."""
    leftovers = Leftovers(DOCUMENT, Routes(DOCUMENT))
    with foreign(mock) as server, server.client() as client:
        own = client.webhooks.create(url="https://receiver.invalid/", events=["CONTENTS.ADDED"])
        server.recording.listeners.append(leftovers.listen)
        played(server, "registry", operations=("webhooks.create",))
        assert len(leftovers.paths) > 10
        leftovers.remove_from(server)
        assert client.webhooks.list().to_list() == [own]


def test_a_part_leaves_no_webhook_on_a_server_of_somebody_else(
    mock: MockInProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run over HTTP takes away what it made, however its layer ended."""
    with foreign(mock) as server:

        def over_http(_target: Target, recording: Recording, *, limited: bool) -> Server:
            del limited
            server.recording = recording
            return server

        monkeypatch.setattr(servers, "over_http", over_http)
        target = Target(server.base_url, server.client_id, server.client_secret)
        options = Options(target=target, topics=("registry",), operations=("webhooks.create",))
        assert parts.run_part(parts.Part("S", 1), options).findings == []
        server.recording.listeners.clear()
        with server.client() as client:
            assert client.webhooks.list().to_list() == []


def test_a_world_that_moves_while_it_is_looked_at_is_no_finding(mock: MockInProcess) -> None:
    """What differs once and not again is a change; what differs every time is a mistake."""
    looks = itertools.count(1)

    def once(passing: Passing) -> None:
        if passing.path.startswith("/v1/users/") and passing.status == 200 and next(looks) == 1:
            passing.body = {**passing.body, "name": "Somebody Else"}

    def always(passing: Passing) -> None:
        if passing.path.startswith("/v1/users/") and passing.status == 200:
            passing.body = {**passing.body, "name": "Somebody Else"}

    about = ("users.get",)
    with foreign(mock, once) as server:
        assert played(server, "lookups", operations=about).findings == []
    assert next(looks) > 2
    with foreign(mock, always) as server:
        found = played(server, "lookups", operations=about).findings
    assert any("differs from its row in the list under ['name']" in each.message for each in found)


def test_the_widest_window_holds_all_history_that_anybody_asked_for() -> None:
    """Earlier runs fetched contents from any day that a date can say."""
    assert (dt.date.min.isoformat(), dt.date.max.isoformat()) == rows.WIDEST


def test_what_an_empty_server_cannot_show_is_not_tried(mock: MockInProcess) -> None:
    """Without accounts there is nothing to ask for; that is said, and is no finding."""

    def empty(passing: Passing) -> None:
        if passing.path == "/v1/accounts" and passing.status == 200:
            passing.body = {**passing.body, "data": []}

    with foreign(mock, empty) as server:
        run = played(
            server, "paging", "monitoring", operations=("contents.list", "accounts.update")
        )
    assert [each.message for each in run.findings] == []
    reasons = {each.reason for each in run.not_applicables}
    assert "contents.list is asked for by accounts, and this server lists none" in reasons
    assert "accounts.list holds no connected account to change" in reasons


class Unlimited(Breaking):
    """A mock over HTTP that was started with --no-limits."""

    def fresh(self, recording: Recording, settings: Mapping[str, object]) -> Server | None:
        """Make a developer who is held to no limits, whatever the settings say."""
        server = super().fresh(recording, {**settings, "limits_enabled": False})
        assert server is not None
        # Over HTTP nobody can look into the process of the server.
        server.tenant = None
        return server


def test_a_server_that_limits_nothing_is_not_blamed_for_it(mock: MockInProcess) -> None:
    """The rules about limits are not tried, and the report says why."""
    server = Unlimited(mock, lambda _: None).fresh(Recording(), {})
    assert server is not None
    run = played(server, "limits", operations=("work_platforms.list",))
    assert [each.message for each in run.findings] == []
    reasons = [each.reason for each in run.not_applicables]
    assert len(reasons) == 4
    assert all(each.startswith("the server limits nothing") for each in reasons)


def test_the_limits_are_met_by_the_same_requests_in_each_run() -> None:
    """In process the second of the limits stands still, so how quick the machine is changes nothing."""
    digests: set[str] = set()
    for _ in range(2):
        mock = MockInProcess()
        server = mock.server(Recording())
        run = played(server, "limits", operations=("users.create", "work_platforms.list"))
        assert run.findings == []
        digests.add(server.recording.digest)
        server.close()
        mock.close()
    assert len(digests) == 1


@pytest.mark.parametrize("is_foreign", [True, False])
def test_sequences_begin_anew_where_an_earlier_one_changed_the_world(
    is_foreign: object, mock: MockInProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only where the world cannot be reset; with a world of its own each sequence is repeatable."""
    seeds: list[int] = []

    class Machine:
        @staticmethod
        def run(settings: hypothesis.settings) -> None:
            seeds.append(Machine._hypothesis_internal_use_seed)  # type: ignore[attr-defined]  # set by hypothesis.seed
            walked.sequences += min(settings.max_examples, 3)
            if walked.sequences < 7:
                msg = "the same request was answered in another way"
                raise hypothesis.errors.Flaky(msg)

    monkeypatch.setattr(hypothesis, "seed", lambda seed: lambda machine: _seeded(machine, seed))
    with foreign(mock) as server:
        run = Run(
            "B", DOCUMENT, OPERATIONS, 1, 0, server if is_foreign else mock.server(Recording())
        )
        walked = sequences._Walk(run, None, {})
        machine: Any = Machine
        if is_foreign:
            sequences._walk_all(machine, walked, 7)
            assert len(set(seeds)) == len(seeds) == 3
        else:
            with pytest.raises(hypothesis.errors.Flaky):
                sequences._walk_all(machine, walked, 7)


def _seeded(machine: Any, seed: int) -> Any:
    machine._hypothesis_internal_use_seed = seed
    return machine
