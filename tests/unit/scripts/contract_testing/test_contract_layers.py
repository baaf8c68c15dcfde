"""Each layer finds what it is there for, says it in words, and finds nothing where nothing is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import openapi_document
import pytest
from contract_testing.layers.sequences import RULE
from contract_testing.parts import operations_of

from insightiq_generated.api.users import AsyncUsers, create, get_by_external_id
from insightiq_generated.models.user import User

if TYPE_CHECKING:
    from conftest import Break, TryLayer
    from contract_testing.run import Finding, Run

DOCUMENT = openapi_document.load()


def only(run: Run) -> Finding:
    """The one thing that a run found."""
    assert len(run.findings) == 1, run.findings
    return run.findings[0]


def lose(key: str, path: str) -> Break:
    """Break answers under a path: one key is lost."""

    def breaks(_method: str, where: str, status: int, body: Any) -> Any:
        if status < 300 and where.startswith(path):
            body.pop(key, None)
        return body

    return breaks


def test_a_good_server_gives_no_finding(try_layer: TryLayer) -> None:
    """What is right is not found fault with, by any layer of this half."""
    for letter in ("P", "A", "B", "D"):
        run = try_layer(letter, "users.create", "users.get", examples=2)
        assert run.findings == []
        assert run.cases
        # Links from these two, wherever they lead.
        assert ("6 of 6 links followed one by one" in run.notes) == (letter in "PB")


@pytest.mark.parametrize("letter", ["P", "A", "B", "D"])
def test_a_lost_required_property_is_found_by_each_layer(letter: str, try_layer: TryLayer) -> None:
    """Whoever sends the request, its answer is held against the document."""
    run = try_layer(
        letter, "users.create", "users.get", "users.list", breaks=lose("metadata", "/v1/users?")
    )
    messages = [finding.message for finding in run.findings]
    assert any('"metadata" is a required property' in message for message in messages), messages
    assert {finding.operation for finding in run.findings} == {"users.list"}
    for finding in run.findings:
        told_itself = letter == "P" or "request: " in finding.message
        assert told_itself or "/v1/users?" in getattr(finding.exchange, "url", "")
    assert not any(finding.crashed for finding in run.findings)


def test_a_timestamp_of_no_real_day_is_found(try_layer: TryLayer) -> None:
    """The document's own formats are enforced, which schemathesis alone would not do."""

    def breaks(_method: str, path: str, status: int, body: Any) -> Any:
        if status == 200 and path.startswith("/v1/work-platforms"):
            for row in body.get("data", [body]):
                row["created_at"] = "2026-02-30T09:31:07.482915"
        return body

    finding = try_layer("A", "work_platforms.list", breaks=breaks, examples=2).findings[0]
    assert finding.operation == "work_platforms.list"
    assert "/data/0/created_at" in finding.message
    assert 'is not a "date-time-local"' in finding.message


def test_what_schemathesis_finds_is_told_with_request_and_answer(try_layer: TryLayer) -> None:
    """Layer P: a finding says what was sent and what came back."""

    def breaks(_method: str, path: str, status: int, body: Any) -> Any:
        return {"id": "nobody"} if status == 404 and path.startswith("/v1/users/") else body

    run = try_layer("P", "users.get", breaks=breaks)
    assert run.findings
    first = run.findings[0]
    assert first.operation == "users.get"
    assert "request: GET" in first.message
    assert "answer: 404" in first.message


def test_a_request_that_leaves_otherwise_than_meant_is_found(
    try_layer: TryLayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Layers A and B: what the client sends is compared with what the document says."""
    right = create.build_request

    def swapped(*, name: str, external_id: str) -> Any:
        return right(name=external_id, external_id=name)

    monkeypatch.setattr(create, "build_request", swapped)
    finding = only(try_layer("A", "users.create", examples=20))
    assert finding.message.startswith("users.create: the body sent is ")
    found = try_layer("B", "users.create", "users.get", examples=10).findings
    assert any("the body sent is" in finding.message for finding in found)


def test_a_result_that_lost_something_is_found(
    try_layer: TryLayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Layer A: what the client made of an answer, written again, has to be the answer."""
    right = User.to_dict
    monkeypatch.setattr(User, "to_dict", lambda user: {**right(user), "name": "another"})
    finding = only(try_layer("A", "users.create"))
    assert "written again, is not the answer: /name was" in finding.message


def test_a_path_that_is_not_encoded_is_found(
    try_layer: TryLayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Layer A: a slash in an external id must not ask for another path."""
    right = get_by_external_id.build_request

    def careless(external_id: str) -> Any:
        request = right(external_id)
        return attrs.evolve(request, path=request.path.replace("%2F", "/"))

    monkeypatch.setattr(get_by_external_id, "build_request", careless)
    message = only(try_layer("A", "users.get_by_external_id")).message
    assert message.startswith("users.get_by_external_id: 'a/b' in the path is sent as 'http")


def test_an_asynchronous_call_that_differs_is_found(
    try_layer: TryLayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Layer D: sync and async send the same."""
    right = AsyncUsers.create
    monkeypatch.setattr(
        AsyncUsers,
        "create",
        lambda users, *, name, external_id: right(
            users, name=name.upper(), external_id=external_id
        ),
    )
    message = only(try_layer("D", "users.create")).message
    assert message.startswith("users.create: asynchronous sends b'")
    assert "authorization" not in message


def test_a_failure_is_raised_as_the_document_says_it(try_layer: TryLayer) -> None:
    """Layer A: each documented failure is asked for, and its error body compared with the error."""

    def breaks(_method: str, _path: str, status: int, body: Any) -> Any:
        if status == 503:
            body["error"].pop("message")
        return body

    run = try_layer("A", "users.get", breaks=breaks, examples=1)
    assert {finding.operation for finding in run.findings} == {"users.get"}
    assert any("users.get 503" in finding.message for finding in run.findings)


def test_sequences_leave_the_share_of_their_process(try_layer: TryLayer) -> None:
    """Links lead from operations of one share to those of another; each process walks them all."""
    every = operations_of(DOCUMENT, ["users.create", "users.get"])
    run = try_layer("B", "users.get", examples=1, linked=every)
    assert run.findings == []
    assert "links walked, and " in run.notes[-1]
    methods = {each.method for each in run.server.recording.exchanges if each.rule == RULE}
    assert methods == {"GET", "POST"}


def test_a_run_may_end_with_its_first_finding(try_layer: TryLayer) -> None:
    """Whoever looks for one mistake does not wait for all."""
    every = try_layer("D", breaks=lose("data", "/v1"), examples=1)
    first = try_layer("D", breaks=lose("data", "/v1"), examples=1, stop_at_first=True)
    assert len(first.cases) < len(every.cases)
    assert len({finding.operation for finding in first.findings}) == 1
