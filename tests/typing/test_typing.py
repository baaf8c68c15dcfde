"""The types that people see: right uses pass, mistakes are refused, by both type checkers."""

from __future__ import annotations

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
    from collections.abc import Callable

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
USES = HERE / "uses.py"
MISUSES = HERE / "misuse" / "misuses.py"
PYRIGHT = ROOT / "node_modules" / ".bin" / "pyright"


def mypy_errors(path: pathlib.Path) -> dict[int, str]:
    """Return mypy's errors by line, under the project's settings."""
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "--hide-error-context"]
    done = subprocess.run(
        [*command, str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    lines = done.stdout.splitlines()
    found = [re.fullmatch(r"(.+):(\d+): (error|note): (.*)", line) for line in lines]
    assert all(found), done.stdout + done.stderr
    assert done.stderr == ""
    matches = [match for match in found if match and match[3] == "error"]
    assert all(path.samefile(ROOT / match[1]) for match in matches), done.stdout
    return {int(match[2]): match[4] for match in matches}


def pyright_errors(path: pathlib.Path) -> dict[int, str]:
    """Return pyright's errors by line, under the project's settings."""
    if not PYRIGHT.exists():
        pytest.skip("pyright is not installed; make install brings it with node_modules")
    with tempfile.TemporaryDirectory() as folder:
        # Named explicitly: pyright would prefer a stray pyrightconfig.json of a parent folder.
        settings = pathlib.Path(folder) / "pyrightconfig.json"
        # Absolute paths are ignored there.
        included = [os.path.relpath(path, folder)]
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
    assert report["summary"]["filesAnalyzed"] == 1
    return {
        one["range"]["start"]["line"] + 1: one["message"]
        for one in report["generalDiagnostics"]
        if one["severity"] == "error"
    }


def lines_to_refuse() -> set[int]:
    """Return the numbers of the lines that are marked."""
    lines = MISUSES.read_text(encoding="utf-8").splitlines()
    return {number for number, line in enumerate(lines, 1) if line.endswith("# refused")}


@pytest.mark.parametrize("errors_of", [mypy_errors, pyright_errors])
def test_right_uses_are_accepted(errors_of: Callable[[pathlib.Path], dict[int, str]]) -> None:
    """The types say what the calls give, strictly."""
    assert errors_of(USES) == {}


@pytest.mark.parametrize("errors_of", [mypy_errors, pyright_errors])
def test_mistakes_are_refused(errors_of: Callable[[pathlib.Path], dict[int, str]]) -> None:
    """Each marked line is an error, and no other line is."""
    assert lines_to_refuse()
    assert set(errors_of(MISUSES)) == lines_to_refuse()
