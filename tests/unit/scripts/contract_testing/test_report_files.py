"""The files of a report as their readers take them, and parts that do not come to their end."""

from __future__ import annotations

import functools
import json
import os
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import contract
import openapi_document
import pytest
from contract_testing import layers, processes
from contract_testing.checks import Contract
from contract_testing.coverage import covered
from contract_testing.options import Options
from contract_testing.parts import Part, PartResult
from contract_testing.recording import Exchange
from contract_testing.report import Report
from contract_testing.reports.har import write_har
from contract_testing.reports.junit import write_junit
from contract_testing.reports.page import write_page
from contract_testing.routes import Routes
from contract_testing.run import CaseResult, Finding, NotApplicable
from contract_testing.samples import Samples
from contract_testing.tally import Tally

if TYPE_CHECKING:
    import pathlib

DOCUMENT = openapi_document.load()
AWKWARD = 'less < more & "both" \x00\x1b ]]> 하은'


@pytest.fixture
def report() -> Report:
    """A case of each kind, and an exchange with an answer and one without."""
    failed = Finding("P", AWKWARD, "users.list", f"{AWKWARD}\nmore of it")
    crashed = Finding("P", AWKWARD, None, AWKWARD, crashed=True)
    groups = {"fine": (), "failed": (failed,), "crashed": (crashed,), "both": (failed, crashed)}
    samples = Samples(Routes(DOCUMENT))
    url = "http://127.0.0.1:4010/v1/users?limit=1&offset="
    headers = (("Content-Type", "application/json"),)
    samples.listen(Exchange(1, "P", "r", "GET", url, (), b"", 200, headers, b"{}", 0.1))
    samples.listen(
        Exchange(2, "P", "r", "POST", url, headers, b"\xff", None, (), b"", 0.1, "ReadTimeout")
    )
    tally = Tally(Contract(DOCUMENT), Routes(DOCUMENT))
    result = PartResult(
        part=Part("P", 1),
        name="a layer",
        question=AWKWARD,
        cases=[CaseResult("P", name, None, 0.1, found) for name, found in groups.items()],
        not_applicables=[NotApplicable("P", AWKWARD, AWKWARD)],
        notes=[AWKWARD],
        requests=2,
        digest="",
        seconds=0.4,
        samples=samples,
        tally=tally,
        can_ask=True,
    )
    chosen = [each for each in openapi_document.operations(DOCUMENT) if each.id == "users.list"]
    coverage = covered(DOCUMENT, chosen, tally, can_ask=True, layers="P")
    return Report(AWKWARD, Options(), [result], coverage, 0.4)


def test_readers_of_junit_count_what_the_file_says(report: Report, tmp_path: pathlib.Path) -> None:
    """Each case once, however much it found; texts survive, as far as XML can hold them."""
    path = tmp_path / "junit.xml"
    write_junit(report, path)
    suite = ET.parse(path).getroot()[0]  # noqa: S314 - written a line above
    cases = list(suite)
    assert {each.tag for each in cases} == {"testcase"}
    assert suite.get("tests") == str(len(cases)) == "5"
    for tag, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert suite.get(attribute) == str(sum(each.find(tag) is not None for each in cases))
    assert [len({found.tag for found in each}) for each in cases] == [0, 1, 1, 1, 1]
    found = cases[1].find("failure")
    assert found is not None
    assert found.get("message") == AWKWARD.replace("\x00", "\ufffd").replace("\x1b", "\ufffd")
    assert (found.text or "").endswith("\nmore of it")


def test_the_har_file_has_what_har_requires(report: Report, tmp_path: pathlib.Path) -> None:
    """The fields that HAR 1.2 requires, of an exchange without an answer too."""
    path = tmp_path / "traffic.har"
    write_har(report, path)
    log = json.loads(path.read_text(encoding="utf-8"))["log"]
    assert log["version"] == "1.2"
    assert {"name", "version"} <= log["creator"].keys()
    assert len(log["entries"]) == 2
    both = {"httpVersion", "cookies", "headers", "headersSize", "bodySize"}
    for entry in log["entries"]:
        assert {
            "startedDateTime",
            "time",
            "request",
            "response",
            "cache",
            "timings",
        } <= entry.keys()
        assert {"method", "url", "queryString", *both} <= entry["request"].keys()
        assert {"status", "statusText", "content", "redirectURL", *both} <= entry["response"].keys()
        assert {"size", "mimeType"} <= entry["response"]["content"].keys()
        assert sum(entry["timings"][name] for name in ("send", "wait", "receive")) == entry["time"]
        assert entry["request"]["queryString"] == [
            {"name": "limit", "value": "1"},
            {"name": "offset", "value": ""},
        ]
    assert log["entries"][1]["response"]["statusText"] == "ReadTimeout"


def test_the_page_needs_nothing_beside_it(report: Report, tmp_path: pathlib.Path) -> None:
    """No script, style, font or picture from elsewhere; texts cannot become markup."""
    path = tmp_path / "index.html"
    write_page(report, path)
    page = path.read_text(encoding="utf-8")
    assert not re.findall(r"""(?:src|href|action|data)\s*=\s*["']?(?!#)[^"'>\s#]""", page)
    assert not re.findall(r"@import|url\(|<(?:link|iframe|base)\b", page)
    assert "less < more" not in page
    assert "less &lt; more &amp;" in page


def test_the_page_says_what_was_not_covered_and_why(report: Report, tmp_path: pathlib.Path) -> None:
    """Each status that never came, with a reason."""
    path = tmp_path / "index.html"
    write_page(report, path)
    page = path.read_text(encoding="utf-8")
    gaps = [pair for pair in report.coverage.pairs if pair.reason]
    assert {pair.status for pair in gaps} >= {200, 400, 401, 429, 500, 503}
    assert all(pair.reason and pair.reason.split(";")[0][:30] in page for pair in gaps)


@pytest.mark.parametrize("seeds", [2], ids=["two processes"])
def test_a_process_that_is_ended_is_no_success(
    seeds: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Killed before its end, a part makes the run end with 2, in a sentence."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(processes, "_leave_ctrl_c_to_parent", functools.partial(os._exit, 9))
    monkeypatch.delenv("BASE_URL", raising=False)
    assert contract.main(["--layers=W", f"--seeds={seeds}", "--no-reports"]) == 2
    said = capsys.readouterr()
    assert "a process of the run was ended from outside" in said.err
    assert "nothing found" not in said.out


def test_a_layer_that_cannot_be_imported_is_no_success(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It ends with 2 and says which part it was."""

    def cannot(_letter: str) -> None:
        msg = "No module named 'schemathesis'"
        raise ImportError(msg)

    monkeypatch.setattr(layers, "load", cannot)
    monkeypatch.delenv("BASE_URL", raising=False)
    assert contract.main(["--layers=W", "--no-reports"]) == 2
    assert "W (seed 1) could not be run: ImportError: No module named" in capsys.readouterr().err
