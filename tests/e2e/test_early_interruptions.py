"""Ctrl-C while a command still loads its modules, when Python makes other errors of it."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

import pytest

SCRIPTS = pathlib.Path(__file__).parents[2] / "scripts"

# Runs a command, and presses Ctrl-C when it loads a certain module. What the handler raises goes
# through, or becomes another error: so do ssl and, before Python 3.12, the making of a class.
PROGRAM = """\
import runpy, signal, sys

module, becomes, *sys.argv = sys.argv[1:]

class Press:
    def find_spec(self, name, *_):
        if name != module:
            return
        try:
            signal.raise_signal(signal.SIGINT)
        except (KeyboardInterrupt, SystemExit):
            if becomes == "ImportError":
                raise ImportError("could not import a part") from None
            raise

sys.meta_path.insert(0, Press())
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


BACKGROUND = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("module", "becomes", "command", "code", "reported"),
    [
        ("insightiq.command_line._parsers", "itself", ["insightiq", "--help"], 130, ""),
        ("insightiq.command_line._parsers", "ImportError", ["insightiq", "--help"], 130, ""),
        (
            "insightiq_mock.resources",
            "ImportError",
            ["insightiq_mock", "serve", "--port", "0"],
            0,
            "",
        ),
        (
            "insightiq._transport",
            "ImportError",
            ["demo"],
            130,
            "\ndemo: interrupted in step 1 (Create a webhook)\n",
        ),
    ],
    ids=["insightiq", "insightiq, as another error", "insightiq-mock", "demo"],
)
def test_ctrl_c_while_modules_are_loaded_is_quiet(
    module: str, becomes: str, command: list[str], code: int, reported: str
) -> None:
    """A person who changes their mind at once sees no traceback."""
    done = run(PROGRAM, module, becomes, *command)
    assert (done.returncode, done.stderr) == (code, reported)


def test_what_runs_in_background_ignores_ctrl_c() -> None:
    """A script's Ctrl-C is not meant for what it started with ``&``, which ignores it from birth."""
    done = run(
        BACKGROUND + PROGRAM, "insightiq.command_line._parsers", "itself", "insightiq", "--help"
    )
    assert (done.returncode, done.stderr) == (0, "")
