"""The contract command: what it understands, what it starts, and what it says when it cannot work."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import contract
import pytest
from contract_testing import processes
from contract_testing.checks import Contract
from contract_testing.options import read_options
from contract_testing.parts import PartResult, operations_of, plan, share_of
from contract_testing.routes import Routes
from contract_testing.run import CaseResult, Finding
from contract_testing.samples import Samples
from contract_testing.tally import Tally
from demonstration.mock_process import MockProcess
from published_document import DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conftest import ProxyTo
    from contract_testing.options import Options
    from contract_testing.parts import Part

NAMES = ("BASE_URL", "CLIENT_ID", "CLIENT_SECRET")


@pytest.fixture(autouse=True)
def own_reports(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep reports out of the project, and the machine's environment out of the tests."""
    monkeypatch.setattr(contract, "REPORTS", tmp_path / "reports")
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def run_command(
    folder: pathlib.Path, *arguments: str, **environment: str
) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    """Run the command in a process of its own; return what it said, and its result."""
    result = folder / "result.json"
    done = subprocess.run(
        [sys.executable, contract.__file__, "--no-reports", f"--result={result}", *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
        | environment,
        text=True,
        timeout=300,
    )
    return done, json.loads(result.read_text()) if result.exists() else {}


def result_of(part: Part, *findings: Finding) -> PartResult:
    """What came of a part."""
    routes = Routes(DOCUMENT)
    return PartResult(
        part=part,
        name="a layer",
        question="?",
        cases=[CaseResult(part.layer, "a rule", "users.get", 0.1, findings)],
        not_applicables=[],
        notes=[],
        requests=1,
        digest="",
        seconds=0.1,
        samples=Samples(routes),
        tally=Tally(Contract(DOCUMENT), routes),
        can_ask=True,
    )


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        (["--layers", "P,X"], {}, "there is no layer X; give some of P, A, B, C, D, S, W"),
        (["--topics", "pages"], {}, "there is no topic pages; give some of paging, filters"),
        (["--examples", "0"], {}, "'0' is no count; give a whole number above 0"),
        (["--seed", "1", "--seeds", "2"], {}, "not allowed with argument"),
        (["--operations", ","], {}, "',' names no operation; give ids of the document"),
        (["--depth", "deep"], {}, "invalid choice: 'deep'"),
        ([], {"BASE_URL": "http://127.0.0.1:1"}, "CLIENT_ID and CLIENT_SECRET are not; set all"),
        *(
            (
                [],
                {"BASE_URL": url, "CLIENT_ID": "some", "CLIENT_SECRET": "hidden-thing"},
                f"BASE_URL is {url!r}; write it like http://127.0.0.1:4010",
            )
            for url in ("127.0.0.1:4010", "http://", "http://[::1", "http://x:99999", "http://x?y")
        ),
    ],
)
def test_what_cannot_be_understood_is_told_in_a_sentence(
    arguments: list[str],
    environment: Mapping[str, str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A wrong argument ends with 2 and with what would be right; no secret is repeated."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        contract.main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert message in said
    assert "hidden-thing" not in said


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        (["--operations", "users.craete"], {}, "there is no operation users.craete; give ids of"),
        (["--document", "nowhere.yaml"], {}, "nowhere.yaml: cannot be read"),
        (
            [],
            {"BASE_URL": "http://127.0.0.1:1", "CLIENT_ID": "some", "CLIENT_SECRET": "thing"},
            "nothing answers at http://127.0.0.1:1",
        ),
    ],
)
def test_what_cannot_be_tried_is_told_in_a_sentence(
    arguments: list[str],
    environment: Mapping[str, str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No such operation, document or server: ends with 2, without a traceback."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert contract.main(["--layers", "D", "--no-reports", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_wrong_credentials_are_told_before_all_else(
    tmp_path: pathlib.Path,
) -> None:
    """A wrong password is one sentence, not a finding for each operation."""
    with MockProcess("--no-limits") as server:
        done, _ = run_command(
            tmp_path,
            "--layers=D",
            BASE_URL=server.url,
            CLIENT_ID=server.client_id,
            CLIENT_SECRET="wrong-thing",
        )
    assert done.returncode == 2
    assert "does not accept CLIENT_ID and CLIENT_SECRET (401)" in done.stderr
    assert "wrong-thing" not in done.stdout + done.stderr


def test_ctrl_c_ends_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C ends with 130 and a word, without a traceback."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(processes, "run_all", interrupt)
    assert contract.main([]) == 130
    assert capsys.readouterr().err == "contract: stopped.\n"


def test_what_was_found_before_ctrl_c_is_told_and_reported(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The parts that are done are not lost, and terminal and page name those that are not."""

    def interrupt(options: Options, results: list[PartResult]) -> None:
        part = plan(options)[1]
        finding = Finding(part.layer, "a rule", "users.get", "something is wrong")
        results.append(result_of(part, finding))
        raise KeyboardInterrupt

    monkeypatch.setattr(processes, "run_all", interrupt)
    assert contract.main(["--layers", "A,D"]) == 130
    said = capsys.readouterr()
    assert "something is wrong" in said.err
    assert said.err.endswith("contract: stopped.\n")
    assert "contract: not done: A (seed 1)" in said.out
    page = (tmp_path / "reports" / "index.html").read_text(encoding="utf-8")
    assert "ended before its time. Not done: A (seed 1)" in page


@pytest.mark.parametrize("arguments", [[], ["--no-reports", "--result", "nowhere/result.json"]])
def test_what_cannot_be_written_is_told_before_the_run(
    arguments: list[str],
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A minute of work is not thrown away at its end, and there is no traceback."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reports").write_text("in the way")
    monkeypatch.setattr(processes, "run_all", lambda *_: pytest.fail("it ran"))
    assert contract.main(arguments) == 2
    assert "cannot be written (" in capsys.readouterr().err


def test_the_plan_gives_every_operation_to_one_share() -> None:
    """Layer P is split over processes; nothing is left out, nothing is done twice."""
    options, _ = read_options(["--layers", "P"], {}, description="")
    operations = operations_of(DOCUMENT, ())
    shares = [share_of(operations, part) for part in plan(options)]
    assert len(shares) == 2
    assert sorted(each.id for share in shares for each in share) == sorted(
        each.id for each in operations
    )


def test_nought_is_a_seed_like_others() -> None:
    """It is not taken for no seed at all, which would be 1."""
    options, _ = read_options(["--seed", "0"], {}, description="")
    assert options.seeds == (0,)


def test_the_same_seed_sends_the_same_requests(tmp_path: pathlib.Path) -> None:
    """Byte for byte, in runs of their own that hash texts differently; another seed sends others.

    The second run is one process, which spares it the seconds of starting several.
    """
    arguments = ["--layers=P,B", "--operations=users.create,users.get", "--examples=2"]
    _, first = run_command(tmp_path, *arguments, "--seeds=2", PYTHONHASHSEED="1")
    _, again = run_command(tmp_path, *arguments, "--stop-at-first", PYTHONHASHSEED="2")
    sent = first["requests"]
    assert again["requests"] == {name: sent[name] for name in ("P (seed 1)", "B (seed 1)")}
    assert len(set(sent.values())) == len(sent) == 4


def test_a_mock_started_by_hand_is_tested_without_touching_its_world(
    tmp_path: pathlib.Path,
) -> None:
    """BASE_URL: all layers run against it, as developers of their own."""
    with MockProcess() as server:
        done, result = run_command(
            tmp_path,
            "--layers=A,D",
            "--operations=users.create,users.get",
            "--examples=3",
            BASE_URL=server.url,
            CLIENT_ID=server.client_id,
            CLIENT_SECRET=server.client_secret,
        )
    assert done.returncode == 0, done.stderr
    assert result["findings"] == []
    assert result["cases"] > 10
    assert server.client_secret not in done.stdout + done.stderr


def test_a_proxy_that_breaks_answers_is_found_and_told(
    tmp_path: pathlib.Path, proxy_to: ProxyTo
) -> None:
    """Something between the tests and the server, without a control API: words for a person."""

    def breaks(_method: str, path: str, status: int, body: Any) -> Any:
        if path.startswith("/_mock"):
            return {}
        if status == 200 and path.startswith("/v1/users?"):
            body["data"] = body["data"][:-1] + body["data"][:1]
            body["metadata"]["limit"] = "ten"
        return body

    with MockProcess("--no-limits") as server, proxy_to(server.url, breaks) as address:
        done, result = run_command(
            tmp_path,
            "--layers=D",
            "--operations=users.list",
            BASE_URL=address,
            CLIENT_ID=server.client_id,
            CLIENT_SECRET=server.client_secret,
        )
    assert done.returncode == 1
    finding = Finding(**result["findings"][0])
    assert finding.operation == "users.list"
    assert '/metadata/limit: "ten" is not of type' in finding.message
    assert "D users.list: the body fits its schema" in done.stderr
