"""What a report says of the parts of a run: which of them found something, and how to repeat it."""

from __future__ import annotations

import dataclasses
import json
import pathlib
from typing import TYPE_CHECKING, Any

import openapi_document
import pytest
from contract_testing import commands, layers, outcome
from contract_testing.checks import Contract
from contract_testing.coverage import Coverage, covered
from contract_testing.links import followed_links, links_of
from contract_testing.options import Options, Target, read_options
from contract_testing.parts import Part, PartResult, plan, run_part
from contract_testing.recording import Exchange
from contract_testing.report import Report
from contract_testing.reports.har import write_har
from contract_testing.reports.junit import write_junit
from contract_testing.reports.page import write_page
from contract_testing.routes import Routes
from contract_testing.run import CaseResult, Finding, NotApplicable
from contract_testing.samples import Samples
from contract_testing.servers import InternalServerError
from contract_testing.tally import Tally
from published_document import DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_testing.run import Run

OPERATIONS = {each.id: each for each in openapi_document.operations(DOCUMENT)}
TARGET = Target("http://127.0.0.1:4010", "somebody", "hidden-thing")


def tally_of(*seen: tuple[str, int], asked: Sequence[tuple[str, int]] = ()) -> Tally:
    """What was counted in a run that saw these statuses once each."""
    tally = Tally(Contract(DOCUMENT), Routes(DOCUMENT))
    tally.statuses = dict.fromkeys(seen, 1)
    tally.asked = dict.fromkeys(asked, 1)
    return tally


def coverage_of(tally: Tally, *, can_ask: bool = True, layers: Sequence[str] = "PA") -> Coverage:
    """The coverage of users.create."""
    chosen = [OPERATIONS["users.create"]]
    return covered(DOCUMENT, chosen, tally, can_ask=can_ask, layers=layers)


def result_of(part: Part, *findings: Finding, can_ask: bool = True) -> PartResult:
    """What came of a part."""
    return PartResult(
        part=part,
        name="a layer",
        question="?",
        cases=[CaseResult(part.layer, "a rule", "users.create", 0.1, findings)],
        not_applicables=[],
        notes=[f"walked by {part}"],
        requests=1,
        digest="",
        seconds=0.1,
        samples=Samples(Routes(DOCUMENT)),
        tally=tally_of(),
        can_ask=can_ask,
    )


@pytest.fixture
def report() -> Report:
    """Two seeds, two shares of layer P; the first share of the first seed found something."""
    options, _ = read_options(["--layers", "P", "--seeds", "2"], {}, description="")
    finding = Finding("P", "a rule", "users.create", "something is wrong", within="users.create")
    results = [
        result_of(part, *([finding] if number == 0 else []))
        for number, part in enumerate(plan(options))
    ]
    return Report("a server", options, results, coverage_of(tally_of()), 0.1)


def test_a_finding_is_repeated_from_the_seed_that_found_it(
    report: Report, tmp_path: pathlib.Path
) -> None:
    """Not from the last seed of the run; and the page says which part it was."""
    path = tmp_path / "index.html"
    write_page(report, path)
    page = path.read_text(encoding="utf-8")
    assert "LAYERS=P DEPTH=pull-request SEED=1 OPERATIONS=users.create</code>" in page
    assert "(layer P 1/2 (seed 1))" in page
    assert "LAYERS=P DEPTH=pull-request SEEDS=2</code>" in page


def test_parts_of_one_layer_are_told_apart(report: Report, tmp_path: pathlib.Path) -> None:
    """Figures of several parts name their part; each is a suite of its own for CI."""
    page, junit = tmp_path / "index.html", tmp_path / "junit.xml"
    write_page(report, page)
    write_junit(report, junit)
    for part in ("P 1/2 (seed 1)", "P 2/2 (seed 1)", "P 1/2 (seed 2)", "P 2/2 (seed 2)"):
        assert f"{part}: walked by {part}" in page.read_text(encoding="utf-8")
        assert f'name="contract.{part}"' in junit.read_text(encoding="utf-8")


def test_links_that_were_not_followed_are_named(report: Report, tmp_path: pathlib.Path) -> None:
    """With the reason, whether nothing could be asked, something was found, or the run ended."""
    first, second, third, *others = links_of(DOCUMENT, [OPERATIONS["users.create"]])
    part = Part("B", 1)
    finding = Finding("B", first.rule, "users.create", "it leads nowhere")
    result = result_of(part)
    result.cases += [
        CaseResult("B", first.rule, "users.create", 0.1, (finding,)),
        CaseResult("B", second.rule, "users.create", 0.1, ()),
    ]
    result.not_applicables.append(NotApplicable("B", third.rule, "there is nothing"))
    links = followed_links(DOCUMENT, [OPERATIONS["users.create"]], [result])
    path = tmp_path / "index.html"
    write_page(dataclasses.replace(report, links=links), path)
    page = path.read_text(encoding="utf-8")
    assert f"<h2>Links followed: 1 of {3 + len(others)} in layer B</h2>" in page
    assert f"<li>{first}: see the findings</li>" in page
    assert f"<li>{third}: there is nothing</li>" in page
    assert f"<li>{others[0]}: the run ended before it, or only reads on this server</li>" in page
    assert f"<li>{second}" not in page


def test_operations_without_handlers_are_named(
    report: Report, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Many rules of one reason share a line of the terminal; the page lists each of them."""
    result = report.results[0]
    result.from_examples = ["users.pause"]
    rules = [f"rule {number}" for number in range(5)]
    result.not_applicables += [NotApplicable("P", rule, "no handler") for rule in rules]
    result.not_applicables += [NotApplicable("B", rules[0], "no handler")]
    outcome.tell(list(report.results), report.options, 0.1)
    said = capsys.readouterr().out
    assert "contract: not tried: 5 rules, which the page lists: no handler\n" in said
    assert "answered from the document: users.pause\n" in said
    path = tmp_path / "index.html"
    write_page(report, path)
    page = path.read_text(encoding="utf-8")
    assert all(f"<td>{rule}<td>no handler" in page for rule in rules)
    assert "<code>users.pause</code>" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "LAYERS=A DEPTH=pull-request SEED=3 OPERATIONS=users.create"),
        ({"examples": 7}, "SEED=3 EXAMPLES=7 OPERATIONS=users.create"),
        ({"limited": True}, "OPERATIONS=users.create LIMITS=on"),
        (
            {"target": TARGET},
            "OPERATIONS=users.create BASE_URL=http://127.0.0.1:4010 CLIENT_ID=… CLIENT_SECRET=…",
        ),
        ({"document": pathlib.Path("other.yaml")}, 'ARGS="--document other.yaml"'),
        ({"topics": ("paging",), "letter": "S"}, 'ARGS="--topics paging"'),
    ],
)
def test_what_made_the_run_is_in_the_command(changes: dict[str, Any], words: str) -> None:
    """Whoever copies the command makes the same run; credentials are left to them."""
    letter = changes.pop("letter", "A")
    options = Options(seeds=(1, 3), **changes)
    finding = Finding("A", "a rule", "users.create", "something is wrong", within="users.create")
    command = commands.again(options, Part(letter, 3), finding)
    assert words in command
    assert "hidden-thing" not in command


def test_a_sequence_is_repeated_with_all_its_operations() -> None:
    """One operation alone has no links to walk: the command would find nothing, and say so."""
    finding = Finding("B", "a rule", "users.get", "something is wrong")
    command = commands.again(Options(), Part("B", 1), finding)
    assert command == "make contract LAYERS=B DEPTH=pull-request SEED=1"


def test_the_exchange_of_a_finding_is_in_each_report(tmp_path: pathlib.Path) -> None:
    """Request and answer stand beside what is wrong, although three like them were shown before."""
    exchange = Exchange(
        number=4,
        layer="D",
        rule="a rule",
        method="POST",
        url="http://mock/v1/users",
        request_headers=(("accept", "application/json"),),
        request_body=b'{"name": "<Ada>"}',
        status=201,
        response_headers=(("request-id", "r-4"),),
        response_body=b"x" * 5000,
        seconds=0.1,
    )
    finding = Finding("D", "a rule", "users.create", "something is wrong", exchange=exchange)
    options = Options(layers=("D",))
    results = [result_of(Part("D", 1), finding)]
    report = Report("a server", options, results, coverage_of(tally_of()), 0.1)
    page, junit, har = (tmp_path / name for name in ("index.html", "junit.xml", "traffic.har"))
    write_page(report, page)
    write_junit(report, junit)
    write_har(report, har)
    shown = page.read_text(encoding="utf-8")
    assert (
        "POST http://mock/v1/users\naccept: application/json\n\n{&quot;name&quot;: &quot;&lt;Ada"
        in shown
    )
    assert "201\nrequest-id: r-4\n\nxxx" in shown
    assert "… and 1000 characters more" in shown
    assert 'last request: POST http://mock/v1/users {"name": "&lt;Ada&gt;"}' in junit.read_text(
        "utf-8"
    )
    entries = json.loads(har.read_text(encoding="utf-8"))["log"]["entries"]
    assert [each["response"]["content"]["size"] for each in entries] == [5000]


def test_a_status_counts_as_covered_however_it_came() -> None:
    """Of its own accord, or because it was asked for: told apart, both covered."""
    coverage = coverage_of(tally_of(("users.create", 201), asked=[("users.create", 500)]))
    pairs = {pair.status: pair for pair in coverage.pairs}
    assert (pairs[201].seen, pairs[201].asked, pairs[201].reason) == (1, 0, None)
    assert (pairs[500].seen, pairs[500].asked, pairs[500].reason) == (0, 1, None)
    assert coverage.share_of_pairs() == (2, len(OPERATIONS["users.create"].data["responses"]))


@pytest.mark.parametrize(
    ("status", "can_ask", "layers", "reason"),
    [
        (503, False, "PA", "only a mock of ours fails when it is asked to"),
        (503, True, "P", "layer A, which asks for failures, did not run"),
        (400, True, "A", "layer P, which breaks requests, did not run"),
        (400, True, "PA", "no request of this run brought it about; more examples or another seed"),
    ],
)
def test_what_never_came_has_a_reason(
    status: int, can_ask: object, layers: str, reason: str
) -> None:
    """Each gap of the table says why it is there."""
    coverage = coverage_of(tally_of(), can_ask=bool(can_ask), layers=layers)
    pair = next(pair for pair in coverage.pairs if pair.status == status)
    assert pair.reason is not None
    assert pair.reason.startswith(reason)


def test_an_undocumented_status_is_told() -> None:
    """Only of the operations that were asked for."""
    coverage = coverage_of(tally_of(("users.create", 405), ("users.get", 405)))
    assert coverage.undocumented == [("users.create", 405, 1)]


def test_inputs_and_properties_are_taken_from_the_document() -> None:
    """What was in no request and in no answer stands there with a nought."""
    tally = tally_of()
    tally.accepted = {("users.create", "body name"): 2}
    tally.refused = {("users.create", "body external_id"): 1}
    tally.properties = {"User.id": 3}
    coverage = coverage_of(tally)
    by_name = {each.name: (each.accepted, each.refused) for each in coverage.inputs}
    assert by_name == {"body name": (2, 0), "body external_id": (0, 1)}
    assert coverage.share_of_inputs() == (1, 2)
    assert coverage.properties["User.id"] == 3
    assert coverage.properties["User.name"] == 0


def test_the_page_says_why_a_property_was_not_seen(tmp_path: pathlib.Path) -> None:
    """None of its kind came, or it was left out; and a status that was asked for says so in words."""
    tally = tally_of(("users.create", 201), asked=[("users.create", 500)])
    tally.properties = {"User.id": 3}
    page = tmp_path / "index.html"
    write_page(Report("a server", Options(), [], coverage_of(tally), 0.1), page)
    shown = page.read_text(encoding="utf-8")
    assert "name, status, updated_at (looked at in 3 answers, in none of which" in shown
    assert "Error: " in shown
    assert "(no Error came in any answer)" in shown
    assert "asked 1<td" in shown
    assert shown.count('<div class="wide" tabindex="0"><table>') == shown.count("</table></div>")


def test_scripted_answers_need_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Layer C runs although the server that is named does not answer."""

    class Quick:
        letter = "C"
        name = "quick"
        question = "?"

        def run(self, run: Run) -> None:
            """Note which server there is."""
            run.note(run.server.base_url)

    monkeypatch.setattr(layers, "load", lambda _letter: Quick())
    nobody = Target("http://127.0.0.1:1", "somebody", "hidden-thing")
    assert run_part(Part("C", 1), Options(target=nobody)).notes == ["http://nowhere.invalid"]
    with pytest.raises(InternalServerError, match="nothing answers at"):
        run_part(Part("D", 1), Options(target=nobody))
