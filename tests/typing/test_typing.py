"""The types that people see: right uses pass, mistakes are rejected, by both type checkers."""

from __future__ import annotations

import functools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
USES = HERE / "uses.py"
MISUSES = HERE / "misuse" / "misuses.py"
PYRIGHT = ROOT / "node_modules" / ".bin" / "pyright"

# Message by line, by file. One run of a checker over both files takes half the time of two.
Errors = dict[pathlib.Path, dict[int, str]]


@functools.cache
def mypy_errors() -> Errors:
    """Return mypy's errors by file and line, under the project's settings."""
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "--hide-error-context"]
    done = subprocess.run(
        [*command, str(USES), str(MISUSES)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    lines = done.stdout.splitlines()
    found = [re.fullmatch(r"(.+):(\d+): (error|note): (.*)", line) for line in lines]
    assert all(found), done.stdout + done.stderr
    assert done.stderr == ""
    matches = [match for match in found if match and match[3] == "error"]
    return by_file((ROOT / match[1], int(match[2]), match[4]) for match in matches)


@functools.cache
def pyright_errors() -> Errors:
    """Return pyright's errors by file and line, under the project's settings."""
    with tempfile.TemporaryDirectory() as folder:
        # Named explicitly: pyright would prefer a stray pyrightconfig.json of a parent folder.
        settings = pathlib.Path(folder) / "pyrightconfig.json"
        # Absolute paths are ignored there.
        included = [os.path.relpath(path, folder) for path in (USES, MISUSES)]
        extended = {"extends": str(ROOT / "pyproject.toml"), "include": included, "exclude": []}
        settings.write_text(json.dumps(extended), encoding="utf-8")
        done = subprocess.run(
            [str(PYRIGHT), "--outputjson", "--project", str(settings)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] == 2
    return by_file(
        (pathlib.Path(one["file"]), one["range"]["start"]["line"] + 1, one["message"])
        for one in report["generalDiagnostics"]
        if one["severity"] == "error"
    )


def by_file(found: Iterable[tuple[pathlib.Path, int, str]]) -> Errors:
    """Return the errors of each of the two files; there are none in others."""
    errors: Errors = {USES: {}, MISUSES: {}}
    for path, line, message in found:
        errors[path.resolve()][line] = message
    return errors


def lines_to_reject() -> set[int]:
    """Return the numbers of the lines that are marked."""
    lines = MISUSES.read_text(encoding="utf-8").splitlines()
    return {number for number, line in enumerate(lines, 1) if line.endswith("# rejected")}


CHECKERS = [mypy_errors, pytest.param(pyright_errors, marks=pytest.mark.node)]


@pytest.mark.parametrize("errors_of", CHECKERS)
def test_right_uses_are_accepted(errors_of: Callable[[], Errors]) -> None:
    """The types say what the calls give, strictly."""
    assert errors_of()[USES] == {}


@pytest.mark.parametrize("errors_of", CHECKERS)
def test_mistakes_are_rejected(errors_of: Callable[[], Errors]) -> None:
    """Each marked line is an error, and no other line is."""
    assert lines_to_reject()
    assert set(errors_of()[MISUSES]) == lines_to_reject()
