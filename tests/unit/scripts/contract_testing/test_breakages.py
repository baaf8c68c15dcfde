"""A catalogue of broken answers: which layers see each, and in which words."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import openapi_document
import pytest
from breaking import Breaking, Change, Passing
from contract_testing import layers
from contract_testing.checks import Contract
from contract_testing.judge import Judge
from contract_testing.parts import operations_of, run_layer
from contract_testing.recording import Recording
from contract_testing.routes import Routes
from contract_testing.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contract_testing.run import Finding
    from contract_testing.servers import MockInProcess

DOCUMENT = openapi_document.load()
CONTRACT, ROUTES = Contract(DOCUMENT), Routes(DOCUMENT)


@dataclasses.dataclass(frozen=True)
class Breakage:
    """One way to be broken.

    Attributes:
        change: Breaks answers.
        seen: What layers that see it say. Whatever breaks the document is seen by all that ask a
            server, by the same rules; the quickest ones stand for the others.
        operations: What to ask for.
        topic: The topic of layer S that sees it.
    """

    change: Change
    seen: dict[str, str]
    operations: tuple[str, ...] = ("users.list",)
    topic: str = "paging"


def _in_rows(change: Callable[[Any], object], path: str = "/v1/users") -> Change:
    """Change the rows of a list."""

    def of_list(passing: Passing) -> None:
        if passing.request.method == "GET" and passing.path == path and passing.status == 200:
            body = passing.body
            change(body["data"])
            passing.body = body

    return of_list


def _each(change: Callable[[Any], object]) -> Change:
    """Change each row of a list."""

    def of_rows(rows: Any) -> None:
        for row in rows:
            change(row)

    return _in_rows(of_rows)


def _whole(change: Change) -> Change:
    """Change an answer as a whole."""

    def of_answer(passing: Passing) -> None:
        if passing.request.method == "GET" and passing.path == "/v1/users":
            change(passing)

    return of_answer


def _repeated_item() -> Change:
    """The second page begins with the last row of the first."""
    before: list[Any] = []

    def change(passing: Passing) -> None:
        if passing.path == "/v1/social/contents" and passing.status == 200:
            body = passing.body
            if passing.request.url.params.get("offset") == "7":
                body["data"] = [*before, *body["data"][:-1]]
            before[:] = body["data"][-1:]
            passing.body = body

    return change


def _another_one(passing: Passing) -> None:
    if passing.path.startswith("/v1/users/") and passing.status == 200:
        passing.body = {**passing.body, "id": "6f3c1a52-8f0e-4a55-9a51-d2d1f4c07e11"}


def _filter_ignored() -> Change:
    """The work platforms by name are all of them."""
    everything: list[bytes] = []

    def change(passing: Passing) -> None:
        if passing.path == "/v1/work-platforms" and passing.status == 200:
            if "name" not in passing.request.url.params:
                everything[:] = [passing.content]
            elif everything:
                passing.content = everything[0]

    return change


def _truncated(passing: Passing) -> None:
    passing.content = passing.content[: len(passing.content) // 2]


def _bad_gateway(passing: Passing) -> None:
    passing.status, passing.headers = 502, {"content-type": "text/html"}
    passing.content = b"<html><h1>502 Bad Gateway</h1></html>"


def _no_retry_after(passing: Passing) -> None:
    passing.status = 429
    error = {
        "type": "TOO_MANY_REQUESTS",
        "code": "rate_limit_exceeded",
        "error_code": "rate_limit_exceeded",
        "message": "Too many requests.",
        "status_code": 429,
        "http_status_code": 429,
        "request_id": passing.headers["request-id"],
    }
    passing.body = {"error": error}


def _plain_text(passing: Passing) -> None:
    passing.headers["content-type"] = "text/plain"


_UNKNOWN = '/data/0/status: "DORMANT" is not one of "ACTIVE" or "INACTIVE"'
_MISSING = '/data/0: "external_id" is a required property'
_ZONE = 'Z" does not match'
_NO_JSON = 'users.list 200: the body is no JSON: it begins with \'{"data":['
_TYPE = "users.list 200: the content type is text/plain, the document has application/json"
_UNDOCUMENTED = "users.list 502: the status is not in the document, which knows 200, 400"

CATALOGUE = {
    "an item is repeated": Breakage(
        _repeated_item(),
        {"S": "contents.list: page 2 of 7 rows repeats as its item 1 what was item 7 of page 1"},
        ("contents.list",),
    ),
    "an item is dropped": Breakage(
        _in_rows(lambda rows: rows.__delitem__(slice(2, 3))),
        {"S": "users.list: a page with limit 3 at offset 2 has 2 rows"},
    ),
    "an id with another's data": Breakage(
        _another_one,
        {"S": "the answer is about 6f3c1a52-8f0e-4a55-9a51-d2d1f4c07e11"},
        ("users.get", "users.list"),
        "lookups",
    ),
    "a time with a zone": Breakage(
        _each(lambda row: row.update(created_at=row["created_at"] + "Z")),
        {"D": _ZONE, "S": _ZONE},
    ),
    "a value that the document does not know": Breakage(
        _each(lambda row: row.update(status="DORMANT")),
        {"A": _UNKNOWN, "D": _UNKNOWN, "P": _UNKNOWN, "S": _UNKNOWN},
    ),
    "a field is missing": Breakage(
        _each(lambda row: row.pop("external_id")),
        {"D": _MISSING, "S": _MISSING},
    ),
    "429 without Retry-After": Breakage(
        _whole(_no_retry_after),
        {
            "D": "users.list 429: the header Retry-After is missing",
        },
    ),
    "JSON ends in the middle": Breakage(_whole(_truncated), {"D": _NO_JSON, "S": _NO_JSON}),
    "a page of a proxy": Breakage(
        _whole(_bad_gateway),
        {"A": _UNDOCUMENTED, "D": _UNDOCUMENTED},
    ),
    "another content type": Breakage(_whole(_plain_text), {"D": _TYPE, "S": _TYPE}),
    "a filter is ignored": Breakage(
        _filter_ignored(), {"S": "work_platforms.list: "}, ("work_platforms.list",), "filters"
    ),
}


def _cases() -> Iterator[Any]:
    for name, breakage in CATALOGUE.items():
        for letter, words in breakage.seen.items():
            yield pytest.param(breakage, letter, words, id=f"{name}-{letter}")


def findings(mock: MockInProcess, breakage: Breakage, letter: str) -> list[Finding]:
    """What a layer finds behind something that breaks answers."""
    recording = Recording()
    server = Breaking(mock, breakage.change).fresh(recording, {})
    assert server is not None
    run = Run(
        layer=letter,
        document=DOCUMENT,
        operations=operations_of(DOCUMENT, breakage.operations),
        seed=1,
        examples=1,
        server=server,
        topics=(breakage.topic,),
    )
    if letter != "P":
        recording.listeners.append(Judge(run, CONTRACT, ROUTES))
    run_layer(layers.load(letter), run)
    return run.findings


@pytest.mark.parametrize(("breakage", "letter", "words"), [*_cases()])
def test_a_layer_says_what_is_broken(
    breakage: Breakage, letter: str, words: str, mock: MockInProcess
) -> None:
    """What is wrong, and of which operation, in words for a person; the harness does not fail."""
    found = findings(mock, breakage, letter)
    assert any(words in each.message for each in found), [each.message for each in found]
    assert not [each.message for each in found if each.crashed]
    assert {each.operation for each in found} <= {*breakage.operations, None}
