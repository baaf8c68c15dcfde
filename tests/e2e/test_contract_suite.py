"""The contract suite as a whole: it finds mistakes, repeats itself, and tells no secret."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys

import pytest
from contract_mistakes import MISTAKES

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run_suite(*arguments: str, **environment: str) -> tuple[int, str]:
    """Run the suite in a process of its own; return exit status and output."""
    names = {"BASE_URL", "CLIENT_ID", "CLIENT_SECRET", "PYTEST_XDIST_WORKER"}
    kept = {name: text for name, text in os.environ.items() if name not in names}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=ROOT,
        env=kept | {"PYTHONPATH": "tests/support:scripts"} | environment,
        capture_output=True,
        check=False,
        text=True,
        timeout=300,
    )
    return done.returncode, done.stdout + done.stderr


def files(*names: str) -> list[str]:
    """Return the paths of test modules."""
    return [f"tests/contract/{name if '/' in name else f'test_{name}'}.py" for name in names]


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_is_found(name: str) -> None:
    """Each part that tests for it fails, and says what is wrong and how to repeat that."""
    mistake = MISTAKES[name]
    status, output = run_suite(
        "-p",
        "contract_mistakes",
        *files(*mistake.tests),
        f"--operations={','.join(mistake.operations)}",
        "--examples=10",
        CONTRACT_MISTAKE=name,
    )
    assert status == 1, output
    for words in mistake.words:
        assert words in output
    failed = set(re.findall(r"^FAILED tests/contract/(\S+)\.py", output, re.MULTILINE))
    wanted = {
        path.removeprefix("tests/contract/").removesuffix(".py") for path in files(*mistake.tests)
    }
    assert failed == wanted, output
    assert "\nagain: .venv/bin/python -m pytest " in output
