"""``scripts/diff.py`` and ``scripts/compare_vendor.py`` as a maintainer starts them.

Each runs once in a process of its own; further cases call the same function in this process.
"""

from __future__ import annotations

import json
import pathlib
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import openapi_document
import pytest
from changes import command, redocly

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "spec" / "insightiq.yaml"
OURS = openapi_document.load(DOCUMENT)
VERSION: str = OURS["info"]["version"]
NEXT_MAJOR = f"{int(VERSION.partition('.')[0]) + 1}.0.0"
EXPORT = ROOT / "tests" / "fixtures" / "vendor_export.yaml"


def run(script: str, *arguments: str | pathlib.Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts" / script), *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


Here = Callable[..., subprocess.CompletedProcess[str]]
MAINS = {"diff.py": command.diff, "compare_vendor.py": command.compare_vendor}


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    def run_here(script: str, *arguments: str | pathlib.Path) -> subprocess.CompletedProcess[str]:
        words = [*map(str, arguments)]
        status = MAINS[script](words)
        output = capsys.readouterr()
        return subprocess.CompletedProcess(words, status, output.out, output.err)

    return run_here


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    document = openapi_document.load(DOCUMENT)
    schemas = document["components"]["schemas"]
    schemas["AccountStatus"]["enum"].append("STATUS_OF_TOMORROW")
    schemas["AudienceCountry"]["required"].remove("code")
    renamed(document, "profiles.get", "profiles.fetch")
    path = tmp_path_factory.mktemp("edited") / "insightiq.yaml"
    # JSON is YAML.
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def renamed(node: Any, old: str, new: str) -> None:
    members = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in list(members):
        if key == "operationId" and value == old:
            node[key] = new
        elif isinstance(value, dict | list):
            renamed(value, old, new)


def once(text: str, old: str, new: str) -> str:
    assert old in text, old
    return text.replace(old, new, 1)


@pytest.fixture(scope="module")
def reported(
    edited: pathlib.Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[subprocess.CompletedProcess[str], pathlib.Path]:
    folder = tmp_path_factory.mktemp("reports")
    done = run("diff.py", "--base", DOCUMENT, "--document", edited, "--output", folder)
    return done, folder


@pytest.fixture(scope="module")
def report(
    reported: tuple[subprocess.CompletedProcess[str], pathlib.Path],
) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((reported[1] / "report.json").read_text(encoding="utf-8"))
    return found


def test_report_has_verdicts_version_and_changelog(report: dict[str, Any]) -> None:
    assert report["verdict"] == {"wire": "major", "python": "major", "bump": "major"}
    assert report["version"]["proposed"] == NEXT_MAJOR
    assert report["version"]["sufficient"] is False
    assert report["changelog"].startswith(f"## [{NEXT_MAJOR}]")
    assert "STATUS_OF_TOMORROW" in report["changelog"]


def test_only_affected_operations_are_listed(report: dict[str, Any]) -> None:
    touched = {each["id"]: each for each in report["operations"]}
    assert set(touched) >= {
        *("accounts.get", "accounts.list", "accounts.update", "accounts.disconnect"),
        *("audience.get", "profiles.fetch", "profiles.get"),
    }
    assert not {"users.get", "contents.list", "webhooks.create"} & set(touched)
    assert touched["audience.get"]["request"] == []
    assert "may be missing" in touched["audience.get"]["response"][0]
    assert "AudienceCountry" in touched["audience.get"]["symbols"][0]
    assert report["operation_count"] == len(list(openapi_document.operations(OURS)))


def test_handlers_of_renamed_operation_are_listed(report: dict[str, Any]) -> None:
    assert "profiles.fetch" in report["mock"]["unhandled"]
    assert report["mock"]["unbound"] == ["profiles.get"]


def test_identical_documents_have_no_change(here: Here, tmp_path: pathlib.Path) -> None:
    done = here("diff.py", "--base", DOCUMENT, "--output", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "No change." in done.stdout
    assert "\x1b" not in done.stdout
    assert {path.name for path in tmp_path.iterdir()} == {"report.md", "report.json"}
    assert "No change." in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_terminal_and_page_name_version_to_write(
    reported: tuple[subprocess.CompletedProcess[str], pathlib.Path],
) -> None:
    done, folder = reported
    assert (done.returncode, done.stderr) == (1, "")
    assert f"info.version is {VERSION}, which is too low: write {NEXT_MAJOR}" in done.stdout
    page = (folder / "report.md").read_text(encoding="utf-8")
    assert re.search(rf"\| Verdict \| major \| major \| {re.escape(NEXT_MAJOR)}", page)


def test_json_is_printed_alone(here: Here) -> None:
    done = here("diff.py", "--base", DOCUMENT, "--json", "-")
    assert json.loads(done.stdout)["verdict"] == {"wire": "none", "python": "none", "bump": "none"}
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("base", "message"),
    [("no-such-revision", "neither a file nor a git revision"), ("gone.yaml", "no such file")],
)
def test_unknown_base_is_rejected(here: Here, base: str, message: str) -> None:
    done = here("diff.py", "--base", base)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_dangling_reference_is_rejected(here: Here, tmp_path: pathlib.Path) -> None:
    broken = DOCUMENT.read_text(encoding="utf-8")
    path = tmp_path / "broken.yaml"
    path.write_text(
        once(broken, "'#/components/schemas/AudienceGender'", "'#/components/schemas/Gone'"),
        encoding="utf-8",
    )
    done = here("diff.py", "--base", DOCUMENT, "--document", path)
    assert done.returncode == 2
    assert "Gone" in done.stderr
    assert "Traceback" not in done.stderr


def test_report_says_whether_redocly_was_used(
    here: Here, edited: pathlib.Path, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    monkeypatch.setattr(redocly, "REDOCLY", pathlib.Path("/nowhere/redocly"))
    done = here("diff.py", "--base", DOCUMENT, "--document", edited, "--output", tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "Redocly is not installed, so its second opinion is missing" in done.stdout
    verdict = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["verdict"]
    assert verdict == {"wire": "major", "python": "major", "bump": "major"}


def test_wire_is_rated_if_no_client_can_be_generated(here: Here, tmp_path: pathlib.Path) -> None:
    document = openapi_document.load(DOCUMENT)
    document["info"]["version"] = "9.0.0"
    # Two operations of one id cannot both be methods.
    renamed(document, "users.get", "users.list")
    path = tmp_path / "twice.yaml"
    path.write_text(json.dumps(document), encoding="utf-8")
    done = here("diff.py", "--base", DOCUMENT, "--document", path, "--output", tmp_path / "out")
    assert (done.returncode, done.stderr) == (2, "")
    assert "Operation `users.get` is called `users.list` now." in done.stdout
    assert "In Python: not compared." in done.stdout
    assert "users.list" in done.stdout.split("In Python: not compared.")[1]
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["verdict"]["python"] is None
    assert "users.list" in report["python_problem"]


def test_ctrl_c_writes_no_files(
    here: Here, edited: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "make_report", interrupted)
    folder = tmp_path / "o"
    done = here("diff.py", "--base", DOCUMENT, "--document", edited, "--output", folder)
    assert (done.returncode, done.stderr) == (130, "diff: interrupted.\n")
    assert not folder.exists()


def test_vendor_export_is_compared_with_deviations(tmp_path: pathlib.Path) -> None:
    done = run("compare_vendor.py", EXPORT, "--output", tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    for line in (
        f"has 4 of our {len(list(openapi_document.operations(OURS)))} operations",
        "operation that we lack: POST /v1/users/{}/archive",
        "parameter that we lack: users.list query sort",
        "field that we lack: User.tier (users.get, users.list, users.create)",
        "There only: BLOCKED.",
    ):
        assert line in done.stdout
    assert {path.name for path in tmp_path.iterdir()} == {"vendor.md", "vendor.json"}


def test_own_document_has_no_difference(here: Here) -> None:
    done = here("compare_vendor.py", DOCUMENT, "--json", "-")
    assert done.returncode == 0
    assert json.loads(done.stdout)["differences"] == []


def test_document_of_other_api_is_rejected(here: Here, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "other.json"
    path.write_text('{"openapi": "3.0.3", "info": {}, "paths": {"/pets": {"get": {}}}}')
    done = here("compare_vendor.py", path)
    assert done.returncode == 2
    assert "is it the right document?" in done.stderr
