"""What has no handler in the mock is answered from the document's example, and judged as such."""

from __future__ import annotations

import json
import typing
from collections.abc import Callable
from typing import Any

import httpx
import openapi_document
import pytest
from breaking import Breaking, Passing
from contract_testing import layers
from contract_testing.checks import Contract
from contract_testing.example_calls import example_call
from contract_testing.judge import Judge
from contract_testing.layers.single_links import follow_links
from contract_testing.parts import operations_of, run_layer
from contract_testing.recording import Recording
from contract_testing.routes import Routes
from contract_testing.run import Broken, Run
from contract_testing.servers import MockInProcess, Server
from published_document import DOCUMENT

from insightiq import errors, models
from insightiq_mock.http_server import url_of

ROUTES = Routes(DOCUMENT)
UNHANDLED = {"contents.get", "contents.list", "accounts.get"}
REASON = "{} is answered from the document's example"


def from_example(operation: openapi_document.Operation) -> bytes:
    """The first example of the success of an operation."""
    response = openapi_document.resolve(DOCUMENT, operation.data["responses"]["200"])
    named = next(iter(response["content"]["application/json"]["examples"].values()))
    return json.dumps(openapi_document.resolve(DOCUMENT, named)["value"]).encode()


def without_handlers(passing: Passing) -> None:
    """Answer as the mock does what has no handler, whatever the request names."""
    operation = ROUTES.operation(passing.request.method, str(passing.request.url))
    if operation is not None and operation.id in UNHANDLED and passing.status in {200, 404}:
        passing.status = 200
        passing.headers["mock-source"] = "example"
        passing.content = from_example(operation)


def run_on(
    mock: MockInProcess, layer: str, *operations: str, change: Any = without_handlers, **more: Any
) -> Run:
    """A run against a mock whose answers are changed."""
    server = Breaking(mock, change).fresh(Recording(), {})
    assert isinstance(server, Server)
    run = Run(layer, DOCUMENT, operations_of(DOCUMENT, operations), 1, 0, server, **more)
    server.recording.listeners.append(Judge(run, Contract(DOCUMENT), ROUTES))
    return run


def reasons(run: Run) -> set[str]:
    """Why rules were not tried."""
    return {each.reason for each in run.not_applicables}


@pytest.mark.parametrize("topic", ["paging", "filters", "lookups"])
def test_scenarios_of_an_example_are_not_tried(mock: MockInProcess, topic: str) -> None:
    """No page follows an example, and no id leads to it: the reason names the operation."""
    run = run_on(mock, "S", "contents.list", "contents.get", topics=[topic])
    run_layer(layers.load("S"), run)
    assert run.findings == []
    assert REASON.format("contents.list") in reasons(run)
    assert "contents.list" in run.operations_from_examples()


def test_other_operations_are_tried_beside_examples(mock: MockInProcess) -> None:
    """Rules about all operations leave the examples out and judge the rest."""
    run = run_on(mock, "S", topics=["tenants"])
    run_layer(layers.load("S"), run)
    assert run.findings == []
    tried = {case.rule for case in run.cases}
    assert "nobody reads what belongs to another developer" in tried
    assert "nobody changes what belongs to another developer" in tried


def test_leak_beside_examples_is_found(mock: MockInProcess) -> None:
    """An example in the same scenario hides nothing that another operation does wrong."""

    def leaking(passing: Passing) -> None:
        without_handlers(passing)
        if passing.path.startswith("/v1/webhooks/") and passing.request.method == "GET":
            passing.status = 200

    run = run_on(mock, "S", change=leaking, topics=["tenants"])
    run_layer(layers.load("S"), run)
    assert [each.message for each in run.findings if each.message.startswith("webhooks.get with ")]


def test_link_from_an_example_is_not_tried(mock: MockInProcess) -> None:
    """The id of an example is nobody's, so that the link cannot lead anywhere."""
    run = run_on(mock, "P", "accounts.get")
    follow_links(run)
    assert run.findings == []
    assert reasons(run) == {REASON.format("accounts.get")}


def test_example_that_breaks_the_document_is_found(mock: MockInProcess) -> None:
    """Where an answer comes from changes nothing about what it has to be."""

    def wrong(passing: Passing) -> None:
        without_handlers(passing)
        if passing.headers.get("mock-source") == "example":
            passing.content = b'{"id": 1}'

    run = run_on(mock, "P", "accounts.get", change=wrong)
    follow_links(run)
    assert {each.rule for each in run.findings} == {"the body fits its schema, formats included"}


def test_link_without_its_parameter_is_found_beside_examples(mock: MockInProcess) -> None:
    """What a link fails to give is wrong in the document, whoever answers."""
    document = json.loads(json.dumps(DOCUMENT))
    document["components"]["links"]["GetAudienceOfAccount"]["parameters"] = {}
    run = run_on(mock, "P", "accounts.get")
    run.document = document
    follow_links(run)
    [finding] = run.findings
    assert finding.message == (
        "accounts.get 200, link getAudienceOfAccount: it does not give account_id, which "
        "audience.get requires"
    )


def exchange(run: Run, *, status: int = 200, source: str = "example", **headers: str) -> None:
    """Let the recording of a run take down an answer."""
    request = httpx.Request("GET", "http://mock.localhost/v1/users", headers=headers)
    response = httpx.Response(status, headers={"mock-source": source}, request=request)
    with run.server.recording.unjudged():
        run.server.recording.add(request, response, b"{}", 0.0)


@pytest.mark.parametrize(
    ("layer", "answer", "is_found"),
    [
        ("S", {}, False),
        ("B", {}, False),
        # These judge single answers.
        ("A", {}, True),
        ("S", {"source": "state"}, True),
        ("S", {"status": 404}, True),
        ("S", {"prefer": "code=200"}, True),
    ],
)
def test_findings_about_state_need_state(
    mock: MockInProcess, layer: str, answer: Any, *, is_found: bool
) -> None:
    """Only an example that nobody asked for excuses, and only rules about what a server keeps."""
    run = run_on(mock, layer)
    with run.case("a rule"):
        exchange(run, **answer)
        message = "it is broken"
        raise Broken(message)
    assert bool(run.findings) is is_found
    assert reasons(run) == (set() if is_found else {REASON.format("users.list")})


def test_examples_of_an_earlier_case_excuse_nothing(mock: MockInProcess) -> None:
    """Each case stands for itself."""
    run = run_on(mock, "S")
    with run.case("a rule that asks"):
        exchange(run)
    with run.case("another rule"):
        message = "it is broken"
        raise Broken(message)
    assert [each.rule for each in run.findings] == ["another rule"]


@pytest.mark.parametrize(("layer", "is_found"), [("D", False), ("A", True)])
def test_calls_that_an_example_cannot_serve_are_not_tried(
    mock: MockInProcess, layer: str, *, is_found: bool
) -> None:
    """A client that raises because no list of examples ends is no finding of layer D."""
    run = run_on(mock, layer)
    with run.case("a rule"):
        exchange(run)
        message = "the list has no end"
        raise errors.PaginationError(message)
    assert bool(run.findings) is is_found


@pytest.mark.parametrize(
    ("fail", "side"),
    [
        (lambda _: models.User.from_dict(typing.cast("Any", 1)), "client"),
        (
            lambda _: example_call(DOCUMENT, typing.cast("Any", None), typing.cast("Any", 1)),
            "harness",
        ),
        (lambda _: url_of(typing.cast("Any", None)), "mock server"),
    ],
    ids=["client", "harness", "mock server"],
)
def test_crashes_name_the_side_that_failed(
    mock: MockInProcess, fail: Callable[[Run], object], side: str
) -> None:
    """The innermost code of this project is what failed, and the finding says so."""
    run = run_on(mock, "A")
    with run.case("a rule"):
        fail(run)
    [finding] = run.findings
    assert finding.crashed
    assert finding.message.startswith(f"a rule: the {side} failed: ")
