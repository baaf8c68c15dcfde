"""Each link of the document is followed, and one that leads nowhere is found."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from breaking import Breaking, Passing
from change_report.mock import bound_operations
from contract_testing.layers.single_links import follow_links
from contract_testing.links import links_of
from contract_testing.parts import operations_of
from contract_testing.recording import Recording
from contract_testing.run import Run
from contract_testing.servers import MockInProcess
from published_document import DOCUMENT

Json = Any


def followed(mock: MockInProcess, *operations: str, **changes: Any) -> Run:
    """Follow the links from these operations, or from all; ``change`` changes answers."""
    change = changes.pop("change", None)
    document = changes.pop("document", DOCUMENT)
    origin = mock if change is None else Breaking(mock, change)
    server = origin.fresh(Recording(), {})
    assert server is not None
    run = Run("P", document, operations_of(document, operations), 1, 0, server, **changes)
    follow_links(run)
    return run


def with_link(name: str, **entries: Json) -> Json:
    """Return the document with other entries in a link."""
    document = copy.deepcopy(DOCUMENT)
    document["components"]["links"][name] |= entries
    return document


def test_each_link_is_followed(mock: MockInProcess) -> None:
    """All of the document lead from an answer of the mock to a success, where it has handlers."""
    run = followed(mock)
    links = list(links_of(DOCUMENT, run.operations))
    tried = [link for link in links if {link.source, link.target} <= bound_operations()]
    assert len(tried) > 80
    assert not run.findings
    assert {case.rule for case in run.cases} >= {link.rule for link in tried}
    untried = {each.rule for each in run.not_applicables}
    assert {case.rule for case in run.cases} | untried == {link.rule for link in links}
    assert run.notes == [f"{len(run.cases)} of {len(links)} links followed one by one"]


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        (
            {"parameters": {"user_id": "$response.body#/uuid"}},
            "$response.body#/uuid gives nothing: the answer has no such value",
        ),
        (
            {"parameters": {"user_id": "$response.body#/name"}},
            "accounts.list answers 400 instead of 200 to what the link gives: {'user_id': '",
        ),
        ({"parameters": {"user": "$response.body#/id"}}, "Parameter `user` is not defined"),
        ({"operationId": "accounts.all"}, "the document has no operation accounts.all"),
        (
            {"operationId": "accounts.get", "parameters": {}},
            "it does not give id, which accounts.get requires",
        ),
        (
            {"operationId": "profiles.refresh", "parameters": {}},
            "it does not give the body, which profiles.refresh requires",
        ),
    ],
)
def test_a_wrong_link_is_found(mock: MockInProcess, entries: Json, words: str) -> None:
    """What is wrong with it is said in one sentence, and no other link is blamed."""
    document = with_link("ListAccountsOfUser", **entries)
    [finding] = followed(mock, "users.get", document=document).findings
    assert finding.message.startswith("users.get 200, link listAccountsOfUser: ")
    assert words in finding.message
    assert finding.operation == "users.get"


def test_a_server_that_does_not_know_what_it_gave_is_found(mock: MockInProcess) -> None:
    """An id of a list leads to 404: the answer to the call that the link gives is shown."""

    def change(passing: Passing) -> None:
        if passing.path.startswith("/v1/webhooks/") and passing.request.method == "GET":
            passing.status = 404

    run = followed(mock, "webhooks.list", change=change)
    [finding] = run.findings
    assert finding.message.startswith(
        "webhooks.list 200, link getListedWebhook: webhooks.get answers 404 instead of 200 to what "
        "the link gives: {'id': '"
    )
    assert finding.exchange is not None
    assert finding.exchange.url.rpartition("/")[0].endswith("/v1/webhooks")
    assert run.notes == ["0 of 1 links followed one by one"]


def test_what_a_link_gives_is_made_where_the_server_has_none(mock: MockInProcess) -> None:
    """An untouched world has no webhook; it is created before the list is asked for."""
    run = followed(mock, "webhooks.list")
    assert [each.method for each in run.server.recording.exchanges[-3:]] == ["POST", "GET", "GET"]
    assert run.findings == []


def test_an_operation_that_refuses_what_exists_is_said_once(mock: MockInProcess) -> None:
    """Not for each of its links; the others are named as not followed, with the reason."""

    def change(passing: Passing) -> None:
        if passing.path.startswith("/v1/users/"):
            passing.status = 401

    run = followed(mock, "users.get", change=change)
    assert [finding.message for finding in run.findings] == [
        "users.get 200, link createSdkToken: users.get answers 401 to a request for what exists"
    ]
    [missed] = run.not_applicables
    assert missed.rule == "the link listAccountsOfUser of users.get 200 leads to accounts.list"
    assert missed.reason == "users.get answers 401 to a request for what exists"
