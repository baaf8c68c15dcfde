"""The lint command: what it prints and how it ends."""

from __future__ import annotations

import json
import stat
import sys
from typing import TYPE_CHECKING, Any

import lint_spec
import openapi_document
import pytest
from lint_spec import Lines

if TYPE_CHECKING:
    import pathlib


def fake_redocly(tmp_path: pathlib.Path, output: str, status: int = 0) -> pathlib.Path:
    """Write a program that prints ``output`` as Redocly would and ends with ``status``."""
    program = tmp_path / "redocly"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.stderr.write('no ruleset')\n"
        f"sys.stdout.write({output!r})\nsys.exit({status})\n",
        encoding="utf-8",
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def redocly_result(*problems: dict[str, Any]) -> str:
    """Return the text of Redocly's JSON output."""
    return json.dumps({"totals": {}, "problems": problems})


def test_clean_document_prints_one_line_per_tool(
    clean_path: pathlib.Path,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A clean run is short and ends with 0."""
    monkeypatch.setattr(lint_spec, "REDOCLY", fake_redocly(tmp_path, redocly_result()))
    assert lint_spec.main([str(clean_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "openapi-spec-validator",
        "redocly",
        "own rules",
        "generator",
    ]
    assert all("clean" in line for line in lines)


def test_finding_of_our_own_comes_with_its_line(
    clean_path: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line number leads to the place, and the run ends with 1 and a count."""
    text = clean_path.read_text(encoding="utf-8")
    broken = text.replace("operationId: letters.get\n", "operationId: getLetter\n", 1)
    line = next(n for n, row in enumerate(broken.splitlines(), 1) if "getLetter" in row)
    path = tmp_path / "broken.yaml"
    path.write_text(broken, encoding="utf-8")

    assert lint_spec.main([str(path), "--own-rules-only"]) == 1
    captured = capsys.readouterr()
    assert f"{path}:{line}  [operation-id]" in captured.out
    assert "where:  #/paths/~1v1~1letters~1{id}/get/operationId" in captured.out
    assert "what:   the operationId 'getLetter' is not of the form" in captured.out
    assert "to do:  write both halves in lower snake_case" in captured.out
    assert f"to correct in {path}" in captured.err


def test_document_of_another_shape_is_reported_before_our_rules_stumble(
    clean_path: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Structure comes first; our own rules are left out where it is broken."""
    path = tmp_path / "broken.yaml"
    text = clean_path.read_text(encoding="utf-8")
    path.write_text(text.replace("    parameters:\n      - {$ref", "    parameters:\n      {$ref"))
    assert lint_spec.main([str(path), "--own-rules-only"]) == 1
    output = capsys.readouterr().out
    assert "[structure]" in output
    assert "own rules" not in output


def test_dangling_reference_is_reported_by_our_own_rule(
    clean_path: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The structural tool gives up on it without a place, so it must not have the last word."""
    path = tmp_path / "dangling.yaml"
    text = clean_path.read_text(encoding="utf-8")
    path.write_text(text.replace("schemas/LetterState'", "schemas/Nowhere'"), encoding="utf-8")
    assert lint_spec.main([str(path), "--own-rules-only"]) == 1
    output = capsys.readouterr().out
    assert "[reference-resolves]" in output
    assert "where:  #/components/schemas/Letter/properties/state" in output


def test_another_version_of_openapi_is_rejected(
    clean_path: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The mock server's framework reads 3.0 only."""
    path = tmp_path / "newer.yaml"
    path.write_text(clean_path.read_text(encoding="utf-8").replace("3.0.3", "3.1.0"))
    assert lint_spec.main([str(path), "--own-rules-only"]) == 1
    assert "'3.1.0' is not 3.0.3; connexion reads nothing newer" in capsys.readouterr().out


def test_what_redocly_finds_is_reported_in_same_form(
    clean_path: pathlib.Path,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Line, pointer, message and a link to the rule's explanation."""
    problem = {
        "ruleId": "info-contact",
        "message": "Info object should contain `contact` field.",
        "location": [{"pointer": "#/info"}],
        "reference": "https://redocly.com/docs/cli/rules/oas/info-contact",
    }
    program = fake_redocly(tmp_path, redocly_result(problem), status=1)
    monkeypatch.setattr(lint_spec, "REDOCLY", program)
    assert lint_spec.main([str(clean_path)]) == 1
    output = capsys.readouterr().out
    assert "redocly: 1 to correct" in output
    assert f"clean.yaml:{Lines(clean_path.read_text()).line('#/info')}  [info-contact]" in output
    assert "what:   Info object should contain `contact` field." in output
    assert "to do:  see https://redocly.com/docs/cli/rules/oas/info-contact" in output


def test_redocly_without_result_is_not_taken_for_clean(
    clean_path: pathlib.Path,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A tool that broke down has not found the document clean."""
    monkeypatch.setattr(lint_spec, "REDOCLY", fake_redocly(tmp_path, "oops", status=2))
    assert lint_spec.main([str(clean_path)]) == 2
    assert "Redocly ended with 2 and no result: no ruleset" in capsys.readouterr().err


def test_missing_redocly_says_how_to_get_it(
    clean_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without node_modules the command says what to run."""
    monkeypatch.setattr(lint_spec, "REDOCLY", lint_spec.ROOT / "node_modules/.bin/missing")
    assert lint_spec.main([str(clean_path)]) == 2
    assert "run `make install`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot be read"),
        ("a: [", "not valid YAML"),
        ("- a", "holds a list"),
        ("a: 1\na: 2", "line 2: the key 'a' is written twice"),
    ],
)
def test_file_that_is_no_document_is_reported_in_sentence(
    text: str | None, message: str, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong path or broken YAML ends with one sentence, not with a traceback."""
    path = tmp_path / "document.yaml"
    if text is not None:
        path.write_text(text)
    assert lint_spec.main([str(path)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert str(path) in error


def test_lines_lead_to_keys_items_and_nearest_existing_place() -> None:
    """A pointer to something that is missing leads to what it is missing from."""
    lines = Lines("a:\n  b/c:\n    - 1\n    - d: 2\n")
    assert lines.line("#/a") == 1
    assert lines.line("#/a/b~1c") == 2
    assert lines.line("#/a/b~1c/1") == 4
    assert lines.line("#/a/b~1c/1/d") == 4
    assert lines.line("#/a/missing/deeper") == 1
    assert lines.line("#") == 1


def test_projects_document_is_clean() -> None:
    """The document itself keeps our rules; `make lint-spec` adds Redocly's."""
    outcomes = lint_spec.run_tools(openapi_document.DEFAULT_PATH, own_rules_only=True)
    assert {outcome.tool: outcome.findings for outcome in outcomes if outcome.count} == {}
